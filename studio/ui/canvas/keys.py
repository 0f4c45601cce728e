"""What the keys do on the canvas, as one table: keys, menu and overview are made from it."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from studio.core.words import tr
from studio.ui.canvas.arranging_keys import ARRANGING
from studio.ui.canvas.block_keys import BLOCKING
from studio.ui.canvas.geometry import GRID
from studio.ui.canvas.key_rows import (
    ADD,
    CHANGE,
    GO,
    LOOK,
    Act,
    CanvasKey,
    any_node,
    anything_chosen,
    feeding_node,
    one_card,
    one_node,
    some_nodes,
)
from studio.ui.canvas.looking_keys import LOOKING_AT
from studio.ui.canvas.remark_keys import REMARKING
from studio.ui.canvas.walking import STEPS, Direction
from studio.ui.canvas.wire_keys import WIRING
from studio.ui.deeds import Deed

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView

_ZOOM_STEP = 1.25
_ARROWS: Mapping[Direction, tuple[str, str]] = {
    "left": ("Left", "Go to what feeds the node"),
    "right": ("Right", "Go to what the node feeds"),
    "up": ("Up", "Go to the node above"),
    "down": ("Down", "Go to the node below"),
}


def act_for(event: QKeyEvent) -> "Act | None":
    """What a key press does, or None where it does nothing here."""
    row = row_for(event)
    return row.act if row is not None else None


def row_for(event: QKeyEvent) -> CanvasKey | None:
    """The row of a key press."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return _BY_KEY.get(QKeyCombination(held, Qt.Key(event.key())).toCombined())


def row_of(key: str) -> CanvasKey:
    """The row of that name."""
    return next(row for row in TABLE if row.key == key)


def deeds_of(canvas: "CanvasView") -> Iterator[Deed]:
    """The table for one canvas, as *find anything* and the overview of keys want it."""
    for row in TABLE:
        yield Deed(
            f"canvas.{row.key}",
            tr(row.group),
            tr(row.words),
            row.keys,
            partial(row.act, canvas),
            partial(row.why_not, canvas),
            row.is_listed,
        )


def _go(direction: Direction, *, is_adding: bool = False) -> Act:
    return lambda canvas: canvas.walk(direction, is_adding=is_adding)


def _nudge(direction: Direction) -> Act:
    across, down = STEPS[direction]
    return lambda canvas: canvas.editor.nudge(across * GRID, down * GRID)


def _walking() -> Iterator[CanvasKey]:
    for direction, (key, words) in _ARROWS.items():
        yield CanvasKey(f"go_{direction}", GO, words, (key,), _go(direction), is_listed=False)
    for direction, (key, _words) in _ARROWS.items():
        yield CanvasKey(
            f"add_{direction}",
            GO,
            "Select the next node, too",
            (f"Shift+{key}",),
            _go(direction, is_adding=True),
            is_listed=False,
        )


def _nudging() -> Iterator[CanvasKey]:
    for direction, (key, _words) in _ARROWS.items():
        yield CanvasKey(
            f"nudge_{direction}",
            CHANGE,
            "Move what is selected",
            (f"Ctrl+{key}",),
            _nudge(direction),
            is_listed=False,
        )


_ADDING = (
    CanvasKey(
        "add",
        ADD,
        "Add a layer…",
        ("Tab",),
        lambda canvas: canvas.ask_layer_by_key(),
    ),
    CanvasKey(
        "insert",
        ADD,
        "Insert a layer behind…",
        ("I",),
        lambda canvas: canvas.boxes.ask_behind_chosen(),
        feeding_node,
    ),
    CanvasKey(
        "connect",
        ADD,
        "Connect…",
        ("C",),
        lambda canvas: canvas.ask_wire(),
        one_node,
    ),
)
_SELECTING = (
    CanvasKey(
        "select_all",
        GO,
        "Select all",
        ("Ctrl+A",),
        lambda canvas: canvas.editor.choose_all(),
        any_node,
    ),
    CanvasKey(
        "let_go",
        GO,
        "Step back, or select nothing",
        ("Escape",),
        lambda canvas: canvas.let_go(),
        is_listed=False,
    ),
)
_CHANGING = (
    CanvasKey(
        "parameters",
        CHANGE,
        "Change the settings",
        ("Return", "Enter"),
        lambda canvas: canvas.enter_chosen(),
        one_card,
    ),
    CanvasKey(
        "replace",
        CHANGE,
        "Replace by…",
        ("R",),
        lambda canvas: canvas.boxes.ask_replacement_of_chosen(),
        one_node,
    ),
    CanvasKey(
        "rename",
        CHANGE,
        "Rename",
        ("F2",),
        lambda canvas: canvas.rename_chosen(),
        one_card,
    ),
    CanvasKey(
        "delete",
        CHANGE,
        "Delete",
        ("Del", "Backspace"),
        lambda canvas: canvas.delete(),
        anything_chosen,
    ),
    CanvasKey(
        "delete_and_reconnect",
        CHANGE,
        "Delete and reconnect",
        ("Ctrl+Del", "Ctrl+Backspace"),
        lambda canvas: canvas.delete(is_reconnected=True),
        some_nodes,
    ),
    CanvasKey(
        "copy",
        CHANGE,
        "Copy",
        ("Ctrl+C",),
        lambda canvas: canvas.editor.copy(),
        some_nodes,
    ),
    CanvasKey(
        "cut",
        CHANGE,
        "Cut",
        ("Ctrl+X",),
        lambda canvas: canvas.editor.cut(),
        some_nodes,
    ),
    CanvasKey("paste", CHANGE, "Paste", ("Ctrl+V",), lambda canvas: canvas.paste()),
    CanvasKey(
        "duplicate",
        CHANGE,
        "Duplicate",
        ("Ctrl+D", "Ctrl+Shift+D"),
        lambda canvas: canvas.editor.duplicate(),
        some_nodes,
    ),
    CanvasKey(
        "undo",
        CHANGE,
        "Undo",
        ("Ctrl+Z",),
        lambda canvas: canvas.editor.document.undo_stack.undo(),
        is_listed=False,
    ),
    CanvasKey(
        "redo",
        CHANGE,
        "Redo",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        lambda canvas: canvas.editor.document.undo_stack.redo(),
        is_listed=False,
    ),
)
_LOOKING = (
    CanvasKey(
        "fit",
        LOOK,
        "Show the whole network",
        ("F",),
        lambda canvas: canvas.fit(),
        any_node,
        is_listed=False,
    ),
    CanvasKey("life_size", LOOK, "Zoom to 100 %", ("1",), lambda canvas: canvas.zoom_to(1.0)),
    CanvasKey(
        "zoom_in",
        LOOK,
        "Zoom in",
        ("+", "Shift++", "Ctrl++"),
        lambda canvas: canvas.zoom_by(_ZOOM_STEP),
    ),
    CanvasKey(
        "zoom_out",
        LOOK,
        "Zoom out",
        ("-", "Ctrl+-"),
        lambda canvas: canvas.zoom_by(1 / _ZOOM_STEP),
    ),
)

# Another table of rows is added here; the names and the keys of all are held apart by a test.
TABLE: tuple[CanvasKey, ...] = (
    *_ADDING,
    *REMARKING,
    *_walking(),
    *_SELECTING,
    *_CHANGING,
    *_nudging(),
    *ARRANGING,
    *WIRING,
    *BLOCKING,
    *_LOOKING,
    *LOOKING_AT,
)
_BY_KEY: Mapping[int, CanvasKey] = {
    QKeySequence(keys)[0].toCombined(): row  # type: ignore[index]
    for row in TABLE
    for keys in row.keys
}
