"""What stands around makes room for a block, or takes it back: frames and notes as well."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from studio.core.design.block import Area, Remark
from studio.core.design.graph import Graph, Position
from studio.core.design.remarks import change_remark, holds
from studio.core.design.way import Way

EXACT = 6  # digits of a place: sums of fractions would drift


class Room(NamedTuple):
    """How far what lies before, behind and farther on moves; negative to take room back.

    In a drawing that leads to the right these are above, below and to the right.
    """

    before: float
    behind: float
    onward: float


@dataclass(frozen=True, slots=True)
class Push:
    """A block that took the area `before` and takes `after` now, in a drawing that leads `way`."""

    block_id: str
    before: Area
    after: Area
    way: Way = "right"

    @property
    def is_growing(self) -> bool:
        """True where room is made, not given back."""
        return self.after[2] * self.after[3] >= self.before[2] * self.before[3]

    @property
    def room(self) -> Room:
        """What is made, or given back."""
        small, large = self._turned(self.before), self._turned(self.after)
        if self.is_growing:
            return _room(small, large)
        return Room(*(-side for side in _room(large, small)))

    def is_beside(self, area: Area) -> bool:
        """True for what lies farther on, level with it."""
        left, top, width, height = self._turned(self.before)
        begin, over, _wide, high = self._turned(area)
        return begin >= left + width and over < top + height and top < over + high

    def is_onward(self, area: Area) -> bool:
        """True for what lies farther on, level with it or not."""
        left, _top, width, _height = self._turned(self.before)
        return self._turned(area)[0] >= left + width

    def shift(self, area: Area, *, is_beside: bool) -> Position:
        """How far something moves across and down; before and behind it moves whatever it is."""
        _left, top, _width, height = self._turned(self.before)
        _begin, over, _wide, high = self._turned(area)
        room = self.room
        aside = -room.before if over + high <= top else room.behind if over >= top + height else 0.0
        onward = room.onward if is_beside else 0.0
        return (aside, onward) if self.way == "down" else (onward, aside)

    def _turned(self, area: Area) -> Area:
        """The area as in a drawing that leads to the right."""
        left, top, width, height = area
        return (top, left, height, width) if self.way == "down" else area


def _room(small: Area, large: Area) -> Room:
    return Room(
        max(0.0, small[1] - large[1]),
        max(0.0, large[1] + large[3] - small[1] - small[3]),
        max(0.0, large[0] + large[2] - small[0] - small[2]),
    )


def remarks_pushed(
    graph: Graph, push: Push, cards: Mapping[str, Area], by: Mapping[str, Position]
) -> Graph:
    """Frames go around what they held, wherever it is now; notes move as the cards about them.

    `cards` are where they stood, `by` how far each moved.
    """
    for remark in tuple(graph.remarks.values()):
        held = [i for i, area in cards.items() if holds(remark.area, area)]
        if remark.kind == "frame" and (held or holds(remark.area, push.before)):
            area = _around_held(remark.area, push, [(cards[i], by[i]) for i in held])
        else:
            area = _moved(remark, push, cards, by)
        graph = change_remark(graph, remark.id, area=_exact(area))
    return graph


def _around_held(area: Area, push: Push, held: Sequence[tuple[Area, Position]]) -> Area:
    """Each side of a frame goes as far as what is in it, so that the way back is the same."""
    sides = [(x, y, x, y) for _area, (x, y) in held]
    if holds(area, push.before):
        sides.append(_difference(push.before, push.after))
    outward, inward = (min, max) if push.is_growing else (max, min)
    left, top, right, foot = zip(*sides, strict=True)
    begins = area[0] + outward(left), area[1] + outward(top)
    ends = area[0] + area[2] + inward(right), area[1] + area[3] + inward(foot)
    now = [(one[0] + x, one[1] + y, one[2], one[3]) for one, (x, y) in held]
    return _holding((*begins, ends[0] - begins[0], ends[1] - begins[1]), now)


def _moved(
    remark: Remark, push: Push, cards: Mapping[str, Area], by: Mapping[str, Position]
) -> Area:
    """What holds nothing moves as it lies to the block; one farther on goes with its neighbour."""
    area = remark.area
    if holds(push.before, area):
        return area  # it lies in the block
    nearest = min(cards, key=lambda i: _apart(area, cards[i]), default="")
    goes_on = nearest and by[nearest][1 if push.way == "down" else 0]
    is_beside = push.is_beside(area) or bool(push.is_onward(area) and goes_on)
    by_x, by_y = push.shift(area, is_beside=is_beside)
    return area[0] + by_x, area[1] + by_y, area[2], area[3]


def _difference(before: Area, after: Area) -> tuple[float, float, float, float]:
    """How far the left, upper, right and lower side moved."""
    left, top = after[0] - before[0], after[1] - before[1]
    return left, top, left + after[2] - before[2], top + after[3] - before[3]


def _holding(area: Area, others: Iterable[Area]) -> Area:
    """The area, large enough for others."""
    parts = (area, *others)
    left, top = min(one[0] for one in parts), min(one[1] for one in parts)
    right = max(one[0] + one[2] for one in parts)
    foot = max(one[1] + one[3] for one in parts)
    return left, top, right - left, foot - top


def _apart(area: Area, other: Area) -> float:
    across = abs(area[0] + area[2] / 2 - other[0] - other[2] / 2)
    return across + abs(area[1] + area[3] / 2 - other[1] - other[3] / 2)


def _exact(area: Area) -> Area:
    left, top, width, height = (round(side, EXACT) for side in area)
    return left, top, width, height
