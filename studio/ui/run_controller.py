"""RunController: starts, pauses and stops a run; gathers its news and hands it on in batches."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal, Slot

from studio import jobs
from studio.core.design.project import Project
from studio.core.problems import Place, Problem
from studio.core.run.control import RunControl
from studio.core.run.events import RunEnded, RunEvent
from studio.core.run.history import History
from studio.core.run.results import RunRecord
from studio.core.words import tr
from studio.ui.document import Document
from studio.ui.run_thread import RunThread

BATCH_MS = 50  # twenty batches a second, whatever the run sends


class StartJob(Protocol):
    """What a run is: `jobs.train`, or another in its place."""

    def __call__(
        self, project: Project, folder: Path, control: RunControl, resume: str | None, /
    ) -> Iterator[RunEvent]:
        """The events of one run, from its start to its end."""
        ...


class RunController(QObject):
    """One run at a time. It trains the project as it was when the run began.

    `folder_of` is asked once for each run, as it begins, where the run is to go.

    Signals:
        started(): a run begins; `run_project` is what it trains.
        updated(history): news has come; the History holds it all.
        ended(event): the run is over and its thread is gone; a RunEnded.
        state_changed(): running, paused or stopping is not what it was.
    """

    started = Signal()
    updated = Signal(object)
    ended = Signal(object)
    state_changed = Signal()

    def __init__(
        self,
        document: Document,
        folder_of: Callable[[], Path],
        start_job: StartJob = jobs.train,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._folder_of = folder_of
        self.start_job = start_job
        self._thread: RunThread | None = None
        self._control = RunControl()
        self._gathered: list[RunEvent] = []
        self._history = History()
        self._end: RunEnded | None = None
        self._run_project: Project | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(BATCH_MS)
        self._timer.timeout.connect(self._on_batch_due)
        document.replaced.connect(self._on_document_replaced)

    @property
    def is_running(self) -> bool:
        """True from start to the end of the thread, paused and stopping too."""
        return self._thread is not None

    @property
    def is_paused(self) -> bool:
        """True while a run waits to go on."""
        return self.is_running and self._control.is_paused and not self._control.is_stopped

    @property
    def is_stopping(self) -> bool:
        """True from the wish to stop until the run has ended."""
        return self.is_running and self._control.is_stopped

    @property
    def history(self) -> History:
        """What is known of the run, or of the last one."""
        return self._history

    @property
    def run_project(self) -> Project | None:
        """The project that is training, or was last."""
        return self._run_project

    def start(self) -> Problem | None:
        """Trains the document's project; else nothing begins, and the Problem says why."""
        obstacle = _busy() if self.is_running else self._document.report.obstacle
        if obstacle is None:
            self._begin(self._document.project, None)
        return obstacle

    def resume(self, record: RunRecord) -> Problem | None:
        """Goes on with a run that was stopped or interrupted, with the project it had."""
        if self.is_running:
            return _busy()
        self._begin(record.project, record.run)
        return None

    @Slot()
    def pause(self) -> None:
        """The run waits after the step it is in."""
        if self.is_running:
            self._control.pause()
            self.state_changed.emit()

    @Slot()
    def go_on(self) -> None:
        """A paused run continues."""
        if self.is_running:
            self._control.go_on()
            self.state_changed.emit()

    @Slot()
    def stop(self) -> None:
        """The run ends after the step it is in; `ended` says when."""
        if self.is_running:
            self._control.stop()
            self.state_changed.emit()

    def wait(self) -> None:
        """Returns when the run is over and all its news was handed on."""
        if self._thread is not None:
            self._thread.wait()
            # What the thread sent waits in the queue of this object and of no other.
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
            self._finish()

    def close(self) -> None:
        """Stops and waits: afterwards no thread is left."""
        self.stop()
        self.wait()

    @Slot()
    def _on_document_replaced(self) -> None:
        """The last run was another project's: runs of two projects bear the same names."""
        if not self.is_running:
            self._history, self._end, self._run_project = History(), None, None

    def _begin(self, project: Project, resume: str | None) -> None:
        self._control = RunControl()
        self._gathered.clear()
        self._history, self._end, self._run_project = History(), None, project
        folder = self._folder_of()
        job = partial(self.start_job, project, folder, self._control, resume)
        self._thread = RunThread(partial(_replayed, job, folder, resume), self)
        self._thread.event_ready.connect(self._on_event_ready)
        self._thread.finished.connect(self._on_thread_finished)
        self._thread.start()
        self._timer.start()
        self.started.emit()
        self.state_changed.emit()

    def _finish(self) -> None:
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._timer.stop()
        thread.wait()
        thread.deleteLater()
        if self._end is None:
            self._on_event_ready(RunEnded("failed", problem=_silent()))
        self._on_batch_due()
        self.state_changed.emit()
        self.ended.emit(self._end)

    @Slot(object)
    def _on_event_ready(self, event: RunEvent) -> None:
        self._gathered.append(event)
        if isinstance(event, RunEnded):
            self._end = event

    @Slot()
    def _on_batch_due(self) -> None:
        if self._gathered:
            batch, self._gathered = self._gathered, []
            self._history.add_all(batch)
            self.updated.emit(self._history)

    @Slot()
    def _on_thread_finished(self) -> None:
        self._finish()


def _replayed(
    job: Callable[[], Iterator[RunEvent]], folder: Path, resume: str | None
) -> Iterator[RunEvent]:
    """What a resumed run had before, so that its curves are whole; then the run itself."""
    if resume is not None:
        for event in jobs.run_events(folder, resume):
            if not isinstance(event, RunEnded):
                yield event
    yield from job()


def _busy() -> Problem:
    return Problem(
        tr("A run is going on, and there is one at a time."),
        tr("Wait for it to end, or stop it."),
        place=Place("run"),
        code="busy",
    )


def _silent() -> Problem:
    return Problem(
        tr("The run ended without saying how."),
        tr("Start it again."),
        place=Place("run"),
        code="run-silent",
    )
