"""Bars of what a column holds: small ones for a column's head, large ones for its facts."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from studio.core.design.dataset import ColumnKind, ColumnSummary
from studio.core.words import tr
from studio.ui.panels.column_words import count_of, figure
from studio.ui.theme import SPACE_1, SPACE_4, Theme, font

MOST_BARS = 12
LARGE_HEIGHT = 120
LEAST_BAR = 1.5
WIDEST_BAR = 14.0


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts with their words. Touching bars show ranges of a number, others categories."""

    counts: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    is_touching: bool = False
    ends: tuple[str, str] = ("", "")

    def tip(self, place: int) -> str:
        """What one bar says."""
        return tr(
            "{label}: {count} {count|row|rows}",
            label=self.labels[place],
            count=count_of(self.counts[place]),
        )


def bars_of(column: ColumnSummary, kind: ColumnKind) -> Bars:
    """What to draw for a column under the kind that the person chose."""
    if kind == "number" and column.bars:
        ends = (figure(column.low), figure(column.high))
        labels = tuple(
            tr("{low} to {high}", low=figure(low), high=figure(high))
            for low, high in zip(column.edges, column.edges[1:], strict=False)
        )
        return Bars(column.bars, labels, is_touching=True, ends=ends)
    if kind != "category":
        return Bars()
    pairs = most_frequent(column)[:MOST_BARS]
    return Bars(tuple(n for _, n in pairs), tuple(name for name, _ in pairs))


def most_frequent(column: ColumnSummary) -> list[tuple[str, int]]:
    """The column's values with how often they occur, the most frequent first."""
    pairs = zip(column.categories, column.counts, strict=False)
    return sorted(pairs, key=lambda pair: -pair[1])


def bar_rects(bars: Bars, area: QRectF) -> list[QRectF]:
    """Where each bar stands in the area; empty ones have no height."""
    highest = max(bars.counts, default=0)
    if not highest:
        return []
    step = area.width() / len(bars.counts)
    if not bars.is_touching:
        step = min(step, WIDEST_BAR + SPACE_1)
    gap = min(1.0 if bars.is_touching else 3.0, step * 0.3)
    rects = []
    for i, count in enumerate(bars.counts):
        height = max(LEAST_BAR, area.height() * count / highest) if count else 0.0
        rects.append(QRectF(area.left() + i * step, area.bottom() - height, step - gap, height))
    return rects


def paint_bars(painter: QPainter, rects: list[QRectF], color: QColor) -> None:
    """Fills bars that `bar_rects` has laid out."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for rect in rects:
        painter.drawRect(rect)


class Histogram(QWidget):
    """One column's bars, large, with the two ends of its range and a tip for each bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bars = Bars()
        self._font = font("smallest", is_tabular=True)
        Theme.current().changed.connect(self.update)

    def show_bars(self, bars: Bars) -> None:
        """Shows other bars."""
        self._bars = bars
        self.setAccessibleName(tr("Histogram"))
        self.setAccessibleDescription("; ".join(bars.tip(i) for i in range(len(bars.counts))))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, LARGE_HEIGHT)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        paint_bars(painter, bar_rects(self._bars, area), theme.color("accent"))
        painter.setPen(theme.color("line"))
        painter.drawLine(
            QPointF(area.left(), area.bottom() + 0.5), QPointF(area.right(), area.bottom() + 0.5)
        )
        painter.setPen(theme.color("text_soft"))
        painter.setFont(self._font)
        foot = QRectF(0, area.bottom(), self.width(), SPACE_4 + SPACE_1)
        low, high = self._bars.ends
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, high)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        for i, rect in enumerate(bar_rects(self._bars, self._area())):
            if rect.left() <= event.pos().x() <= rect.right():
                QToolTip.showText(event.globalPos(), self._bars.tip(i), self)
                return
        QToolTip.hideText()

    def _area(self) -> QRectF:
        return QRectF(0, SPACE_1, self.width(), self.height() - SPACE_4 - 2 * SPACE_1)
