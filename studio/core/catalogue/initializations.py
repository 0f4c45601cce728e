"""The ways in which the weights of a layer can begin: those of torch.nn.init."""

from dataclasses import dataclass

from studio.core.catalogue.entry import Entry
from studio.core.params import Param, choice, number

DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class InitializationEntry(Entry):
    """One way to begin: `torch` names the function in torch.nn.init, which takes the params.

    `directions` is how many a weight must have for it; weights with fewer stay as they are.
    """

    torch: str = ""
    directions: int = 1


_BIASES = choice(
    "biases",
    "Biases",
    "zero",
    {"zero": "Begin at 0", "own": "As the layer has it"},
    help="What the numbers begin with that are added and not multiplied.",
)
_GAIN = number(
    "gain",
    "Gain",
    1.0,
    above=0.0,
    at_most=100.0,
    help="Multiplies what is drawn: 1 suits most, 1.4 suits ReLU, 1.7 suits tanh.",
)
_MODE = choice(
    "mode",
    "Keep the size of",
    "fan_in",
    {"fan_in": "What goes forward", "fan_out": "What comes back"},
    help="Whether the values or their slopes keep their size through the layers.",
)
_AFTER = choice(
    "nonlinearity",
    "Followed by",
    "relu",
    {"relu": "ReLU", "leaky_relu": "Leaky ReLU", "tanh": "Tanh", "linear": "Nothing"},
    help="The activation that comes after this layer.",
)


def _spread(default: float) -> Param:
    return number(
        "std", "Spread", default, above=0.0, at_most=100.0, help="The standard deviation."
    )


_MEAN = number("mean", "Mean", 0.0, at_least=-100.0, at_most=100.0, help="The middle of the draw.")

LAYERS_OWN = InitializationEntry(
    key=DEFAULT,
    title="The layer's own",
    help="What the layer begins with by itself. Use it unless you have a reason not to.",
)
XAVIER_UNIFORM = InitializationEntry(
    key="xavier_uniform",
    title="Xavier, uniform",
    torch="xavier_uniform_",
    directions=2,
    help="Keeps the size of values alike forward and backward. Use it before tanh and sigmoid.",
    params=(_GAIN, _BIASES),
)
XAVIER_NORMAL = InitializationEntry(
    key="xavier_normal",
    title="Xavier, normal",
    torch="xavier_normal_",
    directions=2,
    help="Draws from a bell curve whose width keeps values alike in size forward and backward. "
    "Use it before tanh and sigmoid.",
    params=(_GAIN, _BIASES),
)
KAIMING_UNIFORM = InitializationEntry(
    key="kaiming_uniform",
    title="Kaiming, uniform",
    torch="kaiming_uniform_",
    directions=2,
    help="Keeps the size of values through ReLU. Use it for deep networks with ReLU.",
    params=(_MODE, _AFTER, _BIASES),
)
KAIMING_NORMAL = InitializationEntry(
    key="kaiming_normal",
    title="Kaiming, normal",
    torch="kaiming_normal_",
    directions=2,
    help="Draws from a bell curve whose width keeps values alike in size through ReLU. Use it "
    "for deep convolutions.",
    params=(_MODE, _AFTER, _BIASES),
)
ORTHOGONAL = InitializationEntry(
    key="orthogonal",
    title="Orthogonal",
    torch="orthogonal_",
    directions=2,
    help="Turns without stretching. Use it for recurrent layers and very deep networks.",
    params=(_GAIN, _BIASES),
)
NORMAL = InitializationEntry(
    key="normal",
    title="Normal",
    torch="normal_",
    help="Draws from a bell curve. Use it for embeddings.",
    params=(_MEAN, _spread(0.02), _BIASES),
)
TRUNCATED_NORMAL = InitializationEntry(
    key="truncated_normal",
    title="Normal, without far values",
    torch="trunc_normal_",
    help="Draws from a bell curve and leaves far values out. Use it for transformers.",
    params=(
        _MEAN,
        _spread(0.02),
        number("a", "From", -2.0, at_least=-1000.0, at_most=1000.0, help="The least value."),
        number("b", "To", 2.0, at_least=-1000.0, at_most=1000.0, help="The greatest value."),
        _BIASES,
    ),
)
UNIFORM = InitializationEntry(
    key="uniform",
    title="Uniform",
    torch="uniform_",
    help="Draws evenly between two bounds. Use it to repeat an old recipe.",
    params=(
        number("a", "From", -0.1, at_least=-1000.0, at_most=1000.0, help="The least value."),
        number("b", "To", 0.1, at_least=-1000.0, at_most=1000.0, help="The greatest value."),
        _BIASES,
    ),
)
ZEROS = InitializationEntry(
    key="zeros",
    title="Zeros",
    torch="zeros_",
    help="All 0. Use it for the last layer of a branch that is added, never for all layers.",
    params=(_BIASES,),
)
ONES = InitializationEntry(
    key="ones",
    title="Ones",
    torch="ones_",
    help="All 1. Use it for layers that scale.",
    params=(_BIASES,),
)
CONSTANT = InitializationEntry(
    key="constant",
    title="One value",
    torch="constant_",
    help="All the same number. Use it to try something out.",
    params=(
        number("val", "Value", 0.01, at_least=-1000.0, at_most=1000.0, help="The number."),
        _BIASES,
    ),
)

ENTRIES = (
    LAYERS_OWN,
    XAVIER_UNIFORM,
    XAVIER_NORMAL,
    KAIMING_UNIFORM,
    KAIMING_NORMAL,
    ORTHOGONAL,
    NORMAL,
    TRUNCATED_NORMAL,
    UNIFORM,
    ZEROS,
    ONES,
    CONSTANT,
)
