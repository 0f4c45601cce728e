"""The gestures of frames and notes: dragged by title or text, resized by their corners."""

from PySide6.QtCore import QPointF, Qt
from typing_extensions import override

from studio.core.design.arranging import Box
from studio.core.design.block import Area
from studio.core.design.remarks import LEAST_SIDE
from studio.ui.canvas.geometry import snapped
from studio.ui.canvas.gestures import Gesture, Pointer, Stage
from studio.ui.canvas.moving import Move, is_alt_held
from studio.ui.canvas.remark_editor import RemarkEditor
from studio.ui.canvas.remark_item import Corner

CURSORS = {
    "top left": Qt.CursorShape.SizeFDiagCursor,
    "bottom right": Qt.CursorShape.SizeFDiagCursor,
    "top right": Qt.CursorShape.SizeBDiagCursor,
    "bottom left": Qt.CursorShape.SizeBDiagCursor,
}


class MoveRemarks(Move):
    """Drags a frame with what lies wholly inside it, or a note. With Alt a frame goes alone."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, stage: Stage, remark_id: str) -> None:
        super().__init__(stage)
        self._remark = remark_id

    @override
    def grasp(self, at: Pointer) -> None:
        selection, remarks = self.stage.selection, self.stage.picture.remarks
        self._was_chosen = self._remark in remarks.chosen
        if at.is_adding:
            remarks.choose(remarks.chosen | {self._remark})
        elif not self._was_chosen:
            selection.choose(())
            remarks.choose((self._remark,))
        if is_alt_held(at):
            self.carry_alone(remarks.chosen)
        else:
            self.carry(selection.nodes, remarks.chosen)

    @override
    def grasped(self) -> Box | None:
        return self._areas.get(self._remark)

    @override
    def finish(self, at: Pointer) -> None:
        super().finish(at)
        if self._has_moved:
            return
        if at.is_toggling and self._was_chosen:
            self.stage.picture.remarks.choose(self._remarks_before - {self._remark})
        elif not at.is_adding:
            self.stage.selection.choose(())
            self.stage.picture.remarks.choose((self._remark,))


class ResizeRemark(Gesture):
    """Drags a corner; the one across stays. On the grid, but for Ctrl."""

    pans_at_border = True

    def __init__(self, stage: Stage, editor: RemarkEditor, remark_id: str, corner: Corner) -> None:
        super().__init__(stage)
        self._editor, self._remark, self._corner = editor, remark_id, corner
        self.cursor = CURSORS[corner]

    @override
    def start(self, at: Pointer) -> None:
        self._from = at.scene
        self._home = self._editor.remarks[self._remark].area
        self._area = self._home
        self.stage.selection.choose(())
        self.stage.picture.choose_edges(())
        self.stage.picture.remarks.choose((self._remark,))

    @override
    def move(self, at: Pointer) -> None:
        is_free = bool(at.held & Qt.KeyboardModifier.ControlModifier)
        self._area = resized(self._home, self._corner, at.scene - self._from, is_free=is_free)
        self.stage.picture.remarks.show_at({self._remark: self._area})

    @override
    def finish(self, at: Pointer) -> None:
        self._editor.resize(self._remark, self._area)
        self.stage.picture.remarks.show_all_at_home()

    @override
    def cancel(self) -> None:
        self.stage.picture.remarks.show_all_at_home()


def resized(area: Area, corner: Corner, by: QPointF, *, is_free: bool = False) -> Area:
    """An area whose corner was dragged; it keeps its least size and the corner across."""
    left, top, right, bottom = area[0], area[1], area[0] + area[2], area[1] + area[3]
    is_left, is_top = corner.endswith("left"), corner.startswith("top")
    x, y = (left if is_left else right) + by.x(), (top if is_top else bottom) + by.y()
    x, y = (float(round(x)), float(round(y))) if is_free else snapped((x, y))
    if is_left:
        left = min(x, right - LEAST_SIDE)
    else:
        right = max(x, left + LEAST_SIDE)
    if is_top:
        top = min(y, bottom - LEAST_SIDE)
    else:
        bottom = max(y, top + LEAST_SIDE)
    return left, top, right - left, bottom - top
