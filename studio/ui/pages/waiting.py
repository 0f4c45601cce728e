"""Waiting: a strip that says what is being read and can be cancelled, or what went wrong."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.controls import Button, label, set_property
from studio.ui.theme import SPACE_3, SPACE_4

BAR_WIDTH = 96
FULL = 100


class Waiting(QWidget):
    """Hidden while nothing is waited for.

    Signals:
        cancelled(): the person does not want to wait any longer.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("waiting")
        self._is_waiting = False
        self._frame = QFrame()
        self._words = label("", wraps=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(BAR_WIDTH)
        self._bar.setAccessibleName(tr("Reading"))
        self._button = Button(tr("Cancel"), "link")
        self._button.setObjectName("waiting.button")
        self._button.clicked.connect(self._on_clicked)
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        row.setSpacing(SPACE_4)
        for part in (self._words, self._bar, self._button):
            row.addWidget(part)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, 0)
        outer.addWidget(self._frame)
        self.hide()

    @property
    def text(self) -> str:
        """What the strip says."""
        return self._words.text()

    def show_waiting(self, text: str) -> None:
        """Says what is being read."""
        self._show(text, "accent", tr("Cancel"), is_waiting=True)

    def show_progress(self, text: str, share: float) -> None:
        """Says how far it is: `share` from 0 to 1."""
        self._bar.setRange(0, FULL)
        self._bar.setValue(round(share * FULL))
        self._words.setText(text)

    def show_problem(self, problem: Problem) -> None:
        """Says what went wrong and how to put it right."""
        self._show(str(problem), "problem", tr("Close"), is_waiting=False)

    def show_nothing(self) -> None:
        """Nothing is waited for any more."""
        self._is_waiting = False
        self.hide()

    def _show(self, text: str, tone: str, button: str, *, is_waiting: bool) -> None:
        self._is_waiting = is_waiting
        self._words.setText(text)
        self._bar.setRange(0, 0)
        self._bar.setVisible(is_waiting)
        self._button.setText(button)
        set_property(self._frame, "card", tone)
        self.setAccessibleName(text)
        self.show()

    def _on_clicked(self) -> None:
        if self._is_waiting:
            self.cancelled.emit()
        else:
            self.show_nothing()
