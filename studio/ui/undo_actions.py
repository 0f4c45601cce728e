"""UndoActions: undo and redo say what they would do, or that there is nothing."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoStack

from studio.core.words import tr
from studio.ui.actions import Actions


class UndoActions(QObject):
    """Keeps the two actions true."""

    def __init__(self, actions: Actions, stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions, self._stack = actions, stack
        actions["undo"].triggered.connect(stack.undo)
        actions["redo"].triggered.connect(stack.redo)
        stack.indexChanged.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        stack, actions = self._stack, self._actions
        actions.set_words("undo", tr("Undo {step}", step=stack.undoText()).strip())
        actions.set_words("redo", tr("Redo {step}", step=stack.redoText()).strip())
        actions.set_reason("undo", "" if stack.canUndo() else tr("Nothing to undo"))
        actions.set_reason("redo", "" if stack.canRedo() else tr("Nothing to redo"))
