"""An edge on the canvas: a curve between two ports, with the shape it carries as tooltip."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import (
    QGraphicsPathItem,
    QGraphicsSceneHoverEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)
from typing_extensions import override

from studio.core.design.graph import Edge
from studio.core.design.way import Way
from studio.core.words import tr
from studio.ui.canvas.detours import Detour
from studio.ui.canvas.faces import EdgeFace
from studio.ui.canvas.geometry import EDGE_REACH
from studio.ui.canvas.spans import curve_of
from studio.ui.canvas.style import CanvasStyle

EDGE_Z = 1.0


class EdgeItem(QGraphicsPathItem):
    """One edge. `highlight` shows that a dragged node would be inserted here."""

    def __init__(self, edge: Edge, face: EdgeFace, style: CanvasStyle) -> None:
        super().__init__()
        self.edge = edge
        self.face = face
        self._style = style
        self._is_chosen = self._is_hovered = self._is_target = False
        self._reach: QPainterPath | None = None
        self.setZValue(EDGE_Z)
        self.setAcceptHoverEvents(True)
        self._show_state()

    @property
    def ink(self) -> QPen:
        """What the edge is painted with now."""
        return self._ink

    @property
    def is_chosen(self) -> bool:
        """True where the edge shows that it is selected."""
        return self._is_chosen

    def show_face(self, face: EdgeFace) -> None:
        """Shows another shape or fault."""
        if face != self.face:
            self.face = face
            self._show_state()

    def restyle(self, style: CanvasStyle) -> None:
        """Paints in another theme."""
        self._style = style
        self._show_state()

    def choose(self, is_chosen: bool) -> None:
        """Shows whether the edge is selected."""
        self._is_chosen = is_chosen
        self._show_state()

    def highlight(self, is_target: bool) -> None:
        """Shows whether what is dragged would be inserted here."""
        self._is_target = is_target
        self._show_state()

    def span(
        self, start: QPointF, end: QPointF, way: Way, lane: float | Detour | None = None
    ) -> None:
        """Draws the curve between two points of the scene; `lane` as in `lane_of`."""
        self.setPath(curve_of(start, end, way, lane))  # asks for the shape as it was before
        self._reach = None

    @override
    def shape(self) -> QPainterPath:
        if self._reach is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(2 * EDGE_REACH)
            self._reach = stroker.createStroke(self.path())
        return self._reach

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setPen(self._ink)
        painter.setBrush(Qt.BrushStyle.NoBrush)  # whatever was painted before
        painter.drawPath(self.path())

    @override
    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._is_hovered = True
        self._show_state()

    @override
    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._is_hovered = False
        self._show_state()

    def _show_state(self) -> None:
        self._ink = self._ink_of_state()
        hints = tr("Double click: put a layer in"), tr("Alt and a click: take it away")
        self.setToolTip("\n".join(part for part in (self.face.shape, *hints) if part))
        self.update()

    def _ink_of_state(self) -> QPen:
        if self._is_target:
            return self._style.edge_target
        if self._is_chosen:
            return self._style.edge_chosen
        if self.face.is_faulty:
            return self._style.edge_faulty
        return self._style.edge_hovered if self._is_hovered else self._style.edge
