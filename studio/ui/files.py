"""Files: opens and saves the project, keeps recovery copies, and knows where its runs live."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from studio import jobs
from studio.core.design.project import Project
from studio.core.design.storage import SUFFIX
from studio.core.problems import Problem, StudioError
from studio.core.words import tr
from studio.ui.background import Background
from studio.ui.document import Document
from studio.ui.file_troubles import cannot_move, in_use, not_ours, runs_stay, taken
from studio.ui.navigation import PROBLEM, Answer, Navigation
from studio.ui.recovery import Leftover, Recovery
from studio.ui.settings import Settings

SECOND_MS = 1000
KEY = "files"
RUNS = "runs stay"


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What a file looked like when it was last read or written here."""

    modified: int
    size: int


class Files(QObject):
    """The project's place on the disk.

    Signals:
        opened(): another project is open (or none).
        runs_moved(): `runs_folder` is another one.
        save_as_wanted(then): there is no file yet, and a person must name one; `then` follows.
        stop_wanted(): the run is to stop, as another project is to be opened.
    """

    opened = Signal()
    runs_moved = Signal()
    save_as_wanted = Signal(object)
    stop_wanted = Signal()

    def __init__(
        self,
        document: Document,
        settings: Settings,
        background: Background,
        navigation: Navigation,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._settings = document, settings
        self._background, self._navigation = background, navigation
        self._recovery = Recovery()
        self._kept: Project | None = None
        self._stamp: _Stamp | None = None
        self._suggested = ""
        self._is_open = self._is_training = self._is_discarded = False
        self._has_stranded_runs = False
        self._run_folder: Path | None = None
        self._after_run: list[Callable[[], object]] = []
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self._on_autosave_due)
        document.changed.connect(self._on_changed)

    @property
    def is_open(self) -> bool:
        """False on the start page, before anything was opened or made."""
        return self._is_open

    @property
    def is_training(self) -> bool:
        """True from the start of a run to its end."""
        return self._is_training

    @property
    def name(self) -> str:
        """What the project is called: its file's name, or what would suit it."""
        path = self._document.path
        return path.stem if path else self._suggested or tr("Untitled")

    @property
    def runs_folder(self) -> Path:
        """Where the runs of the open project live; it need not exist."""
        if self._run_folder is not None:
            return self._run_folder
        path = self._document.path
        return jobs.runs_folder_of(path) if path else self._recovery.runs_folder

    @property
    def has_unsaved_work(self) -> bool:
        """True where closing would lose something: edits, or runs without a file."""
        is_homeless = self._document.path is None and self._recovery.has_runs
        return self._is_open and (not self._document.is_saved or is_homeless)

    def new(self, project: Project, name: str = "") -> None:
        """Shows a project that has no file yet."""
        self._show(project, None, name=name)

    def open(self, path: Path) -> bool:
        """Opens a project file; where it cannot be read, says why and leaves all as it is."""
        try:
            project = jobs.open_project(path)
        except StudioError as error:
            self._navigation.say_problem(error.problem)
            return False
        self._show(project, path)
        self._settings.remember(path)
        return True

    def recover(self, leftover: Leftover) -> bool:
        """Opens what an earlier process left, as unsaved work."""
        try:
            project = jobs.open_project(leftover.copy)
        except StudioError as error:
            self._navigation.say_problem(error.problem)
            return False
        if not self._recovery.adopt(leftover):
            return False
        self._show(project, leftover.origin, name=leftover.name, is_recovered=True)
        return True

    def leftovers(self) -> tuple[Leftover, ...]:
        """What earlier processes left behind."""
        return self._recovery.leftovers()

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Saves where the project came from, or asks for a name; `then` follows a success."""
        path = self._document.path
        if path is None:
            self.save_as_wanted.emit(then)
        elif self._stamp is not None and _stamp_of(path) not in (self._stamp, None):
            self._ask_about_foreign_change(path, then)
        else:
            self._save_and(path, then)

    def save_to(self, path: Path, then: Callable[[], object] | None = None) -> None:
        """Saves under another name. A file that is there and no project is never replaced."""
        path = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
        if path != self._document.path and _is_there(path):
            try:
                jobs.open_project(path)
            except StudioError:
                self._navigation.say_problem(not_ours(path))
                return
        self._save_and(path, then)

    def rename(self, name: str) -> None:
        """Another name: the suggestion while there is no file, else file and runs move."""
        old = self._document.path
        if old is None:
            self._suggested = name
            self._document.file_changed.emit()
            return
        if name in (old.stem, "", "..") or Path(name).name != name:
            return
        new = old.with_name(name + SUFFIX)
        if _is_there(new) or _is_there(jobs.runs_folder_of(new)):
            self._navigation.say_problem(taken(new))
        elif self._is_training:
            self._navigation.say_problem(in_use())
        else:
            self._move(old, new)

    def prepare_run(self) -> Path:
        """Keeps a recovery copy of what no file holds, and says where the run goes."""
        self._is_training = True
        if self._document.path is None or not self._document.is_saved:
            self._keep(self._document.project)
        self._run_folder = self.runs_folder
        return self._run_folder

    def settle_run(self) -> None:
        """The run is over: its folder moves to the project, if that was saved meanwhile."""
        self._is_training = False
        folder, self._run_folder = self._run_folder, None
        path = self._document.path
        if folder is not None and path is not None and folder != jobs.runs_folder_of(path):
            self._move_runs_home(path)
        if self._is_discarded:
            self.discard()
        waiting, self._after_run = self._after_run, []
        for act in waiting:
            act()

    def after_run(self, act: Callable[[], object]) -> None:
        """Stops the run, if one goes on, and then does it."""
        if self._is_training:
            self._after_run.append(act)
            self.stop_wanted.emit()
        else:
            act()

    def keep(self) -> None:
        """Writes the recovery copy now, where there is something to keep."""
        if self._is_open and not self._document.is_saved:
            self._keep(self._document.project)

    def close(self) -> None:
        """Ends the timer. Copies of unsaved work stay, unless nothing is unsaved."""
        self.timer.stop()
        if not self.has_unsaved_work and not self._has_stranded_runs:
            self._recovery.forget()

    def discard(self) -> None:
        """The person does not want what is unsaved; while a run goes on, it goes after that."""
        self.timer.stop()
        self._is_discarded = self._is_training
        if not self._is_training and not self._has_stranded_runs:
            self._recovery.forget()

    def _show(
        self, project: Project, path: Path | None, *, name: str = "", is_recovered: bool = False
    ) -> None:
        if not is_recovered:
            self.discard()
        self.timer.stop()
        self._suggested = name
        self._is_open = True
        self._kept = project
        self._navigation.unsay(RUNS)
        self._stamp = None if path is None or is_recovered else _stamp_of(path)
        self._document.open_project(project, path, is_pristine=not is_recovered)
        self.opened.emit()
        self.runs_moved.emit()

    def _save_and(self, path: Path, then: Callable[[], object] | None) -> None:
        project, before = self._document.project, self._document.path
        self._navigation.unsay(PROBLEM)
        try:
            jobs.save_project(project, path)
        except StudioError as error:
            self._navigation.say_problem(error.problem)
            return
        self._stamp = _stamp_of(path)
        self._navigation.unsay(KEY)
        self._document.mark_saved(path)
        self._settings.remember(path)
        self._kept = project
        self.timer.stop()
        if not self._is_training:  # else the run's folder moves when it ends
            self._tidy_up(path, is_first=before is None)
        if before is not None and _leaves_runs(before, path):
            self._navigation.say(
                tr(
                    "{name} begins without runs: they stay with {before}.",
                    name=path.stem,
                    before=before.stem,
                ),
                "attention",
                key=RUNS,
            )
        self.runs_moved.emit()
        if then is not None:
            then()

    def _tidy_up(self, path: Path, *, is_first: bool) -> None:
        if is_first:
            self._move_runs_home(path)
        else:
            self._recovery.forget_copy()

    def _move_runs_home(self, path: Path) -> None:
        """Runs of a project without a file move beside it with the first save."""
        home = jobs.runs_folder_of(path)
        if self._recovery.has_runs:
            source = self._recovery.runs_folder
            try:
                _bring_together(source, home)
            except OSError as reason:
                self._has_stranded_runs = True
                self._navigation.say_problem(runs_stay(source, reason))
                return
        self._recovery.forget()
        self.runs_moved.emit()

    def _move(self, old: Path, new: Path) -> None:
        try:
            jobs.save_project(self._document.project, new)
            if jobs.runs_folder_of(old).is_dir():
                jobs.runs_folder_of(old).rename(jobs.runs_folder_of(new))
            old.unlink(missing_ok=True)
        except StudioError as error:
            self._navigation.say_problem(error.problem)
            return
        except OSError as reason:
            self._navigation.say_problem(cannot_move(old, reason))
            return
        self._settings.forget(old)
        self._save_and(new, None)

    def _ask_about_foreign_change(self, path: Path, then: Callable[[], object] | None) -> None:
        self._navigation.say(
            tr("{name} was changed by another program since it was opened here.", name=path.name),
            "attention",
            (
                Answer(
                    tr("Save under another name"),
                    lambda: self.save_as_wanted.emit(then),
                    is_default=True,
                ),
                Answer(tr("Replace it"), lambda: self._save_and(path, then)),
            ),
            key=KEY,
        )

    def _on_changed(self) -> None:
        # Whether that is saved is asked later: the undo stack does not know it yet.
        if self._document.project is not self._kept and not self.timer.isActive():
            seconds = self._settings.value("autosave_seconds")
            assert isinstance(seconds, int)
            self.timer.start(seconds * SECOND_MS)

    def _on_autosave_due(self) -> None:
        project = self._document.project
        if not self._document.is_saved and project is not self._kept:
            self._kept = project
            self._background.run(
                self._recovery.keep,
                project,
                self.name,
                self._document.path,
                failed=self._on_keep_failed,
                key="autosave",
            )

    def _keep(self, project: Project) -> None:
        try:
            self._recovery.keep(project, self.name, self._document.path)
        except (StudioError, OSError):
            return  # the run itself will say that the disk is full
        self._kept = project

    def _on_keep_failed(self, problem: Problem) -> None:
        self._kept = None
        self._navigation.say_problem(problem)


def _leaves_runs(before: Path, path: Path) -> bool:
    """Whether the project was trained under its name before, and is a new one under this."""
    return jobs.runs_folder_of(before).is_dir() and not jobs.runs_folder_of(path).is_dir()


def _is_there(path: Path) -> bool:
    """Whether something has that name. One that no disk can hold is free: the writing says why."""
    try:
        return path.exists()
    except OSError:
        return False


def _stamp_of(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return _Stamp(found.st_mtime_ns, found.st_size)


def _bring_together(source: Path, home: Path) -> None:
    """Moves the runs; where the home has runs already, they are kept aside under a new name."""
    if home.exists():
        number = 1
        while home.with_name(f"{home.name}.{number}").exists():
            number += 1
        home.rename(home.with_name(f"{home.name}.{number}"))
    shutil.move(source, home)
