"""A storm over blocks: made, folded, repeated, dragged, undone; the scene shows the graph."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QWidget

from studio.core.design.effective import effective
from studio.core.design.storage import to_json
from studio.core.plain import dump
from studio.ui.block_shelf import BlockShelf
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.saved_blocks import SavedBlocks
from tests.ui.canvas.conftest import Hand, agrees

STEPS, MOST_NODES = 90, 40
Key, Held = Qt.Key, Qt.KeyboardModifier
NONE, CTRL, SHIFT, ALT = (
    Held.NoModifier,
    Held.ControlModifier,
    Held.ShiftModifier,
    Held.AltModifier,
)
KEYS = (
    (Key.Key_G, CTRL),
    (Key.Key_G, CTRL),
    (Key.Key_G, CTRL | SHIFT),
    (Key.Key_O, NONE),
    (Key.Key_O, SHIFT),
    (Key.Key_B, CTRL),
    (Key.Key_M, CTRL),
    (Key.Key_D, CTRL),
    (Key.Key_C, CTRL),
    (Key.Key_V, CTRL),
    (Key.Key_X, CTRL),
    (Key.Key_Z, CTRL),
    (Key.Key_Y, CTRL),
    (Key.Key_Delete, NONE),
    (Key.Key_Delete, CTRL),
    (Key.Key_Right, NONE),
    (Key.Key_Left, SHIFT),
    (Key.Key_Return, NONE),
    (Key.Key_Escape, NONE),
)
CARRIED = ("relu", "conv2d", "add", "block:residual", "block:unet_stage")


class Storm:
    """Does one thing after the other, as chance will have it."""

    def __init__(self, hand: Hand, seed: int) -> None:
        self.hand, self.canvas, self._chance = hand, hand.canvas, random.Random(seed)
        self.acts: tuple[Callable[[], object], ...] = (
            lambda: hand.key(*self._chance.choice(KEYS)),
            lambda: hand.key(*self._chance.choice(KEYS)),
            lambda: hand.drag(self.place(), self.place(), self.held()),
            lambda: hand.drag(self.place(), self.place(), self.held()),
            lambda: hand.click(self.place(), self.held()),
            lambda: hand.double_click(self.place()),
            lambda: hand.carry(self._chance.choice(CARRIED), self.place(), self.place()),
            self.choose,
            self.repeat,
            self.canvas.arrange,
            lambda: self.canvas.block_editor.fold_all(is_open=self._chance.random() < 0.5),
        )

    def step(self) -> None:
        """One act; what it opened is closed again."""
        self._chance.choice(self.acts)()
        box = self.canvas.findChild(QWidget, "quick_add")
        if box is not None and box.isVisible():
            self.hand.key(Key.Key_Escape)
        self.canvas.setFocus()
        if len(self.canvas.editor.graph) > MOST_NODES:
            nodes = list(self.canvas.editor.graph.nodes)
            self.canvas.selection.choose(self._chance.sample(nodes, len(nodes) // 2))
            self.canvas.delete()

    def held(self) -> Held:
        return self._chance.choice((NONE, NONE, CTRL, SHIFT, ALT))

    def place(self) -> QPointF:
        """Near a card, at the title of a block, or anywhere."""
        picture, kind = self.canvas.picture, self._chance.random()
        cards, frames = list(picture.view.graph.nodes), list(picture.frames)
        aside = QPointF(self._chance.uniform(-80, 80), self._chance.uniform(-30, 30))
        if cards and kind < 0.6:
            return self.hand.middle_of(self._chance.choice(cards)) + aside
        if frames and kind < 0.8:
            return picture.frames[self._chance.choice(frames)].title_area.center() + aside / 3
        return QPointF(self._chance.uniform(-200, 1200), self._chance.uniform(-200, 600))

    def choose(self) -> None:
        nodes = list(self.canvas.editor.graph.nodes)
        count = min(len(nodes), self._chance.randint(1, 5))
        self.canvas.selection.choose(self._chance.sample(nodes, count))

    def repeat(self) -> None:
        blocks = list(self.canvas.editor.graph.blocks)
        if blocks:
            self.canvas.block_editor.repeat(self._chance.choice(blocks), self._chance.randint(1, 3))


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_done_to_blocks_the_scene_shows_the_graph(
    canvas: CanvasView, hand: Hand, document: Document, tmp_path: Path, seed: int
) -> None:
    shelf = BlockShelf(SavedBlocks(tmp_path / "blocks"))
    canvas.block_editor.shelf = shelf
    storm = Storm(hand, seed)
    for number in range(STEPS):
        storm.step()
        network = effective(canvas.editor.graph)
        assert len(network.order()) == len(network)
        if number % 20 == 0:
            agrees(canvas, document)
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    end, count = dump(to_json(document.project)), document.undo_stack.index()
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    agrees(canvas, document)
    while document.undo_stack.index() < count:
        document.undo_stack.redo()
    assert dump(to_json(document.project)) == end
    shelf.saved.deleteLater()
    shelf.deleteLater()
