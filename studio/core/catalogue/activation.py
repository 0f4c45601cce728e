"""Layers that bend each number: ReLU, GELU, sigmoid, tanh, softmax."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry

IMAGE_RANK = 3


def _softmax_arguments(call: LayerCall) -> Arguments:
    """Over the channels of an image, over the last size of anything else; 0 is the batch."""
    return {"dim": 1 if len(call.shape) == IMAGE_RANK else len(call.shape)}


RELU = LayerEntry(
    key="relu",
    title="ReLU",
    family="activation",
    help="Turns negative numbers into 0 and keeps the others. "
    "Use it after a Convolution or Linear; without a bend, layers add up to a single one.",
    torch="ReLU",
)
GELU = LayerEntry(
    key="gelu",
    title="GELU",
    family="activation",
    help="A ReLU with a soft corner, which lets small negative numbers through. "
    "Use it in deep networks and with layer norm.",
    torch="GELU",
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
TANH = LayerEntry(
    key="tanh",
    title="Tanh",
    family="activation",
    help="Squeezes each number between -1 and 1. Use it in small or recurrent networks.",
    torch="Tanh",
)
SOFTMAX = LayerEntry(
    key="softmax",
    title="Softmax",
    family="activation",
    help="Turns numbers into shares that add up to 1: over the channels of an image, "
    "over the last size of anything else. Use it to weigh choices inside a network; "
    "the loss needs none before the Output.",
    arguments=_softmax_arguments,
    torch="Softmax",
    gives_probabilities=True,
)

ENTRIES = (RELU, GELU, SIGMOID, TANH, SOFTMAX)
