"""The gestures of open blocks that are not those of cards: the mark that closes one."""

from PySide6.QtCore import Qt
from typing_extensions import override

from studio.ui.canvas.block_editor import BlockEditor
from studio.ui.canvas.gestures import Gesture, Pointer, Stage


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
