"""What a person can do to the network on the canvas, each as one undo step with its name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from studio.core.catalogue import LAYERS
from studio.core.design import clipboard, edits
from studio.core.design.arrange_blocks import arranged_in_blocks
from studio.core.design.block import Area
from studio.core.design.block_edits import joined, with_block
from studio.core.design.block_placing import gathered, let_go_in
from studio.core.design.block_wiring import connected, cut, inserted, layer_inserted
from studio.core.design.blocks import block_around, home_of
from studio.core.design.detaching import detached
from studio.core.design.fixes import apply_fix
from studio.core.design.frames import frame_at
from studio.core.design.graph import Edge, Graph, Position
from studio.core.design.remark_layout import areas_after, nudged
from studio.core.design.remarks import change_remark, remove_remark
from studio.core.design.reordering import inserted_after
from studio.core.design.replacing import replaced
from studio.core.design.shape_flow import shape_flow
from studio.core.design.shown import moved_to, shown
from studio.core.design.way import Way
from studio.core.problems import Fix, Problem, StudioError
from studio.core.words import tr
from studio.ui.canvas.faces import NOT_ABOUT_EDGES
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Port, centred, free_position
from studio.ui.document import Document
from studio.ui.selection import Selection

LAYER_MIME = "application/x-studio-layer"
NODES_MIME = "application/x-studio-nodes"
NUDGE_KEY = "nudge"


class Editor:
    """Hands the canvas's edits to the document. It looks at no item and draws nothing."""

    def __init__(self, document: Document, selection: Selection) -> None:
        self.document, self.selection = document, selection
        self.chosen_remarks: Callable[[], frozenset[str]] = frozenset  # the canvas knows ...
        self.choose_remarks: Callable[[Iterable[str]], None] = lambda _ids: None  # ... and shows

    @property
    def graph(self) -> Graph:
        """The network as it is now."""
        return self.document.project.graph

    def place(
        self, layer: str, middle: Position, *, onto: Edge | None = None, source: Port | None = None
    ) -> str:
        """Places a layer with its middle there; into an edge, or wired to a port, if given."""
        graph, added = self._placed(layer, middle, onto)
        edge = _edge_to_new(graph, source, added)
        if edge is not None and edits.why_not_connect(graph, edge) is None:
            graph = connected(graph, edge)
        graph = joined(graph, added, frame_at(self.graph, *middle)) if onto is None else graph
        self._apply(graph, tr("Add {name}", name=tr(LAYERS[layer].title)))
        self.selection.choose((added,))
        return added

    def place_behind(self, layer: str, node_id: str) -> str | None:
        """Puts a layer between a node and all that the node feeds; None where it cannot go."""
        graph = inserted_after(self.graph, node_id, layer)
        if graph is self.graph:
            return None
        added = next(i for i in graph.nodes if i not in self.graph.nodes)
        self._apply(graph, tr("Insert {name}", name=tr(LAYERS[layer].title)))
        self.selection.choose((added,))
        return added

    def replace(self, node_id: str, layer: str) -> None:
        """Puts another layer in the place of a node; its wires and what means the same stay."""
        words = tr("Replace by {name}", name=tr(LAYERS[layer].title))
        self._apply(replaced(self.graph, node_id, layer), words)

    def move(
        self,
        positions: Mapping[str, Position],
        *,
        onto: Edge | None = None,
        is_detached: bool = False,
        words: str = "",
        areas: Mapping[str, Area] | None = None,
    ) -> None:
        """Puts cards elsewhere, taken out of their edges if wanted; a single one also into one.

        `words` names the undo step, where it is more than a move. `areas` are of remarks.
        """
        graph, places = self.graph, moved_to(self.graph, positions)
        if is_detached:
            graph = detached(graph, places)
        graph = edits.move(graph, places)
        if onto is not None:
            graph = inserted(graph, onto, next(iter(positions)))
        elif len(positions) == 1:
            graph = _dropped(graph, next(iter(positions)))
        for remark_id, area in (areas or {}).items():
            graph = change_remark(graph, remark_id, area=area)
        self._apply(graph, words or (tr("Take out") if is_detached else tr("Move")))

    def nudge(self, by_x: float, by_y: float) -> None:
        """Moves what is selected a little; several nudges in a row are one undo step."""
        nodes, remarks = self.selection.nodes, self.chosen_remarks()
        self.document.apply_to_graph(
            lambda graph: nudged(graph, nodes, remarks, (by_x, by_y)),
            tr("Move"),
            merge_key=NUDGE_KEY,
        )

    def connect(self, edge: Edge, *, instead_of: Edge | None = None) -> None:
        """Draws an edge, and takes away the one that was picked up for it."""
        graph = self.graph
        if instead_of is not None and instead_of != edge:
            graph = cut(graph, (instead_of,))
        self._apply(connected(graph, edge), tr("Connect"))

    def doubt_of(self, edge: Edge, *, instead_of: Edge | None = None) -> Problem | None:
        """What the target of an edge that may be drawn would say against what it brings."""
        graph = self.graph
        if instead_of is not None:
            graph = cut(graph, (instead_of,))
        flow = shape_flow(connected(graph, edge), self.document.project.dataset)
        said = flow.problems.get(edge.target, ())
        return next((p for p in said if p.is_error and p.code not in NOT_ABOUT_EDGES), None)

    def disconnect(self, edge: Edge) -> None:
        """Takes an edge away."""
        self._apply(cut(self.graph, (edge,)), tr("Disconnect"))

    def detach(self) -> None:
        """Takes the selected nodes out of their edges; what fed them feeds what they fed."""
        self._apply(detached(self.graph, self.selection.nodes), tr("Take out"))

    def delete(self, edges: Iterable[Edge], *, is_reconnected: bool = False) -> None:
        """Deletes the selected nodes and these edges; what fed them may feed what they fed."""
        nodes = self.selection.nodes
        if is_reconnected and nodes:
            self._apply(
                edits.remove_and_reconnect(self.graph, self._in_order(nodes)),
                tr("Delete and reconnect"),
            )
        else:
            graph = edits.remove(cut(self.graph, edges), nodes)
            self._apply(remove_remark(graph, self.chosen_remarks()), tr("Delete"))

    def rename(self, node_id: str, name: str) -> None:
        """Gives a node, or a block, another name."""
        block = self.graph.blocks.get(node_id)
        if block is not None:
            self._apply(with_block(self.graph, replace(block, name=name)), tr("Rename"))
        elif node_id in self.graph.nodes:
            self._apply(edits.rename(self.graph, node_id, name), tr("Rename"))

    def fix(self, fix: Fix) -> None:
        """Puts a Problem right, as it offered."""
        self.document.apply(lambda project: apply_fix(project, fix), fix.label)

    def arrange(
        self,
        size_of: Callable[[str], tuple[float, float]] | None = None,
        room_below: Callable[[str], float] | None = None,
        room: tuple[float, float] | None = None,
        *,
        way: Way = "right",
    ) -> None:
        """Lays the whole network out tidily, in rows that can be read in the room.

        Frames and notes go with their cards.
        """
        places = arranged_in_blocks(self.graph, size_of, room_below, room, way=way)
        areas = areas_after(self.graph, places, size_of)
        self.move(places, words=tr("Arrange"), areas=areas)

    def choose_all(self) -> None:
        """Selects every node, frame and note."""
        self.selection.choose(self.graph.nodes)
        self.choose_remarks(self.graph.remarks)

    def copy(self) -> None:
        """Puts the selected nodes on the clipboard."""
        if not self._has_choice:
            return
        text = self._copied()
        data = QMimeData()
        data.setData(NODES_MIME, text.encode())
        data.setText(text)
        QGuiApplication.clipboard().setMimeData(data)

    def cut(self) -> None:
        """Moves the selected nodes to the clipboard."""
        if self._has_choice:
            self.copy()
            graph = edits.remove(self.graph, self.selection.nodes)
            self._apply(remove_remark(graph, self.chosen_remarks()), tr("Cut"))

    def paste(self, position: Position | None) -> Problem | None:
        """Adds what is on the clipboard; a Problem where that is anything but nodes."""
        around = frame_at(self.graph, *position) if position is not None else ""
        return self._paste(_clipboard_text(), position, tr("Paste"), around)

    def duplicate(self) -> None:
        """Adds what is selected a second time, a little aside, in the block that it lies in."""
        if self._has_choice:
            around = home_of(self.graph, self.selection.nodes)
            self._paste(self._copied(), None, tr("Duplicate"), around)

    @property
    def _has_choice(self) -> bool:
        return bool(self.selection.nodes or self.chosen_remarks())

    def _copied(self) -> str:
        nodes = self._in_order(self.selection.nodes)
        return clipboard.copied(self.graph, nodes, self.chosen_remarks())

    def _placed(self, layer: str, middle: Position, onto: Edge | None) -> tuple[Graph, str]:
        if onto is not None:
            graph = layer_inserted(self.graph, onto, layer)
            if onto not in graph.edges:
                return graph, next(i for i in graph.nodes if i not in self.graph.nodes)
        where = free_position(centred(middle), self.graph.positions.values())
        return edits.add_node(self.graph, layer, where)

    def _paste(
        self, text: str, position: Position | None, label: str, around: str
    ) -> Problem | None:
        try:
            graph, added = clipboard.pasted(self.graph, text, position)
        except StudioError as refusal:
            return refusal.problem
        graph = gathered(graph, added, around)
        new = graph.remarks.keys() - self.graph.remarks.keys()
        self._apply(graph, label)
        self.selection.choose(added)
        self.choose_remarks(new)
        return None

    def _in_order(self, nodes: Iterable[str]) -> tuple[str, ...]:
        chosen = set(nodes)
        return tuple(i for i in self.graph.nodes if i in chosen)

    def _apply(self, graph: Graph, text: str) -> None:
        self.document.end_merge()
        self.document.apply_to_graph(lambda _graph: graph, text)


def _dropped(graph: Graph, card: str) -> Graph:
    """A card that is in no block is in the open one that it was let go in."""
    place = shown(graph).graph.positions.get(card)
    if place is None or block_around(graph, card):
        return graph
    around = frame_at(graph, place[0] + CARD_WIDTH / 2, place[1] + CARD_HEIGHT / 2)
    if card in graph.blocks:
        return let_go_in(graph, card, around)
    return joined(graph, card, around) if around else graph


def _edge_to_new(graph: Graph, source: Port | None, added: str) -> Edge | None:
    """The edge between a port and the new node, whichever way the port looks."""
    if source is None:
        return None
    if source.side == "input":
        return Edge(added, source.node, source.index)
    port = edits.free_port(graph, added)
    return None if port is None else Edge(source.node, added, port)


def _clipboard_text() -> str:
    data = QGuiApplication.clipboard().mimeData()
    if data is None:  # another program holds the clipboard
        return ""
    if data.hasFormat(NODES_MIME):
        return bytes(data.data(NODES_MIME).data()).decode("utf-8", "replace")
    return data.text()
