"""What the keys do on the canvas, as one table."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent

from studio.ui.canvas.geometry import GRID
from studio.ui.canvas.walking import STEPS, Direction

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView

Act: TypeAlias = "Callable[[CanvasView], object]"

_Key, _Held = Qt.Key, Qt.KeyboardModifier
_ZOOM_STEP = 1.25
_ARROWS: Mapping[Qt.Key, Direction] = {
    _Key.Key_Left: "left",
    _Key.Key_Right: "right",
    _Key.Key_Up: "up",
    _Key.Key_Down: "down",
}


def act_for(event: QKeyEvent) -> "Act | None":
    """What a key press does, or None where it does nothing here."""
    held = event.modifiers() & ~_Held.KeypadModifier
    key = Qt.Key(event.key())
    if key in _ARROWS:
        return _arrow(_ARROWS[key], held)
    return _ACTS.get(QKeyCombination(held, key).toCombined())


def _arrow(direction: Direction, held: Qt.KeyboardModifier) -> "Act | None":
    across, down = STEPS[direction]
    if held == _Held.ControlModifier:
        return lambda canvas: canvas.editor.nudge(across * GRID, down * GRID)
    if held in (_Held.NoModifier, _Held.ShiftModifier):
        return lambda canvas: canvas.walk(direction, is_adding=held == _Held.ShiftModifier)
    return None


def _keys(*table: tuple[Qt.KeyboardModifier, Qt.Key, Act]) -> Mapping[int, Act]:
    return {QKeyCombination(held, key).toCombined(): act for held, key, act in table}


_PLAIN, _CTRL, _SHIFT = _Held.NoModifier, _Held.ControlModifier, _Held.ShiftModifier
_ACTS = _keys(
    (_PLAIN, _Key.Key_Tab, lambda canvas: canvas.ask_layer_by_key()),
    (_PLAIN, _Key.Key_C, lambda canvas: canvas.ask_wire()),
    (_PLAIN, _Key.Key_F, lambda canvas: canvas.fit()),
    (_PLAIN, _Key.Key_F2, lambda canvas: canvas.rename_chosen()),
    (_PLAIN, _Key.Key_Escape, lambda canvas: canvas.let_go()),
    (_PLAIN, _Key.Key_Delete, lambda canvas: canvas.delete()),
    (_PLAIN, _Key.Key_Backspace, lambda canvas: canvas.delete()),
    (_CTRL, _Key.Key_Delete, lambda canvas: canvas.delete(is_reconnected=True)),
    (_CTRL, _Key.Key_Backspace, lambda canvas: canvas.delete(is_reconnected=True)),
    (_CTRL, _Key.Key_A, lambda canvas: canvas.editor.choose_all()),
    (_CTRL, _Key.Key_C, lambda canvas: canvas.editor.copy()),
    (_CTRL, _Key.Key_X, lambda canvas: canvas.editor.cut()),
    (_CTRL, _Key.Key_V, lambda canvas: canvas.paste()),
    (_CTRL, _Key.Key_D, lambda canvas: canvas.editor.duplicate()),
    (_CTRL | _SHIFT, _Key.Key_D, lambda canvas: canvas.editor.duplicate()),
    (_CTRL, _Key.Key_Z, lambda canvas: canvas.editor.document.undo_stack.undo()),
    (_CTRL | _SHIFT, _Key.Key_Z, lambda canvas: canvas.editor.document.undo_stack.redo()),
    (_CTRL, _Key.Key_Y, lambda canvas: canvas.editor.document.undo_stack.redo()),
    (_PLAIN, _Key.Key_Plus, lambda canvas: canvas.zoom_by(_ZOOM_STEP)),
    (_SHIFT, _Key.Key_Plus, lambda canvas: canvas.zoom_by(_ZOOM_STEP)),
    (_CTRL, _Key.Key_Plus, lambda canvas: canvas.zoom_by(_ZOOM_STEP)),
    (_PLAIN, _Key.Key_Minus, lambda canvas: canvas.zoom_by(1 / _ZOOM_STEP)),
    (_CTRL, _Key.Key_Minus, lambda canvas: canvas.zoom_by(1 / _ZOOM_STEP)),
    (_PLAIN, _Key.Key_1, lambda canvas: canvas.zoom_to(1.0)),
)
