"""MainWindow: the frame around the pages. It arranges, and decides nothing."""

import importlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from studio import jobs
from studio.core.words import tr
from studio.ui.background import FOREVER
from studio.ui.context import Context
from studio.ui.controls import set_ground
from studio.ui.dialogs.file_actions import FileActions
from studio.ui.dialogs.preferences import PreferencesDialog
from studio.ui.drop_hint import DropHint
from studio.ui.file_check import FileCheck
from studio.ui.key_overview import KeyOverview
from studio.ui.notice_bar import NoticeBar
from studio.ui.pages.start import StartPage
from studio.ui.problem_popup import ProblemPopup
from studio.ui.rail import Rail
from studio.ui.refused_keys import RefusedKeys
from studio.ui.run_actions import RunActions
from studio.ui.settings import DARK, LIGHT
from studio.ui.stage_signs import StageSigns
from studio.ui.stages import STAGES, Stage
from studio.ui.status_bar import StatusBar
from studio.ui.theme import Theme
from studio.ui.top_bar import TopBar
from studio.ui.undo_actions import UndoActions

FIRST_SIZE = (1440, 900)
LEAST_SIZE = (1000, 700)
GEOMETRY = "geometry"
START = "start"
HURRY_MS = 500  # what the system may be kept waiting for a short job when it ends the program
TITLE_BAR = 32  # px; the frame is not known before the window was shown once
PAGE_PAUSE_MS = 60  # between making two pages behind the first, for the window to breathe


