"""The gestures of blocks that are not those of cards: closing one, carrying one in."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QGraphicsRectItem
from typing_extensions import override

from studio.core.design.block import PLAIN_TINT
from studio.core.design.block_files import SUFFIX
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


class DropFiles(DropLayer):
    """Blocks come in as files; what is wrong with one is told once it is let go."""

    def __init__(
        self,
        stage: Stage,
        editor: BlockEditor,
        paths: tuple[Path, ...],
        ghost: Callable[[], QGraphicsRectItem],
    ) -> None:
        super().__init__(stage, "", ghost)
        self._editor, self._paths = editor, paths

    @override
    def finish(self, at: Pointer) -> None:
        self.stage.picture.removeItem(self._ghost)
        onto = self._target.take()
        for path in self._paths:
            if self._editor.place_file(path, (at.scene.x(), at.scene.y()), onto=onto):
                onto = None  # the wire is taken


def block_files_of(data: QMimeData) -> tuple[Path, ...]:
    """The files that are carried in, where all of them are blocks."""
    paths = tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return paths if all(path.suffix.lower() == SUFFIX for path in paths) else ()


def file_ghost(path: Path, style: CanvasStyle) -> NodeItem:
    """A pale card for a block in a file that is not read yet."""
    return block_ghost(BlockOffer("", path.stem, "", PLAIN_TINT), style)


def block_ghost(offer: BlockOffer, style: CanvasStyle) -> NodeItem:
    """A pale card for a block that is not placed yet."""
    ghost = NodeItem("", Face(offer.title, "ends", tint=offer.tint), style)
    ghost.setOpacity(GHOST_OPACITY)
    ghost.setZValue(RAISED_Z)
    return ghost
