"""SeriesPlot: one strip for each column over a common axis, the parts behind, a window on top."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from studio.core.design.dataset import DatasetSpec
from studio.core.design.previews import SeriesPreview
from studio.core.words import tr
from studio.ui.panels.column_words import figure
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_3, SPACE_4, Theme, font
from studio.ui.time_scale import scale_ticks

LEFT, RIGHT = 120, SPACE_4
TOP, BOTTOM = 44, 28
STRIP_HEIGHT, LARGEST_STRIP = 76, 360
GAP = SPACE_3
TICK_ROOM = 84
LINE_WIDTH = 1.4
PARTS = ("training", "validation", "test")
TITLES = {"training": "Training", "validation": "Validation", "test": "Test"}
GROUNDS = {"training": "training", "validation": "validation", "test": "text_soft"}
TINT, BAND_TINT = 0.07, 0.20
WINDOW_PLACE = 0.5  # where in the training part the window stands
NARROWEST = 3.0


class SeriesPlot(QWidget):
    """Painted by hand: a few thousand points in quiet strips need no library of plots."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("series.plot")
        self.setAccessibleName(tr("Columns over time"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self._preview = SeriesPreview()
        self._dataset = DatasetSpec()
        self._rows = 0
        self._fonts = (
            font("small", is_strong=True),
            font("smallest", is_tabular=True),
            font("smallest", is_strong=True),
        )
        Theme.current().changed.connect(self.update)

    def show_preview(self, dataset: DatasetSpec, preview: SeriesPreview, rows: int) -> None:
        """Another stretch, of so many rows before it was thinned."""
        self._dataset, self._preview, self._rows = dataset, preview, rows
        self.setAccessibleDescription(", ".join(preview.columns))
        self.updateGeometry()
        self.update()

    def show_nothing(self) -> None:
        """An empty ground."""
        self.show_preview(DatasetSpec(), SeriesPreview(), 0)

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, self.minimumSizeHint().height())

    @override
    def minimumSizeHint(self) -> QSize:
        count = max(1, len(self._preview.columns))
        return QSize(240, TOP + BOTTOM + count * (STRIP_HEIGHT + GAP))

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), Theme.current().color("surface"))
        if not self._is_there:
            self._paint_nothing(painter)
            return
        strips = self._strips()
        plot = strips[0].united(strips[-1])
        self._paint_parts(painter, plot)
        self._paint_window(painter, plot)
        for place, strip in enumerate(strips):
            self._paint_strip(painter, place, strip)
        self._paint_axis(painter, plot)

    def window_area(self) -> tuple[QRectF, QRectF] | None:
        """Where a window and its horizon are drawn; None where there is no room for one."""
        series, times = self._dataset.series, self._preview.times
        if series is None or self._rows < 2 or not self._is_there:  # noqa: PLR2004
            return None
        plot = self._strips()[0].united(self._strips()[-1])
        row = plot.width() / (self._rows - 1)
        ends = [*self._preview.borders, times[-1]]
        ahead = series.horizon if series.purpose == "forecast" else 0
        start = (self._x(plot, ends[0]) - plot.left()) * WINDOW_PLACE + plot.left()
        whole = max(NARROWEST, series.window * row), max(NARROWEST, ahead * row) if ahead else 0.0
        start = max(plot.left(), min(start, plot.right() - sum(whole)))
        window = QRectF(start, plot.top(), min(whole[0], plot.width()), plot.height())
        return window, QRectF(window.right(), plot.top(), whole[1], plot.height())

    @property
    def _is_there(self) -> bool:
        """True with a column to draw and a line's two ends."""
        return bool(self._preview.columns) and len(self._preview.times) > 1

    def _paint_nothing(self, painter: QPainter) -> None:
        """Where every column is left out, says how one comes back."""
        if not self._preview.times:
            return
        painter.setFont(font("small"))
        painter.setPen(Theme.current().color("text_soft"))
        words = tr("No column of numbers is used. Choose one in the list and make it an input.")
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words
        )

    def _strips(self) -> list[QRectF]:
        count = len(self._preview.columns)
        room = self.height() - TOP - BOTTOM - GAP * (count - 1)
        high = min(max(room / max(1, count), STRIP_HEIGHT), LARGEST_STRIP)
        wide = max(1.0, self.width() - LEFT - RIGHT)
        return [QRectF(LEFT, TOP + n * (high + GAP), wide, high) for n in range(count)]

    def _x(self, plot: QRectF, time: float) -> float:
        first, last = self._preview.times[0], self._preview.times[-1]
        share = (time - first) / (last - first) if last > first else 0.0
        return plot.left() + plot.width() * min(1.0, max(0.0, share))

    def _paint_parts(self, painter: QPainter, plot: QRectF) -> None:
        theme = Theme.current()
        ends = [
            plot.left(),
            *(self._x(plot, border) for border in self._preview.borders),
            plot.right(),
        ]
        painter.setFont(self._fonts[2])
        for part, left, right in zip(PARTS, ends, ends[1:], strict=False):
            area = QRectF(left, plot.top() - SPACE_1, right - left, plot.height() + SPACE_1)
            painter.fillRect(area, _faded(theme.color(GROUNDS[part]), TINT))
            painter.setPen(theme.color("text_soft"))
            words = painter.fontMetrics().elidedText(
                tr(TITLES[part]), Qt.TextElideMode.ElideRight, int(area.width())
            )
            room = QRectF(left + SPACE_1, 0, max(0.0, right - left), TOP / 2)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_window(self, painter: QPainter, plot: QRectF) -> None:
        areas = self.window_area()
        if areas is None or self._dataset.series is None:
            return
        theme, (window, ahead) = Theme.current(), areas
        painter.fillRect(window, _faded(theme.color("accent"), BAND_TINT))
        words = tr("window of {count} {count|row|rows}", count=self._dataset.series.window)
        if ahead.width():
            painter.fillRect(ahead, _faded(theme.color("good"), BAND_TINT))
            horizon = self._dataset.series.horizon
            words = tr("{window}, then {count} ahead", window=words, count=horizon)
        painter.setFont(self._fonts[2])
        painter.setPen(theme.color("accent"))
        wide = painter.fontMetrics().horizontalAdvance(words) + SPACE_1
        left = max(plot.left(), min(window.left(), plot.right() - wide))
        painter.drawText(
            QRectF(left, TOP / 2 - SPACE_1, wide, TOP / 2), Qt.AlignmentFlag.AlignVCenter, words
        )

    def _paint_strip(self, painter: QPainter, place: int, strip: QRectF) -> None:
        theme, name = Theme.current(), self._preview.columns[place]
        values = self._preview.values[place]
        known = [value for value in values if value is not None]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(strip.bottomLeft(), strip.bottomRight())
        self._paint_words(painter, strip, name, (low, high))
        choice = self._dataset.choice(name)
        is_target = choice is not None and choice.role == "target"
        painter.setPen(QPen(theme.color("good" if is_target else "accent"), LINE_WIDTH))
        span = (high - low) or 1.0
        line = QPolygonF()
        for time, value in zip(self._preview.times, values, strict=False):
            if value is None:
                _draw(painter, line)
                line = QPolygonF()
                continue
            y = strip.bottom() - SPACE_1 - (value - low) / span * (strip.height() - SPACE_2)
            line.append(QPointF(self._x(strip, time), y))
        _draw(painter, line)

    def _paint_words(
        self, painter: QPainter, strip: QRectF, name: str, ends: tuple[float, float]
    ) -> None:
        theme = Theme.current()
        room = QRectF(SPACE_4, strip.top(), LEFT - SPACE_4 - SPACE_2, strip.height())
        painter.setFont(self._fonts[0])
        painter.setPen(theme.color("text"))
        words = painter.fontMetrics().elidedText(
            name, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(self._fonts[1])
        painter.setPen(theme.color("text_soft"))
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(room, right | Qt.AlignmentFlag.AlignTop, figure(ends[1]))
        painter.drawText(room, right | Qt.AlignmentFlag.AlignBottom, figure(ends[0]))

    def _paint_axis(self, painter: QPainter, plot: QRectF) -> None:
        theme, times = Theme.current(), self._preview.times
        painter.setFont(self._fonts[1])
        painter.setPen(theme.color("text_soft"))
        most = max(2, int(plot.width() // TICK_ROOM))
        for time, words in scale_ticks(times[0], times[-1], most, is_time=self._preview.is_time):
            wide = painter.fontMetrics().horizontalAdvance(words)
            left = self._x(plot, time) - wide / 2
            left = max(plot.left(), min(left, plot.right() - wide))
            room = QRectF(left, plot.bottom() + SPACE_1, wide + 1, BOTTOM - SPACE_2)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)


def _draw(painter: QPainter, line: QPolygonF) -> None:
    """A stretch between two gaps; a value that stands alone is a dot."""
    if line.count() == 1:
        painter.drawEllipse(line.first(), LINE_WIDTH, LINE_WIDTH)
    else:
        painter.drawPolyline(line)


def _faded(color: QColor, share: float) -> QColor:
    color.setAlphaF(share if not Theme.current().is_dark else min(1.0, share * 1.7))
    return color
