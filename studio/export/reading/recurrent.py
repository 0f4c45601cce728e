"""Recurrent: what code takes of an LSTM, GRU or RNN, which gives several things at once.

Layers here give either all steps or the last one; code takes the same out of tuples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from studio.core.words import tr
from studio.export.reading.steps import Held, Step, Taken, Unknown, Wanted

Form = Literal["pair", "sequence", "states", "memory", "cell", "last", "forward", "backward"]
KINDS = ("LSTM", "GRU", "RNN")
_EXPORTED: Mapping[str, tuple[str, str]] = {
    "lstm": ("LSTM", ""),
    "gru": ("GRU", ""),
    "rnn_tanh": ("RNN", "tanh"),
    "rnn_relu": ("RNN", "relu"),
}
_ORDER = "input hx params bias num_layers dropout train bidirectional batch_first"
_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


@dataclass(frozen=True, slots=True)
class Recurrent:
    """A recurrent layer, and the part of what it gives that is meant."""

    step: Step
    form: Form = "pair"

    @property
    def is_both_ways(self) -> bool:
        """Whether it reads the sequence backwards too."""
        return bool(self.step.settings.get("bidirectional"))

    def wanted(self) -> Wanted:
        """The layer that gives this; Unknown where none does."""
        if self.form not in ("sequence", "last"):
            raise Unknown(
                tr("Of a recurrent layer all steps can be taken, or the last one; nothing else.")
            )
        return _wanted(self.step, gives_sequence=self.form == "sequence")


def recurrent(step: Step) -> Recurrent | None:
    """The step as a recurrent layer, or None where it is none."""
    if step.is_layer and step.kind in KINDS:
        return Recurrent(step)
    if not step.is_layer and step.kind in _EXPORTED:
        return Recurrent(_exported(step))
    return None


def part_of(whole: Recurrent, index: object) -> Recurrent | None:
    """What an index takes of it, where that is something of its own."""
    form = _TUPLES.get((whole.form, index)) if isinstance(index, int) else None
    if whole.form == "pair" and whole.step.kind != "LSTM" and index == 1:
        form = "memory"
    if whole.form == "pair" and not whole.step.is_layer and index == 1:
        form = "memory"
    if form is None and whole.form == "memory":
        form = _of_memory(whole, index)
    if form is None and whole.form == "sequence":
        is_last = index in ((slice(None), -1), (slice(None), -1, slice(None)))
        form = "last" if is_last and not whole.is_both_ways else None
    return None if form is None else replace(whole, form=form)


def joined(parts: list[object]) -> Recurrent | None:
    """Both directions side by side: the last step of a layer that reads both ways."""
    found = [one for one in parts if isinstance(one, Recurrent)]
    if len(found) != 2 or len(parts) != 2 or found[0].step is not found[1].step:  # noqa: PLR2004
        return None
    forms = [one.form for one in found]
    return replace(found[0], form="last") if forms == ["forward", "backward"] else None


_TUPLES: Mapping[tuple[str, int], Form] = {
    ("pair", 0): "sequence",
    ("pair", 1): "states",
    ("states", 0): "memory",
    ("states", 1): "cell",
}


def _of_memory(whole: Recurrent, index: object) -> Form | None:
    """The top layer's memory, [-1]; of two directions the one forwards, [-2], is asked first."""
    if isinstance(index, tuple) and all(one == slice(None) for one in index[1:]):
        index = index[0]
    layers = whole.step.settings.get("num_layers", 1)
    assert isinstance(layers, int)
    count = layers * (2 if whole.is_both_ways else 1)
    if not isinstance(index, int) or isinstance(index, bool):
        return None
    place = index + count if index < 0 else index
    if not whole.is_both_ways:
        return "last" if place == count - 1 else None
    return {count - 1: "backward", count - 2: "forward"}.get(place)  # type: ignore[return-value]


def _wanted(step: Step, *, gives_sequence: bool) -> Wanted:
    given = step.settings
    if not given.get("batch_first"):
        raise Unknown(tr("It wants the steps before the rows; here rows come first."))
    if given.get("bias") is False or given.get("proj_size"):
        raise Unknown(tr("It is set as no recurrent layer here can be."))
    for start in _all_in(step.takes[1:]):
        if not (start is None or isinstance(start, Held) and start.is_zero):
            raise Unknown(tr("It begins with a memory that is not zero."))
    if not step.takes or not isinstance(step.takes[0], Taken):
        raise Unknown(tr("It takes something that is not worked out from the input."))
    layers = given.get("num_layers", 1)
    settings = {
        "input_size": given["input_size"],
        "hidden_size": given["hidden_size"],
        "num_layers": layers,
        "bidirectional": bool(given.get("bidirectional")),
        "dropout": given.get("dropout", 0.0) if layers != 1 else 0.0,
        "gives_sequence": gives_sequence,
    }
    if step.kind == "RNN":
        settings["nonlinearity"] = given.get("nonlinearity", "tanh")
    return Wanted(f"Stacked{step.kind}", settings, (step.takes[0].name,))


def _all_in(values: object) -> list[object]:
    if isinstance(values, list | tuple):
        return [one for value in values for one in _all_in(value)]
    return [values]


def _exported(step: Step) -> Step:
    """The form of an exported program: the weights are arguments, and say the sizes."""
    kind, bend = _EXPORTED[step.kind]
    given = {**dict(zip(_ORDER.split(), step.takes, strict=False)), **step.settings}
    weights = given["params"]
    first = weights[0] if isinstance(weights, list | tuple) and weights else None
    if not isinstance(first, Held) or not given.get("bias"):
        raise Unknown(tr("It is set as no recurrent layer here can be."))
    settings = {
        "input_size": first.shape[1],
        "hidden_size": first.shape[0] // _GATES[kind],
        **{key: given[key] for key in ("num_layers", "dropout", "bidirectional", "batch_first")},
    }
    if bend:
        settings["nonlinearity"] = bend
    return replace(step, kind=kind, takes=(given["input"], given["hx"]), settings=settings)
