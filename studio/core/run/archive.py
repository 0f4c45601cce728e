"""Archive: all runs of a project in one SQLite file: the frozen project and the events, to replay.

`runs.sqlite` lies in the project's runs folder beside a folder for each run. Two processes
may use it at once, and one that is killed loses at most the last moment of its news.
"""

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from studio.core.design.project import Project
from studio.core.design.storage import project_from_json, to_json
from studio.core.problems import Place, Problem, StudioError, refuse
from studio.core.run.events import Figures, RunEvent, event_from_json, problem_from_json
from studio.core.run.lock import RunLock
from studio.core.run.results import RunRecord
from studio.core.run.run_log import RunLog
from studio.core.words import tr

FILE = "runs.sqlite"
BEST, LAST, RESUME = "best.safetensors", "last.safetensors", "resume.safetensors"
RESUMABLE = ("stopped", "interrupted")
VERSION = 1
PATIENCE = 20.0  # seconds to wait for another process that writes
SCHEMA = """
CREATE TABLE runs (
    run TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, started REAL NOT NULL,
    ended REAL NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT 'running',
    device TEXT NOT NULL DEFAULT '', epochs_done INTEGER NOT NULL DEFAULT 0,
    best_epoch INTEGER NOT NULL DEFAULT 0, figures TEXT NOT NULL DEFAULT '{}',
    test TEXT NOT NULL DEFAULT '{}', problem TEXT, project TEXT NOT NULL
);
CREATE TABLE events (
    run TEXT NOT NULL, place INTEGER NOT NULL, epoch INTEGER NOT NULL, step INTEGER NOT NULL,
    event TEXT NOT NULL, PRIMARY KEY (run, place)
) WITHOUT ROWID;
"""


