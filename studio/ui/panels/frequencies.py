"""Frequencies: a column's values, the most frequent first, each with its bar, count and share."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from studio.core.words import tr
from studio.ui.panels.column_words import count_of, share_of
from studio.ui.theme import SPACE_1, SPACE_2, Theme, font

ROW = 26
MOST_ROWS = 10
BAR_RADIUS = 4
COUNT_WIDTH, SHARE_WIDTH = 56, 48


class Frequencies(QWidget):
    """The most frequent values and how many others there are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pairs: list[tuple[str, int]] = []
        self._rows = 0
        self._others = ""
        self._font = font("small", is_tabular=True)
        Theme.current().changed.connect(self.update)

    def show_counts(self, pairs: list[tuple[str, int]], rows: int) -> None:
        """Shows values with their counts, most frequent first, out of so many rows.

        Without rows, no shares are shown.
        """
        self._pairs, self._rows = pairs[:MOST_ROWS], rows
        rest = len(pairs) - len(self._pairs)
        self._others = tr("and {count} others", count=count_of(rest)) if rest else ""
        self.setAccessibleName(tr("Most frequent values"))
        self.setAccessibleDescription("; ".join(f"{name}: {n}" for name, n in self._pairs))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, ROW * (len(self._pairs) + bool(self._others)))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        most = max((count for _, count in self._pairs), default=1)
        for i, (name, count) in enumerate(self._pairs):
            self._paint_row(painter, i * ROW, (name, count), count / most)
        if self._others:
            painter.setPen(Theme.current().color("text_soft"))
            painter.drawText(
                QRectF(SPACE_2, len(self._pairs) * ROW, self.width(), ROW),
                Qt.AlignmentFlag.AlignVCenter,
                self._others,
            )

    def _paint_row(self, painter: QPainter, top: int, pair: tuple[str, int], length: float) -> None:
        theme, (name, count) = Theme.current(), pair
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_soft"))
        bar = QRectF(0, top + 1, max(2.0 * BAR_RADIUS, self.width() * length), ROW - 3)
        painter.drawRoundedRect(bar, BAR_RADIUS, BAR_RADIUS)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        ends = self.width() - SPACE_2
        painter.setPen(theme.color("text_soft"))
        if self._rows:
            place = QRectF(ends - SHARE_WIDTH, top, SHARE_WIDTH, ROW - 1)
            painter.drawText(place, right, share_of(count, self._rows))
        painter.setPen(theme.color("text"))
        counts = ends - (SHARE_WIDTH if self._rows else 0) - COUNT_WIDTH
        painter.drawText(QRectF(counts, top, COUNT_WIDTH, ROW - 1), right, count_of(count))
        room = int(counts - SPACE_2 - SPACE_1)
        words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(SPACE_2, top, room, ROW - 1), Qt.AlignmentFlag.AlignVCenter, words)
