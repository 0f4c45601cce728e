"""What a person sees when something raises that nobody expected; the document stays open."""

import platform
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studio import __version__
from studio.core.problems import StudioError
from studio.core.words import tr
from studio.ui.controls import Button, label
from studio.ui.navigation import Navigation
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_6

SIZE = (640, 420)


class CrashHandler(QObject):
    """Catches what reaches the top of any thread, and says it once.

    Signals:
        caught(error): sent from any thread; shown in the window's.
    """

    caught = Signal(object)

    def __init__(self, window: QWidget, navigation: Navigation) -> None:
        super().__init__(window)
        self._window, self._navigation = window, navigation
        self._dialog: CrashDialog | None = None
        self._put_back: Callable[[], None] = _nothing
        self.caught.connect(self._on_caught)

    def install(self) -> None:
        """From now on everything uncaught comes here."""
        before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._tell(args.exc_value)
        sys.unraisablehook = lambda args: self._tell(args.exc_value)

        def put_back() -> None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = before

        self._put_back = put_back

    def uninstall(self) -> None:
        """As it was before."""
        self._put_back()

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            QGuiApplication.quit()
            return
        self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        if error is not None:
            self.caught.emit(error)

    @Slot(object)
    def _on_caught(self, error: BaseException) -> None:
        if isinstance(error, StudioError):
            self._navigation.say_problem(error.problem)
        elif self._dialog is None or not self._dialog.isVisible():
            self._dialog = CrashDialog(report_of(error), self._window)
            self._dialog.open()


class CrashDialog(QDialog):
    """The fault in words, the report to copy, and the way back to work."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self.setObjectName("dialog.crash")
        self.setWindowTitle(tr("Something broke"))
        self.resize(*SIZE)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        rows.setSpacing(SPACE_3)
        rows.addWidget(label(tr("Something in Studio broke"), size="heading", is_strong=True))
        rows.addWidget(
            label(
                tr(
                    "The project is still open and nothing of it is lost. Save it, "
                    "and send the report to those who make Studio."
                ),
                wraps=True,
            )
        )
        self.details = QPlainTextEdit(report)
        self.details.setReadOnly(True)
        self.details.setAccessibleName(tr("Report"))
        rows.addWidget(self.details, 1)
        rows.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.copy = Button(tr("Copy the report"), icon_name="copy")
        self.copy.clicked.connect(self._on_copy)
        back = Button(tr("Back to work"), "filled")
        back.clicked.connect(self.accept)
        row.addWidget(self.copy)
        row.addStretch(1)
        row.addWidget(back)
        return row

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self.copy.setText(tr("Copied"))


def report_of(error: BaseException) -> str:
    """What those who make the program need to know."""
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    head = f"Studio {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n"
    return head + "".join(lines)


def _nothing() -> None:
    """Nothing was installed, nothing is put back."""
