"""The curve of an edge from port to port, in a drawing that leads to the right or downwards.

What is worked out for the right is turned for downwards: across and down are exchanged.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

from studio.core.design.way import Way
from studio.ui.canvas.detours import Detour, detour_of
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, edge_path, free_lane

_TURN = QTransform(0.0, 1.0, 1.0, 0.0, 0.0, 0.0)


def curve_of(
    start: QPointF, end: QPointF, way: Way, lane: float | Detour | None = None
) -> QPainterPath:
    """The curve between two points; `lane` as `lane_of` gives it."""
    if way == "right":
        return edge_path(start, end, lane)
    return _TURN.map(edge_path(_turned(start), _turned(end), lane))


def lane_of(
    cards: Iterable[QRectF], start: QPointF, end: QPointF, way: Way
) -> float | Detour | None:
    """How an edge passes the cards in its way: as `edge_path` wants it, turned if need be."""
    neighbours = CARD_WIDTH
    if way == "down":
        neighbours = CARD_HEIGHT
        cards = (QRectF(card.y(), card.x(), card.height(), card.width()) for card in cards)
        start, end = _turned(start), _turned(end)
    if end.x() < start.x():
        return free_lane(cards, start, end)
    # Between neighbouring columns no card can stand.
    return detour_of(cards, start, end) if end.x() - start.x() > neighbours else None


def _turned(point: QPointF) -> QPointF:
    return QPointF(point.y(), point.x())
