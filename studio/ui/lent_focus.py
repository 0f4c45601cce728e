"""LentFocus: a field that is done gives the keyboard back to where it came from."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class LentFocus(QObject):
    """Knows who had the keyboard before a field got it: taken away, it would be nowhere."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._before: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def hand_back(self) -> None:
        """To who had it, where that can still be typed into; else to nobody."""
        before = self._before
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._field.clearFocus()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        # Out of another window it comes from nobody: who had it before that still counts.
        if new is self._field and old is not None:
            self._before = old
