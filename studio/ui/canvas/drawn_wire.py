"""The wire that follows the pointer while it is drawn, and hangs there while a layer is chosen."""

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsPathItem

from studio.core.design.graph import Edge
from studio.ui.canvas.geometry import Port
from studio.ui.canvas.loose_wires import preview_of
from studio.ui.canvas.node_item import RAISED_Z
from studio.ui.canvas.offers import Wanted
from studio.ui.canvas.scene import CanvasScene

WIRE_Z = RAISED_Z + 0.25  # before all cards: whose end is hidden is not known to be held
REPLACED_OPACITY = 0.25


class DrawnWire:
    """One curve from a port of a card. What it would replace goes pale meanwhile."""

    def __init__(self, picture: CanvasScene, port: Port) -> None:
        self._picture, self._port = picture, port
        self._pale: Edge | None = None
        self._curve = QGraphicsPathItem()
        self._curve.setZValue(WIRE_Z)
        self._curve.setPen(picture.style_in_use.edge_chosen)
        picture.addItem(self._curve)

    def lead_to(self, end: QPointF, *, is_refused: bool = False) -> None:
        """Draws it between its port and a point of the scene; dashed where it is refused."""
        style = self._picture.style_in_use
        self._curve.setPen(style.edge_faulty if is_refused else style.edge_chosen)
        start = self._picture.node_items[self._port.node].point_of(self._port)
        ends = (start, end) if self._port.side == "output" else (end, start)
        self._curve.setPath(preview_of(self._picture, *ends))

    def replaces(self, edge: Edge | None) -> None:
        """Shows that this edge will be gone; none is as before."""
        if edge == self._pale:
            return
        for one, opacity in ((self._pale, 1.0), (edge, REPLACED_OPACITY)):
            if one is not None and one in self._picture.edge_items:
                self._picture.edge_items[one].setOpacity(opacity)
        self._pale = edge

    def remove(self) -> None:
        """Takes it away; all looks as before."""
        self.replaces(None)
        self._picture.removeItem(self._curve)


class LooseWire:
    """Keeps a wire that was let go on empty space in sight while its layer is chosen."""

    def __init__(self, picture: CanvasScene) -> None:
        self._picture = picture
        self._wire: DrawnWire | None = None

    def hang(self, wanted: Wanted) -> None:
        """Leads to where the layer is wanted, if it is for a loose end."""
        self.clear()
        if wanted.port is not None and wanted.port.node in self._picture.node_items:
            self._wire = DrawnWire(self._picture, wanted.port)
            self._wire.lead_to(QPointF(*wanted.position))

    def clear(self) -> None:
        """Takes it away."""
        if self._wire is not None:
            self._wire.remove()
            self._wire = None
