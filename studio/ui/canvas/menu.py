"""The canvas's context menu: rows of the table of keys, with the reason beside what cannot be."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from studio.core.words import tr
from studio.ui.canvas.key_rows import CanvasKey, always
from studio.ui.canvas.keys import row_of

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView

# Names of rows, in groups with a line between.
GROUPS: tuple[tuple[str, ...], ...] = (
    ("add", "insert", "connect", "frame", "note"),
    ("parameters", "rename", "replace"),
    ("cut", "copy", "paste", "duplicate"),
    ("delete", "delete_and_reconnect", "detach"),
    ("group", "ungroup", "fold", "take_out", "save_block", "save_block_file"),
    ("bypass", "mute"),
    ("select_all", "show_chosen", "arrange", "lines", "fit"),
)
# Menus in the menu: their words, and the names of their rows in groups.
SUBMENUS: Mapping[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "lines": (
        "Align and distribute",
        (
            ("align_left", "align_centre", "align_right"),
            ("align_top", "align_middle", "align_bottom"),
            ("distribute_across", "distribute_down"),
            ("arrange_right", "arrange_down"),
        ),
    ),
}
_ARRANGE = CanvasKey(
    "arrange", "Canvas: change", "Arrange", (), lambda canvas: canvas.arrange(), always
)


def menu_of(canvas: "CanvasView") -> QMenu:
    """The menu for what is selected now."""
    menu = QMenu(canvas)
    menu.setObjectName("canvas.menu")
    menu.setAccessibleName(tr("Network"))
    menu.setToolTipsVisible(True)
    _fill(menu, canvas, GROUPS)
    return menu


def _fill(menu: QMenu, canvas: "CanvasView", groups: tuple[tuple[str, ...], ...]) -> None:
    for group in groups:
        for key in group:
            if key in SUBMENUS:
                _add_submenu(menu, canvas, key)
                continue
            row = _ARRANGE if key == _ARRANGE.key else row_of(key)
            menu.addAction(_action(menu, canvas, row))
        menu.addSeparator()


def _add_submenu(menu: QMenu, canvas: "CanvasView", key: str) -> None:
    words, groups = SUBMENUS[key]
    inner = menu.addMenu(tr(words))
    inner.setObjectName(f"canvas.menu.{key}")
    inner.setToolTipsVisible(True)
    _fill(inner, canvas, groups)


def _action(menu: QMenu, canvas: "CanvasView", row: CanvasKey) -> QAction:
    keys = QKeySequence(row.keys[0]) if row.keys else QKeySequence()
    shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
    action = QAction(f"{tr(row.words)}\t{shown}", menu)
    action.setObjectName(f"menu.{row.key}")
    reason = row.why_not(canvas)
    action.setEnabled(not reason)
    action.setToolTip(reason)
    action.triggered.connect(partial(_do, row, canvas))
    return action


def _do(row: CanvasKey, canvas: "CanvasView", _is_checked: bool = False) -> None:
    row.act(canvas)
