"""Where a long drawing goes on in a new row, like a line of text, so that it can be read whole."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from studio.core.design.columns import Columns

GAP_BETWEEN_ROWS = 60.0  # the wire back to the left passes in the middle of it
MARGIN = 24.0  # around the drawing
LEGIBLE = 0.85  # of life size: from here on one row is better than larger words ...
AT_EASE = 0.95  # ... and where there are several, so are fewer
LEAST_WHOLE = 0.65  # what would be smaller as a whole is read downwards instead
STEP = 20.0


class Span(NamedTuple):
    """What one column takes: its width with the gap behind it, and from where to where it goes."""

    width: float
    top: float
    foot: float


def cuts_of(columns: Columns) -> list[bool]:
    """For each column whether a row may begin there: one wire alone leads into it."""
    rank = {number: place for place, column in enumerate(columns.order) for number in column}
    crossing = [0] * (len(columns.order) + 1)
    for source, found in enumerate(columns.after):
        for target, _height in found:
            crossing[rank[source] + 1] += 1
            crossing[rank[target] + 1] -= 1
    cuts, wires = [False], 0
    for change in crossing[1 : len(columns.order)]:
        wires += change
        cuts.append(wires == 1)
    return cuts


def rows_of(
    spans: Sequence[Span], cuts: Sequence[bool], room: tuple[float, float], gap: float
) -> list[range]:
    """The columns of each row, so that the drawing fills the room as large as may be.

    As few rows as are legible. Where the whole would be too small to read, the rows are as
    wide as is legible and the drawing goes on below the room. `gap` stands behind each column
    but the last of a row.
    """
    line = _Line(spans, cuts)
    best, largest = [range(len(spans))], 0.0
    for count in range(1, sum(cuts) + 2):
        rows = line.even(count)
        wide = max(line.width(row) for row in rows) - gap
        across = (room[0] - 2 * MARGIN) / wide
        zoom = min(across, (room[1] - 2 * MARGIN) / _height(spans, rows), 1.0)
        if zoom > largest:
            best, largest = rows, zoom
        if zoom >= (LEGIBLE if count == 1 else AT_EASE):
            return rows
        if across >= 1.0:
            return best if largest >= LEAST_WHOLE else rows
    return best


class _Line:
    """The columns behind one another, and where a row may end; widths are added up once."""

    def __init__(self, spans: Sequence[Span], cuts: Sequence[bool]) -> None:
        self._sums = [0.0, *accumulate(span.width for span in spans)]
        self._ends = [*(place for place, is_cut in enumerate(cuts) if is_cut), len(spans)]
        self._feet = [self._sums[end] for end in self._ends]

    def width(self, row: range) -> float:
        return self._sums[row.stop] - self._sums[row.start]

    def even(self, count: int) -> list[range]:
        """At most so many rows, the widest as narrow as can be."""
        low, high = 0, int(self._sums[-1] / STEP) + 1
        while high - low > 1:
            middle = (low + high) // 2
            rows = self._filled(middle * STEP)
            fits = len(rows) <= count and max(map(self.width, rows)) <= middle * STEP
            low, high = (low, middle) if fits else (middle, high)
        return self._filled(high * STEP)

    def _filled(self, most: float) -> list[range]:
        """Rows filled one after the other; what cannot be cut may be wider."""
        rows, start, begun = list[range](), 0, 0
        while begun < len(self._ends):
            found = bisect_right(self._feet, self._sums[start] + most, begun) - 1
            found = max(found, begun)
            rows.append(range(start, self._ends[found]))
            start, begun = self._ends[found], found + 1
        return rows


def _height(spans: Sequence[Span], rows: Sequence[range]) -> float:
    return sum(height_of(spans, row) for row in rows) + GAP_BETWEEN_ROWS * (len(rows) - 1)


def height_of(spans: Sequence[Span], row: range) -> float:
    """From the highest to the lowest of a row."""
    return max(spans[i].foot for i in row) - min(spans[i].top for i in row)
