"""The scene: keeps the items equal to the Graph by its difference. It changes no Graph."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from studio.core.catalogue.entry import Signal as NodeSignal
from studio.core.design.graph import Edge, Graph, GraphDifference, Position, difference
from studio.core.design.project import Project
from studio.core.design.shown import EXACT, Shown, nodes_of, shown
from studio.core.design.way import Way, way_of
from studio.ui.canvas.block_frames import BlockFrames
from studio.ui.canvas.edge_item import EdgeItem
from studio.ui.canvas.faces import EdgeFace, Face, edge_faces, faces
from studio.ui.canvas.geometry import Port, bounds
from studio.ui.canvas.motion import Motion, starts_of
from studio.ui.canvas.node_item import NodeItem
from studio.ui.canvas.note_item import NOTE_GAP, NoteItem
from studio.ui.canvas.notes import Notes
from studio.ui.canvas.pointed_scene import PointedScene
from studio.ui.canvas.remarks import Remarks
from studio.ui.canvas.spans import lane_of
from studio.ui.canvas.style import CanvasStyle, style_from
from studio.ui.document import Document
from studio.ui.selection import Selection
from studio.ui.theme import Theme

WORDS_LEAST = 0.4  # below this zoom the words of a card are too small to read
LARGE = 150  # so many cards cost more than a frame to paint with all their words ...
LARGE_WORDS_LEAST = 0.7  # ... from so far away that most of them are in sight
_NOWHERE: Position = (0.0, 0.0)


class CanvasScene(PointedScene):
    """The picture of the document's graph.

    Signals:
        edges_chosen(): other edges are selected; which nodes are, the Selection knows.
    """

    edges_chosen = Signal()

    def __init__(
        self, document: Document, selection: Selection, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._selection = document, selection
        self.style_in_use: CanvasStyle = style_from(Theme.current())
        self._motion = Motion(self)
        self._nodes: dict[str, NodeItem] = {}
        self._edges: dict[Edge, EdgeItem] = {}
        self._notes = Notes(self)
        self.remarks = Remarks(self)
        self.frames = BlockFrames(self)
        self._items: dict[str, NodeItem] = {}
        self._titles: tuple[QRectF, ...] = ()  # of open blocks, beside which edges pass
        self._edges_at: dict[str, set[Edge]] = {}
        self._chosen_edges: frozenset[Edge] = frozenset()
        self.way: Way = "right"
        self._usual_way: Way = "right"
        self._zoom = 1.0
        self.reserved = 0.0  # what cards will grow by, once there are pictures on them
        self._has_words = True
        document.changed.connect(self._on_document_changed)
        selection.changed.connect(self._on_selection_changed)
        Theme.current().changed.connect(self._on_theme_changed)
        self._show(Graph(), may_move=False)

    @property
    def graph(self) -> Graph:
        """The network that is shown."""
        return self._document.project.graph

    @property
    def view(self) -> Shown:
        """What is drawn of it: cards, of nodes and of closed blocks."""
        return shown(self.graph)

    @property
    def node_items(self) -> Mapping[str, NodeItem]:
        """The card of each node and closed block; of a node inside a block that of the block."""
        return self._items

    @property
    def edge_items(self) -> Mapping[Edge, EdgeItem]:
        """The curve of each edge."""
        return self._edges

    @property
    def notes(self) -> Mapping[str, NoteItem]:
        """The note under each node that has a Problem."""
        return self._notes

    @property
    def chosen_edges(self) -> frozenset[Edge]:
        """The selected edges."""
        return self._chosen_edges

    def choose_edges(self, edges: Iterable[Edge]) -> None:
        """Selects these edges and no others."""
        chosen = frozenset(edges)
        if chosen == self._chosen_edges:
            return
        for edge in chosen ^ self._chosen_edges:
            if edge in self._edges:
                self._edges[edge].choose(edge in chosen)
        self._chosen_edges = chosen
        self.edges_chosen.emit()

    def cards_in(self, area: QRectF) -> frozenset[str]:
        """The nodes whose cards touch an area; of a closed block all that is in it."""
        return self._nodes_of(i for i in self._nodes if area.intersects(self._card_at(i)))

    def cards_within(self, area: QRectF) -> frozenset[str]:
        """The nodes whose cards lie wholly in an area."""
        return self._nodes_of(i for i in self._nodes if area.contains(self._card_at(i)))

    def cards_chosen(self) -> tuple[str, ...]:
        """The cards that show that they are selected."""
        return tuple(i for i, item in self._nodes.items() if item.is_chosen)

    def is_chosen(self, card: str) -> bool:
        """True where all that a card stands for is selected."""
        return nodes_of(self.graph, (card,)) <= self._selection.nodes

    def _nodes_of(self, cards: Iterable[str]) -> frozenset[str]:
        return nodes_of(self.graph, cards) if self.graph.blocks else frozenset(cards)

    def content(self, node_ids: Iterable[str] | None = None) -> QRectF:
        """The smallest area that holds these cards, or all and the remarks, with their notes.

        Where they will stand, that is, and not where they are on their way.
        """
        cards = self.cards_at_home(None if node_ids is None else self._cards_of(node_ids))
        notes = [
            QRectF(cards[i].bottomLeft(), note.words_size)
            for i, note in self._notes.items()
            if i in cards
        ]
        others = (*self.remarks.areas, *self.frames.areas) if node_ids is None else ()
        return bounds([*cards.values(), *notes, *others])

    def cards_at_home(self, cards: Iterable[str] | None = None) -> dict[str, QRectF]:
        """Where cards will stand; without `cards` all of them."""
        places, items = self.view.graph.positions, self._nodes
        wanted = items if cards is None else [i for i in cards if i in items]
        return {i: items[i].card.translated(*places.get(i, _NOWHERE)) for i in wanted}

    def _cards_of(self, node_ids: Iterable[str]) -> tuple[str, ...]:
        """The cards of nodes and blocks; of an open block those of all that is in it."""
        return self.view.cards_of(nodes_of(self.graph, node_ids))

    def card_size(self, node_id: str) -> tuple[float, float]:
        """How large a card is, without its note: with it, a chain would not be level."""
        item = self._items[node_id]
        return item.plain.width(), item.plain.height() + max(item.picture_height, self.reserved)

    def room_below(self, node_id: str) -> float:
        """How much room the note under a card takes."""
        note = self._notes.get(self.view.card(node_id))
        return NOTE_GAP + note.words_size.height() if note is not None else 0.0

    def show_zoom(self, zoom: float) -> None:
        """Tells the cards how large they are seen."""
        self._zoom = zoom
        self._show_words()
        self._notes.show_zoom(zoom)
        self.remarks.show_zoom(zoom)
        self.frames.show_zoom(zoom)
        self._settle_notes()

    def signal_of(self, node_id: str) -> NodeSignal | None:
        """What comes out of a node, where that is known."""
        known = self._document.report.nodes.get(node_id)
        return known.outcome if known else None

    def show_at(self, positions: Mapping[str, Position]) -> None:
        """Shows cards elsewhere while they are dragged; the graph knows nothing of it."""
        self._motion.finish()
        for node_id, (x, y) in positions.items():
            self._place(node_id, QPointF(round(x, EXACT), round(y, EXACT)))  # as the graph has it
        self.frames.fit(self._card_at)
        self._notes.settle(self._card_at, self.view.cards_of(self._selection.nodes))

    def show_grown(self, cards: Iterable[str]) -> None:
        """Shows cards that are larger or smaller now, wherever they are, with their wires."""
        for node_id in cards:
            self._place(node_id, self._nodes[node_id].pos())
        self.frames.fit(self._card_at)
        self._settle_notes()

    def plain_cards(self) -> dict[str, QRectF]:
        """Where each card will stand, without the picture on it."""
        places = self.view.graph.positions
        return {i: one.plain.translated(*places[i]) for i, one in self._nodes.items()}

    def show_all_at_home(self) -> None:
        """Shows every node where the graph says it is."""
        self.show_at({i: self._home(i) for i in self._nodes})
        self.remarks.show_all_at_home()

    def stop_moving(self) -> None:
        """Ends every movement at its last place."""
        self._motion.finish()

    def _on_document_changed(self, before: Project, _after: Project) -> None:
        self._show(before.graph, may_move=True)

    def _on_selection_changed(self) -> None:
        self._show_chosen()
        self._settle_notes()

    def _show_chosen(self) -> None:
        chosen = set(self._selection.nodes)
        chosen.update(self.view.cards[i] for i in self._selection.nodes if i in self.view.cards)
        for node_id, item in self._nodes.items():
            item.choose(node_id in chosen)
        self.frames.choose(self._selection.nodes)

    def _on_theme_changed(self) -> None:
        self.style_in_use = style_from(Theme.current())
        items: tuple[NodeItem | EdgeItem | NoteItem, ...] = (
            *self._nodes.values(),
            *self._edges.values(),
            *self._notes.values(),
        )
        for item in items:
            item.restyle(self.style_in_use)
        self.remarks.restyle(self.style_in_use)
        self.frames.restyle(self.style_in_use)
        self.update()

    def _show(self, before: Graph, *, may_move: bool) -> None:
        self._motion.finish()
        project, report = self._document.project, self._document.report
        after, former, view = project.graph, shown(before), shown(project.graph)
        change = difference(former.graph, view.graph)
        node_faces, wire_faces = faces(project, report), edge_faces(after, report)
        old, new = former.wires, view.wires
        for edge in [edge for edge in old if old[edge] != new.get(edge)]:
            self._remove_edge(edge, old[edge])
        for node_id in change.removed:
            self._remove_node(node_id)
        for node_id in change.added:
            self._add_node(node_id, node_faces[node_id], view.graph)
        self._items = {**self._nodes, **{i: self._nodes[card] for i, card in view.cards.items()}}
        for node_id, face in node_faces.items():
            self._show_face(node_id, face)
        self.frames.show(after, view, self.style_in_use)
        self._titles = self.frames.titles(self._card_at_home)
        for edge in [edge for edge in new if new[edge] != old.get(edge)]:
            self._add_edge(edge, wire_faces[edge])
        for edge in new:
            self._edges[edge].show_face(wire_faces[edge])
        self.remarks.show(after, self.style_in_use)
        self._show_chosen()
        self._choose_way(change, view.graph)
        self._move(starts_of(change.added, former), change.moved, change.added, may_move=may_move)
        self.frames.fit(self._card_at)
        self.choose_edges(self._chosen_edges & set(new))
        self._show_words()
        self._settle_notes()

    def prefer_way(self, way: Way) -> None:
        """Which way a drawing leads that is too small to tell by itself."""
        self._usual_way = way
        self._lead(way_of(self.view.graph, way))

    def _choose_way(self, change: GraphDifference, graph: Graph) -> None:
        """Only where most of the drawing is new or laid out anew: not while a card is moved."""
        if len(change.moved) + len(change.added) >= len(graph) / 2:
            self._lead(way_of(graph, self._usual_way))

    def _lead(self, way: Way) -> None:
        if way == self.way:
            return
        self.way = way
        for item in self._nodes.values():
            item.lead(way)
        for edge in self._edges:
            self._span(edge)

    def _show_words(self) -> None:
        least = WORDS_LEAST if len(self._nodes) < LARGE else LARGE_WORDS_LEAST
        if self._has_words != (self._zoom >= least):
            self._has_words = not self._has_words
            for item in self._nodes.values():
                item.show_words(self._has_words)

    def _move(
        self,
        opened: Mapping[str, QPointF],
        moved: tuple[str, ...],
        added: tuple[str, ...],
        *,
        may_move: bool,
    ) -> None:
        """Lets cards glide home: those of a block that was opened from where its card was."""
        ends = {i: QPointF(*self._home(i)) for i in (*moved, *opened)}
        ends = {i: end for i, end in ends.items() if i in opened or self._nodes[i].pos() != end}
        if ends and may_move:
            starts = {i: opened.get(i) or self._nodes[i].pos() for i in ends}
            last = next(reversed(ends))

            def place(node_id: str, where: QPointF) -> None:
                self._place(node_id, where)
                if node_id == last:
                    self.frames.fit(self._card_at)

            self._motion.glide(starts, ends, place)
        elif ends:
            self.show_at({i: (end.x(), end.y()) for i, end in ends.items()})
        elif may_move and 0 < len(added) < len(self._nodes):
            self._motion.land([self._nodes[i] for i in added])

    def _home(self, card: str) -> Position:
        """Where the graph says that a card is."""
        return self.view.graph.positions.get(card, _NOWHERE)

    def _add_node(self, node_id: str, face: Face, graph: Graph) -> None:
        item = NodeItem(node_id, face, self.style_in_use)
        item.lead(self.way)
        item.setPos(QPointF(*graph.positions.get(node_id, _NOWHERE)))
        item.show_words(self._has_words)
        self._nodes[node_id] = item
        self._edges_at[node_id] = set()
        self.addItem(item)

    def _remove_node(self, node_id: str) -> None:
        self._notes.drop(node_id)
        self._edges_at.pop(node_id)
        self.removeItem(self._nodes.pop(node_id))

    def _add_edge(self, edge: Edge, face: EdgeFace) -> None:
        item = EdgeItem(edge, face, self.style_in_use)
        wire = self.view.wires[edge]
        self._edges[edge] = item
        self._edges_at[wire.source].add(edge)
        self._edges_at[wire.target].add(edge)
        self.addItem(item)
        self._span(edge)

    def _remove_edge(self, edge: Edge, wire: Edge) -> None:
        self._edges_at[wire.source].discard(edge)
        self._edges_at[wire.target].discard(edge)
        self.removeItem(self._edges.pop(edge))

    def _show_face(self, node_id: str, face: Face) -> None:
        item = self._nodes[node_id]
        moves_ports = (face.inputs, face.inlets) != (item.face.inputs, item.face.inlets)
        item.show_face(face)
        if moves_ports:
            for edge in self._edges_at[node_id]:
                self._span(edge)
        self._notes.show_face(node_id, face, self.style_in_use)
        self._notes.place(node_id, self._card_at(node_id))

    def _place(self, node_id: str, where: QPointF) -> None:
        self._nodes[node_id].setPos(where)
        self._notes.place(node_id, self._card_at(node_id))
        for edge in self._edges_at[node_id]:
            self._span(edge)

    def _card_at(self, node_id: str) -> QRectF:
        item = self._items[node_id]
        return item.card.translated(item.pos())

    def _card_at_home(self, node_id: str) -> QRectF:
        return self._nodes[node_id].card.translated(QPointF(*self._home(node_id)))

    def _settle_notes(self) -> None:
        self._notes.settle(self._card_at_home, self.view.cards_of(self._selection.nodes))

    def _span(self, edge: Edge) -> None:
        start = self._items[edge.source].point_of(Port(edge.source, "output"))
        end = self._items[edge.target].point_of(Port(edge.target, "input", edge.port))
        # Of too many cards none is looked at.
        near = [] if len(self._nodes) > LARGE else self._nodes
        cards = [*map(self._card_at_home, near), *self._titles]
        self._edges[edge].span(start, end, self.way, lane_of(cards, start, end, self.way))
