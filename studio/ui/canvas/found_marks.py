"""Frames around the cards that were found, drawn over the scene while the find bar is open."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from studio.ui.canvas.geometry import CARD_RADIUS
from studio.ui.canvas.scene import CanvasScene
from studio.ui.theme import Theme

REACH = 5.0  # outside the card, so that the frame of a selected one stays in sight
LINE, LINE_NOW = 2.0, 3.0
MARK_Z = 5.0


class FoundMarks:
    """One frame for each card found; that of the current hit is stronger."""

    def __init__(self, picture: CanvasScene) -> None:
        self._picture = picture
        self._frames: list[QGraphicsPathItem] = []

    def show_hits(self, nodes: Iterable[str], current: str) -> None:
        """Marks these nodes and no others."""
        self.clear()
        view = self._picture.view
        now = view.card(current)
        for card in view.cards_of(nodes):  # of what is in a closed block, the block is marked
            item = self._picture.node_items.get(card)
            if item is not None:
                home = QPointF(*view.graph.positions[card])
                self._add(item.card.translated(home), is_current=card == now)

    def clear(self) -> None:
        """Takes every frame away."""
        for frame in self._frames:
            self._picture.removeItem(frame)
        self._frames = []

    def _add(self, card: QRectF, *, is_current: bool) -> None:
        path, radius = QPainterPath(), CARD_RADIUS + REACH
        path.addRoundedRect(card.adjusted(-REACH, -REACH, REACH, REACH), radius, radius)
        frame = QGraphicsPathItem(path)
        pen = QPen(Theme.current().color("attention"), LINE_NOW if is_current else LINE)
        pen.setCosmetic(True)
        pen.setStyle(Qt.PenStyle.SolidLine if is_current else Qt.PenStyle.DotLine)
        frame.setPen(pen)
        frame.setZValue(MARK_Z)
        frame.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._picture.addItem(frame)
        self._frames.append(frame)
