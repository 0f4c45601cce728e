"""AnswerPlot: what a model said against what is true, drawn by pyqtgraph; points lead to rows."""

from typing import Any, TypeAlias

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.core.run.results import Evaluation
from studio.core.words import tr
from studio.ui.theme import Theme, font
from studio.ui.ticks import comfortable, even_ticks

Numbers: TypeAlias = NDArray[Any]
Places: TypeAlias = NDArray[Any]
MOST_POINTS = 4000
POINT_SIZE = 6
POINT_OPACITY = 130
LEFT_AXIS_WIDTH, BOTTOM_AXIS_HEIGHT = 92, 44
PIXELS_PER_TICK = 64
MARGIN = 28
FAR = 1e300  # beyond this a float of a plot overflows


class AnswerPlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Each row a point; on the line the answer is exactly right.

    Signals:
        row_chosen(place): a person clicked on a point; its place among the evaluated rows.
    """

    row_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        axes = {side: _Scale(side) for side in ("left", "bottom")}
        super().__init__(parent, axisItems=axes, enableMenu=False)
        self.setObjectName("answers")
        self.setAccessibleName(tr("Answers against truths"))
        self._theme = theme
        self._name = ""
        self._range = (0.0, 1.0)
        plot = self.getPlotItem()
        plot.ctrlMenu.setParent(self, plot.ctrlMenu.windowFlags())
        plot.hideButtons()
        plot.setMouseEnabled(False, False)
        plot.layout.setContentsMargins(0, MARGIN // 3, MARGIN, 0)
        self._perfect = pg.PlotCurveItem(antialias=True)
        self.points = pg.ScatterPlotItem(size=POINT_SIZE, hoverable=True, antialias=True)
        self.points.sigClicked.connect(self._on_clicked)
        self._intervals = pg.PlotCurveItem(antialias=True)
        for item in (self._perfect, self._intervals, self.points):
            plot.addItem(item, ignoreBounds=True)
        plot.getAxis("left").setWidth(LEFT_AXIS_WIDTH)
        plot.getAxis("bottom").setHeight(BOTTOM_AXIS_HEIGHT)
        self._paint_colors()
        theme.changed.connect(self._paint_colors)

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, 360)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Other answers; of very many rows an even selection is drawn."""
        truths = np.clip(np.asarray(evaluation.truths, dtype=np.float64), -FAR, FAR)
        answers = np.clip(np.asarray(evaluation.answers, dtype=np.float64), -FAR, FAR)
        step = max(1, -(-len(truths) // MOST_POINTS))
        places = np.arange(0, len(truths), step)
        known = np.isfinite(truths[places]) & np.isfinite(answers[places])
        places = places[known]
        self._name = evaluation.target_names[0] if evaluation.target_names else ""
        self.points.setData(truths[places], answers[places], data=places)
        self._show_intervals(evaluation, truths, places)
        if len(places):
            both = np.concatenate([truths[places], answers[places]])
            self._range = comfortable(float(both.min()), float(both.max()), 6)
        self._perfect.setData(np.asarray(self._range), np.asarray(self._range))
        self._paint_colors()
        self._scale()

    def _show_intervals(self, evaluation: Evaluation, truths: Numbers, places: Places) -> None:
        """A line through each point from the lower to the upper end of its interval."""
        self._intervals.setVisible(bool(evaluation.intervals))
        if not evaluation.intervals:
            return
        ends = np.asarray(evaluation.intervals, dtype=np.float64)[places]
        known = np.isfinite(ends).all(axis=1)
        self._intervals.setData(
            np.repeat(truths[places][known], 2),
            np.clip(ends[known], -FAR, FAR).ravel(),
            connect="pairs",
        )

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_range"):  # pyqtgraph resizes while it is being made
            self._scale()

    def _scale(self) -> None:
        low, high = self._range
        room = (high - low) * 0.02
        view = self.getPlotItem().getViewBox()
        view.setRange(
            xRange=(low - room, high + room),
            yRange=(low - room, high + room),
            padding=0.0,
            disableAutoRange=True,
        )
        for side, length in (("left", self.height()), ("bottom", self.width())):
            most = max(3, min(7, length // PIXELS_PER_TICK))
            self.getPlotItem().getAxis(side).setTicks([even_ticks(low, high, most)])

    @Slot()
    def _paint_colors(self) -> None:
        color = self._theme.color
        self.setBackground(color("surface"))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setStyle(
                tickLength=0, tickFont=font("smallest", is_tabular=True), tickTextOffset=8
            )
            axis.setPen(pg.mkPen(None))
            axis.setTickPen(pg.mkPen(color("line")))
            axis.setTextPen(color("text_soft"))
            axis.setGrid(255)
            axis.setZValue(-1000)
        css = {"color": color("text_soft").name(), "font-size": "11px"}
        said, true = tr("{name}, as predicted"), tr("{name}, true")
        self.setLabel("left", said.format(name=self._name), **css)
        self.setLabel("bottom", true.format(name=self._name), **css)
        ink = color("accent")
        ink.setAlpha(POINT_OPACITY)
        self.points.setPen(pg.mkPen(None))
        self.points.setBrush(pg.mkBrush(ink))
        thin = color("accent")
        thin.setAlpha(POINT_OPACITY // 2)
        self._intervals.setPen(pg.mkPen(thin, width=1.0))
        self._perfect.setPen(pg.mkPen(color("good"), width=1.2, dash=[4.0, 3.0]))

    def _on_clicked(self, _item: object, points: "list[pg.SpotItem]", _event: object) -> None:
        if len(points):
            self.row_chosen.emit(int(points[0].data()))


class _Scale(pg.AxisItem):  # type: ignore[misc]
    """An axis that writes its outermost words too: they reach beyond its own rectangle."""

    @override
    def boundingRect(self) -> QRectF:
        room: QRectF = super().boundingRect()
        return room.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
