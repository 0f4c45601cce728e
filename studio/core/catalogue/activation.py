"""Layers that bend each number: ReLU and its kin, sigmoid, tanh, thresholds."""

from studio.core.catalogue.entry import (
    Arguments,
    LayerCall,
    LayerEntry,
    passed,
    refused,
    set_param,
)
from studio.core.params import Param, choice, number
from studio.core.problems import Problem
from studio.core.shapes import Shape
from studio.core.words import tr

LARGEST = 1_000.0
EXACT, QUICK = "none", "tanh"
ONE, EACH = "one", "each"


def _bend(
    torch: str,
    title: str,
    help: str,
    *params: Param,
    key: str = "",
    badge: str = "",  # noqa: A002
) -> LayerEntry:
    return LayerEntry(
        key=key or torch.lower(),
        title=title,
        family="activation",
        help=help,
        params=params,
        arguments=passed(*(param.key for param in params)),
        torch=torch,
        badge=badge,
    )


def _hardtanh_shape(call: LayerCall) -> Shape | Problem:
    low, high = _number(call, "min_val"), _number(call, "max_val")
    if low < high:
        return call.shape
    # One of the two can always be moved: they lie within the same bounds.
    if high > -LARGEST:
        return _nothing_between(low, high, call, ("min_val", max(high - 1.0, -LARGEST)))
    return _nothing_between(low, high, call, ("max_val", min(low + 1.0, LARGEST)))


def _rrelu_shape(call: LayerCall) -> Shape | Problem:
    low, high = _number(call, "lower"), _number(call, "upper")
    return call.shape if low <= high else _nothing_between(low, high, call, ("lower", high))


def _number(call: LayerCall, key: str) -> float:
    value = call.values[key]
    assert isinstance(value, float)
    return value


def _nothing_between(low: float, high: float, call: LayerCall, moved: tuple[str, float]) -> Problem:
    key, value = moved
    label = tr("Begin at {bound}") if key != "max_val" else tr("End at {bound}")
    return refused(
        tr(
            "{name} goes from {low} to {high}, which is nothing.",
            name=call.name,
            low=f"{low:g}",
            high=f"{high:g}",
        ),
        tr("Choose a lower number to begin with, or a higher one to end with."),
        code="turned-round",
        fix=set_param(key, value, label.format(bound=f"{value:g}")),
    )


def _prelu_weights(call: LayerCall) -> int:
    return call.shape[0] if call.text("num_parameters") == EACH else 1


def _prelu_arguments(call: LayerCall) -> Arguments:
    return {"num_parameters": _prelu_weights(call), "init": call.values["init"]}


