"""StepsOut: Escape leads from a panel back to where the work is."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class StepsOut(QObject):
    """Watches a panel: an Escape that nothing inside took comes up to it."""

    def __init__(self, panel: QWidget, home: QWidget) -> None:
        super().__init__(panel)
        self._home = home
        panel.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self._home.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return False
