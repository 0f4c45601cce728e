"""What a person can do to blocks, and to what is bypassed or muted, each as one undo step."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from studio.core.design import edits
from studio.core.design.block import Block
from studio.core.design.block_edits import grouped, ungrouped, with_block, with_state
from studio.core.design.block_files import block_alone, read_block
from studio.core.design.block_fitting import fit_at, spot_before
from studio.core.design.block_placing import (
    fed_onward,
    let_go_in,
    placed,
    replaced_by_block,
    taken_out,
)
from studio.core.design.block_wiring import connected, fed, inserted
from studio.core.design.blocks import (
    block_around,
    block_of_all,
    contents,
    exits_of,
    path_to,
    shared_block,
)
from studio.core.design.folding_blocks import folded
from studio.core.design.frames import frame_at
from studio.core.design.graph import Edge, Graph, Position, State
from studio.core.design.reordering import innermost_onward
from studio.core.design.shown import moved_to, shown
from studio.core.design.writing_out import TOO_MANY, written_out
from studio.core.problems import Problem, StudioError
from studio.core.words import tr
from studio.ui.block_shelf import BlockShelf
from studio.ui.canvas.geometry import Port, centred, free_position
from studio.ui.document import Document
from studio.ui.selection import Selection


class BlockEditor:
    """Hands the edits of blocks to the document. It looks at no item and draws nothing."""

    def __init__(self, document: Document, selection: Selection) -> None:
        self._document, self._selection = document, selection
        self.shelf: BlockShelf | None = None  # where saved blocks are; the page knows
        self.refuse: Callable[[Problem], object] = _say_nothing  # the canvas tells the person

    @property
    def graph(self) -> Graph:
        """The network as it is now."""
        return self._document.project.graph

    @property
    def chosen(self) -> str:
        """The block that is meant: the one that is selected, or that the selection lies in."""
        nodes = self._selection.nodes
        if not nodes or not self.graph.blocks:
            return ""
        return block_of_all(self.graph, nodes) or shared_block(self.graph, nodes)

    @property
    def whole(self) -> str | None:
        """The block that is selected as one thing; a lone node in an open one is that node."""
        block_id = self._selection.block
        if block_id is None or self._selection.only is None:
            return block_id
        return None if self.graph.blocks[block_id].is_open else block_id

    def group(self) -> Problem | None:
        """Makes a block of what is selected; a Problem where it cannot be one."""
        try:
            graph, _block = grouped(self.graph, self._selection.nodes)
        except StudioError as refusal:
            return refusal.problem
        self._apply(graph, tr("Group"))
        return None

    def place(
        self, key: str, middle: Position, *, onto: Edge | None = None, source: Port | None = None
    ) -> str:
        """Places a block of the shelf, into a wire or wired to a port where given; its id."""
        feeding = onto.source if onto is not None else source.node if source is not None else ""
        if source is not None and source.side == "input":
            part = self._part_before(key, source)
        else:
            part = self._part(key, feeding)
        return self._place(part, middle, onto, source) if part is not None else ""

    def place_file(self, path: Path, middle: Position, *, onto: Edge | None = None) -> str:
        """Places the block of a file, into a wire where given; what is wrong with it is told."""
        try:
            part = read_block(path)
        except StudioError as refusal:
            self.refuse(refusal.problem)
            return ""
        return self._place(part, middle, onto)

    def _place(
        self, part: Graph, middle: Position, onto: Edge | None, source: Port | None = None
    ) -> str:
        found = self._placed(part)
        if found is None:
            return ""
        graph, where = _room_for(*found, middle, onto)
        block_id = found[1]
        graph = edits.move(graph, moved_to(graph, {block_id: where}))
        if onto is not None:
            graph = inserted(graph, onto, block_id)
        else:
            graph = _wired(graph, block_id, source) if source is not None else graph
            graph = let_go_in(graph, block_id, frame_at(self.graph, *middle))
        return self._put(graph, block_id, tr("Add {name}", name=graph.blocks[block_id].name))

    def _placed(self, part: Graph) -> tuple[Graph, str] | None:
        """The network with a block more; None where that is too much, which is told."""
        try:
            return placed(self.graph, part)
        except StudioError as refusal:
            self.refuse(refusal.problem)
            return None

    def place_behind(self, key: str, node_id: str) -> str:
        """Puts a block of the shelf between a node and all that the node feeds; its id."""
        part, onto = self._part(key, node_id), innermost_onward(self.graph, node_id)
        found = self._placed(part) if part is not None else None
        if found is None or onto is None:
            return ""
        graph, where = _room_for(*found, (0.0, 0.0), onto)
        block_id = found[1]
        graph = edits.move(graph, moved_to(graph, {block_id: where}))
        after = inserted(graph, onto, block_id)
        if after is graph:
            return ""
        after = fed_onward(after, block_id, node_id)
        return self._put(after, block_id, tr("Insert {name}", name=after.blocks[block_id].name))

    def replace(self, node_id: str, key: str) -> str:
        """Puts a block of the shelf in the place of a node; its wires stay. Gives its id."""
        incoming = self.graph.incoming(node_id)
        part = self._part(key, incoming[0].source if incoming else "")
        if part is None:
            return ""
        try:
            graph, block_id = replaced_by_block(self.graph, node_id, part)
        except StudioError as refusal:
            self.refuse(refusal.problem)
            return ""
        name = graph.blocks[block_id].name
        return self._put(graph, block_id, tr("Replace by {name}", name=name))

    def _part(self, key: str, feeding: str) -> Graph | None:
        """A block of the shelf, as wide as what comes out of the node that will feed it."""
        known = self._document.report.nodes.get(feeding)
        return self.shelf.part(key, known.outcome if known else None) if self.shelf else None

    def _part_before(self, key: str, port: Port) -> Graph | None:
        """A block of the shelf, drawn so that the input takes what it gives, where it can."""
        shelf, nodes = self.shelf, self._document.report.nodes
        if shelf is None:
            return None
        signals = {i: known.signal for i, known in nodes.items() if known.signal}
        spot = spot_before(self.graph, port.node, port.index, signals)
        _fit, signal = fit_at(lambda given: shelf.part(key, given), spot)
        return shelf.part(key, signal)

    def _put(self, graph: Graph, block_id: str, words: str) -> str:
        self._apply(graph, words)
        self._selection.choose((block_id,))
        return block_id

    def save(self) -> Problem | None:
        """Keeps the chosen block in the palette; a Problem where it cannot be written."""
        try:
            if self.shelf is not None and self.chosen:
                self.shelf.saved.save(block_alone(self.graph, self.chosen))
        except StudioError as refusal:
            return refusal.problem
        return None

    def ungroup(self) -> None:
        """Takes the block away and leaves what is in it; its repeats are drawn."""
        block_id = self.chosen
        if not block_id:
            return
        found = self._drawn_out(folded(self.graph, block_id, is_open=True), block_id)
        if found is None:
            return
        graph, made = found
        for one in made:
            graph = ungrouped(graph, one)
        self._apply(graph, tr("Ungroup"))

    def write_out(self) -> None:
        """Draws the repeats of the chosen block as so many blocks."""
        found = self._drawn_out(self.graph, self.chosen) if self.chosen else None
        if found is not None:
            self._apply(found[0], tr("Draw the repeats"))

    def _drawn_out(self, graph: Graph, block_id: str) -> tuple[Graph, tuple[str, ...]] | None:
        """One that could not be repeated, whatever it says, is there once; None for too many."""
        try:
            return written_out(graph, block_id)
        except StudioError as refusal:
            if refusal.problem.code != TOO_MANY:
                return graph, (block_id,)
            self.refuse(refusal.problem)
            return None

    def fold(self, block_id: str, *, is_open: bool) -> None:
        """Opens or closes a block; what stands around makes room."""
        words = tr("Open the block") if is_open else tr("Close the block")
        self._apply(folded(self.graph, block_id, is_open=is_open), words)

    def reveal(self, node_id: str) -> None:
        """Opens the blocks that hide a node, as one undo step; where none does, nothing."""
        graph = self.graph
        for block_id in path_to(graph.blocks, block_around(graph, node_id)):
            graph = folded(graph, block_id, is_open=True)
        if graph is not self.graph:
            self._apply(graph, tr("Open the block"))

    def toggle(self) -> None:
        """Opens the chosen block, or closes it."""
        block_id = self.chosen
        if block_id:
            self.fold(block_id, is_open=not self.graph.blocks[block_id].is_open)

    def fold_all(self, *, is_open: bool) -> None:
        """Opens or closes every block."""
        graph = self.graph
        blocks = sorted(graph.blocks, key=lambda i: len(path_to(graph.blocks, i)))
        for block_id in blocks if is_open else reversed(blocks):
            graph = folded(graph, block_id, is_open=is_open)
        self._apply(graph, tr("Open all blocks") if is_open else tr("Close all blocks"))

    def change(self, block: Block) -> Problem | None:
        """Gives a block another name, colour, repeats or params; a Problem where it cannot."""
        try:
            graph = with_block(self.graph, block)
        except StudioError as refusal:
            return refusal.problem
        self._apply(graph, tr("Change {name}", name=block.name))
        return None

    def repeat(self, block_id: str, times: int) -> Problem | None:
        """Repeats a block so many times."""
        return self.change(replace(self.graph.blocks[block_id], repeats=times))

    def take_out(self) -> None:
        """Takes what is selected out of the block that it is in, into the one around that."""
        self._apply(taken_out(self.graph, self._selection.nodes), tr("Take out of the block"))

    def set_state(self, state: State) -> None:
        """Bypasses or mutes what is selected; once more takes it in again."""
        nodes = self._selection.nodes
        is_so = bool(nodes) and _all_are(self.graph, nodes, state)
        words = {"bypassed": tr("Bypass"), "muted": tr("Mute"), "on": tr("Take in again")}
        wanted: State = "on" if is_so else state
        self._apply(with_state(self.graph, nodes, wanted), words[wanted])

    def _apply(self, graph: Graph, words: str) -> None:
        self._document.end_merge()
        self._document.apply_to_graph(lambda _graph: graph, words)


def _say_nothing(_problem: Problem) -> None:
    """What is told where nobody listens."""


def _room_for(
    graph: Graph, block_id: str, middle: Position, onto: Edge | None
) -> tuple[Graph, Position]:
    """Where the card of a new block goes; in a wire what follows moves to make room."""
    view = shown(graph)
    if onto is not None and view.card(onto.source) == view.card(onto.target):
        view = shown(replace(graph, blocks={}))  # in a closed block, where nobody sees it
    places = {i: at for i, at in view.graph.positions.items() if i != block_id}
    if onto is None:
        return graph, free_position(centred(middle), places.values())
    wire = Edge(view.card(onto.source), view.card(onto.target))
    others = replace(view.graph, positions=places)
    where, (by_x, by_y) = edits.place_between(others, wire)
    following = others.followers(wire.target) if by_x or by_y else frozenset()
    moved = {i: (x + by_x, y + by_y) for i, (x, y) in places.items() if i in following}
    moved = moved_to(graph, moved) if view.graph.nodes is not graph.nodes else moved
    return edits.move(graph, moved), where


def _wired(graph: Graph, block_id: str, port: Port) -> Graph:
    """The block fed by a port, or feeding it, whichever way the port looks."""
    if port.side == "output":
        return fed(graph, block_id, port.node)
    source = next(iter(exits_of(graph, contents(graph, block_id))), "")
    edge = Edge(source, port.node, port.index)
    if not source or edits.why_not_connect(graph, edge) is not None:
        return graph
    return connected(graph, edge)


def _all_are(graph: Graph, nodes: Collection[str], state: State) -> bool:
    """True where nothing is left that could be put into that state."""
    return with_state(graph, nodes, state) is graph
