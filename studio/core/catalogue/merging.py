"""Layers that make one of several inputs: add, multiply, dot, concatenate."""

from collections.abc import Mapping

from studio.core.catalogue.entry import (
    MANY,
    Arguments,
    LayerCall,
    LayerEntry,
    refused,
    set_param,
)
from studio.core.params import whole
from studio.core.problems import Fix, Problem
from studio.core.shapes import Shape, concatenated, show, size_of
from studio.core.words import tr

MOST_AXES = 6


def one_shape(call: LayerCall) -> Shape | Problem:
    """All inputs of one shape. What torch would stretch to fit is refused: it is seldom meant."""
    port = _first_different(call)
    if port is None:
        return call.shape
    other = call.inputs[port].shape
    has_equal_count = size_of(other) == size_of(call.shape)
    return refused(
        tr(
            "{name} takes inputs of one shape, but input 1 is {first} and input {port} is {other}.",
            name=call.name,
            first=show(call.shape),
            port=port + 1,
            other=show(other),
        ),
        tr("Put a Reshape before one of them.")
        if has_equal_count
        else tr("Make both the same shape, or put them side by side with a Concatenate."),
        code="shapes-differ",
        fix=_insert_at(port, "reshape", {"shape": call.shape}, tr("Insert Reshape"))
        if has_equal_count
        else None,
    )


def _dot_shape(call: LayerCall) -> Shape | Problem:
    shape = one_shape(call)
    return shape if isinstance(shape, Problem) else (*shape[:-1], 1)


def _first_different(call: LayerCall) -> int | None:
    inputs = enumerate(call.inputs)
    return next((port for port, signal in inputs if signal.shape != call.shape), None)


def _insert_at(port: int, layer: str, params: Mapping[str, object], label: str) -> Fix:
    return Fix("insert_before", label, {"layer": layer, "params": params, "port": port})


def _concatenate_shape(call: LayerCall) -> Shape | Problem:
    shapes = tuple(signal.shape for signal in call.inputs)
    if len({len(shape) for shape in shapes}) > 1:
        return _ranks_differ(call)
    if call.whole("axis") > len(call.shape):
        return _axis_out_of_range(call)
    return concatenated(shapes, call.whole("axis") - 1) or _sizes_differ(call, shapes)


def _ranks_differ(call: LayerCall) -> Problem:
    port = next(i for i, signal in enumerate(call.inputs) if len(signal.shape) != len(call.shape))
    other = call.inputs[port].shape
    # Where one is a line, the others are made lines too.
    ranks = {len(call.shape): 0, len(other): port}
    longer = ranks[max(ranks)]
    return refused(
        tr(
            "{name} joins inputs with as many sizes, but input 1 is {first} "
            "and input {port} is {other}.",
            name=call.name,
            first=show(call.shape),
            port=port + 1,
            other=show(other),
        ),
        tr("Put a Flatten before input {port}.", port=longer + 1)
        if 1 in ranks
        else tr("Put a Reshape before one of them."),
        code="ranks-differ",
        fix=_insert_at(longer, "flatten", {}, tr("Insert Flatten")) if 1 in ranks else None,
    )


def _axis_out_of_range(call: LayerCall) -> Problem:
    most = len(call.shape)
    return refused(
        tr(
            "{name} joins along axis {axis}, but its inputs have {most}: {shape}.",
            name=call.name,
            axis=call.whole("axis"),
            most=tr("1 axis") if most == 1 else tr("{count} axes", count=most),
            shape=show(call.shape),
        ),
        tr("Choose an axis from 1 to {most}.", most=most) if most > 1 else tr("Choose axis 1."),
        code="axis-out-of-range",
        fix=_set_axis(most),
    )


def _sizes_differ(call: LayerCall, shapes: tuple[Shape, ...]) -> Problem:
    axis = call.whole("axis")
    port = next(
        i for i in range(1, len(shapes)) if concatenated((shapes[0], shapes[i]), axis - 1) is None
    )
    fitting = next((i for i in range(len(call.shape)) if concatenated(shapes, i)), None)
    return refused(
        tr(
            "{name} joins along axis {axis}, where all other sizes must be equal, "
            "but input 1 is {first} and input {port} is {other}.",
            name=call.name,
            axis=axis,
            first=show(call.shape),
            port=port + 1,
            other=show(shapes[port]),
        ),
        tr("Make the other sizes equal, with pooling or a Reshape.")
        if fitting is None
        else tr("Join along axis {axis}.", axis=fitting + 1),
        code="sizes-differ",
        fix=None if fitting is None else _set_axis(fitting + 1),
    )


def _set_axis(axis: int) -> Fix:
    return set_param("axis", axis, tr("Set the axis to {axis}", axis=axis))


def _concatenate_arguments(call: LayerCall) -> Arguments:
    # Torch counts the batch as 0, so the first size of a row is 1 there too.
    return {"axis": call.whole("axis")}


ADD = LayerEntry(
    key="add",
    title="Add",
    family="merging",
    help="Adds inputs of one shape, number by number. "
    "Use it to lead a signal past some layers and back in, which helps deep networks learn.",
    shape=one_shape,
    torch="Add",
    arity=(2, MANY),
)
CONCATENATE = LayerEntry(
    key="concatenate",
    title="Concatenate",
    family="merging",
    help="Puts inputs side by side. Use it to bring branches together that saw different things.",
    params=(
        whole(
            "axis",
            "Axis",
            1,
            at_most=MOST_AXES,
            help="Along which size to join: 1 is the first (channels of an image, numbers of a "
            "line), 2 the second.",
        ),
    ),
    shape=_concatenate_shape,
    arguments=_concatenate_arguments,
    torch="Concatenate",
    arity=(2, MANY),
    badge="axis {axis}",
)

MULTIPLY = LayerEntry(
    key="multiply",
    title="Multiply",
    family="merging",
    help="Multiplies inputs of one shape, number by number. "
    "Use it to let one branch say how much of another counts, with a Sigmoid before it.",
    shape=one_shape,
    torch="Multiply",
    arity=(2, MANY),
)
DOT = LayerEntry(
    key="dot",
    title="Dot product",
    family="merging",
    help="Multiplies two inputs number by number and adds up along the last size: one number that "
    "says how well they agree. Use it on two embeddings, to recommend and to compare.",
    shape=_dot_shape,
    torch="Dot",
    arity=(2, 2),
)

ENTRIES = (ADD, MULTIPLY, DOT, CONCATENATE)
