"""StepsOut: an Escape in a panel that nothing inside has taken leads out of it."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class StepsOut(QObject):
    """Watches a panel: keys that its parts leave alone come up to it.

    Signals:
        stepped_out(): Escape was pressed.
    """

    stepped_out = Signal()

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        panel.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.stepped_out.emit()
            return True
        return False
