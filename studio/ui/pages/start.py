"""The start page: what the program does, what a person may want to do, and what was done last."""

from PySide6.QtWidgets import QWidget

from studio.ui.context import Context


class StartPage(QWidget):
    """Shown while nothing is open."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
