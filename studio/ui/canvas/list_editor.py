"""The canvas's edits for someone who sees a list: places on the canvas are found by themselves."""

from studio.core.catalogue import LAYERS
from studio.core.design.edits import GAP
from studio.core.design.graph import Edge, Position
from studio.core.design.reordering import swapped, why_not_swap
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.canvas.block_editor import BlockEditor
from studio.ui.canvas.editor import Editor
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Port


class ListEditor:
    """Hands each edit on to the editors of the canvas, with a free place where one is needed.

    What is placed is a layer by its key, or a block by that of the shelf.
    """

    def __init__(self, editor: Editor, blocks: BlockEditor | None = None) -> None:
        self._editor, self._blocks = editor, blocks

    def place_after(self, layer: str, node_id: str) -> str:
        """Places a layer to the right of a node, wired to what comes out of it."""
        x, y = self._editor.graph.positions[node_id]
        middle = self._free_middle((x + CARD_WIDTH + GAP, y))
        return self._placing(layer).place(layer, middle, source=Port(node_id, "output"))

    def place_alone(self, layer: str) -> str:
        """Places a layer to the right of all, wired to nothing."""
        positions = self._editor.graph.positions
        x, y = max(positions.values(), default=(-CARD_WIDTH - GAP, 0.0))
        middle = self._free_middle((x + CARD_WIDTH + GAP, y))
        return self._placing(layer).place(layer, middle)

    def place_behind(self, layer: str, node_id: str) -> str | None:
        """Puts a layer between a node and all that it feeds."""
        return self._placing(layer).place_behind(layer, node_id)

    def replace(self, node_id: str, layer: str) -> object:
        """Puts another layer in the place of a node."""
        return self._placing(layer).replace(node_id, layer)

    def swap(self, node_id: str, step: int) -> Problem | None:
        """A node changes places with the one before (-1) or behind (+1) it; else why not."""
        reason = why_not_swap(self._editor.graph, node_id, step)
        if reason is None:
            words = tr("Move earlier") if step < 0 else tr("Move later")
            document = self._editor.document
            document.end_merge()
            document.apply_to_graph(lambda graph: swapped(graph, node_id, step), words)
        return reason

    def connect(self, edge: Edge) -> None:
        """Draws a wire; the one that ended there goes."""
        self._editor.connect(edge)

    def disconnect(self, edge: Edge) -> None:
        """Takes a wire away."""
        self._editor.disconnect(edge)

    def rename(self, node_id: str, name: str) -> None:
        """Gives a node another name."""
        self._editor.rename(node_id, name)

    def delete_chosen(self, *, is_reconnected: bool = False) -> None:
        """Deletes the selected nodes."""
        self._editor.delete((), is_reconnected=is_reconnected)

    def copy(self) -> None:
        """Puts what is selected on the clipboard."""
        self._editor.copy()

    def cut(self) -> None:
        """Moves what is selected to the clipboard."""
        self._editor.cut()

    def paste_aside(self) -> Problem | None:
        """Adds what is on the clipboard; a Problem where that is anything but nodes."""
        return self._editor.paste(None)

    def duplicate(self) -> None:
        """Adds what is selected a second time."""
        self._editor.duplicate()

    def choose_all(self) -> None:
        """Selects every node."""
        self._editor.choose_all()

    def _placing(self, key: str) -> Editor | BlockEditor:
        return self._editor if key in LAYERS or self._blocks is None else self._blocks

    def _free_middle(self, corner: Position) -> Position:
        """The middle of a card with its corner there, or below where other cards stand."""
        x, y = corner
        taken = self._editor.graph.positions.values()
        while any(abs(x - a) < CARD_WIDTH and abs(y - b) < CARD_HEIGHT for a, b in taken):
            y += CARD_HEIGHT + GAP
        return x + CARD_WIDTH / 2, y + CARD_HEIGHT / 2
