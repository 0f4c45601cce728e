"""The gesture that moves cards: into line with others, into an edge, or with Alt out of theirs."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QApplication, QGraphicsPathItem
from typing_extensions import override

from studio.core.design import edits
from studio.core.design.arranging import Box, around
from studio.core.design.detaching import detached
from studio.core.design.graph import Edge, Graph, Position
from studio.ui.canvas.edge_item import EDGE_Z
from studio.ui.canvas.geometry import GRID, Port, edge_path
from studio.ui.canvas.gestures import EdgeTarget, Gesture, Pointer, Stage
from studio.ui.canvas.guides import Guide, guides_of, pull_across, pull_down
from studio.ui.canvas.scene import CanvasScene

GUIDE_REACH = 8.0  # on the screen: how near a card must be to be drawn into line
GUIDE_MOST = 12.0  # in the scene, so that from afar the grid still counts
GUIDES_AMONG = 400  # so many cards in sight that no line among them would tell anything
TICK = 4.0
GUIDE_Z = 9.0


class MoveNodes(Gesture):
    """Drags the selected cards. They come to rest in line with others, or on the grid.

    Ctrl lets them rest anywhere. One card let go on an edge is inserted there; with Alt the
    cards are taken out of their edges first, which close behind them.
    """

    def __init__(self, stage: Stage, node_id: str) -> None:
        super().__init__(stage)
        self._node = node_id
        self._has_moved = self._takes_out = False
        self._target = EdgeTarget(stage)
        self._guides = GuideLines(stage.picture)
        self._loosened: Loosened | None = None

    @override
    def start(self, at: Pointer) -> None:
        selection = self.stage.selection
        self._before = selection.nodes
        self._was_chosen = self._node in selection.nodes
        self._takes_out = is_alt_held(at)
        self._from, self._view_from = at.scene, at.view
        self.stage.picture.stop_moving()
        self.stage.picture.choose_edges(())
        if at.is_adding:
            selection.choose(selection.nodes | {self._node})
        elif not self._was_chosen:
            selection.choose({self._node})
        self._homes = boxes_of(self.stage.picture, selection.nodes)
        self._others: list[Box] | None = None
        self._by = (0.0, 0.0)

    @override
    def move(self, at: Pointer) -> None:
        away = (at.view - self._view_from).manhattanLength()
        if not self._has_moved and away < QApplication.startDragDistance():
            return
        self._has_moved = True
        self._takes_out = self._takes_out or is_alt_held(at)
        if self._takes_out and self._loosened is None:
            self._loosened = Loosened(self.stage, self._homes)
        self._by = self._rest(at)
        self.stage.picture.show_at(self._positions())
        if len(self._homes) == 1:
            self._target.look(self._edge_under())

    @override
    def finish(self, at: Pointer) -> None:
        onto = self._target.take()
        self._tidy()
        if self._has_moved:
            is_detached = self._loosened is not None
            self.stage.editor.move(self._positions(), onto=onto, is_detached=is_detached)
            self.stage.picture.show_all_at_home()
        elif at.is_toggling and self._was_chosen:
            self.stage.selection.choose(self._before - {self._node})
        elif not at.is_adding:
            self.stage.selection.choose({self._node})

    @override
    def cancel(self) -> None:
        self._target.take()
        self._tidy()
        self.stage.picture.show_all_at_home()
        self.stage.selection.choose(self._before & set(self.stage.editor.graph.nodes))

    def _tidy(self) -> None:
        self._guides.clear()
        if self._loosened is not None:
            self._loosened.restore()

    def _positions(self) -> dict[str, Position]:
        across, down = self._by
        return {i: (box.left + across, box.top + down) for i, box in self._homes.items()}

    def _rest(self, at: Pointer) -> Position:
        """How far from home the cards are; Ctrl lets them rest at any whole number."""
        by = at.scene - self._from
        home = self._homes.get(self._node)
        if home is None:
            return 0.0, 0.0
        if at.held & Qt.KeyboardModifier.ControlModifier:
            self._guides.clear()
            return float(round(by.x())), float(round(by.y()))
        whole = around(self._homes).shifted(by.x(), by.y())
        others, reach = self._neighbours(), self._reach()
        across, down = pull_across(whole, others, reach), pull_down(whole, others, reach)
        rest = (
            _on_grid(home.left, by.x()) if across is None else by.x() + across,
            _on_grid(home.top, by.y()) if down is None else by.y() + down,
        )
        self._guides.show(guides_of(around(self._homes).shifted(*rest), others), self.stage.zoom)
        return rest

    def _reach(self) -> float:
        return min(GUIDE_REACH / self.stage.zoom, GUIDE_MOST)

    def _neighbours(self) -> list[Box]:
        """The other cards in sight, as they stood when the drag began."""
        if self._others is None:
            picture = self.stage.picture
            seen = picture.cards_in(self.stage.seen) - set(self._homes)
            boxes = list(boxes_of(picture, seen).values())
            self._others = boxes if len(boxes) <= GUIDES_AMONG else []
        return self._others

    def _edge_under(self) -> Edge | None:
        """The edge that the card would go into: a loose one that an edge can take."""
        graph = self.stage.editor.graph
        if self._loosened is not None:
            graph = self._loosened.graph
        if graph.incoming(self._node) or graph.outgoing(self._node):
            return None  # it has its place in the network; passing over an edge means nothing
        item = self.stage.picture.node_items[self._node]
        edge = self.stage.picture.edge_at(item.pos() + item.card.center())
        if edge is None or edits.insert_on_edge(graph, edge, self._node) is graph:
            return None
        return edge


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
        curve = QGraphicsPathItem(edge_path(start, end))
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


def boxes_of(picture: CanvasScene, node_ids: Iterable[str]) -> Mapping[str, Box]:
    """The cards as they stand now."""
    items = picture.node_items
    return {i: box_of(items[i].card.translated(items[i].pos())) for i in node_ids if i in items}


def box_of(area: QRectF) -> Box:
    """An area of the scene as a value."""
    return Box(area.left(), area.top(), area.width(), area.height())


def is_alt_held(at: Pointer) -> bool:
    """True where Alt was held: cards are taken out, edges away."""
    return bool(at.held & Qt.KeyboardModifier.AltModifier)


def _on_grid(home: float, by: float) -> float:
    return float(round((home + by) / GRID) * GRID) - home
