"""What a chart is given to draw: lines and a mark, as plain values. No widget in here."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Stroke = Literal["faint", "solid", "dashed"]
Range: TypeAlias = tuple[float, float]
OUTLIERS = 0.01  # share of a faint line's points at each end that do not stretch the scale
FEW = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line: x in order, y beside it. `token` is a colour of the theme.

    A faint line is the raw matter under a smoothed one: pale, one pixel wide, without a
    name in the legend (its `title` is empty).
    """

    key: str
    title: str
    token: str
    xs: Sequence[float] = ()
    ys: Sequence[float] = ()
    stroke: Stroke = "solid"
    has_markers: bool = False

    def value_at(self, x: float) -> float | None:
        """The value at a place: the nearest marker, or the line between two points."""
        if not self.xs or x < self.xs[0] - 0.5 or x > self.xs[-1] + 0.5:
            return None
        right = bisect_left(self.xs, x)
        if right == 0 or right == len(self.xs):
            return self.ys[min(right, len(self.xs) - 1)]
        left = right - 1
        share = (x - self.xs[left]) / (self.xs[right] - self.xs[left] or 1.0)
        if self.has_markers:
            return self.ys[right if share >= 0.5 else left]
        return self.ys[left] + share * (self.ys[right] - self.ys[left])


@dataclass(frozen=True, slots=True)
class Mark:
    """A place worth knowing: a dotted upright line with words at its head."""

    x: float
    text: str
    token: str = "good"


def reach_of(lines: Iterable[Line], *, is_log: bool) -> Range | None:
    """The lowest and highest value that the scale must show, or None where there is none."""
    reaches = [found for line in lines if (found := _reach(line, is_log=is_log))]
    if not reaches:
        return None
    return min(low for low, _ in reaches), max(high for _, high in reaches)


def _reach(line: Line, *, is_log: bool) -> Range | None:
    values = sorted(y for y in line.ys if math.isfinite(y) and (y > 0 or not is_log))
    if not values:
        return None
    if line.stroke != "faint" or len(values) < FEW:
        return values[0], values[-1]
    cut = int(len(values) * OUTLIERS)
    return values[cut], values[-1 - cut]


def within(xs: Sequence[float], span: Range) -> slice:
    """The part of the points that lies in the span."""
    return slice(bisect_left(xs, span[0]), bisect_right(xs, span[1]))
