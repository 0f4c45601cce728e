"""The gestures of blocks that are not those of cards: closing one, carrying one in."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsRectItem
from typing_extensions import override

from studio.ui.block_shelf import BlockOffer
from studio.ui.canvas.block_editor import BlockEditor
from studio.ui.canvas.faces import Face
from studio.ui.canvas.gestures import DropLayer, Gesture, Pointer, Stage
from studio.ui.canvas.node_item import RAISED_Z, NodeItem
from studio.ui.canvas.style import GHOST_OPACITY, CanvasStyle


class PressFold(Gesture):
    """Presses the mark of an open block; it is closed where the button goes up on it again."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, stage: Stage, editor: BlockEditor, block_id: str) -> None:
        super().__init__(stage)
        self._editor, self._block = editor, block_id

    @override
    def finish(self, at: Pointer) -> None:
        if self.stage.picture.frames.fold_at(at.scene) == self._block:
            self._editor.fold(self._block, is_open=False)


class DropBlock(DropLayer):
    """A block comes in from the palette."""

    def __init__(
        self,
        stage: Stage,
        editor: BlockEditor,
        key: str,
        ghost: Callable[[], QGraphicsRectItem],
    ) -> None:
        super().__init__(stage, key, ghost)
        self._editor, self._key = editor, key

    @override
    def finish(self, at: Pointer) -> None:
        self.stage.picture.removeItem(self._ghost)
        onto = self._target.take()
        self._editor.place(self._key, (at.scene.x(), at.scene.y()), onto=onto)


def block_ghost(offer: BlockOffer, style: CanvasStyle) -> NodeItem:
    """A pale card for a block that is not placed yet."""
    ghost = NodeItem("", Face(offer.title, "ends", tint=offer.tint), style)
    ghost.setOpacity(GHOST_OPACITY)
    ghost.setZValue(RAISED_Z)
    return ghost
