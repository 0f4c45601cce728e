"""What a person can do to blocks, and to what is bypassed or muted, each as one undo step."""

from collections.abc import Collection
from dataclasses import replace

from studio.core.design import clipboard, edits
from studio.core.design.block import Block
from studio.core.design.block_edits import grouped, joined, ungrouped, with_block, with_state
from studio.core.design.block_files import block_alone
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
from studio.core.design.graph import Edge, Graph, Position, State
from studio.core.design.shown import moved_to, shown
from studio.core.design.writing_out import written_out
from studio.core.problems import Problem, StudioError
from studio.core.words import tr
from studio.ui.block_shelf import BlockShelf
from studio.ui.canvas.geometry import Port, centred, free_position, snapped
from studio.ui.document import Document
from studio.ui.selection import Selection


class BlockEditor:
    """Hands the edits of blocks to the document. It looks at no item and draws nothing."""

    def __init__(self, document: Document, selection: Selection) -> None:
        self._document, self._selection = document, selection
        self.shelf: BlockShelf | None = None  # where saved blocks are; the page knows

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
        known = self._document.report.nodes.get(feeding)
        part = self.shelf.part(key, known.outcome if known else None) if self.shelf else None
        if part is None:
            return ""
        graph, added = clipboard.added(self.graph, part, None)
        block_id = block_of_all(graph, added)
        graph, where = _room_for(graph, block_id, middle, onto)
        graph = edits.move(graph, moved_to(graph, {block_id: where}))
        if onto is not None:
            graph = inserted(graph, onto, block_id)
        elif source is not None:
            graph = _wired(graph, block_id, source)
        self._apply(graph, tr("Add {name}", name=graph.blocks[block_id].name))
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
        graph, made = self._drawn_out(folded(self.graph, block_id, is_open=True), block_id)
        for one in made:
            graph = ungrouped(graph, one)
        self._apply(graph, tr("Ungroup"))

    def write_out(self) -> None:
        """Draws the repeats of the chosen block as so many blocks."""
        if self.chosen:
            graph, _made = self._drawn_out(self.graph, self.chosen)
            self._apply(graph, tr("Draw the repeats"))

    def _drawn_out(self, graph: Graph, block_id: str) -> tuple[Graph, tuple[str, ...]]:
        """One that could not be repeated, whatever it says, is there once."""
        try:
            return written_out(graph, block_id)
        except StudioError:
            return graph, (block_id,)

    def fold(self, block_id: str, *, is_open: bool) -> None:
        """Opens or closes a block; what stands around makes room."""
        words = tr("Open the block") if is_open else tr("Close the block")
        self._apply(folded(self.graph, block_id, is_open=is_open), words)

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
        """Takes the selected nodes out of the block that they are in, into the one around it."""
        graph = self.graph
        for node_id in self._selection.nodes:
            around = block_around(graph, node_id)
            if around:
                graph = joined(graph, node_id, graph.blocks[around].parent)
        self._apply(graph, tr("Take out of the block"))

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


def _room_for(
    graph: Graph, block_id: str, middle: Position, onto: Edge | None
) -> tuple[Graph, Position]:
    """Where the card of a new block goes; in a wire what follows moves to make room."""
    view = shown(graph)
    places = {i: at for i, at in view.graph.positions.items() if i != block_id}
    if onto is None:
        return graph, free_position(centred(middle), places.values())
    left, top = places[view.card(onto.source)]
    right, low = places[view.card(onto.target)]
    needed = edits.NODE_SIZE[0] + edits.GAP
    shift = max(0.0, left + 2 * needed - right) if right > left else 0.0
    following = view.graph.followers(view.card(onto.target)) if shift else frozenset()
    moved = {i: (x + shift, y) for i, (x, y) in places.items() if i in following}
    return edits.move(graph, moved_to(graph, moved)), snapped(
        ((left + right + shift) / 2, (top + low) / 2)
    )


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
