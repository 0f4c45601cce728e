"""What lies under a point of the scene: a port, a card, an edge, a note."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from studio.core.design.graph import Edge
from studio.ui.canvas.edge_item import EdgeItem
from studio.ui.canvas.geometry import PORT_REACH, Port
from studio.ui.canvas.node_item import NodeItem
from studio.ui.canvas.note_item import NoteItem


class PointedScene(QGraphicsScene):
    """A scene of cards, edges and notes that can be asked what is where."""

    def port_at(self, point: QPointF) -> Port | None:
        """The port within reach of a point."""
        reach = QRectF(-PORT_REACH, -PORT_REACH, 2 * PORT_REACH, 2 * PORT_REACH)
        for item in self.items(reach.translated(point)):
            port = item.port_at(point) if isinstance(item, NodeItem) else None
            if port is not None:
                return port
        return None

    def node_at(self, point: QPointF) -> str | None:
        """The node, or the closed block, whose card lies under a point."""
        return next(
            (item.node_id for item in self.items(point) if isinstance(item, NodeItem)), None
        )

    def edge_at(self, point: QPointF) -> Edge | None:
        """The edge that passes under a point."""
        return next((item.edge for item in self.items(point) if isinstance(item, EdgeItem)), None)

    def edge_in(self, area: QRectF) -> Edge | None:
        """The edge that passes through an area, best through its middle."""
        edges = [item for item in self.items(area) if isinstance(item, EdgeItem)]
        at_middle = self.edge_at(area.center())
        return at_middle or next((item.edge for item in edges), None)

    def mark_at(self, point: QPointF) -> str | None:
        """The node whose note, shown as a mark alone, lies under a point."""
        return next(
            (
                item.node_id
                for item in self.items(point)
                if isinstance(item, NoteItem) and not item.is_open
            ),
            None,
        )

    def note_link_at(self, point: QPointF) -> NoteItem | None:
        """The note whose fix lies under a point."""
        return next(
            (
                item
                for item in self.items(point)
                if isinstance(item, NoteItem) and item.link.contains(point)
            ),
            None,
        )
