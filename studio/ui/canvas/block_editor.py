"""What a person can do to blocks, and to what is bypassed or muted, each as one undo step."""

from collections.abc import Collection
from dataclasses import replace

from studio.core.design.block import Block
from studio.core.design.block_edits import grouped, joined, ungrouped, with_block, with_state
from studio.core.design.blocks import block_around, block_of_all, path_to, shared_block
from studio.core.design.folding_blocks import folded
from studio.core.design.graph import Graph, State
from studio.core.problems import Problem, StudioError
from studio.core.words import tr
from studio.ui.document import Document
from studio.ui.selection import Selection


class BlockEditor:
    """Hands the edits of blocks to the document. It looks at no item and draws nothing."""

    def __init__(self, document: Document, selection: Selection) -> None:
        self._document, self._selection = document, selection

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

    def ungroup(self) -> None:
        """Takes the block away and leaves what is in it."""
        block_id = self.chosen
        if block_id:
            graph = folded(self.graph, block_id, is_open=True)
            self._apply(ungrouped(graph, block_id), tr("Ungroup"))

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


def _all_are(graph: Graph, nodes: Collection[str], state: State) -> bool:
    """True where nothing is left that could be put into that state."""
    return with_state(graph, nodes, state) is graph
