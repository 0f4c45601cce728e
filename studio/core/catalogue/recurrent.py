"""Layers that read a sequence step by step and remember: LSTM, GRU, RNN."""

from collections.abc import Callable

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused
from studio.core.catalogue.sequences import missing_sequence, wrong_tokens
from studio.core.params import Param, choice, number, switch, whole
from studio.core.problems import Fix, Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr

TOKENS, START = 1, 2
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
        {LAST: "Last step", SEQUENCE: "All steps"},
        help="One answer for the sequence, or one for each step of it.",
    ),
)


_NONLINEARITY = choice(
    "nonlinearity",
    "Activation",
    "tanh",
    {"tanh": "Tanh", "relu": "ReLU"},
    help="What each step is led through.",
)


def _shape(call: LayerCall) -> Shape | Problem:
    problem = (
        missing_sequence(call) or wrong_tokens(call, TOKENS, call.shape[0]) or _wrong_start(call)
    )
    if problem is not None:
        return problem
    width = call.whole("hidden_size") * _directions(call)
    return (call.shape[0], width) if call.text("gives") == SEQUENCE else (width,)


def _wrong_start(call: LayerCall) -> Problem | None:
    """The start is what another layer's last step gives: one line, as wide as this memory."""
    start, width = call.at(START), call.whole("hidden_size") * _directions(call)
    if start is None or start.shape == (width,):
        return None
    is_line = len(start.shape) == 1
    label = tr("Insert Linear to {width}", width=width)
    params = {"out_features": width}
    fix = Fix("insert_before", label, {"layer": "linear", "port": START, "params": params})
    return refused(
        tr(
            "{name} starts with a memory of {width} {width|number|numbers}, but gets {shape}.",
            name=call.name,
            width=width,
            shape=show(start.shape),
        ),
        tr("Put a Linear to {width} before its third input.", width=width)
        if is_line
        else tr("Wire its third input to a layer that gives one line, such as a last step."),
        code="wrong-start",
        fix=fix if is_line else None,
    )


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


def _is_wired(call: LayerCall) -> bool:
    return call.at(TOKENS) is not None or call.at(START) is not None


def _arguments(kind: str) -> Callable[[LayerCall], Arguments]:
    def arguments(call: LayerCall) -> Arguments:
        layers = call.whole("num_layers")
        found = {
            "input_size": call.shape[-1],
            "hidden_size": call.whole("hidden_size"),
            "num_layers": layers,
            "bidirectional": call.is_on("bidirectional"),
            # Torch warns of a dropout between the layers of a single one.
            "dropout": call.values["dropout"] if layers > 1 else 0.0,
            "gives_sequence": call.text("gives") == SEQUENCE,
        }
        if _NONLINEARITY.key in call.values:
            found["nonlinearity"] = call.values[_NONLINEARITY.key]
        return {**found, "kind": kind} if _is_wired(call) else found

    return arguments


def _torch_for(title: str) -> Callable[[LayerCall], str]:
    return lambda call: "WiredRecurrent" if _is_wired(call) else f"Stacked{title}"


def _recurrent(
    title: str,
    gates: int,
    help: str,  # noqa: A002
    *more: Param,
) -> LayerEntry:
    return LayerEntry(
        key=title.lower(),
        title=title,
        family="recurrent",
        help=help,
        params=(*PARAMS, *more),
        shape=_shape,
        weights=_weights(gates),
        arguments=_arguments(title),
        torch=f"Stacked{title}",
        torch_for=_torch_for(title),
        arity=(1, 3),
        index_ports=(TOKENS,),
        ports=(
            "Sequence",
            "Its tokens, where padding is to be skipped",
            "What it remembers at the start, such as the last step of another",
        ),
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
    _recurrent(
        "RNN",
        1,
        "Reads a sequence (steps × numbers) with the plainest memory: each step mixes with what "
        "was before. Use it for short sequences, and to see what an LSTM or GRU adds.",
        _NONLINEARITY,
    ),
)
