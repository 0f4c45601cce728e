"""The scene: keeps the items equal to the Graph by its difference. It changes no Graph."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from studio.core.catalogue.entry import Signal as NodeSignal
from studio.core.design.graph import Edge, Graph, Position, difference
from studio.core.design.project import Project
from studio.ui.canvas.detours import Detour, detour_of
from studio.ui.canvas.edge_item import EdgeItem
from studio.ui.canvas.faces import EdgeFace, Face, edge_faces, faces
from studio.ui.canvas.geometry import CARD_WIDTH, PORT_REACH, Port, bounds, free_lane
from studio.ui.canvas.motion import Motion
from studio.ui.canvas.node_item import NodeItem
from studio.ui.canvas.note_item import NOTE_GAP, NoteItem
from studio.ui.canvas.notes import Notes
from studio.ui.canvas.remarks import Remarks
from studio.ui.canvas.style import CanvasStyle, style_from
from studio.ui.document import Document
from studio.ui.selection import Selection
from studio.ui.theme import Theme

WORDS_LEAST = 0.4  # below this zoom the words of a card are too small to read
LARGE = 150  # so many cards cost more than a frame to paint with all their words ...
LARGE_WORDS_LEAST = 0.6  # ... from so far away that most of them are in sight
_NOWHERE: Position = (0.0, 0.0)


class CanvasScene(QGraphicsScene):
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
        self._edges_at: dict[str, set[Edge]] = {}
        self._chosen_edges: frozenset[Edge] = frozenset()
        self._zoom = 1.0
        self._has_words = True
        document.changed.connect(self._on_document_changed)
        selection.changed.connect(self._on_selection_changed)
        Theme.current().changed.connect(self._on_theme_changed)
        self._show(Graph(), may_move=False)

    @property
    def graph(self) -> Graph:
        """What is shown."""
        return self._document.project.graph

    @property
    def node_items(self) -> Mapping[str, NodeItem]:
        """The card of each node."""
        return self._nodes

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

    def port_at(self, point: QPointF) -> Port | None:
        """The port within reach of a point."""
        reach = QRectF(-PORT_REACH, -PORT_REACH, 2 * PORT_REACH, 2 * PORT_REACH)
        for item in self.items(reach.translated(point)):
            port = item.port_at(point) if isinstance(item, NodeItem) else None
            if port is not None:
                return port
        return None

    def node_at(self, point: QPointF) -> str | None:
        """The node whose card lies under a point."""
        return next(
            (item.node_id for item in self.items(point) if isinstance(item, NodeItem)), None
        )

    def edge_at(self, point: QPointF) -> Edge | None:
        """The edge that passes under a point."""
        return next((item.edge for item in self.items(point) if isinstance(item, EdgeItem)), None)

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

    def cards_in(self, area: QRectF) -> frozenset[str]:
        """The nodes whose cards touch an area."""
        return frozenset(
            node_id
            for node_id, item in self._nodes.items()
            if area.intersects(item.card.translated(item.pos()))
        )

    def cards_within(self, area: QRectF) -> frozenset[str]:
        """The nodes whose cards lie wholly in an area."""
        return frozenset(
            node_id
            for node_id, item in self._nodes.items()
            if area.contains(item.card.translated(item.pos()))
        )

    def content(self, node_ids: Iterable[str] | None = None) -> QRectF:
        """The smallest area that holds these cards, or all and the remarks, with their notes.

        Where they will stand, that is, and not where they are on their way.
        """
        chosen = self._nodes if node_ids is None else set(node_ids) & set(self._nodes)
        cards = {i: self._card_at_home(i) for i in chosen}
        notes = [
            QRectF(cards[i].bottomLeft(), self._notes[i].words_size)
            for i in chosen
            if i in self._notes
        ]
        remarks = self.remarks.areas if node_ids is None else ()
        return bounds([*cards.values(), *notes, *remarks])

    def card_size(self, node_id: str) -> tuple[float, float]:
        """How large a card is, without its note: with it, a chain would not be level."""
        card = self._nodes[node_id].card
        return card.width(), card.height()

    def room_below(self, node_id: str) -> float:
        """How much room the note under a card takes."""
        note = self._notes.get(node_id)
        return NOTE_GAP + note.words_size.height() if note is not None else 0.0

    def show_zoom(self, zoom: float) -> None:
        """Tells the cards how large they are seen."""
        self._zoom = zoom
        self._show_words()
        self._notes.show_zoom(zoom)
        self.remarks.show_zoom(zoom)
        self._settle_notes()

    def signal_of(self, node_id: str) -> NodeSignal | None:
        """What comes out of a node, where that is known."""
        known = self._document.report.nodes.get(node_id)
        return known.signal if known else None

    def show_at(self, positions: Mapping[str, Position]) -> None:
        """Shows nodes elsewhere while they are dragged; the graph knows nothing of it."""
        self._motion.finish()
        for node_id, position in positions.items():
            self._place(node_id, QPointF(*position))
        self._notes.settle(self._card_at, self._selection.nodes)

    def show_all_at_home(self) -> None:
        """Shows every node where the graph says it is."""
        self.show_at({i: self.graph.positions.get(i, _NOWHERE) for i in self._nodes})
        self.remarks.show_all_at_home()

    def stop_moving(self) -> None:
        """Ends every movement at its last place."""
        self._motion.finish()

    def _on_document_changed(self, before: Project, _after: Project) -> None:
        self._show(before.graph, may_move=True)

    def _on_selection_changed(self) -> None:
        for node_id, item in self._nodes.items():
            item.choose(node_id in self._selection.nodes)
        self._settle_notes()

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
        self.update()

    def _show(self, before: Graph, *, may_move: bool) -> None:
        self._motion.finish()
        project, report = self._document.project, self._document.report
        after = project.graph
        change = difference(before, after)
        node_faces, wire_faces = faces(project, report), edge_faces(after, report)
        for edge in change.removed_edges:
            self._remove_edge(edge)
        for node_id in change.removed:
            self._remove_node(node_id)
        for node_id in change.added:
            self._add_node(node_id, node_faces[node_id], after)
        for node_id, face in node_faces.items():
            self._show_face(node_id, face)
        for edge in change.added_edges:
            self._add_edge(edge, wire_faces[edge])
        for edge, edge_face in wire_faces.items():
            self._edges[edge].show_face(edge_face)
        self._move(change.moved, change.added, after, may_move=may_move)
        self.choose_edges(self._chosen_edges & set(after.edges))
        self.remarks.show(after, self.style_in_use)
        self._show_words()
        self._settle_notes()

    def _show_words(self) -> None:
        least = WORDS_LEAST if len(self._nodes) < LARGE else LARGE_WORDS_LEAST
        if self._has_words != (self._zoom >= least):
            self._has_words = not self._has_words
            for item in self._nodes.values():
                item.show_words(self._has_words)

    def _move(
        self, moved: tuple[str, ...], added: tuple[str, ...], graph: Graph, *, may_move: bool
    ) -> None:
        ends = {i: QPointF(*graph.positions.get(i, _NOWHERE)) for i in moved}
        ends = {i: end for i, end in ends.items() if self._nodes[i].pos() != end}
        if ends and may_move:
            starts = {i: self._nodes[i].pos() for i in ends}
            self._motion.glide(starts, ends, self._place)
        elif ends:
            self.show_at({i: (end.x(), end.y()) for i, end in ends.items()})
        elif may_move and 0 < len(added) < len(graph):
            self._motion.land([self._nodes[i] for i in added])

    def _add_node(self, node_id: str, face: Face, graph: Graph) -> None:
        item = NodeItem(node_id, face, self.style_in_use)
        item.setPos(QPointF(*graph.positions.get(node_id, _NOWHERE)))
        item.choose(node_id in self._selection.nodes)
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
        self._edges[edge] = item
        self._edges_at[edge.source].add(edge)
        self._edges_at[edge.target].add(edge)
        self.addItem(item)
        self._span(edge)

    def _remove_edge(self, edge: Edge) -> None:
        self._edges_at[edge.source].discard(edge)
        self._edges_at[edge.target].discard(edge)
        self.removeItem(self._edges.pop(edge))

    def _show_face(self, node_id: str, face: Face) -> None:
        item = self._nodes[node_id]
        moves_ports = face.inputs != item.face.inputs
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
        item = self._nodes[node_id]
        return item.card.translated(item.pos())

    def _card_at_home(self, node_id: str) -> QRectF:
        home = QPointF(*self.graph.positions.get(node_id, _NOWHERE))
        return self._nodes[node_id].card.translated(home)

    def _settle_notes(self) -> None:
        self._notes.settle(self._card_at_home, self._selection.nodes)

    def _span(self, edge: Edge) -> None:
        start = self._nodes[edge.source].point_of(Port(edge.source, "output"))
        end = self._nodes[edge.target].point_of(Port(edge.target, "input", edge.port))
        self._edges[edge].span(start, end, self._lane(start, end))

    def _lane(self, start: QPointF, end: QPointF) -> float | Detour | None:
        """How an edge passes the cards in its way. Of too many cards none is looked at."""
        if len(self._nodes) > LARGE:
            return None
        cards = (self._card_at_home(i) for i in self._nodes)
        if end.x() < start.x():
            return free_lane(cards, start, end)
        # Between neighbouring columns no card can stand.
        return detour_of(cards, start, end) if end.x() - start.x() > CARD_WIDTH else None
