"""Where a dragged card comes to rest: in line with its neighbours, at their gaps, or on the grid.

Pure geometry. What is worked out across is worked out down with the rectangles turned.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from studio.core.design.arranging import Box

SAME = 0.01  # lines closer than this are one
GAP_LEVEL = 0.8  # how far down a card its gaps are shown: wires run in the middle


class Guide(NamedTuple):
    """A thin line that shows why a card rests where it does: in line, or at an equal gap."""

    x1: float
    y1: float
    x2: float
    y2: float
    is_gap: bool = False

    def turned(self) -> "Guide":
        """Across and down exchanged."""
        return Guide(self.y1, self.x1, self.y2, self.x2, self.is_gap)


def pull_across(box: Box, others: Sequence[Box], reach: float) -> float | None:
    """How far to the right a rectangle is drawn into line with others, or to an equal gap.

    Less than 0 to the left; None where nothing is within reach.
    """
    lines = [(_lines(other), _lines(box)) for other in others]
    pulls = [there - here for pair in lines for there, here in zip(*pair, strict=True)]
    pulls += _gap_pulls(box, _row(box, others), reach)
    near = [pull for pull in pulls if abs(pull) <= reach]
    return min(near, key=lambda pull: (abs(pull), pull), default=None)


def pull_down(box: Box, others: Sequence[Box], reach: float) -> float | None:
    """The same downwards."""
    return pull_across(box.turned(), [other.turned() for other in others], reach)


def guides_of(box: Box, others: Sequence[Box]) -> tuple[Guide, ...]:
    """What shows how a rectangle stands among the others; few lines, each to the nearest."""
    down = box.turned(), [other.turned() for other in others]
    return (*_guides(box, others), *(guide.turned() for guide in _guides(*down)))


def _guides(box: Box, others: Sequence[Box]) -> Iterator[Guide]:
    yield from _line_guides(box, others)
    yield from _gap_guides(box, _row(box, others))


def _line_guides(box: Box, others: Sequence[Box]) -> Iterator[Guide]:
    """An upright line, from this rectangle to the nearest of those that share it.

    One is enough, and best an edge: a line through the middle runs over words.
    """
    for place in (0, 2, 1):
        line = _lines(box)[place]
        sharing = [other for other in others if abs(_lines(other)[place] - line) < SAME]
        if sharing:
            near = min(sharing, key=lambda other: _distance(box, other))
            yield Guide(line, min(box.top, near.top), line, max(box.bottom, near.bottom))
            return


def _gap_guides(box: Box, row: Sequence[Box]) -> Iterator[Guide]:
    """Level lines in two equal gaps beside the rectangle."""
    for one, other in _even_gaps(box, row, SAME):
        if abs(one.width - other.width) < SAME < one.width:
            level = box.top + box.height * GAP_LEVEL
            for gap in (one, other):
                yield Guide(gap.start, level, gap.end, level, is_gap=True)
            return


def _lines(box: Box) -> tuple[float, float, float]:
    return box.left, box.left + box.width / 2, box.right


def _distance(box: Box, other: Box) -> float:
    """How far below or above; less than 0 where they stand level."""
    return max(other.top - box.bottom, box.top - other.bottom)


def _row(box: Box, others: Sequence[Box]) -> list[Box]:
    """Those that stand level with the rectangle."""
    return [other for other in others if other.top < box.bottom and other.bottom > box.top]


def _gap_pulls(box: Box, row: Sequence[Box], reach: float) -> Iterator[float]:
    """How far to the right the rectangle must go for two gaps to be equal."""
    for one, other in _even_gaps(box, row, reach):
        is_between = other.start == box.right
        yield (other.width - one.width) / 2 if is_between else one.width - other.width


class _Gap(NamedTuple):
    start: float
    end: float

    @property
    def width(self) -> float:
        return self.end - self.start


def _even_gaps(box: Box, row: Sequence[Box], reach: float) -> Iterator[tuple[_Gap, _Gap]]:
    """Pairs of gaps, from left to right, that could be equal: one on either side, or two on one."""
    before = _last([other for other in row if other.right <= box.left + reach])
    after = _first([other for other in row if other.left >= box.right - reach])
    if before and after:
        yield _Gap(before.right, box.left), _Gap(box.right, after.left)
    further = _last([other for other in row if before and other.right < before.left])
    if before and further:
        yield _Gap(further.right, before.left), _Gap(before.right, box.left)
    further = _first([other for other in row if after and other.left > after.right])
    if after and further:
        yield _Gap(box.right, after.left), _Gap(after.right, further.left)


def _last(boxes: Sequence[Box]) -> Box | None:
    return max(boxes, key=lambda box: box.right, default=None)


def _first(boxes: Sequence[Box]) -> Box | None:
    return min(boxes, key=lambda box: box.left, default=None)
