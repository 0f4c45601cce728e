"""CurvePlot: lines on a quiet grid, drawn by pyqtgraph, with a cursor that reads them."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.ui.lines import Line, Mark, Range, Stroke, reach_of
from studio.ui.theme import Theme, font
from studio.ui.ticks import Tick, comfortable, even_ticks, log_ticks
from studio.ui.time_scale import scale_ticks

LEFT_AXIS_WIDTH = 52
BOTTOM_AXIS_HEIGHT = 26
PIXELS_PER_LINE = 38
PIXELS_PER_EPOCH_WORD = 72
MARKER_SIZE = 8
MARKER_GAP = 14  # between the middles of two markers, so that each can be told from the next
FAINT_OPACITY = 70
TOP_MARGIN, SIDE_MARGIN = 8, 14
HEADROOM = 0.04
END_ROOM = 0.012  # so that the last marker is not cut
EMPTY_RANGE: Range = (0.0, 1.0)
# Width 2 is drawn by a slow path of Qt: fit for the few points of a smoothed line only.
WIDTHS: dict[Stroke, float] = {"faint": 1.0, "solid": 2.0, "dashed": 1.6}


class CurvePlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Draws Lines over a span of x; items are made once for each key and used again.

    Signals:
        cursor_moved(x): the person points at that x, or None when they left.
    """

    cursor_moved = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._axes = {"left": _Scale("left"), "bottom": _Scale("bottom")}
        super().__init__(parent, axisItems=self._axes, enableMenu=False)
        self._theme = theme
        self._lines: tuple[Line, ...] = ()
        self._mark: Mark | None = None
        self._span: Range = EMPTY_RANGE
        self._is_log = self._is_time = False
        self._drawn: dict[str, _DrawnLine] = {}
        self._cursor_x: float | None = None
        self._scaled: tuple[object, ...] = ()
        self.points_drawn = 0
        self.ticks: list[Tick] = []
        self._set_up()
        theme.changed.connect(self._on_theme_changed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, 200)

    @property
    def span(self) -> Range:
        """From where to where it is drawn, in x."""
        return self._span

    def show_lines(self, lines: Sequence[Line], span: Range, mark: Mark | None = None) -> None:
        """Draws these lines and no others, from span[0] to span[1]."""
        self._lines, self._span, self._mark = tuple(lines), span, mark
        self._draw()

    def set_time(self, is_time: bool) -> None:
        """Whether x is in seconds since 1970: moments stand below, and no numbers then."""
        self._is_time = is_time

    def set_log(self, is_log: bool) -> None:
        """A logarithmic scale upwards, or a plain one."""
        if is_log != self._is_log:
            self._is_log = is_log
            self._draw()

    def move_cursor(self, x: float | None) -> None:
        """Shows the cursor at x (another chart may have moved it), or hides it."""
        self._cursor_x = x
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setValue(x)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_drawn"):  # pyqtgraph resizes while it is being made
            self._scale()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
            return
        start = self._span[1] if self._cursor_x is None else self._cursor_x
        self._point_at(min(max(round(start + step), self._span[0]), self._span[1]))

    def _set_up(self) -> None:
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.ctrlMenu.setParent(self, plot.ctrlMenu.windowFlags())  # else it outlives the plot
        plot.setMouseEnabled(False, False)
        plot.disableAutoRange()
        plot.layout.setContentsMargins(0, TOP_MARGIN, SIDE_MARGIN, 0)
        plot.getViewBox().setDefaultPadding(0.0)
        self._axes["left"].setWidth(LEFT_AXIS_WIDTH)
        self._axes["bottom"].setHeight(BOTTOM_AXIS_HEIGHT)
        self._best = pg.InfiniteLine(angle=90, movable=False)
        self._best_words = pg.TextItem(anchor=(0, 0))
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        for item in (self._best, self._best_words, self._cursor):
            item.setVisible(False)
            item.setZValue(10)
            plot.addItem(item, ignoreBounds=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._paint_colors()

    def _draw(self) -> None:
        shown = {line.key for line in self._lines}
        for key, drawn in self._drawn.items():
            if key not in shown:
                drawn.hide()
        self.points_drawn = 0
        for line in self._lines:
            self._drawn_line(line).show(line, self._y_of(line), self._theme)
            self.points_drawn += len(line.xs)
        self._scale()

    def _drawn_line(self, line: Line) -> "_DrawnLine":
        drawn = self._drawn.get(line.key)
        if drawn is None:
            drawn = self._drawn[line.key] = _DrawnLine(self.getPlotItem())
        return drawn

    def _y_of(self, line: Line) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        ys = np.asarray(line.ys, dtype=np.float64)
        if not self._is_log:
            return ys
        return np.log10(ys, where=ys > 0, out=np.full_like(ys, np.nan))

    def _scale(self) -> None:
        most = max(2, self.height() // PIXELS_PER_LINE)
        reach = reach_of(self._lines, is_log=self._is_log) or EMPTY_RANGE
        if self._is_log:
            low, high = (math.log10(value) if value > 0 else 0.0 for value in reach)
            margin = max(high - low, 0.1) * HEADROOM
            low, high = low - margin, high + margin
            ticks = log_ticks(low, high)
        else:
            low, high = comfortable(*reach, most)
            ticks = even_ticks(low, high, most)
        words = max(2, self.width() // PIXELS_PER_EPOCH_WORD)
        below = scale_ticks(*self._span, min(words, 11), is_time=self._is_time)
        self._show_scale((low, high), ticks, below)
        self._place_mark(low, high)
        self._place_markers()

    def _place_markers(self) -> None:
        """As many markers as find room beside each other."""
        width = max(self.width() - LEFT_AXIS_WIDTH - SIDE_MARGIN, 1)
        gap = MARKER_GAP * (self._span[1] - self._span[0]) / width
        for line in self._lines:
            self._drawn[line.key].show_markers(gap)

    def _show_scale(self, reach: Range, ticks: list[Tick], epochs: list[Tick]) -> None:
        """Draws the scales anew, but only where they are others: that costs more than a line."""
        wanted = (reach, self._span, tuple(ticks), tuple(epochs), self.height())
        if wanted == self._scaled:
            return
        self._scaled = wanted
        room = MARKER_SIZE * (reach[1] - reach[0]) / max(self.height(), 1)
        end = self._span[1] + END_ROOM * (self._span[1] - self._span[0])
        view = self.getPlotItem().getViewBox()
        view.setRange(
            xRange=(self._span[0], end),
            yRange=(reach[0] - room, reach[1] + room),
            padding=0.0,
            disableAutoRange=True,
        )
        self._axes["left"].setTicks([ticks])
        self.ticks = ticks
        self._axes["bottom"].setTicks([epochs])

    def _place_mark(self, low: float, high: float) -> None:
        mark = self._mark
        for item in (self._best, self._best_words):
            item.setVisible(mark is not None)
        if mark is None:
            return
        self._best.setValue(mark.x)
        self._best_words.setText(mark.text, self._theme.color(mark.token))
        is_right = mark.x > self._span[0] + 0.75 * (self._span[1] - self._span[0])
        is_low = self._are_lines_high(mark.x, (low + high) / 2)
        self._best_words.setAnchor((1 if is_right else 0, 1 if is_low else 0))
        self._best_words.setPos(mark.x, low if is_low else high)

    def _are_lines_high(self, x: float, middle: float) -> bool:
        """True where the lines run through the upper half: the words then stand below them."""
        values = [value for line in self._lines if (value := line.value_at(x)) is not None]
        if self._is_log:
            values = [math.log10(value) for value in values if value > 0]
        return bool(values) and sum(values) / len(values) > middle

    def _point_at(self, x: float | None) -> None:
        if x != self._cursor_x:
            self.move_cursor(x)
            self.cursor_moved.emit(x)

    @Slot(object)
    def _on_mouse_moved(self, place: QPointF) -> None:
        view = self.getPlotItem().getViewBox()
        if view.sceneBoundingRect().contains(place) and self._lines:
            self._point_at(view.mapSceneToView(place).x())
        else:
            self._point_at(None)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._paint_colors()
        self._draw()

    def _paint_colors(self) -> None:
        color = self._theme.color
        self.setBackground(color("surface"))
        for axis in self._axes.values():
            axis.setStyle(
                tickLength=0, tickFont=font("smallest", is_tabular=True), tickTextOffset=8
            )
            axis.setZValue(-1000)  # the grid runs behind the lines
            axis.setPen(pg.mkPen(None))
            axis.setTickPen(pg.mkPen(color("line")))
            axis.setTextPen(color("text_soft"))
        self._axes["left"].setGrid(255)
        self._best.setPen(pg.mkPen(color("good"), width=1.2, dash=[1.0, 3.0]))
        self._best_words.setFont(font("smallest", is_strong=True, is_tabular=True))
        self._cursor.setPen(pg.mkPen(color("text_soft"), width=1))


class _Scale(pg.AxisItem):  # type: ignore[misc]
    """An axis that writes its outermost words too: they reach beyond its own rectangle."""

    @override
    def boundingRect(self) -> QRectF:
        room: QRectF = super().boundingRect()
        return room.adjusted(-SIDE_MARGIN, -TOP_MARGIN, SIDE_MARGIN, TOP_MARGIN)


_NO_POINTS = (np.zeros(0), np.zeros(0))


class _DrawnLine:
    """The pyqtgraph items of one line."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._curve = pg.PlotCurveItem(antialias=True)
        self._markers = pg.ScatterPlotItem(size=MARKER_SIZE, antialias=True, pxMode=True)
        plot.addItem(self._curve, ignoreBounds=True)
        plot.addItem(self._markers, ignoreBounds=True)
        self._markers.setZValue(5)
        self._points = _NO_POINTS
        self._is_stale = True
        self._stride = 1

    def show(
        self, line: Line, ys: "np.ndarray[tuple[int], np.dtype[np.float64]]", theme: Theme
    ) -> None:
        """Draws the line as it is now."""
        xs = np.asarray(line.xs, dtype=np.float64)
        color = theme.color(line.token)
        self._curve.setPen(_pen(line, color))
        self._curve.setData(xs, ys, connect="finite")
        self._curve.setZValue(1 if line.stroke == "faint" else 3)
        self._curve.setVisible(True)
        known = np.isfinite(ys) if line.has_markers else np.zeros(len(ys), dtype=bool)
        self._points = xs[known], ys[known]
        self._markers.setVisible(line.has_markers)
        self._markers.setPen(pg.mkPen(color, width=1.6), update=False)
        self._markers.setBrush(theme.color("surface"), update=False)
        self._is_stale = True

    def show_markers(self, gap: float) -> None:
        """A marker at every point, or at every second, third where they lie closer than gap."""
        xs, ys = self._points
        apart = (xs[-1] - xs[0]) / (len(xs) - 1) if len(xs) > 1 else gap
        stride = max(1, math.ceil(gap / apart)) if apart > 0 else 1
        if self._is_stale or stride != self._stride:
            self._is_stale, self._stride = False, stride
            self._markers.setData(xs[::stride], ys[::stride])

    def hide(self) -> None:
        """Draws nothing, and stays for the next time."""
        self._curve.setVisible(False)
        self._markers.setVisible(False)


def _pen(line: Line, color: QColor) -> QPen:
    if line.stroke == "faint":
        color.setAlpha(FAINT_OPACITY)
    pen = QPen(color, WIDTHS[line.stroke])
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if line.stroke == "dashed":
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4.0, 3.0])
    return pen
