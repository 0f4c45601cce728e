"""The Model page by keyboard: finding nodes, from the canvas to the settings and back."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.core.words import tr
from studio.ui.canvas.find_bar import FindBar
from studio.ui.canvas.keys import deeds_of
from studio.ui.canvas.view import CanvasView
from studio.ui.context import Context
from studio.ui.deeds import Deed
from studio.ui.panels.inspector import Inspector
from studio.ui.recent_layers import RecentLayers
from studio.ui.stepping_out import StepsOut
from studio.ui.theme import SPACE_3

FOLD_ROOM = 32  # the button that folds the inspector stands in the corner


class ModelKeyboard(QObject):
    """Joins canvas, find bar and inspector for someone who uses no mouse."""

    def __init__(self, context: Context, canvas: CanvasView, inspector: Inspector) -> None:
        super().__init__(canvas)
        self._context, self._canvas, self._inspector = context, canvas, inspector
        self.recent = RecentLayers(context.settings)
        self.find_bar = FindBar(canvas)
        canvas.boxes.remember_in(self.recent)
        canvas.boxes.parameters_wanted.connect(self._on_parameters_wanted)
        canvas.installEventFilter(self)
        self._out = StepsOut(inspector, canvas)
        context.actions["find_node"].triggered.connect(self._on_find)
        context.actions.tell_of(self._deed(deed) for deed in deeds_of(canvas))
        context.document.changed.connect(self._on_changed)
        self._on_changed()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            left = self._canvas.width() - self.find_bar.width() - FOLD_ROOM
            self.find_bar.move(max(FOLD_ROOM, left), SPACE_3)
        return False

    @Slot()
    def _on_find(self) -> None:
        self._context.navigation.go_to("model")
        self.find_bar.open()

    @Slot(str)
    def _on_parameters_wanted(self, _node_id: str) -> None:
        """The first setting of the node gets the keyboard; its name where it has none."""
        first = next(iter(_fields(self._inspector.node)), None)
        self._inspector.setVisible(True)
        (first or self._inspector.node.name).setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_changed(self) -> None:
        is_empty = len(self._context.document.project.graph) == 0
        reason = tr("The network has no layers yet.") if is_empty else ""
        self._context.actions.set_reason("find_node", reason)

    def _deed(self, deed: Deed) -> Deed:
        """As the canvas does it, from wherever it is asked: the canvas is shown first."""

        def act() -> None:
            self._context.navigation.go_to("model")
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            deed.act()

        return Deed(deed.key, deed.group, deed.words, deed.keys, act, deed.why_not, deed.is_listed)


def _fields(form: QWidget) -> list[QWidget]:
    """What can be typed or chosen in the settings, in the order in which Tab goes there."""
    found = []
    part = form.nextInFocusChain()
    while part is not form and part is not None:
        is_mine = form.isAncestorOf(part)
        takes = bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if is_mine and takes and part.isEnabled() and part.isVisibleTo(form) and _in_field(part):
            found.append(part)
        part = part.nextInFocusChain()
    return found


def _in_field(part: QWidget | None) -> bool:
    """True for an editor of a setting: it stands in a field, and fields have stable names."""
    while part is not None:
        if part.objectName().startswith("field."):
            return True
        part = part.parentWidget()
    return False
