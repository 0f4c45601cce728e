"""PastRuns: the runs of the open project, which of them is in use, and their curves when asked."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from studio import jobs
from studio.core.run.history import History
from studio.core.run.results import RunRecord
from studio.ui.background import Background
from studio.ui.files import Files
from studio.ui.run_controller import RunController

LISTING = "past runs"


class PastRuns(QObject):
    """Read anew when a run begins or ends and when another project is opened.

    Signals:
        changed(): the records, or the run in use, are others.
        loaded(run): the curves of that run can now be had from `history_of`.
    """

    changed = Signal()
    loaded = Signal(str)

    def __init__(
        self,
        files: Files,
        runs: RunController,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._files, self._runs, self._background = files, runs, background
        self._records: tuple[RunRecord, ...] = ()
        self._best: str | None = None
        self._chosen: str | None = None
        self._histories: dict[str, History] = {}
        self._announced = ""
        runs.updated.connect(self._on_run_updated)
        runs.started.connect(self._on_run_changed)
        runs.ended.connect(self._on_run_changed)
        files.opened.connect(self._on_opened)
        files.runs_moved.connect(self.refresh)

    @property
    def records(self) -> tuple[RunRecord, ...]:
        """All runs, newest last."""
        return self._records

    @property
    def in_use(self) -> RunRecord | None:
        """The run that evaluation and export take: the person's choice, else the best."""
        wanted = (self._chosen, self._best)
        usable = {record.run: record for record in self._records if record.has_weights}
        return next((usable[run] for run in wanted if run in usable), None)

    @property
    def folder(self) -> Path:
        """Where these runs lie."""
        return self._files.runs_folder

    def record(self, run: str) -> RunRecord | None:
        """The record of a run."""
        return next((record for record in self._records if record.run == run), None)

    def before(self, record: RunRecord) -> RunRecord | None:
        """The run that came before it."""
        earlier = [other for other in self._records if other.number < record.number]
        return earlier[-1] if earlier else None

    def use(self, run: str) -> None:
        """Evaluation and export take this run from now on."""
        if run != self._chosen:
            self._chosen = run
            self.changed.emit()

    def history_of(self, run: str) -> History | None:
        """The curves of a past run; where they are not here yet they are fetched: `loaded`."""
        if run not in self._histories:
            folder = self.folder
            self._background.run(
                _history_of,
                folder,
                run,
                done=lambda history: self._take_in(folder, run, history),
                key=f"history {run}",
            )
        return self._histories.get(run)

    @Slot()
    def refresh(self) -> None:
        """Reads the records again."""
        self._background.run(_listing, self.folder, done=self._show, key=LISTING)

    def _take_in(self, folder: Path, run: str, history: History) -> None:
        if folder != self.folder:  # another project was opened, whose runs bear the same names
            return
        self._histories[run] = history
        self.loaded.emit(run)

    def _show(self, listing: tuple[tuple[RunRecord, ...], str | None]) -> None:
        self._records, self._best = listing
        self.changed.emit()

    @Slot(object)
    def _on_run_updated(self, history: History) -> None:
        """A run has a record from when it says its name, not from when it was asked for."""
        if self._runs.is_running and history.run != self._announced:
            self._announced = history.run
            self.refresh()

    @Slot()
    def _on_run_changed(self) -> None:
        self._histories.pop(self._runs.history.run, None)
        self._announced = ""
        self.refresh()

    @Slot()
    def _on_opened(self) -> None:
        self._histories.clear()
        self._chosen, self._records, self._best = None, (), None
        self.changed.emit()


def _listing(folder: Path) -> tuple[tuple[RunRecord, ...], str | None]:
    best = jobs.best_run(folder)
    return tuple(jobs.runs(folder)), best.run if best else None


def _history_of(folder: Path, run: str) -> History:
    history = History()
    history.add_all(jobs.run_events(folder, run))
    return history
