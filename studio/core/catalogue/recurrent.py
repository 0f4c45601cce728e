"""Layers that read a sequence step by step and remember: LSTM, GRU."""

from collections.abc import Callable

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry
from studio.core.catalogue.expectations import wrong_rank
from studio.core.params import choice, number, switch, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape
from studio.core.words import tr

SEQUENCE = "sequence"
LAST = "last"
MOST_LAYERS = 16

PARAMS = (
    whole("hidden_size", "Units", 64, help="How much it can remember."),
    whole(
        "num_layers",
        "Layers",
        1,
        at_most=MOST_LAYERS,
        help="How many stand on one another; each reads what the one below gives.",
    ),
    switch(
        "bidirectional",
        "Both directions",
        False,
        help="Reads the sequence backwards too, which doubles what comes out.",
    ),
    number(
        "dropout",
        "Dropout",
        0.0,
        at_least=0.0,
        at_most=0.95,
        help="How much to leave out between the layers while training; needs two layers.",
    ),
    choice(
        "gives",
        "Gives",
        LAST,
        {LAST: "Last step", SEQUENCE: "Whole sequence"},
        help="One answer for the sequence, or one for each step of it.",
    ),
)


def _shape(call: LayerCall) -> Shape | Problem:
    if len(call.shape) != 2:
        wanted = tr("a sequence: steps × numbers")
        return wrong_rank(call, wanted, _as_sequence(call.shape))
    width = call.whole("hidden_size") * _directions(call)
    return (call.shape[0], width) if call.text("gives") == SEQUENCE else (width,)


def _as_sequence(shape: Shape) -> Shape | None:
    """A line is read number by number, an image of one channel row by row."""
    if len(shape) == 1:
        return (shape[0], 1)
    return shape[1:] if len(shape) == 3 and shape[0] == 1 else None


def _directions(call: LayerCall) -> int:
    return 2 if call.is_on("bidirectional") else 1


def _weights(gates: int) -> Callable[[LayerCall], int]:
    """Each gate of each layer weighs its input and its memory, and adds two biases."""

    def weights(call: LayerCall) -> int:
        units, directions = call.whole("hidden_size"), _directions(call)
        first = call.shape[-1] + units + 2
        others = (call.whole("num_layers") - 1) * (units * directions + units + 2)
        return directions * gates * units * (first + others)

    return weights


def _arguments(call: LayerCall) -> Arguments:
    layers = call.whole("num_layers")
    return {
        "input_size": call.shape[-1],
        "hidden_size": call.whole("hidden_size"),
        "num_layers": layers,
        "bidirectional": call.is_on("bidirectional"),
        # Torch warns of a dropout between the layers of a single one.
        "dropout": call.values["dropout"] if layers > 1 else 0.0,
        "gives_sequence": call.text("gives") == SEQUENCE,
    }


def _recurrent(title: str, gates: int, help: str) -> LayerEntry:  # noqa: A002
    return LayerEntry(
        key=title.lower(),
        title=title,
        family="recurrent",
        help=help,
        params=PARAMS,
        shape=_shape,
        weights=_weights(gates),
        arguments=_arguments,
        torch=f"Stacked{title}",
        badge="{hidden_size} {hidden_size|unit|units}, {gives}",
    )


ENTRIES = (
    _recurrent(
        "LSTM",
        4,
        "Reads a sequence (steps × numbers) and decides what to remember and what to forget. "
        "Use it for readings over time and for text after an Embedding.",
    ),
    _recurrent(
        "GRU",
        3,
        "Reads a sequence (steps × numbers) with a simpler memory than an LSTM. "
        "Use it first: it is smaller and faster, and often as good.",
    ),
)
