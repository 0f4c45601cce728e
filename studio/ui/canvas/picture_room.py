"""How high the picture on each card may be, so that no card comes to lie on another.

Cards stay where a person put them: a picture takes the room that is free below its card. Where
there is little it is a low one, and where there is none it is left to the inspector.
"""

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QRectF

from studio.core.design.edits import PICTURE_HEIGHT
from studio.core.design.frames import PADDING
from studio.ui.canvas.geometry import PORT_RADIUS

STRIPS = (PICTURE_HEIGHT, 24.0)  # heights with the gap below, the wanted one first
CLEARANCE = 16.0  # down to what is below: a wire from above can still be seen to end there
COLUMN = 200.0
BESIDE = PORT_RADIUS + 3.0  # ports stand out at the sides


def strips_of(
    wanted: Collection[str],
    cards: Mapping[str, QRectF],
    frames: Iterable[QRectF] = (),
    remarks: Iterable[QRectF] = (),
) -> dict[str, float]:
    """The height for each wanted card, 0 for none.

    `cards` are all there are, without pictures; `frames` those of open blocks, which grow with
    what is in them; `remarks` what a person wrote or framed, which do not.
    """
    grounds, held = tuple(frames), tuple(remarks)
    below = _Below((*cards.values(), *grounds, *held))
    feet = [(one, one.bottom() - PADDING + below.room(one)) for one in grounds]
    return {i: _strip(cards[i], below, feet, held) for i in wanted if i in cards}


class _Below:
    """What lies below what, in columns: a large drawing is not gone through for each card."""

    def __init__(self, areas: Iterable[QRectF]) -> None:
        self._columns: dict[int, list[QRectF]] = {}
        for area in areas:
            for column in _columns(area):
                self._columns.setdefault(column, []).append(area)

    def room(self, card: QRectF) -> float:
        """Down to the next thing that neither lies in it nor holds it."""
        tops = [
            one.top()
            for column in _columns(card)
            for one in self._columns.get(column, ())
            if one.top() >= card.top() and _is_across(one, card)
            if not one.contains(card) and not card.contains(one)
        ]
        return min(tops, default=float("inf")) - card.bottom()


def _strip(
    card: QRectF,
    below: _Below,
    frames: Iterable[tuple[QRectF, float]],
    remarks: Iterable[QRectF],
) -> float:
    """`frames` are told with how far down a card in them may reach before they meet another."""
    room = below.room(card) - CLEARANCE
    for frame, foot in frames:
        if frame.contains(card):
            room = min(room, foot - card.bottom() - CLEARANCE)
    for remark in remarks:
        if remark.contains(card):
            room = min(room, remark.bottom() - card.bottom() - CLEARANCE / 2)
    return next((height for height in STRIPS if height <= room), 0.0)


def _is_across(one: QRectF, other: QRectF) -> bool:
    return one.left() - BESIDE < other.right() and one.right() > other.left() - BESIDE


def _columns(area: QRectF) -> range:
    first, last = int((area.left() - BESIDE) // COLUMN), int((area.right() + BESIDE) // COLUMN)
    return range(first, last + 1)
