"""Layers that bring in numbers of their own: noise, constants, learnt numbers."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, passed
from studio.core.params import LARGEST_WHOLE, Param, choice, number
from studio.core.problems import Problem
from studio.core.shapes import Shape, size_of

LARGEST = 1e6
ADDED, MULTIPLIED = "added", "multiplied"
ONE, FIRST, LAST, ALL = "one", "first", "last", "all"

_SHAPE = Param(
    "shape",
    "Shape",
    "shape",
    (16,),
    "The sizes that come out for each row.",
    at_least=1,
    at_most=LARGEST_WHOLE,
)
_SHARING = choice(
    "over",
    "Learns",
    LAST,
    {
        ONE: "One for all",
        FIRST: "One a channel",
        LAST: "One a feature",
        ALL: "One a number",
    },
    help="One number for everything, for each channel (the first size), for each feature "
    "(the last size), or for each single number.",
)


def _own_shape(call: LayerCall) -> Shape | Problem:
    return call.sizes("shape")


def _own_count(call: LayerCall) -> int:
    return size_of(call.sizes("shape"))


def _shared_shape(call: LayerCall) -> Shape:
    """The shape of the weights; 1 where several numbers share one."""
    shape, ones = call.shape, (1,) * (len(call.shape) - 1)
    return {ONE: (1,), FIRST: (shape[0], *ones), LAST: shape[-1:], ALL: shape}[call.text("over")]


def _shared_count(call: LayerCall) -> int:
    return size_of(_shared_shape(call))


def _shared_arguments(call: LayerCall) -> Arguments:
    return {"shape": _shared_shape(call), "start": call.values["start"]}


def _noise_arguments(call: LayerCall) -> Arguments:
    return {"spread": call.values["spread"], "is_factor": call.text("kind") == MULTIPLIED}


GAUSSIAN_NOISE = LayerEntry(
    key="gaussian_noise",
    title="Gaussian noise",
    family="source",
    help="Adds noise to each number while training, none afterwards. Use it after an Input or "
    "inside an autoencoder, so that the network does not rely on single numbers.",
    params=(
        number("spread", "Spread", 0.1, at_least=0.0, at_most=LARGEST, help="How strong it is."),
        choice(
            "kind",
            "Noise is",
            ADDED,
            {ADDED: "Added", MULTIPLIED: "Multiplied"},
            help="Multiplied: large numbers get more of it, 0 stays 0.",
        ),
    ),
    arguments=_noise_arguments,
    torch="GaussianNoise",
    badge="{kind}, spread {spread}",
)
SCALE_AND_SHIFT = LayerEntry(
    key="scale_and_shift",
    title="Scale and shift",
    family="source",
    help="Multiplies each number with a fixed one and adds another. "
    "Use it to bring an answer into its range, such as a Sigmoid times 100.",
    params=(
        number("factor", "Times", 1.0, at_least=-LARGEST, at_most=LARGEST, help="The factor."),
        number("summand", "Plus", 0.0, at_least=-LARGEST, at_most=LARGEST, help="The summand."),
    ),
    arguments=passed("factor", "summand"),
    torch="FixedScale",
    badge="times {factor}, plus {summand}",
)
CONSTANT = LayerEntry(
    key="constant_numbers",
    title="Constant",
    family="source",
    help="Gives one fixed number, in a shape of your choice, for each row. What comes in only "
    "tells how many rows there are. Use it as a second input of a layer, or as a baseline.",
    params=(
        _SHAPE,
        number("value", "Number", 1.0, at_least=-LARGEST, at_most=LARGEST, help="The number."),
    ),
    shape=_own_shape,
    arguments=passed("shape", "value"),
    torch="Constant",
    badge="{value}, {shape}",
    takes_indices=True,
)
LEARNT_NUMBERS = LayerEntry(
    key="learnt_numbers",
    title="Learnt numbers",
    family="source",
    help="Gives learnt numbers in a shape of your choice, the same for each row. What comes in "
    "only tells how many rows there are. Use it for queries of an attention, or for a memory.",
    params=(
        _SHAPE,
        number(
            "spread",
            "First spread",
            0.02,
            at_least=0.0,
            at_most=100.0,
            help="How far from 0 they start.",
        ),
    ),
    shape=_own_shape,
    weights=_own_count,
    arguments=passed("shape", "spread"),
    torch="LearntNumbers",
    badge="{shape}",
    takes_indices=True,
)
LEARNT_SCALE = LayerEntry(
    key="learnt_scale",
    title="Learnt scale",
    family="source",
    help="Multiplies with learnt numbers. Use it before an Add, to let a deep network begin with "
    "little of a branch (layer scale), or to weigh channels.",
    params=(
        _SHARING,
        number("start", "Start", 1.0, at_least=-LARGEST, at_most=LARGEST, help="The first factor."),
    ),
    weights=_shared_count,
    arguments=_shared_arguments,
    torch="LearntScale",
    badge="{over}, from {start}",
)
LEARNT_SHIFT = LayerEntry(
    key="learnt_shift",
    title="Learnt shift",
    family="source",
    help="Adds learnt numbers. Use it to give each channel or feature a bias of its own, where "
    "the layer before it has none.",
    params=(
        _SHARING,
        number(
            "start", "Start", 0.0, at_least=-LARGEST, at_most=LARGEST, help="The first summand."
        ),
    ),
    weights=_shared_count,
    arguments=_shared_arguments,
    torch="LearntShift",
    badge="{over}, from {start}",
)

ENTRIES = (
    GAUSSIAN_NOISE,
    SCALE_AND_SHIFT,
    CONSTANT,
    LEARNT_NUMBERS,
    LEARNT_SCALE,
    LEARNT_SHIFT,
)
