"""The field over a card's title in which a node is renamed in place."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from studio.core.words import tr
from studio.ui.theme import font


class RenameBox(QLineEdit):
    """One name. Enter or leaving keeps it, Escape does not.

    Signals:
        renamed(node_id, name): the person gave a name.
        closed(): the field is gone again.
    """

    renamed = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._node = ""
        self.setFont(font(is_strong=True))
        self.setAccessibleName(tr("Name of the node"))
        self.setObjectName("rename")
        self.installEventFilter(self)
        self.hide()

    def ask(self, node_id: str, name: str, area: QRect) -> None:
        """Opens over the title of a card."""
        self._node = node_id
        self.setText(name)
        self.selectAll()
        self.setGeometry(area)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self._on_done()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._close()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_done()  # here, or the canvas would hear of the key as well
                return True
        return False

    def _on_done(self) -> None:
        if not self.isVisible():
            return
        node, name = self._node, self.text()
        self._close()
        self.renamed.emit(node, name)

    def _close(self) -> None:
        self._node = ""
        self.hide()
        self.closed.emit()
