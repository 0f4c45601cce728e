"""What lights up under the pointer while no button is held, and what the pointer looks like."""

from PySide6.QtCore import QPointF, Qt

from studio.ui.canvas.node_item import NodeItem
from studio.ui.canvas.remarking import CURSORS
from studio.ui.canvas.scene import CanvasScene


class Hovering:
    """One card, and one port of it, are lit at a time, or none."""

    def __init__(self, picture: CanvasScene) -> None:
        self._picture = picture
        self._card: NodeItem | None = None
        self._marked: NodeItem | None = None

    def look(self, point: QPointF) -> Qt.CursorShape | None:
        """Lights up what is there; gives what the pointer looks like, where it is no arrow."""
        port = self._picture.port_at(point)
        node_id = port.node if port is not None else self._picture.node_at(point)
        self.clear()
        if node_id is not None:
            self._card = self._picture.node_items[node_id]
            self._card.hover(True)
        if port is not None:
            self._marked = self._card
            self._picture.node_items[port.node].mark_port(port)
            return Qt.CursorShape.CrossCursor
        return self._cursor_over(point)

    def clear(self) -> None:
        """Nothing is lit."""
        if self._marked is not None:
            self._marked.mark_port(None)
            self._marked = None
        if self._card is not None:
            self._card.hover(False)
            self._card = None

    def _cursor_over(self, point: QPointF) -> Qt.CursorShape | None:
        if self._picture.note_link_at(point) is not None:
            return Qt.CursorShape.PointingHandCursor
        if self._card is not None:
            return None
        if self._picture.frames.fold_at(point) is not None:
            return Qt.CursorShape.PointingHandCursor
        corner = self._picture.remarks.corner_at(point)
        if corner is not None:
            return CURSORS[corner[1]]
        remark_id, frame_id = self._picture.remarks.at(point), self._picture.frames.at(point)
        if remark_id is not None or frame_id is not None:
            return Qt.CursorShape.SizeAllCursor
        is_on_edge = self._picture.edge_at(point) is not None
        return Qt.CursorShape.PointingHandCursor if is_on_edge else None
