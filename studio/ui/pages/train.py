"""TrainPage: settings of the next run, the run that trains, and those of the past."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.design.class_share import commonest_share
from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.problems import Fix, Place, Problem
from studio.core.run.history import History
from studio.core.run.insights import insights
from studio.core.run.remedies import remedy
from studio.core.run.results import RunRecord
from studio.core.words import tr
from studio.ui.cards import EmptyState
from studio.ui.context import Context
from studio.ui.controls import ActionButton, Button, label
from studio.ui.panels.figures import RunFigures
from studio.ui.panels.plain_words import PlainWords
from studio.ui.panels.runs import RunList
from studio.ui.panels.training import TrainingSettings
from studio.ui.sample_words import sample_noun
from studio.ui.theme import SPACE_4, SPACE_6

SIDE_SHARE, MAIN_SHARE = 1, 3
LEAST_SIDE, MOST_SIDE = 248, 336
FIGURES_MS = 250


class TrainPage(QWidget):
    """Arranges the panels of training and says what stands in the way before there is a run."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page.train")
        self.setAccessibleName(tr("Train"))
        self._context = context
        self._history = context.runs.history
        self.settings = TrainingSettings(context.document)
        self.next_run = label(
            tr(
                "The run in progress keeps the settings it began with. "
                "Changes apply to the next one."
            ),
            size="small",
            tone="soft",
        )
        self.figures = RunFigures()
        self.runs = RunList(context.past, context.runs, context.theme)
        self.words = PlainWords()
        self.empty = _Empty(context)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(FIGURES_MS)
        self._later.timeout.connect(self._on_figures_due)
        self._lay_out()
        self._listen()
        self._on_devices_found()
        self._show_stack()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._context.devices.ask()
        self._show_stack()
        self._show_newest()
        self._on_figures_due()

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        rows.setSpacing(SPACE_4)
        rows.addWidget(self.settings)
        rows.addWidget(self.next_run)
        self.next_run.hide()
        self._stack = QStackedWidget()
        self._content = QWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._content)
        rows.addWidget(self._stack, 1)
        columns = QHBoxLayout(self._content)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(SPACE_4)
        self._main = QVBoxLayout()
        self._main.setSpacing(SPACE_4)
        self._main.addWidget(self.figures)
        columns.addLayout(self._main, MAIN_SHARE)
        columns.addWidget(self._side(), SIDE_SHARE)

    def _side(self) -> QWidget:
        side = QWidget()
        side.setMinimumWidth(LEAST_SIDE)
        side.setMaximumWidth(MOST_SIDE)
        rows = QVBoxLayout(side)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_4)
        rows.addWidget(self.runs, 1)
        rows.addWidget(self.words, 1)
        return side

    def _listen(self) -> None:
        context = self._context
        context.devices.found.connect(self._on_devices_found)
        context.runs.started.connect(self._on_started)
        context.runs.updated.connect(self._on_updated)
        context.runs.state_changed.connect(self._on_state_changed)
        context.past.changed.connect(self._on_past_changed)
        context.past.loaded.connect(self._on_loaded)
        context.document.changed.connect(self._on_document_changed)
        context.files.opened.connect(self._on_opened)
        context.navigation.place_wanted.connect(self.settings.show_place)
        self.runs.chosen.connect(self._on_chosen)
        self.runs.resume_wanted.connect(self._on_resume_wanted)
        self.words.fix_wanted.connect(self._on_fix_wanted)
        self.words.place_wanted.connect(context.navigation.show_place)

    def _show_stack(self) -> None:
        """The empty state until there is a run; the curves only once they are needed."""
        has_run = bool(self._context.past.records) or self._context.runs.is_running
        has_run = has_run or self._history.state != "waiting"
        if has_run and self.isVisible():
            self._make_curves()
        self._stack.setCurrentWidget(self._content if has_run else self.empty)

    def _make_curves(self) -> None:
        if hasattr(self, "curves"):
            return
        # pyqtgraph takes its time to import: not before there is something to draw.
        from studio.ui.panels.live_curves import LiveCurves

        self.curves = LiveCurves(self._context.runs, self._context.theme)
        self._main.addWidget(self.curves, 1)
        self.curves.show_history(self._history)

    def _show_run(self, history: History) -> None:
        self._history = history
        if hasattr(self, "curves"):
            self.curves.show_history(history)
        self._on_figures_due()

    def _project_of(self, history: History) -> Project:
        record = self._context.past.record(history.run)
        live = self._context.runs.run_project
        if history is self._context.runs.history and live is not None:
            return live
        return record.project if record else self._context.document.project

    def _say(self) -> None:
        history = self._history
        said = insights(history, commonest_share(self._project_of(history).dataset))
        if history.problem is not None:
            said = (history.problem, *said)
        self.words.say(said, self._remedy, _state(history))

    def _remedy(self, problem: Problem) -> Fix | None:
        found = remedy(problem, self._project_of(self._history))
        if found is None or apply_fix(self._context.document.project, found) == (
            self._context.document.project
        ):
            return None
        return found

    @Slot()
    def _on_figures_due(self) -> None:
        if not self.isVisible():
            return
        project = self._project_of(self._history)
        sample = sample_noun(project.dataset)
        is_live = self._history is self._context.runs.history
        self.figures.show_history(
            self._history, sample, is_paused=is_live and self._context.runs.is_paused
        )
        self._say()

    @Slot()
    def _on_devices_found(self) -> None:
        devices = self._context.devices
        self.settings.show_devices(devices.titles(), devices.reasons())

    @Slot()
    def _on_started(self) -> None:
        self._history = self._context.runs.history
        self.runs.view.clearSelection()
        self._show_stack()
        self._show_run(self._history)

    @Slot(object)
    def _on_updated(self, _history: History) -> None:
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    @Slot()
    def _on_state_changed(self) -> None:
        self.next_run.setVisible(self._context.runs.is_running)
        self._on_figures_due()

    @Slot()
    def _on_past_changed(self) -> None:
        self._show_stack()
        self._show_newest()

    def _show_newest(self) -> None:
        """The newest run of the project, while no other is in view."""
        if self._history.state == "waiting" and not self._context.runs.is_running:
            self._on_chosen(self.runs.selected)

    @Slot(str)
    def _on_loaded(self, _run: str) -> None:
        self._on_chosen(self.runs.selected)

    @Slot()
    def _on_opened(self) -> None:
        self._show_run(History())
        self._show_stack()

    @Slot(object, object)
    def _on_document_changed(self, _before: Project, _after: Project) -> None:
        self.empty.refresh()
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    @Slot(object)
    def _on_chosen(self, chosen: tuple[str, ...]) -> None:
        """One chosen run while nothing trains is the run in view; others lie over it."""
        context = self._context
        main = self._main_run(chosen)
        history = (
            context.runs.history
            if main == context.runs.history.run
            else (context.past.history_of(main) if main else None)
        )
        if history is not None:
            self._show_run(history)
        self._compare(tuple(run for run in chosen if run != main))

    def _main_run(self, chosen: tuple[str, ...]) -> str:
        context = self._context
        live = context.runs.history.run
        if context.runs.is_running or (live and not chosen):
            return live
        if chosen:
            return chosen[0]
        return context.past.records[-1].run if context.past.records else ""

    def _compare(self, others: tuple[str, ...]) -> None:
        if not hasattr(self, "curves"):
            return
        from studio.ui.panels.live_curves import Overlay

        overlays = []
        for run in others:
            record, history = self._context.past.record(run), self._context.past.history_of(run)
            if record is not None and history is not None:
                title = tr("Run {number}", number=record.number)
                overlays.append(Overlay(title, self.runs.token_of(run), history))
        self.curves.compare(overlays)

    @Slot(object)
    def _on_resume_wanted(self, record: RunRecord) -> None:
        problem = self._context.runs.resume(record)
        if problem is not None:
            self._context.navigation.say_problem(problem)

    @Slot(object)
    def _on_fix_wanted(self, fix: Fix) -> None:
        self._context.document.apply(partial(_fixed, fix), fix.label)


