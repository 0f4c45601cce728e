"""The canvas's context menu: what can be done here, with its keys."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from studio.core.words import tr

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView

Row: TypeAlias = tuple[str, str, Callable[[], object], bool]


def menu_of(canvas: "CanvasView") -> QMenu:
    """The menu for what is selected now."""
    has_nodes = bool(canvas.editor.selection.nodes)
    has_any = has_nodes or bool(canvas.picture.chosen_edges)
    is_single = canvas.editor.selection.only is not None
    menu = QMenu(canvas)
    menu.setAccessibleName(tr("Network"))
    for rows in (
        (
            ("Add a layer…", "Tab", canvas.ask_layer_by_key, True),
            ("Connect…", "C", canvas.ask_wire, is_single),
            ("Rename", "F2", canvas.rename_chosen, is_single),
        ),
        (
            ("Cut", "Ctrl+X", canvas.editor.cut, has_nodes),
            ("Copy", "Ctrl+C", canvas.editor.copy, has_nodes),
            ("Paste", "Ctrl+V", canvas.paste, True),
            ("Duplicate", "Ctrl+D", canvas.editor.duplicate, has_nodes),
        ),
        (
            ("Delete", "Del", canvas.delete, has_any),
            (
                "Delete and reconnect",
                "Ctrl+Del",
                lambda: canvas.delete(is_reconnected=True),
                has_nodes,
            ),
        ),
        (
            ("Select all", "Ctrl+A", canvas.editor.choose_all, True),
            ("Arrange", "", canvas.arrange, True),
            ("Fit", "F", canvas.fit, True),
        ),
    ):
        _add_rows(menu, rows)
        menu.addSeparator()
    return menu


def _add_rows(menu: QMenu, rows: tuple[Row, ...]) -> None:
    for words, key, act, is_possible in rows:
        action = QAction(f"{tr(words)}\t{key}", menu)
        action.setEnabled(is_possible)
        action.triggered.connect(lambda _checked=False, act=act: act())
        menu.addAction(action)
