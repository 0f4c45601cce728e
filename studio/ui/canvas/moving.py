"""The gesture that moves cards: into line with others, into an edge, or with Alt out of theirs."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from studio.core.design.arranging import Box, around
from studio.core.design.block import Area
from studio.core.design.block_wiring import inserted
from studio.core.design.graph import Edge, Position
from studio.core.design.shown import nodes_of
from studio.ui.canvas.geometry import GRID
from studio.ui.canvas.gestures import EdgeTarget, Gesture, Pointer, Stage
from studio.ui.canvas.guides import guides_of, pull_across, pull_down
from studio.ui.canvas.meanwhile import GuideLines, Loosened
from studio.ui.canvas.scene import CanvasScene

GUIDE_REACH = 8.0  # on the screen: how near a card must be to be drawn into line
GUIDE_MOST = 12.0  # in the scene, so that from afar the grid still counts
GUIDES_AMONG = 400  # so many cards in sight that no line among them would tell anything


class Move(Gesture):
    """Drags what is selected. It comes to rest in line with other cards, or on the grid.

    Ctrl lets it rest anywhere. A frame takes along what lies wholly inside it.
    """

    pans_at_border = True

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._has_moved = self._was_chosen = False
        self._guides = GuideLines(stage.picture)
        self._homes: Mapping[str, Box] = {}
        self._areas: Mapping[str, Box] = {}
        self._others: list[Box] | None = None
        self._by = (0.0, 0.0)

    @override
    def start(self, at: Pointer) -> None:
        picture = self.stage.picture
        self._before = self.stage.selection.nodes
        self._remarks_before = picture.remarks.chosen
        self._from, self._view_from = at.scene, at.view
        picture.stop_moving()
        picture.choose_edges(())
        self.grasp(at)

    def grasp(self, at: Pointer) -> None:
        """Selects what the pointer grasped, with what else is dragged along."""

    def grasped(self) -> Box | None:
        """What the pointer grasped, where it stood: its corner comes to rest on the grid."""

    @override
    def move(self, at: Pointer) -> None:
        away = (at.view - self._view_from).manhattanLength()
        if not self._has_moved and away < QApplication.startDragDistance():
            return
        self._has_moved = True
        self._by = self._rest(at)
        self.stage.picture.show_at(self._positions())
        self.stage.picture.remarks.show_at(self._shown_areas())

    @override
    def finish(self, at: Pointer) -> None:
        self.tidy()
        if self._has_moved:
            self.drop()
            self.stage.picture.show_all_at_home()

    def drop(self) -> None:
        """Makes the edit."""
        self.stage.editor.move(self._positions(), areas=self._shown_areas())

    @override
    def cancel(self) -> None:
        self.tidy()
        graph, picture = self.stage.editor.graph, self.stage.picture
        picture.show_all_at_home()
        self.stage.selection.choose(self._before & set(graph.nodes))
        picture.remarks.choose(self._remarks_before & set(graph.remarks))

    def tidy(self) -> None:
        """Takes away what was shown meanwhile."""
        self._guides.clear()

    def carry(self, nodes: Iterable[str], remarks: Iterable[str]) -> None:
        """Takes these along, and what lies in the frames among them."""
        picture = self.stage.picture
        frames = [picture.remarks[i].area for i in picture.remarks.frames_of(remarks)]
        held = frozenset(nodes).union(*(picture.cards_within(area) for area in frames))
        self._homes = boxes_of(picture, picture.view.cards_of(held))
        carried = picture.remarks.with_held(remarks)
        self._areas = {i: box_of(picture.remarks[i].area) for i in carried}

    def carry_alone(self, remarks: Iterable[str]) -> None:
        """Takes these remarks along and leaves what lies in them."""
        self._areas = {i: box_of(self.stage.picture.remarks[i].area) for i in remarks}

    def _positions(self) -> dict[str, Position]:
        across, down = self._by
        return {i: (box.left + across, box.top + down) for i, box in self._homes.items()}

    def _shown_areas(self) -> dict[str, Area]:
        moved = {i: box.shifted(*self._by) for i, box in self._areas.items()}
        return {i: (box.left, box.top, box.width, box.height) for i, box in moved.items()}

    def _rest(self, at: Pointer) -> Position:
        """How far from home the cards are; Ctrl lets them rest at any whole number."""
        by, home = at.scene - self._from, self.grasped()
        if home is None:
            return 0.0, 0.0
        if at.held & Qt.KeyboardModifier.ControlModifier:
            self._guides.clear()
            return float(round(by.x())), float(round(by.y()))
        home_of_all = around([*self._homes.values(), *self._areas.values()])
        whole = home_of_all.shifted(by.x(), by.y())
        others, reach = self._neighbours(), min(GUIDE_REACH / self.stage.zoom, GUIDE_MOST)
        across, down = pull_across(whole, others, reach), pull_down(whole, others, reach)
        rest = (
            _on_grid(home.left, by.x()) if across is None else by.x() + across,
            _on_grid(home.top, by.y()) if down is None else by.y() + down,
        )
        self._guides.show(guides_of(home_of_all.shifted(*rest), others), self.stage.zoom)
        return rest

    def _neighbours(self) -> list[Box]:
        """The other cards in sight, as they stood when the drag began."""
        if self._others is None:
            picture = self.stage.picture
            cards = picture.view.cards_of(picture.cards_in(self.stage.seen))
            seen = [card for card in cards if card not in self._homes]
            boxes = list(boxes_of(picture, seen).values())
            self._others = boxes if len(boxes) <= GUIDES_AMONG else []
        return self._others


class MoveNodes(Move):
    """Drags cards: nodes, or blocks with all that is in them. One node on an edge goes into it.

    With Alt the cards are taken out of their edges first, which close behind them.
    """

    def __init__(self, stage: Stage, node_id: str) -> None:
        super().__init__(stage)
        self._node = node_id
        self._takes_out = False
        self._target = EdgeTarget(stage)
        self._loosened: Loosened | None = None

    @override
    def grasp(self, at: Pointer) -> None:
        selection, remarks = self.stage.selection, self.stage.picture.remarks
        self._was_chosen = self.stage.picture.is_chosen(self._node)
        self._takes_out = is_alt_held(at)
        if at.is_adding:
            selection.choose(selection.nodes | {self._node})
        elif not self._was_chosen:
            remarks.choose(())
            selection.choose({self._node})
        self.carry(selection.nodes, remarks.chosen)

    @override
    def grasped(self) -> Box | None:
        open_block = around(self._homes.values()) if self._homes else None
        return self._homes.get(self._node, open_block)

    @override
    def move(self, at: Pointer) -> None:
        super().move(at)
        self._takes_out = self._takes_out or is_alt_held(at)
        if self._has_moved and self._takes_out and self._loosened is None:
            nodes = nodes_of(self.stage.editor.graph, self._homes)
            self._loosened = Loosened(self.stage, nodes)
        if self._has_moved and len(self._homes) == 1 and not self._areas:
            self._target.look(self._edge_under())

    @override
    def finish(self, at: Pointer) -> None:
        super().finish(at)
        self._target.take()
        if self._has_moved:
            return
        if at.is_toggling and self._was_chosen:
            nodes = nodes_of(self.stage.editor.graph, (self._node,))
            self.stage.selection.choose(self._before - nodes)
        elif not at.is_adding:
            self.stage.picture.remarks.choose(())
            self.stage.selection.choose({self._node})

    @override
    def drop(self) -> None:
        self.stage.editor.move(
            self._positions(),
            onto=self._target.take(),
            is_detached=self._loosened is not None,
            areas=self._shown_areas(),
        )

    @override
    def cancel(self) -> None:
        self._target.take()
        super().cancel()

    @override
    def tidy(self) -> None:
        super().tidy()
        if self._loosened is not None:
            self._loosened.restore()

    def _edge_under(self) -> Edge | None:
        """The edge that the card would go into: a loose one that an edge can take."""
        graph = self._loosened.graph if self._loosened is not None else self.stage.editor.graph
        if self._node not in self.stage.picture.node_items:
            return None  # a block that is open
        if self._node in graph.nodes and (graph.incoming(self._node) or graph.outgoing(self._node)):
            return None  # it has its place in the network; passing over an edge means nothing
        item = self.stage.picture.node_items[self._node]
        card = item.card.translated(item.pos())
        inset = card.width() / 4, card.height() / 4
        middle = card.adjusted(inset[0], inset[1], -inset[0], -inset[1])
        edge = self.stage.picture.edge_in(middle)
        if edge is None or inserted(graph, edge, self._node) is graph:
            return None
        return edge


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