class _Empty(QWidget):
    """Before the first run: the next step and its button, or what stands in the way."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._fix: Fix | None = None
        self._place = Place()
        self.train = ActionButton(context.actions["train"], icon_name="play")
        self.fix = Button("")
        self.show_place = Button(tr("Show where"), "link")
        self.state = EmptyState("train", tr("Ready to train"), button=self._buttons())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.state)
        self.fix.clicked.connect(self._on_fix_clicked)
        self.show_place.clicked.connect(self._on_show_clicked)
        self.refresh()

    def refresh(self) -> None:
        """Says how it stands with the project as it is now."""
        obstacle = self._context.document.report.obstacle
        self.train.setVisible(obstacle is None)
        self._fix = obstacle.fix if obstacle else None
        self.fix.setVisible(self._fix is not None)
        self.show_place.setVisible(obstacle is not None)
        if obstacle is None:
            self.state.say(
                tr("Ready to train"), tr("The curves of the run appear here while it goes on.")
            )
            return
        self._place = obstacle.place
        self.fix.setText(self._fix.label if self._fix else "")
        self.state.say(obstacle.message, obstacle.hint)

    def _buttons(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.train, self.fix, self.show_place):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return box

    @Slot()
    def _on_fix_clicked(self) -> None:
        if self._fix is not None:
            self._context.document.apply(partial(_fixed, self._fix), self._fix.label)

    @Slot()
    def _on_show_clicked(self) -> None:
        self._context.navigation.show_place(self._place)


def _fixed(fix: Fix, project: Project) -> Project:
    return apply_fix(project, fix)


def _state(history: History) -> str:
    if history.state == "waiting":
        return ""
    if not history.epochs_done:
        return (
            tr("The first figures come with the end of the first epoch.")
            if (not history.is_over)
            else ""
        )
    if history.state == "completed" and history.epochs_done < history.epochs:
        return tr(
            "Ended early, after epoch {epoch} of {epochs}: it no longer got better. "
            "The weights of epoch {best} are kept.",
            epoch=history.epochs_done,
            epochs=history.epochs,
            best=history.best_epoch,
        )
    return tr(
        "Epoch {epoch} of {epochs} · weights of epoch {best} kept as best",
        epoch=history.epochs_done,
        epochs=history.epochs,
        best=history.best_epoch,
    )
