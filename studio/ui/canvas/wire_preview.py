"""The wire that the keyboard is about to draw or cut, shown while its row is the current one."""

from PySide6.QtWidgets import QGraphicsPathItem

from studio.core.design import edits
from studio.core.design.graph import Edge
from studio.ui.canvas.camera import Camera
from studio.ui.canvas.edge_item import EDGE_Z
from studio.ui.canvas.geometry import GRID, Port
from studio.ui.canvas.loose_wires import preview_of
from studio.ui.wire_rows import DRAW, wire_of


class WirePreview:
    """Marks one wire at a time on the canvas, and takes every mark away again."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._curve: QGraphicsPathItem | None = None
        self._marked = ""

    def look(self, key: str) -> None:
        """Shows the wire of a row; nothing for a heading or where the box is closed."""
        self._clear()
        if not key:
            return
        act, edge = wire_of(key)
        items = self._camera.picture.node_items
        if edge.source not in items or edge.target not in items:
            return
        if act == DRAW:
            self._draw(edge)
        else:
            self._camera.picture.choose_edges((edge,))
        self._camera.ensureVisible(self._camera.picture.content((edge.target,)), GRID, GRID)

    def _draw(self, edge: Edge) -> None:
        picture = self._camera.picture
        source, target = picture.node_items[edge.source], picture.node_items[edge.target]
        port = Port(edge.target, "input", edge.port)
        is_refused = edits.why_not_connect(picture.graph, edge) is not None
        style = picture.style_in_use
        start, end = source.point_of(Port(edge.source, "output")), target.point_of(port)
        self._curve = QGraphicsPathItem(preview_of(picture, start, end))
        self._curve.setPen(style.edge_faulty if is_refused else style.edge_chosen)
        self._curve.setZValue(EDGE_Z)
        picture.addItem(self._curve)
        target.mark_port(port, is_refused=is_refused)
        self._marked = edge.target

    def _clear(self) -> None:
        picture = self._camera.picture
        if self._curve is not None:
            picture.removeItem(self._curve)
            self._curve = None
        if self._marked in picture.node_items:
            picture.node_items[self._marked].mark_port(None)
        self._marked = ""
        picture.choose_edges(())
