"""CardMarks: what is painted over cards: how well they learn, and what they cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from studio.core.run.health import Level
from studio.ui.canvas.geometry import CARD_RADIUS
from studio.ui.canvas.node_item import NodeItem
from studio.ui.canvas.scene import CanvasScene
from studio.ui.document import Document
from studio.ui.theme import Theme, font

MARK_SIZE = 9.0
INSET = 9.0  # of a mark's middle from the upper right corner of its card
PILL_HEIGHT, PILL_PAD, PILL_GAP = 16.0, 6.0, 3.0
LEAST_ALPHA, MOST_ALPHA = 8, 84
_INKS: Mapping[Level, str] = {"good": "good", "doubtful": "attention", "bad": "problem"}
_TRANSPARENT_MOUSE = Qt.MouseButton.NoButton


@dataclass(frozen=True, slots=True)
class HealthSign:
    """How a node learns: told by colour and by shape, and in words where the pointer rests."""

    level: Level
    words: str


@dataclass(frozen=True, slots=True)
class HeatSign:
    """What a node costs in words, and how much beside the costliest, from 0 to 1."""

    words: str
    share: float


class CardMarks(QObject):
    """Keeps the marks of a scene's cards, while cards come and go. They let the mouse through."""

    def __init__(self, scene: CanvasScene, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._marks: dict[str, CardMark] = {}
        self._health: Mapping[str, HealthSign] = {}
        self._heat: Mapping[str, HeatSign] = {}
        document.changed.connect(self.settle)  # the scene has heard of it before
        Theme.current().changed.connect(self.settle)

    @property
    def health(self) -> Mapping[str, HealthSign]:
        """How the cards are said to learn."""
        return self._health

    @property
    def heat(self) -> Mapping[str, HeatSign]:
        """What the cards are said to cost."""
        return self._heat

    def show_health(self, signs: Mapping[str, HealthSign]) -> None:
        """Shows how cards learn; those that are not named show nothing."""
        self._health = signs
        self._apply()

    def show_heat(self, signs: Mapping[str, HeatSign]) -> None:
        """Shows what cards cost; none takes the colours away."""
        self._heat = signs
        self._apply()

    @Slot()
    def settle(self, *_news: object) -> None:
        """Looks again at all cards: some are new, gone, or of another size."""
        self._apply()

    def _apply(self) -> None:
        cards = self._scene.node_items
        for gone in [i for i in self._marks if i not in cards]:
            del self._marks[gone]  # its card took it along
        for card_id, item in cards.items():
            health, heat = self._health.get(card_id), self._heat.get(card_id)
            mark = self._marks.get(card_id)
            if mark is None or mark.card is not item:
                if health is None and heat is None:
                    self._marks.pop(card_id, None)
                    continue
                mark = self._marks[card_id] = CardMark(item)
            mark.show_signs(health, heat)


class CardMark(QGraphicsItem):
    """What lies over one card."""

    def __init__(self, card: NodeItem) -> None:
        super().__init__()
        self.card = card
        self.setAcceptedMouseButtons(_TRANSPARENT_MOUSE)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, False)
        self._health: HealthSign | None = None
        self._heat: HeatSign | None = None
        self._area = QRectF()
        self._pill = QRectF()
        self.setParentItem(card)  # not before: a scene asks at once how large it is

    def show_signs(self, health: HealthSign | None, heat: HeatSign | None) -> None:
        """Shows these; the card may have another size by now."""
        self.prepareGeometryChange()
        self._health, self._heat = health, heat
        self._area = QRectF(self.card.card)
        self._pill = self._pill_of(heat) if heat is not None and heat.words else QRectF()
        said = [one.words for one in (health, heat) if one is not None and one.words]
        self.setToolTip("\n".join((self.card.face.spoken(), *said)) if said else "")
        self.setVisible(health is not None or heat is not None)
        self.update()

    @override
    def boundingRect(self) -> QRectF:
        return self._area.united(self._pill).adjusted(-1.0, -1.0, 1.0, 1.0)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._heat is not None:
            self._paint_heat(painter, self._heat)
        if self._health is not None:
            self._paint_health(painter, self._health.level)

    def _paint_heat(self, painter: QPainter, heat: HeatSign) -> None:
        color = Theme.current().color("validation")
        tint = QColor(color)
        tint.setAlpha(int(LEAST_ALPHA + (MOST_ALPHA - LEAST_ALPHA) * heat.share))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(self._area, CARD_RADIUS, CARD_RADIUS)
        if self._pill.isEmpty():
            return
        painter.setBrush(Theme.current().color("surface"))
        painter.setPen(QPen(color, 1.0))
        painter.drawRoundedRect(self._pill, PILL_HEIGHT / 2, PILL_HEIGHT / 2)
        painter.setPen(Theme.current().color("text"))
        painter.setFont(_pill_font())
        painter.drawText(self._pill, Qt.AlignmentFlag.AlignCenter, heat.words)

    def _paint_health(self, painter: QPainter, level: Level) -> None:
        middle = QPointF(self._area.right() - INSET, self._area.top() + INSET)
        painter.setPen(QPen(Theme.current().color("surface"), 1.5))
        painter.setBrush(QBrush(Theme.current().color(_INKS[level])))
        half = MARK_SIZE / 2
        if level == "good":
            painter.drawEllipse(middle, half - 1.5, half - 1.5)
        elif level == "doubtful":
            painter.drawPolygon(_triangle(middle, half + 1.0))
        else:
            painter.drawPolygon(_diamond(middle, half + 1.5))

    def _pill_of(self, heat: HeatSign) -> QRectF:
        wide = QFontMetricsF(_pill_font()).horizontalAdvance(heat.words) + 2 * PILL_PAD
        top = self._area.top() - PILL_HEIGHT - PILL_GAP
        return QRectF(self._area.right() - wide, top, wide, PILL_HEIGHT)


def _pill_font() -> QFont:
    return font("smallest", is_strong=True, is_tabular=True)


def _triangle(middle: QPointF, half: float) -> QPolygonF:
    return QPolygonF(
        [
            middle + QPointF(0.0, -half),
            middle + QPointF(half, half * 0.8),
            middle + QPointF(-half, half * 0.8),
        ]
    )


def _diamond(middle: QPointF, half: float) -> QPolygonF:
    ends = ((0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0))
    return QPolygonF([middle + QPointF(x, y) for x, y in ends])
