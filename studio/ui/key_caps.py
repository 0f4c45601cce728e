"""KeyCap: keys as they are written on a keyboard, small and framed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio.ui.theme import font

CAP_HEIGHT, CAP_LEAST = 20, 22


class KeyCap(QLabel):
    """One key or several held together. It is read as text and never has the focus."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(keys, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font("smallest"))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedHeight(CAP_HEIGHT)
        self.setMinimumWidth(CAP_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setProperty("key_cap", "true")
