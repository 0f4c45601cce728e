"""Steps: what code does to numbers, one after the other, whatever wrote it down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from studio.core.shapes import Shape
from studio.core.words import tr

Settings: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Taken:
    """What an earlier step, or an input, gave; by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Held:
    """Numbers that the network holds itself, learnt or fixed: their sizes.

    `looks_back` marks the mask with which each step sees itself and those before it; `is_learnt`
    what is a weight, or made of weights alone.
    """

    name: str
    shape: tuple[int, ...]
    is_zero: bool = False
    looks_back: bool = False
    is_learnt: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One call.

    `kind` is the class of a layer (`is_layer`), with its `settings`, or the bare name of a
    function or method. `takes` are its arguments: Taken, Held, plain values and lists of them;
    for a function `settings` are those given by name. `part` is where a layer's weights are
    kept: the same part again has the same weights. `gives` is the shape of what comes out,
    without the batch, where it was seen; None where there is none to be seen. `words` is how
    the code says it.
    """

    name: str
    kind: str
    takes: tuple[object, ...] = ()
    settings: Settings = field(default_factory=lambda: MappingProxyType({}))
    is_layer: bool = False
    part: str = ""
    gives: Shape | None = None
    words: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A layer that is looked for: a class of torch or of the house, and what it is made with.

    `sources` are the names of what goes in, None for an input that is left open. Where `text`
    is set, it is a formula over the sources. `rather` are values of the layer, in its own words,
    that are taken where they make no difference: an end that the code counts from the back.
    """

    kind: str
    settings: Settings
    sources: tuple[str | None, ...]
    text: str = ""
    rather: Settings = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Walk:
    """All steps of a network, what it takes, and what it gives; all by name."""

    inputs: tuple[str, ...]
    steps: tuple[Step, ...]
    outputs: tuple[str, ...]


class Unknown(Exception):  # noqa: N818 - of a step, which is told and left open
    """Why a step cannot be drawn, in plain words."""


def names_in(value: object) -> list[str]:
    """The names of all that is taken, in their order."""
    if isinstance(value, Taken):
        return [value.name]
    if isinstance(value, list | tuple):
        return [name for one in value for name in names_in(one)]
    return []


def sources_of(step: Step) -> tuple[str | None, ...]:
    """The names of what goes in, a list for all inputs of one that joins."""
    takes = step.takes
    if len(takes) == 1 and isinstance(takes[0], list | tuple):
        takes = tuple(takes[0])
    found = [one.name if isinstance(one, Taken) else None for one in takes]
    if any(one is not None and not isinstance(one, Taken) for one in takes):
        raise Unknown(tr("It takes something that is not worked out from the input."))
    while found and found[-1] is None:
        found.pop()
    if not found:
        raise Unknown(tr("It takes something that is not worked out from the input."))
    return tuple(found)
