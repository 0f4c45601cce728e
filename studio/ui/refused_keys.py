"""RefusedKeys: the key of what is not possible now says why, instead of nothing at all."""

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from studio.core.words import tr
from studio.ui.actions import Actions
from studio.ui.theme import SPACE_4


class RefusedKeys(QObject):
    """Watches a window for keys that nobody in it has taken: those of actions that are forbidden.

    The sentence stands below the head of the window and goes with the next key or click.
    """

    def __init__(self, actions: Actions, window: QWidget, head: QWidget) -> None:
        super().__init__(window)
        self._actions, self._window, self._head = actions, window, head
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        reason = self._reason(QKeySequence(event.keyCombination()))
        if reason:
            below = QPoint(self._head.width() // 2, self._head.height() + SPACE_4)
            QToolTip.showText(self._head.mapToGlobal(below), reason, self._window)
        return bool(reason)

    def _reason(self, keys: QKeySequence) -> str:
        for _entry, action in self._actions:
            if not action.isEnabled() and action.statusTip() and keys in action.shortcuts():
                words = action.text().rstrip("…")
                return tr("{words}: {reason}", words=words, reason=action.statusTip())
        return ""
