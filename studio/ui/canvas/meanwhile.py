"""What is shown only while cards are dragged: edges they are taken out of, lines they rest on."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from studio.core.design.detaching import detached
from studio.core.design.graph import Edge, Graph
from studio.ui.canvas.edge_item import EDGE_Z
from studio.ui.canvas.geometry import Port
from studio.ui.canvas.gestures import Stage
from studio.ui.canvas.guides import Guide
from studio.ui.canvas.scene import CanvasScene
from studio.ui.canvas.spans import curve_of

TICK = 4.0  # on the screen
GUIDE_Z = 9.0


class Loosened:
    """Shows cards out of their edges: those are gone, and others close the gaps."""

    def __init__(self, stage: Stage, node_ids: Iterable[str]) -> None:
        self._picture = stage.picture
        before = stage.editor.graph
        self.graph: Graph = detached(before, node_ids)
        self._hidden = [edge for edge in before.edges if edge not in set(self.graph.edges)]
        self._curves: list[QGraphicsPathItem] = []
        self._show(False)
        for edge in set(self.graph.edges) - set(before.edges):
            self._curves.append(self._curve(edge))
            self._picture.addItem(self._curves[-1])

    def restore(self) -> None:
        """The edges look as before."""
        for curve in self._curves:
            self._picture.removeItem(curve)
        self._show(True)

    def _show(self, is_shown: bool) -> None:
        for edge in self._hidden:
            if edge in self._picture.edge_items:
                self._picture.edge_items[edge].setVisible(is_shown)

    def _curve(self, edge: Edge) -> QGraphicsPathItem:
        items = self._picture.node_items
        start = items[edge.source].point_of(Port(edge.source, "output"))
        end = items[edge.target].point_of(Port(edge.target, "input", edge.port))
        curve = QGraphicsPathItem(curve_of(start, end, self._picture.way))
        curve.setPen(self._picture.style_in_use.edge_chosen)
        curve.setZValue(EDGE_Z)
        return curve


class GuideLines:
    """The thin lines beside what is dragged. One item holds them all."""

    def __init__(self, picture: CanvasScene) -> None:
        self._picture = picture
        self._item: QGraphicsPathItem | None = None

    def show(self, guides: Iterable[Guide], zoom: float) -> None:
        """Shows these lines and no others."""
        if self._item is None:
            self._item = QGraphicsPathItem()
            self._item.setPen(self._picture.style_in_use.band_pen)
            self._item.setZValue(GUIDE_Z)
            self._picture.addItem(self._item)
        self._item.setPath(_drawn(guides, TICK / zoom))

    def clear(self) -> None:
        """Shows none."""
        if self._item is not None:
            self._picture.removeItem(self._item)
            self._item = None


def _drawn(guides: Iterable[Guide], tick: float) -> QPainterPath:
    """The lines; a gap has a tick at either end."""
    path = QPainterPath()
    for guide in guides:
        start, end = QPointF(guide.x1, guide.y1), QPointF(guide.x2, guide.y2)
        is_level = guide.y1 == guide.y2
        aside = QPointF(0.0, tick) if is_level else QPointF(tick, 0.0)
        lines = [(start, end)]
        if guide.is_gap:
            lines += [(start - aside, start + aside), (end - aside, end + aside)]
        for one, other in lines:
            path.moveTo(one)
            path.lineTo(other)
    return path
