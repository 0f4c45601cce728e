"""Profiles: what a column holds, how it goes with the target, what a repair step changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from studio.core.design.class_share import RARE
from studio.core.design.features import ColumnKind
from studio.core.design.previews import Cell
from studio.core.problems import Problem
from studio.core.words import tr

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)

Trait = Literal[
    "value", "time", "tokens", "width", "height", "brightness", "seconds", "level", "frames"
]
Measure = Literal["pearson", "correlation_ratio", "cramers_v"]

TRAITS: Mapping[Trait, str] = MappingProxyType(
    {
        "value": "Value",
        "time": "Time",
        "tokens": "Tokens",
        "width": "Width in pixels",
        "height": "Height in pixels",
        "brightness": "Brightness from 0 to 255",
        "seconds": "Length in seconds",
        "level": "Level in decibels",
        "frames": "Frames",
    }
)
MEASURES: Mapping[Measure, str] = MappingProxyType(
    {
        "pearson": "Correlation (Pearson)",
        "correlation_ratio": "Correlation ratio (Fisher)",
        "cramers_v": "Cramér's V (corrected by Bergsma)",
    }
)


@dataclass(frozen=True, slots=True)
class Spread:
    """How the numbers of one trait are spread: of the values, of the lengths of texts, ...

    `bars` are one fewer than `edges`; `quantiles` are at QUANTILES; `outliers` counts the
    numbers further than 1.5 times the range of the middle half from it (Tukey), which
    begin outside `limits`. Times are seconds since 1970.
    """

    trait: Trait = "value"
    edges: tuple[float, ...] = ()
    bars: tuple[int, ...] = ()
    quantiles: tuple[float, ...] = ()
    mean: float | None = None
    deviation: float | None = None
    outliers: int = 0
    limits: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        """What is spread, in words."""
        return tr(TRAITS[self.trait])


@dataclass(frozen=True, slots=True)
class Relation:
    """How closely a column goes with a target, in the rows where both are known.

    pearson: two numbers, -1 to 1, with `rank` that of their ranks (Spearman 1904).
    correlation_ratio: a number and a category, 0 to 1, the root of the share of the
    variance that lies between the categories (Fisher 1925). cramers_v: two categories, 0 to
    1 (Cramér 1946), corrected for chance as by Bergsma (2013). `rows` is how many rows it
    was taken from.
    """

    target: str
    measure: Measure
    value: float
    rank: float | None = None
    rows: int = 0

    @property
    def label(self) -> str:
        """The measure in words."""
        return tr(MEASURES[self.measure])


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What one column holds.

    `frequent` are the most frequent values (of texts: tokens; of pictures and clips: sizes)
    with how often each occurs, and `rare` some tokens that occur once, of which there are
    `once`. `distinct` counts values, tokens or sizes. `spreads` are those of its traits: of a
    number its values, of a text its tokens, of a picture width, height and brightness, of a
    sound seconds and level, of a clip also its frames. `sampled` is how many rows everything
    but `missing` was taken from, 0 for all. `is_first_look` marks what was known before the
    data were read again; the same column comes once more. `broken` counts samples that could
    not be read.
    """

    name: str
    kind: ColumnKind
    rows: int
    missing: int = 0
    distinct: int = 0
    frequent: tuple[tuple[str, int], ...] = ()
    rare: tuple[str, ...] = ()
    once: int = 0
    spreads: tuple[Spread, ...] = ()
    relations: tuple[Relation, ...] = ()
    sampled: int = 0
    broken: int = 0
    is_first_look: bool = False

    @property
    def spread(self) -> Spread | None:
        """That of the first trait."""
        return self.spreads[0] if self.spreads else None


@dataclass(frozen=True, slots=True)
class DatasetProfile:
    """What all rows together are like.

    `copies` counts rows that are exact copies of an earlier one in every column in use, and
    `first_copies` are the numbers of the first of them, from 1. `classes` are the labels
    with how many rows each has, where the target is a category. `problems` say what to do
    about copies. `left_out` counts the rows that the repairs leave out of all parts.
    """

    rows: int = 0
    copies: int = 0
    first_copies: tuple[int, ...] = ()
    classes: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()
    left_out: int = 0

    @property
    def is_imbalanced(self) -> bool:
        """Whether some classes are much rarer than others."""
        return imbalance([count for _, count in self.classes])


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One column before and after a repair step.

    For numbers `before` and `after` are histograms over the same kind of edges; for
    categories and texts the most frequent values are in `frequent_before` and
    `frequent_after`. `cells` are some pairs of a cell before and after where they differ
    (None: missing), with `cell_rows` the numbers of their rows, from 1; `changed` counts
    all of them.
    """

    name: str
    kind: ColumnKind
    before: Spread | None = None
    after: Spread | None = None
    missing_before: int = 0
    missing_after: int = 0
    frequent_before: tuple[tuple[str, int], ...] = ()
    frequent_after: tuple[tuple[str, int], ...] = ()
    cells: tuple[tuple[Cell, Cell], ...] = ()
    cell_rows: tuple[int, ...] = ()
    changed: int = 0


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """What one step of the recipe changes, the steps before it being done.

    `left_out` are the numbers of some rows, from 1, that the step leaves out. `added` are
    the names of columns that the step makes of others. `sampled` is how many rows of a
    large table all of this was taken from, 0 for all.
    """

    step: int
    rows_before: int = 0
    rows_after: int = 0
    columns: tuple[ColumnChange, ...] = ()
    left_out: tuple[int, ...] = ()
    added: tuple[str, ...] = ()
    sampled: int = 0


def imbalance(counts: Iterable[int]) -> bool:
    """Whether classes with so many rows are so uneven that weights or resampling may help.

    True where the rarest that is there has less than a fifth of the rows of the commonest.
    """
    known = [count for count in counts if count > 0]
    return len(known) > 1 and min(known) < RARE * max(known)
