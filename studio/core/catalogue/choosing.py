"""Layers that let numbers compete with one another: softmax and its kin, gated linear unit."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.params import choice
from studio.core.problems import Fix, Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr

IMAGE_RANK = 3
FIRST, LAST = "first", "last"


def _over_choices(call: LayerCall) -> Arguments:
    """Over the channels of an image, over the last size of anything else; 0 is the batch."""
    return {"dim": 1 if len(call.shape) == IMAGE_RANK else len(call.shape)}


def _glu_axis(call: LayerCall) -> int:
    return 0 if call.text("over") == FIRST else len(call.shape) - 1


def _glu_shape(call: LayerCall) -> Shape | Problem:
    axis = _glu_axis(call)
    size = call.shape[axis]
    if size % 2 == 0:
        return (*call.shape[:axis], size // 2, *call.shape[axis + 1 :])
    other = len(call.shape) - 1 - axis
    words = tr("last") if axis else tr("first")
    return refused(
        tr(
            "{name} halves the {which} size, which must be even, but gets {shape}.",
            name=call.name,
            which=words if len(call.shape) > 1 else tr("only"),
            shape=show(call.shape),
        ),
        tr("Let the layer before it give an even number."),
        code="odd-size",
        fix=_halve_other(FIRST if axis else LAST) if call.shape[other] % 2 == 0 else None,
    )


def _halve_other(over: str) -> Fix:
    words = tr("Halve the first size") if over == FIRST else tr("Halve the last size")
    return set_param("over", over, words)


def _glu_arguments(call: LayerCall) -> Arguments:
    return {"dim": _glu_axis(call) + 1}


SOFTMAX = LayerEntry(
    key="softmax",
    title="Softmax",
    family="activation",
    help="Turns numbers into shares that add up to 1: over the channels of an image, "
    "over the last size of anything else. Use it to weigh choices inside a network; "
    "the loss needs none before the Output.",
    arguments=_over_choices,
    torch="Softmax",
    gives_probabilities=True,
)
SOFTMIN = LayerEntry(
    key="softmin",
    title="Softmin",
    family="activation",
    help="A Softmax in which the smallest number gets the largest share. "
    "Use it where numbers are distances or costs.",
    arguments=_over_choices,
    torch="Softmin",
    gives_probabilities=True,
)
LOG_SOFTMAX = LayerEntry(
    key="log_softmax",
    title="Log softmax",
    family="activation",
    help="The logarithm of the Softmax, worked out safely. "
    "Use it where chances are added up or compared inside a network.",
    arguments=_over_choices,
    torch="LogSoftmax",
)
GLU = LayerEntry(
    key="glu",
    title="GLU",
    family="activation",
    help="Splits a size in two halves and lets the second say, by its sigmoid, how much of the "
    "first goes on. Use it after a Linear or Convolution of twice the units.",
    params=(
        choice(
            "over",
            "Halves",
            LAST,
            {LAST: "Last size", FIRST: "First size"},
            help="The last size is the numbers of a line or step, the first the channels.",
        ),
    ),
    shape=_glu_shape,
    arguments=_glu_arguments,
    torch="GLU",
    badge="{over}",
)

ENTRIES = (SOFTMAX, SOFTMIN, LOG_SOFTMAX, GLU)
