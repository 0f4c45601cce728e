"""The menu of a frame or note: its words, its colour, and away with it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu

from studio.core.design.block import Tint
from studio.core.words import tr
from studio.ui.theme import SMALL_ICON_SIZE, Theme
from studio.ui.tints import TINT_NAMES

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView

_INSET, _ROUND = 2, 3


def remark_menu_of(canvas: "CanvasView", remark_id: str) -> QMenu:
    """The menu for the remark, and for what else of its kind is selected."""
    menu = QMenu(canvas)
    menu.setObjectName("canvas.remark_menu")
    is_frame = canvas.remark_editor.remarks[remark_id].kind == "frame"
    menu.setAccessibleName(tr("Frame") if is_frame else tr("Note"))
    write = _action(menu, "write", tr("Change the title") if is_frame else tr("Change the text"))
    write.triggered.connect(partial(_write, canvas, remark_id))
    if is_frame:
        choose = _action(menu, "choose", tr("Select what is inside"))
        choose.triggered.connect(partial(_choose, canvas, remark_id))
    menu.addSeparator()
    _add_colours(menu, canvas, remark_id)
    menu.addSeparator()
    delete = _action(menu, "delete", tr("Delete"))
    delete.triggered.connect(partial(_delete, canvas))
    return menu


def _action(menu: QMenu, key: str, words: str) -> QAction:
    action = menu.addAction(words)
    action.setObjectName(f"remark.{key}")
    return action


def _add_colours(menu: QMenu, canvas: "CanvasView", remark_id: str) -> None:
    group, used = QActionGroup(menu), canvas.remark_editor.remarks[remark_id].color
    for token, name in TINT_NAMES:
        action = _action(menu, token, tr(name))
        action.setIcon(_swatch(Theme.current().color(token)))
        action.setCheckable(True)
        action.setChecked(token == used)
        group.addAction(action)
        action.triggered.connect(partial(_tint, canvas, token))


def _swatch(color: QColor) -> QIcon:
    picture = QPixmap(QSize(SMALL_ICON_SIZE, SMALL_ICON_SIZE))
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(color)
    painter.setPen(color)
    inner = picture.rect().adjusted(_INSET, _INSET, -_INSET, -_INSET)
    painter.drawRoundedRect(inner, _ROUND, _ROUND)
    painter.end()
    return QIcon(picture)


def _write(canvas: "CanvasView", remark_id: str, _is_checked: bool = False) -> None:
    canvas.write_remark(remark_id)


def _choose(canvas: "CanvasView", remark_id: str, _is_checked: bool = False) -> None:
    remarks = canvas.picture.remarks
    held = canvas.picture.cards_within(remarks[remark_id].area)
    canvas.selection.choose(held)
    remarks.choose(remarks.with_held((remark_id,)) - {remark_id})


def _tint(canvas: "CanvasView", token: Tint, _is_checked: bool = False) -> None:
    canvas.remark_editor.tint(canvas.picture.remarks.chosen, token)


def _delete(canvas: "CanvasView", _is_checked: bool = False) -> None:
    canvas.remark_editor.delete(canvas.picture.remarks.chosen)
