"""The Model page by keyboard: finding nodes, from canvas and outline to the settings and back."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.core.words import tr
from studio.ui.canvas import keys as canvas_keys
from studio.ui.canvas.find_bar import FindBar
from studio.ui.canvas.geometry import GRID
from studio.ui.canvas.key_rows import BLOCKS
from studio.ui.canvas.list_editor import ListEditor
from studio.ui.canvas.mouse_rows import mouse_deeds
from studio.ui.canvas.view import CanvasView
from studio.ui.context import Context
from studio.ui.deeds import Deed
from studio.ui.focus_edge import FocusEdge
from studio.ui.panels import outline_keys
from studio.ui.panels.inspector import Inspector
from studio.ui.panels.outline import Outline
from studio.ui.recent_layers import RecentLayers
from studio.ui.stepping_out import StepsOut
from studio.ui.theme import SPACE_3

FOLD_ROOM = 32  # the button that folds the inspector stands in the corner


class ModelKeyboard(QObject):
    """Joins canvas, outline, find bar and inspector for someone who uses no mouse.

    Signals:
        inspector_wanted(): the inspector is to be in sight.
        outline_wanted(): the outline is to be in sight and to have the keyboard.
        canvas_wanted(): something is about to be done on the canvas, which is to be in sight.
    """

    inspector_wanted = Signal()
    outline_wanted = Signal()
    canvas_wanted = Signal()

    def __init__(self, context: Context, canvas: CanvasView, inspector: Inspector) -> None:
        super().__init__(canvas)
        self._context, self._canvas, self._inspector = context, canvas, inspector
        recent = RecentLayers(context.settings)
        editor = ListEditor(canvas.editor, canvas.block_editor)
        self.find_bar = FindBar(canvas)
        self.outline = Outline(context.document, context.selection, editor, recent)
        self.outline.others = self._take_for_outline
        self.outline.shelf = canvas.block_editor.shelf
        self._is_from_outline = False
        canvas.boxes.remember_in(recent)
        canvas.boxes.offer_blocks(canvas.block_editor)
        canvas.installEventFilter(self)
        FocusEdge(canvas)
        self._out_of_inspector = StepsOut(inspector)
        self._connect()
        context.actions.tell_of(self._deeds())
        self._on_changed()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            left = self._canvas.width() - self.find_bar.width() - FOLD_ROOM
            self.find_bar.move(max(FOLD_ROOM, left), SPACE_3)
        return False

    def _connect(self) -> None:
        context = self._context
        self._canvas.boxes.parameters_wanted.connect(self._on_wanted_by_canvas)
        self.outline.parameters_wanted.connect(self._on_wanted_by_outline)
        self.outline.node_shown.connect(self._on_node_shown)
        self.outline.left.connect(self._canvas.setFocus)
        self.outline.refused.connect(context.navigation.say_problem)
        for out in (
            self._out_of_inspector.stepped_out,
            self._inspector.node.name.left,
            self._inspector.block.name.left,
        ):
            out.connect(self._on_stepped_out)
        context.actions["find_node"].triggered.connect(self._on_find)
        context.actions["outline"].triggered.connect(self._on_outline)
        context.document.changed.connect(self._on_changed)

    @Slot()
    def _on_find(self) -> None:
        self._context.navigation.go_to("model")
        self.canvas_wanted.emit()
        self.find_bar.open()

    @Slot()
    def _on_outline(self) -> None:
        """To the outline; from there, back to the canvas."""
        is_there = self.outline.tree.hasFocus()  # before the page is shown, which takes it
        self._context.navigation.go_to("model")
        if is_there:
            self._canvas.setFocus()
        else:
            self.outline_wanted.emit()

    @Slot(str)
    def _on_wanted_by_canvas(self, _node_id: str) -> None:
        self._is_from_outline = False
        self._go_to_settings()

    @Slot(str)
    def _on_wanted_by_outline(self, _node_id: str) -> None:
        self._is_from_outline = True
        self._go_to_settings()

    @Slot()
    def _on_stepped_out(self) -> None:
        """Back to where the settings were asked for."""
        if self._is_from_outline:
            self._is_from_outline = False  # the next time it may be the mouse that leads there
            self.outline_wanted.emit()
        else:
            self.canvas_wanted.emit()
            self._canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(str)
    def _on_node_shown(self, node_id: str) -> None:
        if node_id in self._canvas.picture.node_items:
            self._canvas.ensureVisible(self._canvas.picture.content((node_id,)), GRID, GRID)

    @Slot()
    def _on_changed(self) -> None:
        is_empty = len(self._context.document.project.graph) == 0
        reason = tr("The network has no layers yet.") if is_empty else ""
        self._context.actions.set_reason("find_node", reason)

    def _take_for_outline(self, event: QKeyEvent) -> bool:
        """Grouping, bypassing and the like work on the selection, wherever it was made."""
        row = canvas_keys.row_for(event)
        if row is None or row.group != BLOCKS:
            return False
        row.act(self._canvas)
        return True

    def _go_to_settings(self) -> None:
        """The first setting of the node gets the keyboard; its name where it has none."""
        self.inspector_wanted.emit()
        first = next(_fields(self._inspector.node), self._inspector.node.name)
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _deeds(self) -> Iterator[Deed]:
        """As the canvas does each, from wherever it is asked: the canvas is shown first."""
        for deed in canvas_keys.deeds_of(self._canvas):
            yield replace(deed, act=partial(self._do_on_canvas, deed))
        yield from mouse_deeds()
        yield from outline_keys.deeds_of(self.outline)

    def _do_on_canvas(self, deed: Deed) -> None:
        self._context.navigation.go_to("model")
        self.canvas_wanted.emit()
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        deed.act()


def _fields(form: QWidget) -> Iterator[QWidget]:
    """What can be typed or chosen in the settings, in the order in which Tab goes there."""
    part = form.nextInFocusChain()
    while part is not form and part is not None:
        takes = bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) and part.isEnabled()
        if takes and part.isVisibleTo(form) and _stands_in_field(part, form):
            yield part
        part = part.nextInFocusChain()


def _stands_in_field(part: QWidget, form: QWidget) -> bool:
    """True for an editor of a setting of the form: fields have stable names."""
    above: QWidget | None = part
    is_field = False
    while above is not None and above is not form:
        is_field = is_field or above.objectName().startswith("field.")
        above = above.parentWidget()
    return is_field and above is form
