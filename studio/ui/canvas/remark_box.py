"""The field in which a frame's title or a note's text is written, in its place on the canvas."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

from studio.core.design.block import Remark
from studio.core.words import tr
from studio.ui.theme import font

LEAST_WIDTH, TITLE_HEIGHT, LEAST_HEIGHT = 160, 36, 80


class RemarkBox(QPlainTextEdit):
    """One text. Leaving keeps it, Escape does not; Enter ends a title and begins a line of a note.

    Signals:
        written(remark_id, text): the person gave words.
        closed(): the field is gone again.
    """

    written = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._remark: Remark | None = None
        self.setObjectName("remark")
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.installEventFilter(self)
        self.hide()

    def ask(self, remark: Remark, area: QRect) -> None:
        """Opens over a remark; `area` is what it takes on the canvas."""
        is_title = remark.kind == "frame"
        self._remark = remark
        self.setFont(font("heading" if is_title else "small", is_strong=is_title))
        bar = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            bar.ScrollBarAlwaysOff if is_title else bar.ScrollBarAsNeeded
        )
        name = tr("Title of the frame") if is_title else tr("Text of the note")
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setPlainText(remark.text)
        self.selectAll()
        height = TITLE_HEIGHT if is_title else max(area.height(), LEAST_HEIGHT)
        self.setGeometry(area.x(), area.y(), max(area.width(), LEAST_WIDTH), height)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self._on_done()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._is_taken(event)
        return False

    def _is_taken(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return True
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        is_title = self._remark is not None and self._remark.kind == "frame"
        if is_enter and (is_title or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self._on_done()
            return True
        return False

    def _on_done(self) -> None:
        remark, text = self._remark, self.toPlainText()
        self._close()
        if remark is not None:
            self.written.emit(remark.id, text)

    def _close(self) -> None:
        if self._remark is not None:
            self._remark = None
            self.hide()
            self.closed.emit()
