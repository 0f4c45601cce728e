"""The canvas's context menus: of cards, of wires, of the ground; rows of the table of keys.

What cannot be done now says why; what is of blocks stands there only where there is one.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QMenu

from studio.core.words import tr
from studio.ui.canvas.block_keys import BLOCKING
from studio.ui.canvas.key_rows import CanvasKey, always
from studio.ui.canvas.keys import row_of
from studio.ui.canvas.remark_menu import remark_menu_of
from studio.ui.finds import shown_keys

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView

Groups: TypeAlias = tuple[tuple[str, ...], ...]

# Names of rows, in groups with a line between.
OF_CARDS: Groups = (
    ("add", "insert", "connect"),
    ("parameters", "rename", "replace"),
    ("cut", "copy", "paste", "duplicate"),
    ("delete", "delete_and_reconnect", "detach"),
    ("bypass", "mute"),
    ("group", "ungroup", "fold", "take_out", "save_block", "save_block_file"),
    ("frame", "show_chosen", "lines"),
)
OF_EDGES: Groups = (("add",), ("delete",))
OF_GROUND: Groups = (
    ("add", "frame", "note"),
    ("paste", "select_all"),
    ("open_all", "close_all"),
    ("arrange_right", "arrange_down", "fit"),
)
# Menus in the menu: their words, and the names of their rows in groups.
SUBMENUS: Mapping[str, tuple[str, Groups]] = {
    "lines": (
        "Align and distribute",
        (
            ("align_left", "align_centre", "align_right"),
            ("align_top", "align_middle", "align_bottom"),
            ("distribute_across", "distribute_down"),
            ("arrange", "arrange_right", "arrange_down"),
        ),
    ),
}
_ARRANGE = CanvasKey(
    "arrange", "Canvas: change", "Arrange", ("Ctrl+L",), lambda canvas: canvas.arrange(), always
)
_WORDS_OF_EDGES = {"add": "Put a layer into the wire…", "delete": "Disconnect"}
_ONLY_WHERE_POSSIBLE = frozenset(row.key for row in BLOCKING) - {"group", "bypass", "mute"}
# What is done where the menu was opened, and not where the pointer is by then.
_AT: Mapping[str, "Callable[[CanvasView, QPointF], object]"] = {
    "add": lambda canvas, at: canvas.ask_layer(canvas.wanted_at(at)),
    "frame": lambda canvas, at: canvas.add_frame(at),
    "note": lambda canvas, at: canvas.add_note(at),
    "paste": lambda canvas, at: canvas.paste(at),
}


def open_menu(canvas: "CanvasView", event: QContextMenuEvent) -> None:
    """Opens the menu of what is under the pointer, which is selected; by key of the selection."""
    picture, remarks = canvas.picture, canvas.picture.remarks
    if event.reason() == QContextMenuEvent.Reason.Keyboard:
        _open_by_key(canvas)
        return
    point = canvas.mapToScene(event.pos())
    card = picture.node_at(point) or picture.frames.at(point)
    remark_id = remarks.at(point)
    if remark_id is not None and card is None:
        if remark_id not in remarks.chosen:
            canvas.selection.choose(())
            remarks.choose((remark_id,))
        _pop_up(remark_menu_of(canvas, remark_id), canvas, point)
        return
    _choose(canvas, card, point)
    _pop_up(menu_of(canvas, None if card is not None else point), canvas, point)


def _open_by_key(canvas: "CanvasView") -> None:
    remarks, nodes = canvas.picture.remarks, canvas.selection.nodes
    middle = canvas.in_scene(QPointF(canvas.viewport().rect().center()))
    if not nodes and remarks.chosen:
        remark_id = min(remarks.chosen)
        _pop_up(remark_menu_of(canvas, remark_id), canvas, remarks[remark_id].area.center())
        return
    _pop_up(menu_of(canvas), canvas, canvas.picture.content(nodes).center() if nodes else middle)


def menu_of(canvas: "CanvasView", at: QPointF | None = None) -> QMenu:
    """The menu for what is selected now; `at` is the place that a click on no card meant."""
    menu = QMenu(canvas)
    menu.setObjectName("canvas.menu")
    menu.setAccessibleName(tr("Network"))
    menu.setToolTipsVisible(True)
    groups = OF_GROUND
    if canvas.selection.nodes:
        groups = OF_CARDS
    elif canvas.picture.chosen_edges:
        groups = OF_EDGES
    _fill(menu, canvas, groups, at)
    return menu


def _choose(canvas: "CanvasView", card: str | None, point: QPointF) -> None:
    """Selects what was clicked, where it is not among what is selected; the ground is nothing."""
    if card is not None:
        if not canvas.picture.is_chosen(card):
            canvas.selection.choose({card})
        return
    edge = canvas.picture.edge_at(point)
    canvas.selection.choose(())
    canvas.picture.remarks.choose(())
    if edge is None or edge not in canvas.picture.chosen_edges:
        canvas.picture.choose_edges(() if edge is None else (edge,))


def _pop_up(menu: QMenu, canvas: "CanvasView", point: QPointF) -> None:
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(canvas.viewport().mapToGlobal(canvas.mapFromScene(point)))


def _fill(menu: QMenu, canvas: "CanvasView", groups: Groups, at: QPointF | None) -> None:
    for group in groups:
        for key in group:
            if key in SUBMENUS:
                _add_submenu(menu, canvas, key)
                continue
            row = _row(key, is_of_edges=groups is OF_EDGES)
            if key not in _ONLY_WHERE_POSSIBLE or not row.why_not(canvas):
                menu.addAction(_action(menu, canvas, row, at))
        menu.addSeparator()


def _row(key: str, *, is_of_edges: bool) -> CanvasKey:
    row = _ARRANGE if key == _ARRANGE.key else row_of(key)
    return replace(row, words=_WORDS_OF_EDGES[key]) if is_of_edges else row


def _add_submenu(menu: QMenu, canvas: "CanvasView", key: str) -> None:
    words, groups = SUBMENUS[key]
    inner = menu.addMenu(tr(words))
    inner.setObjectName(f"canvas.menu.{key}")
    inner.setToolTipsVisible(True)
    _fill(inner, canvas, groups, None)


def _action(menu: QMenu, canvas: "CanvasView", row: CanvasKey, at: QPointF | None) -> QAction:
    shown = shown_keys(row.keys[0]).replace("Return", "Enter") if row.keys else ""
    action = QAction(f"{tr(row.words)}\t{shown}", menu)
    action.setObjectName(f"menu.{row.key}")
    reason = row.why_not(canvas)
    action.setEnabled(not reason)
    action.setToolTip(reason)
    action.triggered.connect(partial(_do, row, canvas, at))
    return action


def _do(
    row: CanvasKey, canvas: "CanvasView", at: QPointF | None, _is_checked: bool = False
) -> None:
    if at is not None and row.key in _AT:
        _AT[row.key](canvas, at)
    else:
        row.act(canvas)
