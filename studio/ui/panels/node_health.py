"""How the selected node has learnt in a run: what was measured over time, and what it means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.problems import Problem
from studio.core.run.curve import Curve
from studio.core.words import tr
from studio.ui.cards import Note
from studio.ui.controls import Rule, figure, label, put_away
from studio.ui.theme import SPACE_1, SPACE_2, Theme

CURVE_SIZE = QSize(72, 20)
LEAST_SHOWN = 1e-9  # on a scale of powers of ten


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing that was measured of a node: its name, its latest figure, how it went.

    A gradient runs over powers of ten, a share from 0 to 1.
    """

    name: str
    figure: str
    curve: Curve
    is_share: bool


class NodeHealthView(QWidget):
    """Stands under the settings of a node while there is something to tell.

    Signals:
        fix_wanted(problem): the fix of what is said is to be applied.
    """

    fix_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("node.health")
        self.setAccessibleName(tr("How it learns"))
        self.problem: Problem | None = None
        self.title = label("", is_strong=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_1)
        self._notes = QVBoxLayout()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_2)
        rows.addWidget(Rule())
        rows.addWidget(self.title)
        rows.addLayout(self._notes)
        rows.addLayout(self._rows)
        self.hide()

    def show_health(self, run: str, measured: Sequence[Measured], problem: Problem | None) -> None:
        """What was measured in that run, and what is to be thought of it; hidden for nothing."""
        self.title.setText(tr("How it learns in run {number}", number=run.rpartition("-")[2]))
        self._empty(self._rows)
        for one in measured:
            self._rows.addWidget(_Row(one))
        if problem != self.problem or self._notes.isEmpty():
            self.problem = problem
            self._empty(self._notes)
            self._notes.addWidget(self._note(problem))
        self.setVisible(bool(measured) or problem is not None)

    def _note(self, problem: Problem | None) -> Note:
        if problem is None:
            return Note(tr("Nothing is wrong with it."), "good")
        fix = problem.fix.label if problem.fix is not None else ""
        return Note(str(problem), "attention", link=fix, act=self._on_fix_wanted)

    def _on_fix_wanted(self) -> None:
        if self.problem is not None:
            self.fix_wanted.emit(self.problem)

    @staticmethod
    def _empty(rows: QVBoxLayout) -> None:
        while (item := rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                put_away(widget)


class _Row(QWidget):
    """A name, a small curve and a figure."""

    def __init__(self, measured: Measured) -> None:
        super().__init__()
        self.setAccessibleName(f"{measured.name}: {measured.figure}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(label(measured.name, size="small", tone="soft", wraps=True), 1)
        row.addWidget(SmallCurve(measured.curve, is_share=measured.is_share))
        value = figure(measured.figure, size="small")
        value.setMinimumWidth(44)
        row.addWidget(value)


class SmallCurve(QWidget):
    """A curve without axes, as high as a line of text."""

    def __init__(self, curve: Curve, *, is_share: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points = points_of(curve, is_share=is_share)
        self.setFixedSize(CURVE_SIZE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(2.0, 3.0, -3.0, -3.0)
        painter.setPen(QPen(Theme.current().color("line"), 1.0))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        where = [
            QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())
            for x, y in self._points
        ]
        painter.setPen(QPen(Theme.current().color("training"), 1.5))
        painter.drawPolyline(QPolygonF(where))
        if where:
            painter.setBrush(Theme.current().color("training"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(where[-1], 2.0, 2.0)


def points_of(curve: Curve, *, is_share: bool) -> list[tuple[float, float]]:
    """The points of a curve within a square from 0 to 1."""
    heights = list(curve.y) if is_share else [log10(max(y, LEAST_SHOWN)) for y in curve.y]
    low, high = (0.0, 1.0) if is_share else _reach(heights)
    first, last = (curve.x[0], curve.x[-1]) if len(curve) else (0.0, 0.0)
    return [
        ((x - first) / (last - first) if last > first else 1.0, (y - low) / (high - low))
        for x, y in zip(curve.x, heights, strict=True)
    ]


def _reach(heights: Iterable[float]) -> tuple[float, float]:
    """At least one power of ten, or a tremble would look like a mountain."""
    known = list(heights) or [0.0]
    low, high = min(known), max(known)
    middle = (low + high) / 2
    return min(low, middle - 0.5), max(high, middle + 0.5)