RELU = _bend(
    "ReLU",
    "ReLU",
    "Turns negative numbers into 0 and keeps the others. "
    "Use it after a Convolution or Linear; without a bend, layers add up to a single one.",
)
GELU = _bend(
    "GELU",
    "GELU",
    "A ReLU with a soft corner, which lets small negative numbers through. "
    "Use it in deep networks and with layer norm.",
    choice(
        "approximate",
        "Worked out",
        EXACT,
        {EXACT: "Exactly", QUICK: "Quickly"},
        help="Quickly: by a formula that is off by less than a thousandth, as in GPT-2.",
    ),
    badge="{approximate}",
)
SIGMOID = LayerEntry(
    key="sigmoid",
    title="Sigmoid",
    family="activation",
    help="Squeezes each number between 0 and 1. "
    "Use it for shares and switches inside a network; the loss needs none before the Output.",
    torch="Sigmoid",
    gives_probabilities=True,
)
TANH = _bend(
    "Tanh",
    "Tanh",
    "Squeezes each number between -1 and 1. Use it in small or recurrent networks.",
)
LEAKY_RELU = _bend(
    "LeakyReLU",
    "Leaky ReLU",
    "Keeps positive numbers and makes negative ones small. "
    "Use it where many numbers stay at 0 after a ReLU, and in networks that make images.",
    number(
        "negative_slope",
        "Slope",
        0.01,
        at_least=0.0,
        at_most=LARGEST,
        help="What negative numbers are multiplied with.",
    ),
    key="leaky_relu",
    badge="slope {negative_slope}",
)
PRELU = LayerEntry(
    key="prelu",
    title="PReLU",
    family="activation",
    help="A Leaky ReLU that learns how much of the negative numbers to keep. "
    "Use it in deep networks with much data.",
    params=(
        choice(
            "num_parameters",
            "Slopes",
            ONE,
            {ONE: "One for all", EACH: "One for each channel"},
            help="The channels are the first size: those of an image, the numbers of a line.",
        ),
        number(
            "init",
            "First slope",
            0.25,
            at_least=-LARGEST,
            at_most=LARGEST,
            help="What negative numbers are multiplied with at the start.",
        ),
    ),
    weights=_prelu_weights,
    arguments=_prelu_arguments,
    torch="PReLU",
    badge="{num_parameters}",
)
RRELU = LayerEntry(
    key="rrelu",
    title="RReLU",
    family="activation",
    help="A Leaky ReLU whose slope is drawn anew for each number while training, and is the mean "
    "afterwards. Use it on few data, where a network learns by heart.",
    params=(
        number(
            "lower",
            "From",
            0.125,
            at_least=0.0,
            at_most=LARGEST,
            help="The least that negative numbers are multiplied with.",
        ),
        number(
            "upper",
            "Up to",
            1 / 3,
            at_least=0.0,
            at_most=LARGEST,
            help="The most that negative numbers are multiplied with.",
        ),
    ),
    shape=_rrelu_shape,
    arguments=passed("lower", "upper"),
    torch="DrawnReLU",
    badge="{lower} to {upper}",
)
RELU6 = _bend(
    "ReLU6",
    "ReLU6",
    "A ReLU that ends at 6. Use it in small networks for telephones, such as MobileNet.",
)
ELU = _bend(
    "ELU",
    "ELU",
    "Keeps positive numbers and bends negative ones softly towards a floor. "
    "Use it in place of a ReLU where training is unsteady.",
    number("alpha", "Floor", 1.0, at_least=0.0, at_most=LARGEST, help="1 means a floor of -1."),
    badge="floor {alpha}",
)
SELU = _bend(
    "SELU",
    "SELU",
    "An ELU of such a size that numbers keep mean 0 and spread 1 from layer to layer. "
    "Use it in deep networks of Linear layers, with Alpha dropout.",
)
CELU = _bend(
    "CELU",
    "CELU",
    "An ELU without a corner, whatever its floor. "
    "Use it in place of an ELU where the floor is not -1.",
    number("alpha", "Floor", 1.0, at_least=0.001, at_most=LARGEST, help="1 means a floor of -1."),
    badge="floor {alpha}",
)
SILU = _bend(
    "SiLU",
    "SiLU (Swish)",
    "Multiplies each number with its own sigmoid: a ReLU with a soft corner. "
    "Use it in deep networks on images, such as EfficientNet.",
)
MISH = _bend(
    "Mish",
    "Mish",
    "A ReLU with a soft corner, smoother than SiLU. "
    "Use it in deep networks that find things in images.",
)
HARDSWISH = _bend(
    "Hardswish",
    "Hardswish",
    "A SiLU of straight lines, which is quicker to work out. "
    "Use it in small networks for telephones, such as MobileNetV3.",
)
HARDSIGMOID = LayerEntry(
    key="hardsigmoid",
    title="Hardsigmoid",
    family="activation",
    help="A Sigmoid of straight lines, which is quicker to work out. "
    "Use it for switches inside small networks.",
    torch="Hardsigmoid",
    gives_probabilities=True,
)
HARDTANH = LayerEntry(
    key="hardtanh",
    title="Hardtanh",
    family="activation",
    help="Keeps numbers within two bounds and cuts off the others. "
    "Use it where an answer cannot lie outside of a range.",
    params=(
        number(
            "min_val", "Lowest", -1.0, at_least=-LARGEST, at_most=LARGEST, help="The lower bound."
        ),
        number(
            "max_val", "Highest", 1.0, at_least=-LARGEST, at_most=LARGEST, help="The upper bound."
        ),
    ),
    shape=_hardtanh_shape,
    arguments=passed("min_val", "max_val"),
    torch="Hardtanh",
    badge="{min_val} to {max_val}",
)
SOFTPLUS = _bend(
    "Softplus",
    "Softplus",
    "A ReLU with a soft corner that stays above 0. "
    "Use it where an answer has to be positive, such as a spread or a price.",
    number(
        "beta",
        "Sharpness",
        1.0,
        at_least=0.001,
        at_most=LARGEST,
        help="The larger, the closer to a ReLU.",
    ),
    number(
        "threshold",
        "Straight above",
        20.0,
        at_least=0.0,
        at_most=LARGEST,
        help="From there on a straight line, so that large numbers stay exact.",
    ),
    badge="sharpness {beta}",
)
SOFTSIGN = _bend(
    "Softsign",
    "Softsign",
    "Squeezes each number between -1 and 1, more slowly than Tanh. "
    "Use it in place of Tanh where numbers stick to the ends.",
)
LOG_SIGMOID = _bend(
    "LogSigmoid",
    "Log sigmoid",
    "The logarithm of the Sigmoid, worked out safely. "
    "Use it where a network of your own compares chances.",
    key="log_sigmoid",
)
HARDSHRINK = _bend(
    "Hardshrink",
    "Hardshrink",
    "Turns numbers near 0 into 0 and keeps the others. "
    "Use it to take away small noise, where few numbers are to stand out.",
    number("lambd", "Up to", 0.5, at_least=0.0, at_most=LARGEST, help="What counts as near 0."),
    badge="up to {lambd}",
)
SOFTSHRINK = _bend(
    "Softshrink",
    "Softshrink",
    "Turns numbers near 0 into 0 and moves the others towards it. "
    "Use it to find a sparse code, and to take noise away.",
    number("lambd", "Up to", 0.5, at_least=0.0, at_most=LARGEST, help="What counts as near 0."),
    badge="up to {lambd}",
)
TANHSHRINK = _bend(
    "Tanhshrink",
    "Tanhshrink",
    "Each number less its Tanh: almost nothing is left of small ones. "
    "Use it where large numbers are to count and small ones are noise.",
)
THRESHOLD = _bend(
    "Threshold",
    "Threshold",
    "Keeps numbers above a bound and puts another in place of the rest. "
    "Use it as a ReLU that begins elsewhere.",
    number("threshold", "Above", 0.1, at_least=-LARGEST, at_most=LARGEST, help="The bound."),
    number(
        "value",
        "Else",
        0.0,
        at_least=-LARGEST,
        at_most=LARGEST,
        help="What stands in place of the others.",
    ),
    key="threshold_relu",
    badge="above {threshold}, else {value}",
)

ENTRIES = (
    RELU,
    GELU,
    SIGMOID,
    TANH,
    LEAKY_RELU,
    PRELU,
    RRELU,
    RELU6,
    ELU,
    SELU,
    CELU,
    SILU,
    MISH,
    HARDSWISH,
    HARDSIGMOID,
    HARDTANH,
    SOFTPLUS,
    SOFTSIGN,
    LOG_SIGMOID,
    HARDSHRINK,
    SOFTSHRINK,
    TANHSHRINK,
    THRESHOLD,
)
