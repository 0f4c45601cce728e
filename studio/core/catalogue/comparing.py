"""Layers that compare and combine two or more inputs: difference, distance, matrix product."""

from studio.core.catalogue.entry import (
    MANY,
    Arguments,
    LayerCall,
    LayerEntry,
    refused,
    set_param,
)
from studio.core.catalogue.merging import MOST_AXES, one_shape
from studio.core.params import switch, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr


def _last_becomes_one(call: LayerCall) -> Shape | Problem:
    shape = one_shape(call)
    return shape if isinstance(shape, Problem) else (*shape[:-1], 1)


def _matrix_shape(call: LayerCall) -> Shape | Problem:
    first, second = call.shape, call.inputs[1].shape
    if len(first) < 2 or len(second) < 2:
        return _no_matrix(call)
    if first[:-2] != second[:-2]:
        return _matrices_differ(call)
    rows, columns = second[-2:][:: -1 if call.is_on("transpose_second") else 1]
    return (*first[:-1], columns) if first[-1] == rows else _matrices_do_not_fit(call)


def _no_matrix(call: LayerCall) -> Problem:
    return refused(
        tr(
            "{name} expects two tables of numbers: rows × columns, but gets {first} and {second}.",
            name=call.name,
            first=show(call.shape),
            second=show(call.inputs[1].shape),
        ),
        tr("Put a Reshape before the line, or use a Dot product."),
        code="wrong-rank",
    )


def _matrices_differ(call: LayerCall) -> Problem:
    return refused(
        tr(
            "{name} multiplies as many tables of each input, but gets {first} and {second}.",
            name=call.name,
            first=show(call.shape),
            second=show(call.inputs[1].shape),
        ),
        tr("Make all sizes but the last two equal, with a Reshape."),
        code="shapes-differ",
    )


def _matrices_do_not_fit(call: LayerCall) -> Problem:
    """Turning the second one may be all that is missing."""
    second, is_turned = call.inputs[1].shape, call.is_on("transpose_second")
    would_fit = call.shape[-1] == second[-2 if is_turned else -1]
    label = tr("Do not turn the second") if is_turned else tr("Turn the second")
    return refused(
        tr(
            "{name} needs as many columns in the first input as rows in the second, "
            "but gets {first} and {second}.",
            name=call.name,
            first=show(call.shape),
            second=show(second[:-2] + second[:-3:-1] if is_turned else second),
        ),
        tr("Turn the second input.")
        if would_fit and not is_turned
        else tr("Make the two sizes equal, with a Linear or a Transpose."),
        code="sizes-differ",
        fix=set_param("transpose_second", not is_turned, label) if would_fit else None,
    )


def _matrix_arguments(call: LayerCall) -> Arguments:
    return {"transpose_second": call.is_on("transpose_second")}


def _stack_shape(call: LayerCall) -> Shape | Problem:
    shape, axis = one_shape(call), call.whole("axis")
    if isinstance(shape, Problem):
        return shape
    most = len(shape) + 1
    if axis <= most:
        return (*shape[: axis - 1], len(call.inputs), *shape[axis - 1 :])
    return refused(
        tr(
            "{name} makes axis {axis} new, but its inputs are {shape}.",
            name=call.name,
            axis=axis,
            shape=show(shape),
        ),
        tr("Choose an axis from 1 to {most}.", most=most),
        code="axis-out-of-range",
        fix=set_param("axis", most, tr("Set the axis to {axis}", axis=most)),
    )


def _stack_arguments(call: LayerCall) -> Arguments:
    # Torch counts the batch as 0, so the first size of a row is 1 there too.
    return {"axis": call.whole("axis")}


SUBTRACT = LayerEntry(
    key="subtract",
    title="Subtract",
    family="merging",
    help="The first input less the second, number by number. "
    "Use it to see how two branches differ, or to learn a change instead of a value.",
    shape=one_shape,
    torch="Subtract",
    arity=(2, 2),
    ports=("What is taken from", "What is taken away"),
)
DIVIDE = LayerEntry(
    key="divide",
    title="Divide",
    family="merging",
    help="The first input divided by the second, number by number; a divisor closer to zero than a "
    "millionth counts as a millionth, so that nothing is ever infinite. Use it for shares and "
    "ratios.",
    shape=one_shape,
    torch="Divide",
    arity=(2, 2),
    ports=("What is divided", "What it is divided by"),
)
MAXIMUM = LayerEntry(
    key="maximum",
    title="Maximum",
    family="merging",
    help="The largest of all inputs, number by number. "
    "Use it where it matters that any branch saw something.",
    shape=one_shape,
    torch="Maximum",
    arity=(2, MANY),
)
MINIMUM = LayerEntry(
    key="minimum",
    title="Minimum",
    family="merging",
    help="The smallest of all inputs, number by number. "
    "Use it where it matters that every branch saw something.",
    shape=one_shape,
    torch="Minimum",
    arity=(2, MANY),
)
MEAN = LayerEntry(
    key="mean",
    title="Mean",
    family="merging",
    help="The mean of all inputs, number by number. "
    "Use it to let several branches vote, whatever their number.",
    shape=one_shape,
    torch="Mean",
    arity=(2, MANY),
)
STACK = LayerEntry(
    key="stack",
    title="Stack",
    family="merging",
    help="Puts inputs of one shape on one another along a new size. "
    "Use it to make a sequence of several lines, or channels of several pictures.",
    params=(
        whole(
            "axis",
            "Axis",
            1,
            at_most=MOST_AXES,
            help="Which size is new: 1 is the first.",
        ),
    ),
    shape=_stack_shape,
    arguments=_stack_arguments,
    torch="Stack",
    arity=(2, MANY),
    badge="axis {axis}",
)
COSINE = LayerEntry(
    key="cosine_similarity",
    title="Cosine similarity",
    family="merging",
    help="How much two inputs point the same way along their last size: 1 the same, 0 nothing in "
    "common, -1 opposite, however long they are. Use it to compare texts, faces and parts.",
    shape=_last_becomes_one,
    torch="Cosine",
    arity=(2, 2),
)
DISTANCE = LayerEntry(
    key="distance",
    title="Distance",
    family="merging",
    help="How far two inputs lie apart along their last size, in a straight line (Euclidean). "
    "Use it after two branches with shared weights, to say same or different.",
    shape=_last_becomes_one,
    torch="Distance",
    arity=(2, 2),
)
MATRIX_PRODUCT = LayerEntry(
    key="matrix_multiply",
    title="Matrix product",
    family="merging",
    help="Multiplies two tables of numbers: each row of the first with each column of the second. "
    "Use it to compare every step of one sequence with every step of another.",
    params=(
        switch(
            "transpose_second",
            "Turn the second",
            False,
            help="Swaps rows and columns of the second input first, so that rows meet rows.",
        ),
    ),
    shape=_matrix_shape,
    arguments=_matrix_arguments,
    torch="MatrixProduct",
    arity=(2, 2),
    badge="turned: {transpose_second}",
)

ENTRIES = (
    SUBTRACT,
    DIVIDE,
    MAXIMUM,
    MINIMUM,
    MEAN,
    STACK,
    COSINE,
    DISTANCE,
    MATRIX_PRODUCT,
)
