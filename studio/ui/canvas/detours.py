"""How an edge that leads on over several columns passes the cards that stand in its way."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

CLEAR = 16.0  # between a card and an edge that passes it
LEAD = 20.0  # before the first and behind the last of the cards that are passed
_POINTS = 24  # at which a curve is looked at: cards are wider than the steps between them
_BEND_LEAST, _BEND_MOST = 30.0, 160.0


class Detour(NamedTuple):
    """Level at `lane` from `left` to `right`."""

    left: float
    right: float
    lane: float


def bend_of(reach: float) -> float:
    """How far the curve of an edge leads on level, for half the way across."""
    return min(max(abs(reach), _BEND_LEAST), _BEND_MOST)


def detour_of(cards: Iterable[QRectF], start: QPointF, end: QPointF) -> Detour | None:
    """The shortest way around the cards that the curve between two ports would run under.

    None where it runs under none, and where it leads to the next column or back.
    """
    between = [card for card in cards if card.left() > start.x() and card.right() < end.x()]
    curve = list(_points(start, end)) if between else []
    blocked = [card for card in between if any(card.contains(point) for point in curve)]
    if not blocked:
        return None
    left = min(card.left() for card in blocked) - LEAD
    right = max(card.right() for card in blocked) + LEAD
    passed = [card for card in between if card.right() > left and card.left() < right]
    walls = [(card.top() - CLEAR, card.bottom() + CLEAR) for card in passed]
    lanes = [lane for wall in walls for lane in wall] + [start.y(), end.y()]
    free = [lane for lane in lanes if not any(top < lane < foot for top, foot in walls)]
    best = min(free, key=lambda lane: (abs(lane - start.y()) + abs(lane - end.y()), lane))
    return Detour(max(left, start.x()), min(right, end.x()), best)


def lead_around(path: QPainterPath, start: QPointF, end: QPointF, way: Detour) -> None:
    """Into the lane, along it, and out of it into the port."""
    into, out = QPointF(way.left, way.lane), QPointF(way.right, way.lane)
    for before, after in ((start, into), (out, end)):
        if before is out:
            path.lineTo(out)
        half = (after.x() - before.x()) / 2
        path.cubicTo(
            QPointF(before.x() + half, before.y()), QPointF(after.x() - half, after.y()), after
        )


def _points(start: QPointF, end: QPointF) -> Iterator[QPointF]:
    """Points of the curve of an edge that makes no detour."""
    bend = bend_of((end.x() - start.x()) / 2)
    first, second = QPointF(start.x() + bend, start.y()), QPointF(end.x() - bend, end.y())
    for step in range(1, _POINTS):
        t = step / _POINTS
        u = 1 - t
        yield start * u**3 + first * (3 * u * u * t) + second * (3 * u * t * t) + end * t**3
