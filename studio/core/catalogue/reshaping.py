"""Layers that order the same numbers otherwise: flatten, reshape, transpose, repeat."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.params import Param, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape, flattened, reshaped, show, size_of
from studio.core.words import tr

MOST_OF_ONE_SIZE = 1_000_000_000
MOST_AXES = 6


def _flatten_shape(call: LayerCall) -> Shape | Problem:
    return flattened(call.shape)


def _reshape_shape(call: LayerCall) -> Shape | Problem:
    wanted = call.sizes("shape")
    found = reshaped(call.shape, wanted)
    if found is not None:
        return found
    return refused(
        tr(
            "{name} makes {wanted}, but gets {shape}: {count} numbers that do not fit.",
            name=call.name,
            wanted=_with_rest(wanted),
            shape=show(call.shape),
            count=show((size_of(call.shape),)),
        ),
        tr("Choose sizes that multiply to that number; -1 stands for what is left over."),
        code="counts-differ",
    )


def _with_rest(wanted: Shape) -> str:
    """The wanted shape in words; the size to be worked out is a question mark."""
    return " × ".join("?" if size == -1 else show((size,)) for size in wanted)


def _reshape_arguments(call: LayerCall) -> Arguments:
    wanted = call.sizes("shape")
    return {"shape": reshaped(call.shape, wanted) or wanted}


def _transpose_shape(call: LayerCall) -> Shape | Problem:
    first, second, most = call.whole("first") - 1, call.whole("second") - 1, len(call.shape)
    if max(first, second) >= most:
        return _axis_out_of_range(call, most)
    swapped = list(call.shape)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    return tuple(swapped)


def _axis_out_of_range(call: LayerCall, most: int) -> Problem:
    key = "second" if call.whole("second") > most else "first"
    return refused(
        tr(
            "{name} swaps size {first} with size {second}, but gets {shape}.",
            name=call.name,
            first=call.whole("first"),
            second=call.whole("second"),
            shape=show(call.shape),
        ),
        tr("Choose two sizes from 1 to {most}.", most=most)
        if most > 1
        else tr("Leave it out: there is only one size."),
        code="axis-out-of-range",
        fix=set_param(key, most, tr("Swap with size {most}", most=most)) if most > 1 else None,
    )


def _transpose_arguments(call: LayerCall) -> Arguments:
    # Torch counts the batch as 0, so the first size of a row is 1 there too.
    return {"first": call.whole("first"), "second": call.whole("second")}


def _repeat_shape(call: LayerCall) -> Shape | Problem:
    return (call.whole("times"), *call.shape)


def _repeat_arguments(call: LayerCall) -> Arguments:
    return {"times": call.whole("times")}


FLATTEN = LayerEntry(
    key="flatten",
    title="Flatten",
    family="reshaping",
    help="Puts all numbers in one line. Use it between convolutions and a Linear.",
    shape=_flatten_shape,
    torch="Flatten",
    takes_indices=True,
    keeps_indices=True,
)
RESHAPE = LayerEntry(
    key="reshape",
    title="Reshape",
    family="reshaping",
    help="Orders the same numbers in another shape. Use it to make an image or a series of a line.",
    params=(
        Param(
            "shape",
            "Shape",
            "shape",
            (1, -1),
            "The sizes that come out. One may be -1: what is left over.",
            at_least=-1,
            at_most=MOST_OF_ONE_SIZE,
        ),
    ),
    shape=_reshape_shape,
    arguments=_reshape_arguments,
    torch="Reshape",
    takes_indices=True,
    keeps_indices=True,
    badge="to {shape}",
)

TRANSPOSE = LayerEntry(
    key="transpose",
    title="Transpose",
    family="reshaping",
    help="Swaps two sizes. Use it to make channels × steps, which a Convolution wants, of "
    "steps × numbers, which an LSTM and a Linear want, and back.",
    params=(
        whole("first", "First axis", 1, at_most=MOST_AXES, help="One of the two sizes."),
        whole("second", "Second axis", 2, at_most=MOST_AXES, help="The other one."),
    ),
    shape=_transpose_shape,
    arguments=_transpose_arguments,
    torch="Transpose",
    takes_indices=True,
    keeps_indices=True,
    badge="{first} with {second}",
)
REPEAT = LayerEntry(
    key="repeat",
    title="Repeat",
    family="reshaping",
    help="Gives the same numbers at each step of a new sequence (steps × numbers). "
    "Use it between a network that reads a sentence and one that writes another.",
    params=(whole("times", "Steps", 16, at_most=100_000, help="How many steps come out."),),
    shape=_repeat_shape,
    arguments=_repeat_arguments,
    torch="Repeat",
    takes_indices=True,
    keeps_indices=True,
    badge="{times} {times|step|steps}",
)

ENTRIES = (FLATTEN, RESHAPE, TRANSPOSE, REPEAT)