class Archive:
    """The runs beside one project. Nothing is made on the disk before the first run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def folder_of(self, run: str) -> Path:
        """Where a run keeps its weights."""
        return self.folder / run

    def begin(self, project: Project) -> RunLog:
        """A new run of the project, with the next number. Close what is returned."""
        self._make_folder(self.folder)
        connection = self._open()
        with ExitStack() as undone:
            undone.callback(connection.close)
            with _told(self.folder), connection:
                connection.execute("BEGIN IMMEDIATE")
                row = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM runs").fetchone()
                number = int(row[0])
                run = f"run-{number}"
                # Before anyone can see the run: without its lock it would look interrupted.
                lock = self._locked(run)
                undone.callback(lock.give_back)
                connection.execute(
                    "INSERT INTO runs (run, number, started, project) VALUES (?, ?, ?, ?)",
                    (run, number, time.time(), json.dumps(to_json(project))),
                )
            undone.pop_all()
        return RunLog(connection, run, self.folder_of(run), lock)

    def resume(self, run: str) -> RunLog:
        """Goes on with a run that was stopped or interrupted; StudioError where that cannot be."""
        record = self.record(run)
        if not record.is_resumable:
            raise refuse(
                tr("{run} cannot go on: it is {outcome}.", run=run, outcome=record.outcome),
                tr("Start a new run, or choose one that was stopped or interrupted."),
                place=Place("run", run),
                code="not-resumable",
            )
        lock = self._locked(run)
        with ExitStack() as undone:
            undone.callback(lock.give_back)
            connection = self._open()
            undone.pop_all()
        return RunLog(connection, run, self.folder_of(run), lock)

    def records(self) -> tuple[RunRecord, ...]:
        """All runs, newest last."""
        return tuple(self._read_records("ORDER BY number"))

    def record(self, run: str) -> RunRecord:
        """One run; StudioError where there is none of that name."""
        for record in self._read_records("WHERE run = ?", run):
            return record
        raise refuse(
            tr("There is no run called {run}.", run=run[:60]),
            tr("Choose one of the list of runs."),
            place=Place("run", run[:60]),
            code="no-such-run",
        )

    def events(self, run: str) -> tuple[RunEvent, ...]:
        """What happened in a run, in order. Playing it again opens the run."""
        rows = self._read("SELECT event FROM events WHERE run = ? ORDER BY place", run)
        with self._damage_told(run):
            return tuple(event_from_json(json.loads(row["event"])) for row in rows)

    def _locked(self, run: str) -> RunLock:
        folder = self.folder_of(run)
        self._make_folder(folder)
        lock = RunLock(folder)
        try:
            is_ours = lock.take()
        except OSError as reason:
            raise refuse(
                tr(
                    "{run} cannot be written to: {reason}.",
                    run=run,
                    reason=reason.strerror or reason,
                ),
                tr("Save the project where you may write, or train anew."),
                place=Place("run", run),
                code="cannot-write",
            ) from None
        if not is_ours:
            raise refuse(
                tr("{run} is training already, in another window.", run=run),
                tr("Stop it there first."),
                place=Place("run", run),
                code="busy",
            )
        return lock

    def _make_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as reason:
            raise refuse(
                tr(
                    "The folder {path} for the runs cannot be made: {reason}.",
                    path=folder,
                    reason=reason.strerror or reason,
                ),
                tr("Save the project where you may write."),
                place=Place("file", str(folder)),
                code="cannot-write",
            ) from None

    def _open(self) -> sqlite3.Connection:
        with _told(self.folder):
            # A generator may be closed by another thread than the one that ran it.
            connection = sqlite3.connect(
                self.folder / FILE, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            _use_write_ahead_log(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            _make_tables(connection)
        return connection

    def _open_to_read(self) -> sqlite3.Connection:
        """Also where nothing may be written, as on a shared or a full, read-only disk."""
        if os.access(self.folder, os.W_OK):
            return self._open()
        with _told(self.folder):
            place = f"{(self.folder / FILE).absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(place, uri=True)
            connection.row_factory = sqlite3.Row
        return connection

    def _read(self, question: str, *values: object) -> list[sqlite3.Row]:
        if not (self.folder / FILE).exists():
            return []
        with closing(self._open_to_read()) as connection, _told(self.folder):
            return connection.execute(question, values).fetchall()

    def _read_records(self, which: str, *values: object) -> Iterator[RunRecord]:
        # `which` is one of the two texts above, never a person's.
        for row in self._read(f"SELECT * FROM runs {which}", *values):  # noqa: S608
            with self._damage_told(str(row["run"])):
                record = self._record_of(row)
            yield record

    @contextmanager
    def _damage_told(self, run: str) -> Iterator[None]:
        """Says in words that what was kept of a run is not what was written."""
        try:
            yield
        except (StudioError, ValueError, TypeError, AttributeError) as reason:
            raise refuse(
                tr(
                    "What is kept of {run} in {path} is damaged.",
                    run=run[:60],
                    path=self.folder / FILE,
                ),
                tr("Move the file away to begin a new list of runs."),
                place=Place("file", str(self.folder / FILE)),
                code="archive-broken",
                detail=str(reason),
            ) from None

    def _record_of(self, row: sqlite3.Row) -> RunRecord:
        folder = self.folder_of(row["run"])
        outcome = row["outcome"]
        if outcome == "running" and not RunLock(folder).is_held():
            outcome = "interrupted"
        return RunRecord(
            run=row["run"],
            number=row["number"],
            started=row["started"],
            ended=row["ended"],
            outcome=outcome,
            device=row["device"],
            epochs_done=row["epochs_done"],
            best_epoch=row["best_epoch"],
            project=project_from_json(json.loads(row["project"])),
            figures=_figures(row["figures"]),
            test=_figures(row["test"]),
            problem=_problem(row["problem"]),
            has_weights=(folder / BEST).exists(),
            is_resumable=outcome in RESUMABLE,
        )


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for this one change by itself where another connection makes it too."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _make_tables(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    if version > VERSION:
        connection.close()
        raise refuse(
            tr("The runs were written by a newer version of Studio."),
            tr("Open the project with that version. They are left as they are."),
            place=Place("file", FILE),
            code="newer-version",
        )
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:  # nobody was faster
        for statement in SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Says in words what SQLite refuses: a full disk, a damaged file, a folder of no rights."""
    try:
        yield
    except sqlite3.Error as reason:
        raise refuse(
            tr(
                "The runs in {path} cannot be read or written: {reason}.",
                path=folder / FILE,
                reason=reason,
            ),
            tr("Make room on the disk, or move the file away to begin a new list of runs."),
            place=Place("file", str(folder / FILE)),
            code="archive-broken",
        ) from None


def _figures(text: str) -> Figures:
    return {str(key): float(value) for key, value in json.loads(text).items()}


def _problem(text: str | None) -> Problem | None:
    if not text:
        return None
    try:
        return problem_from_json(json.loads(text))
    except StudioError:  # of another version; that the run failed is known all the same
        return None
