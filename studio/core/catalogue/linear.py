"""Layers that weigh every number against every other: linear, bilinear; and one that does not."""

from studio.core.catalogue.entry import (
    Arguments,
    LayerCall,
    LayerEntry,
    insert_before,
    refused,
)
from studio.core.params import switch, whole
from studio.core.problems import Fix, Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr


def _linear_shape(call: LayerCall) -> Shape | Problem:
    if len(call.shape) > 2:
        return refused(
            tr(
                "{name} expects one line of numbers, but gets {shape}.",
                name=call.name,
                shape=show(call.shape),
            ),
            tr("Put a Flatten before it."),
            code="needs-flatten",
            fix=insert_before("flatten", tr("Insert Flatten")),
        )
    return (*call.shape[:-1], call.whole("out_features"))


def _linear_weights(call: LayerCall) -> int:
    units = call.whole("out_features")
    return call.shape[-1] * units + (units if call.is_on("bias") else 0)


def _linear_arguments(call: LayerCall) -> Arguments:
    return {
        "in_features": call.shape[-1],
        "out_features": call.whole("out_features"),
        "bias": call.is_on("bias"),
    }


def _bilinear_shape(call: LayerCall) -> Shape | Problem:
    first, second = (signal.shape for signal in call.inputs)
    port = next((i for i, shape in enumerate((first, second)) if len(shape) > 2), None)
    if port is not None:
        return refused(
            tr(
                "{name} expects lines of numbers, but gets {shape} at input {port}.",
                name=call.name,
                shape=show(call.inputs[port].shape),
                port=port + 1,
            ),
            tr("Put a Flatten before input {port}.", port=port + 1),
            code="needs-flatten",
            fix=Fix(
                "insert_before",
                tr("Insert Flatten"),
                {"layer": "flatten", "params": {}, "port": port},
            ),
        )
    if first[:-1] == second[:-1]:
        return (*first[:-1], call.whole("out_features"))
    return refused(
        tr(
            "{name} takes two lines, or two of as many steps, but input 1 is {first} "
            "and input 2 is {second}.",
            name=call.name,
            first=show(first),
            second=show(second),
        ),
        tr("Give both as many steps, or put a Flatten before the one that has steps."),
        code="steps-differ",
    )


def _bilinear_weights(call: LayerCall) -> int:
    first, second = (signal.shape[-1] for signal in call.inputs)
    return call.whole("out_features") * (first * second + call.is_on("bias"))


def _bilinear_arguments(call: LayerCall) -> Arguments:
    return {
        "in1_features": call.inputs[0].shape[-1],
        "in2_features": call.inputs[1].shape[-1],
        "out_features": call.whole("out_features"),
        "bias": call.is_on("bias"),
    }


LINEAR = LayerEntry(
    key="linear",
    title="Linear",
    family="linear",
    help="Weighs every input against every output. Use it to combine features, "
    "and as the last layer before the answer.",
    params=(
        whole("out_features", "Units", 64, help="How many numbers come out."),
        switch("bias", "Bias", True, help="Adds a learnt number to each output."),
    ),
    shape=_linear_shape,
    weights=_linear_weights,
    arguments=_linear_arguments,
    torch="Linear",
    badge="{out_features} {out_features|unit|units}",
    units_param="out_features",
)

BILINEAR = LayerEntry(
    key="bilinear",
    title="Bilinear",
    family="linear",
    help="Weighs each number of one input with each of another, in pairs. "
    "Use it to find out how two things go together, such as a question and an answer.",
    params=(
        whole("out_features", "Units", 16, help="How many numbers come out."),
        switch("bias", "Bias", True, help="Adds a learnt number to each output."),
    ),
    shape=_bilinear_shape,
    weights=_bilinear_weights,
    arguments=_bilinear_arguments,
    torch="Bilinear",
    arity=(2, 2),
    badge="{out_features} {out_features|unit|units}",
    units_param="out_features",
)
IDENTITY = LayerEntry(
    key="identity",
    title="Identity",
    family="linear",
    help="Gives what comes in. Use it to lead a wire past other layers, or to give a place in the "
    "network a name.",
    torch="Identity",
    takes_indices=True,
    keeps_indices=True,
)

ENTRIES = (LINEAR, BILINEAR, IDENTITY)
