"""The preferences, drawn from the settings table. A change holds at once."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from studio.core.words import tr
from studio.ui.controls import Button, label
from studio.ui.fields import form
from studio.ui.settings import PREFERENCES, Settings
from studio.ui.theme import SPACE_4, SPACE_6

WIDTH = 400


class PreferencesDialog(QDialog):
    """One field for each preference; nothing to confirm."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setObjectName("dialog.preferences")
        self.setWindowTitle(tr("Preferences"))
        self.setFixedWidth(WIDTH)
        self.fields = form(PREFERENCES)
        self.fields.show_values(settings.values())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        rows.setSpacing(SPACE_4)
        rows.addWidget(label(tr("Preferences"), size="heading", is_strong=True))
        rows.addWidget(self.fields)
        close = Button(tr("Close"))
        close.clicked.connect(self.accept)
        rows.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.fields.edited.connect(self._on_edited)
        settings.changed.connect(self._on_changed)

    def _on_edited(self, key: str, value: object) -> None:
        self._settings.set_value(key, value)

    def _on_changed(self, _key: str) -> None:
        self.fields.show_values(self._settings.values())
