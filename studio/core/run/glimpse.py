"""Glimpse: what one real sample looks like behind a node, as plain values that can be painted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from studio.core.shapes import Shape

GlimpseKind: TypeAlias = Literal["picture", "maps", "heat", "curve", "bars", "words", "classes"]


@dataclass(frozen=True, slots=True)
class Plane:
    """One grid of bytes, row by row: grey with one byte a place, or RGB with three."""

    height: int
    width: int
    pixels: bytes

    @property
    def is_colored(self) -> bool:
        """True where each place has three bytes."""
        return len(self.pixels) == 3 * self.height * self.width


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What one sample is behind a node; what is large is thinned.

    picture: one plane. maps: one plane for each of the first channels, from the lowest value
    (0) to the highest (255) of all. heat: one plane. curve and bars: `lines` of numbers. words:
    `words`. classes: `words` with their `lines[0]` of probabilities, surest first. `shape` is
    that of the sample there, without the batch; `low`, `high`, `mean` and `zeros` (the share
    of values that are 0) are of all values.
    """

    kind: GlimpseKind
    shape: Shape
    planes: tuple[Plane, ...] = ()
    lines: tuple[tuple[float, ...], ...] = ()
    words: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    zeros: float = 0.0


@dataclass(frozen=True, slots=True)
class Glimpses:
    """A glimpse for each node that could be reached, of one row of the data.

    `place` is the number of the sample among `count` that can be looked at, `row` its number
    in the file (from 1). `run` is whose weights these are; "" for weights freshly drawn.
    """

    place: int
    count: int
    row: int
    run: str = ""
    nodes: Mapping[str, Glimpse] = field(default_factory=dict)