class MainWindow(QMainWindow):
    """One window, one project. Pages are made when they are first shown."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._is_leaving = False
        self._patience_ms = FOREVER
        self._pages: dict[str, QWidget] = {}
        self.setObjectName("window")
        context.actions.setParent(self)  # so that each is found by its name in the window
        self.setAcceptDrops(True)
        self.setMinimumSize(*LEAST_SIZE)
        self.top_bar, self.rail = TopBar(context), Rail()
        self.notices, self.status = NoticeBar(context.navigation), StatusBar(context)
        self.stack = QStackedWidget()
        self.problems = ProblemPopup(context, self)
        self.keys = KeyOverview(context.actions, self)
        self.drop_hint = DropHint(self)
        self._preferences: PreferencesDialog | None = None
        self._page_before = START
        self._leave_opening = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._leave_opening.setEnabled(False)
        self._leave_opening.activated.connect(context.opening.cancel)
        self._arrange()
        FileActions(context, self)
        RunActions(
            context.actions, context.runs, context.document, context.files, context.navigation, self
        )
        UndoActions(context.actions, context.document.undo_stack, self)
        StageSigns(context, self.rail, self)
        FileCheck(context, self)
        self._connect()
        self._restore_geometry()
        self._show_title()
        self.show_page(START)

    def page(self, key: str) -> QWidget:
        """The page, made now where it was never shown."""
        if key not in self._pages:
            page = StartPage(self.context) if key == START else _made(_STAGES[key], self.context)
            page.setObjectName(f"page.{key}")
            self._pages[key] = page
            self.stack.addWidget(page)
        return self._pages[key]

    @Slot(str)
    def show_page(self, key: str) -> None:
        """Brings a page to the front."""
        page = self.page(key)
        self.stack.setCurrentWidget(page)
        self.rail.show_stage(key)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def shown_page(self) -> str:
        """The key of the page in front."""
        shown = self.stack.currentWidget()
        return next(key for key, page in self._pages.items() if page is shown)

    @Slot()
    def leave_unasked(self) -> None:
        """Closes without a question: unsaved work is kept for the next start."""
        self._is_leaving, self._patience_ms = True, HURRY_MS
        self.context.files.keep()
        self.close()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(PAGE_PAUSE_MS, self, self._on_idle)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_leave():
            event.ignore()
            return
        self.context.settings.set_window_text(
            GEOMETRY, bytes(self.saveGeometry().toBase64().data()).decode()
        )
        self.status.watch(False)
        self.hide()  # what has begun may take a while to end, and a window would stand still
        self.context.close(self._patience_ms)
        event.accept()

    @Slot()
    def _on_idle(self) -> None:
        """Makes one page that was never shown, so that a first click need not wait for it.

        When all are made, what reads data is loaded: the first file shows its rows sooner.
        """
        waiting = [key for key in _STAGES if key not in self._pages]
        if waiting and self.isVisible():
            self.page(waiting[0])
            QTimer.singleShot(PAGE_PAUSE_MS, self, self._on_idle)
        elif self.isVisible():
            self.context.background.run(jobs.get_ready)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _paths_of(event):
            event.acceptProposedAction()
            self.drop_hint.appear()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_hint.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_hint.hide()
        event.acceptProposedAction()
        self.context.opening.open_paths(_paths_of(event))

    def _arrange(self) -> None:
        middle, whole = QWidget(), QWidget()
        set_ground(middle, "window")
        pages = QVBoxLayout(middle)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.setSpacing(0)
        pages.addWidget(self.notices)
        pages.addWidget(self.stack, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(middle, 1)
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.top_bar)
        rows.addLayout(row, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        context, actions = self.context, self.context.actions
        context.navigation.page_wanted.connect(self.show_page)
        context.document.file_changed.connect(self._show_title)
        context.files.opened.connect(self._show_title)
        context.runs.ended.connect(self._on_run_ended)
        context.opening.began.connect(lambda: self._leave_opening.setEnabled(True))
        context.opening.ended.connect(lambda: self._leave_opening.setEnabled(False))
        context.opening.looked.connect(self._on_looked)
        context.opening.left.connect(lambda: self.show_page(self._page_before))
        context.settings.changed.connect(self._on_setting_changed)
        self.rail.chosen.connect(self.show_page)
        self.rail.preferences_wanted.connect(actions["preferences"].trigger)
        self.status.problems_wanted.connect(actions["problems"].trigger)
        for stage in STAGES:
            actions[f"page_{stage.key}"].triggered.connect(self._showing(stage.key))
        for _entry, action in actions:
            self.addAction(action)
        RefusedKeys(actions, self, self.top_bar)
        self._connect_actions()

    def _connect_actions(self) -> None:
        actions = self.context.actions
        actions["start_page"].triggered.connect(self._showing(START))
        actions["export"].triggered.connect(self._showing("export"))
        actions["preferences"].triggered.connect(self._on_preferences)
        actions["theme"].triggered.connect(self._on_theme)
        actions["problems"].triggered.connect(self._on_problems)
        actions["keys"].triggered.connect(self._on_keys)
        actions["quit"].triggered.connect(self.close)

    def _showing(self, key: str) -> Callable[[], None]:
        return lambda: self.show_page(key)

    def _may_leave(self) -> bool:
        """True where nothing is lost; else asks, or waits for the run, and closes later."""
        context = self.context
        if context.files.has_unsaved_work and not self._is_leaving:
            context.opening.when_saved(self._leave)
            return False
        if context.runs.is_running:
            self._is_leaving = True
            context.navigation.say(
                tr("Waiting for the run to stop; then the window closes."), key="leaving"
            )
            context.runs.stop()
            return False
        return True

    def _leave(self) -> None:
        self._is_leaving = True
        self.context.files.discard()
        self.close()

    @Slot(object)
    def _on_run_ended(self) -> None:
        if self._is_leaving:
            self.close()

    @Slot(object)
    def _on_looked(self) -> None:
        self._page_before = self.shown_page
        self.show_page("data")

    @Slot()
    def _show_title(self) -> None:
        files = self.context.files
        star = "" if self.context.document.is_saved else "*"
        self.setWindowTitle(f"{files.name}{star} – Studio" if files.is_open else "Studio")

    @Slot()
    def _on_preferences(self) -> None:
        if self._preferences is None:
            self._preferences = PreferencesDialog(self.context.settings, self)
        self._preferences.open()

    @Slot()
    def _on_theme(self) -> None:
        self.context.settings.set_value("theme", LIGHT if Theme.current().is_dark else DARK)

    @Slot()
    def _on_keys(self) -> None:
        for stage in STAGES:
            self.page(stage.key)  # which tells of its keys when it is made
        self.keys.open()

    @Slot()
    def _on_problems(self) -> None:
        self.problems.open_above(self.status.problems)

    @Slot(str)
    def _on_setting_changed(self, _key: str) -> None:
        obey(self.context)

    def _restore_geometry(self) -> None:
        kept = self.context.settings.window_text(GEOMETRY)
        if not (kept and self.restoreGeometry(QByteArray.fromBase64(kept.encode()))):
            room = self.screen().availableSize() - QSize(0, TITLE_BAR)
            least = QSize(*LEAST_SIZE)
            self.resize(QSize(*FIRST_SIZE).boundedTo(room).expandedTo(least))


def obey(context: Context) -> None:
    """Makes the look follow the preferences."""
    values, theme = context.settings.values(), context.theme
    theme.has_motion = bool(values["motion"])
    theme.choose(values["theme"])  # type: ignore[arg-type]


def _made(stage: Stage, context: Context) -> QWidget:
    """The page of a stage. Late, so that the first window loads no plots."""
    module, name = stage.page
    page: QWidget = getattr(importlib.import_module(module), name)(context)
    return page


def _paths_of(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


_STAGES: dict[str, Stage] = {stage.key: stage for stage in STAGES}
