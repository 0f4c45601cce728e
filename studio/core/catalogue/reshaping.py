"""Layers that order the same numbers otherwise: flatten, reshape."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused
from studio.core.params import Param
from studio.core.problems import Problem
from studio.core.shapes import Shape, flattened, reshaped, show, size_of
from studio.core.words import tr

MOST_OF_ONE_SIZE = 1_000_000_000


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


FLATTEN = LayerEntry(
    key="flatten",
    title="Flatten",
    family="reshaping",
    help="Puts all numbers in one line. Use it between convolutions and a Linear.",
    shape=_flatten_shape,
    torch="Flatten",
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
    badge="to {shape}",
)

ENTRIES = (FLATTEN, RESHAPE)
