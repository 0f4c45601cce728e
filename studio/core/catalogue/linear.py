"""Layers that weigh every number against every other: linear."""

from studio.core.catalogue.entry import (
    Arguments,
    LayerCall,
    LayerEntry,
    insert_before,
    refused,
)
from studio.core.params import switch, whole
from studio.core.problems import Problem
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
    badge="{out_features} units",
    units_param="out_features",
)

ENTRIES = (LINEAR,)
