"""Cards set in line with each other or at equal gaps: pure functions over rectangles."""

from collections.abc import Callable, Collection, Mapping
from typing import Literal, NamedTuple, TypeAlias

from studio.core.design.graph import Position

Line: TypeAlias = Literal["left", "centre", "right", "top", "middle", "bottom"]
Axis: TypeAlias = Literal["across", "down"]

LEAST_TO_ALIGN, LEAST_TO_DISTRIBUTE = 2, 3


class Box(NamedTuple):
    """A rectangle of the scene, by its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def shifted(self, across: float, down: float) -> "Box":
        """The same rectangle elsewhere."""
        return self._replace(left=self.left + across, top=self.top + down)

    def turned(self) -> "Box":
        """Across and down exchanged: what is true of rows is then true of columns."""
        return Box(self.top, self.left, self.height, self.width)


Boxes: TypeAlias = Mapping[str, Box]


def around(boxes: Collection[Box]) -> Box:
    """The smallest rectangle around them all; there must be one at least."""
    left = min(box.left for box in boxes)
    top = min(box.top for box in boxes)
    right = max(box.right for box in boxes)
    bottom = max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)


def aligned(boxes: Boxes, line: Line) -> Mapping[str, Position]:
    """Where each stands when all have that line in common, of what they take together.

    Of fewer than two, where they are.
    """
    if len(boxes) < LEAST_TO_ALIGN:
        return _places(boxes)
    whole = around(boxes.values())
    move = _MOVES[line]
    return {name: move(box, whole) for name, box in boxes.items()}


def distributed(boxes: Boxes, axis: Axis) -> Mapping[str, Position]:
    """Where each stands when the gaps between them are equal; the outermost stay.

    Those that take more room than there is overlap equally. Of fewer than three, where they are.
    """
    if len(boxes) < LEAST_TO_DISTRIBUTE:
        return _places(boxes)
    if axis == "down":
        turned = distributed({name: box.turned() for name, box in boxes.items()}, "across")
        return {name: (x, y) for name, (y, x) in turned.items()}
    order = sorted(boxes, key=lambda name: (boxes[name].left + boxes[name].width / 2, name))
    first, last = boxes[order[0]], boxes[order[-1]]
    free = last.left - first.right - sum(boxes[name].width for name in order[1:-1])
    gap, left = free / (len(order) - 1), first.left
    places: dict[str, Position] = {}
    for name in order:
        places[name] = (left, boxes[name].top)
        left += boxes[name].width + gap
    places[order[-1]] = (last.left, last.top)  # not a rounding error aside
    return {name: places[name] for name in boxes}


def _places(boxes: Boxes) -> Mapping[str, Position]:
    return {name: (box.left, box.top) for name, box in boxes.items()}


_MOVES: Mapping[Line, Callable[[Box, Box], Position]] = {
    "left": lambda box, whole: (whole.left, box.top),
    "centre": lambda box, whole: (whole.left + (whole.width - box.width) / 2, box.top),
    "right": lambda box, whole: (whole.right - box.width, box.top),
    "top": lambda box, whole: (box.left, whole.top),
    "middle": lambda box, whole: (box.left, whole.top + (whole.height - box.height) / 2),
    "bottom": lambda box, whole: (box.left, whole.bottom - box.height),
}
