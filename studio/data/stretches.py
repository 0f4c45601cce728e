"""Stretches: rows of a series that follow each other without a border, and windows within them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.core.design.shaping import SeriesSpec
from studio.data.arrays import Positions
from studio.data.series import Ordered
from studio.data.series_parts import Parts


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Where stretches begin and end, as places in the ordered rows."""

    starts: Positions
    ends: Positions

    @classmethod
    def of(cls, rows: Ordered, parts: Parts | None, *, keeps_gaps: bool = True) -> "Stretches":
        """Rows of one group, of one part where `parts` are given, and without a gap in time.

        Without `keeps_gaps`, and where times are irregular, gaps are gone over.
        """
        if not len(rows.rows):
            return cls(rows.rows, rows.rows)
        breaks = rows.is_new_group()
        if keeps_gaps and rows.has_regular_steps():
            breaks = breaks | rows.gaps()
        if parts is not None:
            breaks = breaks | (np.diff(parts) != 0)
        edges = np.concatenate(([0], np.flatnonzero(breaks) + 1, [len(rows.rows)]))
        return cls(edges[:-1], edges[1:])

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many rows each has."""
        return self.ends - self.starts

    def windows(self, need: int, stride: int) -> Positions:
        """Where windows start that need so many rows, each so many rows after the last."""
        lengths = self.lengths
        counts = np.where(lengths >= need, (lengths - need) // stride + 1, 0)
        before = np.repeat(np.cumsum(counts) - counts, counts)
        steps = np.arange(int(counts.sum()), dtype=np.int64) - before
        starts: Positions = np.repeat(self.starts, counts) + stride * steps
        return starts


def rows_needed(series: SeriesSpec) -> int:
    """How many rows a window needs with what is to be told of it."""
    return series.window + (series.horizon if series.purpose == "forecast" else 0)


def with_targets(starts: Positions, known: NDArray[np.bool_], series: SeriesSpec) -> Positions:
    """The windows whose targets are all known; `known` says it of each row in order."""
    first, last = target_rows(series)
    unknown = np.concatenate(([0], np.cumsum(~known)))
    whole: Positions = starts[unknown[starts + last] == unknown[starts + first]]
    return whole


def target_rows(series: SeriesSpec) -> tuple[int, int]:
    """The rows that hold a window's targets, counted from its start: from, and up to before."""
    if series.purpose == "forecast":
        return series.window, series.window + series.horizon
    if series.purpose == "classify":
        return series.window - 1, series.window
    return 0, series.window
