"""How attention is drawn: tokens tinted by how much each counted, or a map of token by token."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from studio.core.run.told import Attention
from studio.core.words import tr
from studio.ui.theme import RADIUS, SPACE_1, SPACE_2, Theme, font

CHIP, GAP = 24.0, 4.0
LEAST_CELL, MOST_CELL = 6.0, 28.0
LEAST_WORDS_CELL = 11.0  # in smaller cells no word can be read
WIDEST_WORD = 84.0
WEAKEST = 0.05
STRONGEST, STRONGEST_UNDER_WORDS = 0.95, 0.55  # of the accent: words stay readable on it
_MIDDLE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def strength_words(weight: float) -> str:
    """How much of all it counted."""
    return f"{100 * weight:.1f} %" if weight < 0.1 else f"{100 * weight:.0f} %"  # noqa: PLR2004


class TokenStrip(QWidget):
    """The tokens of a text in lines, each as strongly tinted as it counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attention.tokens")
        self._shown: tuple[tuple[str, float], ...] = ()
        self._areas: list[QRectF] = []
        self.setFont(font("small"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        Theme.current().changed.connect(self.update)

    def show_weights(self, words: Sequence[str], weights: Sequence[float]) -> None:
        """Other tokens."""
        self._shown = tuple(zip(words, weights, strict=True))
        said = (f"{word} {strength_words(weight)}" for word, weight in self._shown)
        self.setAccessibleName(tr("How much each token counted"))
        self.setAccessibleDescription(", ".join(said))
        self._place(self.width())
        self.updateGeometry()
        self.update()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        areas = self._areas_in(width)
        return int(areas[-1].bottom()) + 1 if areas else int(CHIP)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width())

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = QPointF(event.pos())
            at = next((n for n, area in enumerate(self._areas) if area.contains(place)), None)
            word, weight = self._shown[at] if at is not None else ("", 0.0)
            words = f"{word}: {strength_words(weight)}" if at is not None else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((weight for _word, weight in self._shown), default=1.0) or 1.0
        for (word, weight), area in zip(self._shown, self._areas, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tinted(weight / most, STRONGEST_UNDER_WORDS))
            painter.drawRoundedRect(area, RADIUS - 2, RADIUS - 2)
            painter.setPen(Theme.current().color("text"))
            words = painter.fontMetrics().elidedText(
                word, Qt.TextElideMode.ElideRight, int(area.width())
            )
            painter.drawText(area, _MIDDLE, words)

    def _place(self, width: int) -> None:
        self._areas = self._areas_in(width)

    def _areas_in(self, width: int) -> list[QRectF]:
        metrics, x, y = QFontMetricsF(self.font()), 0.0, 0.0
        areas: list[QRectF] = []
        for word, _weight in self._shown:
            wide = min(metrics.horizontalAdvance(word) + 2 * SPACE_2, float(width))
            if x and x + wide > width:
                x, y = 0.0, y + CHIP + GAP
            areas.append(QRectF(x, y, wide, CHIP))
            x += wide + GAP
        return areas


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the cells of a map stand, and how large they are."""

    left: float
    top: float
    cell: float


class HeatMap(QWidget):
    """Which tokens (across) each token (down) looked at; the pointer says each cell in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attention.map")
        self._shown = Attention("", (), (), ())
        self.setFont(font("smallest"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        Theme.current().changed.connect(self.update)

    def show_attention(self, shown: Attention) -> None:
        """Another layer, or another row."""
        self._shown = shown
        self.setAccessibleName(tr("What each token looked at: {layer}", layer=shown.layer))
        self.setAccessibleDescription(_said(shown))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        plan = self._plan(LEAST_WORDS_CELL + 3)
        count = max(1, len(self._shown.across)), max(1, len(self._shown.down))
        return QSize(int(plan.left + count[0] * plan.cell), int(plan.top + count[1] * plan.cell))

    @override
    def minimumSizeHint(self) -> QSize:
        plan = self._plan(LEAST_CELL)
        return QSize(120, int(plan.top + max(1, len(self._shown.down)) * LEAST_CELL))

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def words_at(self, point: QPointF) -> str:
        """What the cell under a point says."""
        plan, shown = self._fitted(), self._shown
        column = int((point.x() - plan.left) // plan.cell)
        line = int((point.y() - plan.top) // plan.cell)
        if not (0 <= column < len(shown.across) and 0 <= line < len(shown.down)):
            return ""
        return tr(
            "{word} looked at {other}: {strength}",
            word=shown.down[line],
            other=shown.across[column],
            strength=strength_words(shown.weights[line][column]),
        )

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._shown.down:
            return
        painter, plan = QPainter(self), self._fitted()
        for line, weights in enumerate(self._shown.weights):
            most = max(weights) or 1.0
            for column, weight in enumerate(weights):
                x, y = plan.left + column * plan.cell, plan.top + line * plan.cell
                painter.fillRect(QRectF(x, y, plan.cell - 1, plan.cell - 1), tinted(weight / most))
        if plan.cell >= LEAST_WORDS_CELL:
            self._paint_words(painter, plan)

    def _paint_words(self, painter: QPainter, plan: _Plan) -> None:
        painter.setPen(Theme.current().color("text_soft"))
        metrics = painter.fontMetrics()
        room = int(min(WIDEST_WORD, plan.left - SPACE_1))
        for line, word in enumerate(self._shown.down):
            words = metrics.elidedText(word, Qt.TextElideMode.ElideRight, room)
            area = QRectF(0, plan.top + line * plan.cell, plan.left - SPACE_1, plan.cell)
            painter.drawText(area, _RIGHT, words)
        room = int(plan.top - SPACE_1)
        for column, word in enumerate(self._shown.across):
            words = metrics.elidedText(word, Qt.TextElideMode.ElideRight, room)
            painter.save()
            painter.translate(plan.left + column * plan.cell, plan.top - SPACE_1)
            painter.rotate(-90)
            painter.drawText(QRectF(0, 0, room, plan.cell), _LEFT, words)
            painter.restore()

    def _fitted(self) -> _Plan:
        columns, lines = max(1, len(self._shown.across)), max(1, len(self._shown.down))
        plan = self._plan(MOST_CELL)
        wide = (self.width() - plan.left) / columns
        high = (self.height() - plan.top) / lines
        cell = max(LEAST_CELL, min(MOST_CELL, wide, high))
        if cell >= LEAST_WORDS_CELL:
            return self._plan(cell)
        whole = min(self.width() / columns, self.height() / lines)
        return _Plan(0.0, 0.0, max(1.0, min(MOST_CELL, whole)))

    def _plan(self, cell: float) -> _Plan:
        metrics = QFontMetricsF(self.font())
        wide, high = (
            min(WIDEST_WORD, max(map(metrics.horizontalAdvance, words), default=0.0)) + SPACE_2
            for words in (self._shown.down, self._shown.across)
        )
        return _Plan(wide, high, cell)


def tinted(strength: float, strongest: float = STRONGEST) -> QColor:
    """The accent as strong as the part it plays, from nothing (0) to the most (1)."""
    made = Theme.current().color("accent")
    made.setAlphaF(WEAKEST + (strongest - WEAKEST) * max(0.0, min(1.0, strength)))
    return made


def _said(shown: Attention) -> str:
    """The strongest look of each token."""
    parts = []
    for word, weights in zip(shown.down, shown.weights, strict=True):
        best = max(range(len(weights)), key=weights.__getitem__)
        parts.append(tr("{word} looked most at {other}", word=word, other=shown.across[best]))
    return ", ".join(parts)
