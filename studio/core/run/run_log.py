"""RunLog: writes the events of one run into the archive, a few at a time."""

import json
import sqlite3
import time
from pathlib import Path
from types import TracebackType

from studio.core.problems import Place, refuse
from studio.core.run.events import (
    CheckpointSaved,
    EpochDone,
    HealthSeen,
    Note,
    RunEnded,
    RunEvent,
    RunStarted,
    StepDone,
    event_to_json,
)
from studio.core.run.lock import RunLock
from studio.core.words import tr

SELDOM = 0.2  # seconds between two writings of steps
SOON = 0.05  # the same after an epoch


class RunLog:
    """Holds the lock of the run while it is open. Steps are gathered, ends are written at once."""

    def __init__(
        self, connection: sqlite3.Connection, run: str, folder: Path, lock: RunLock
    ) -> None:
        self.run = run
        self.folder = folder
        self._connection = connection
        self._lock = lock
        self._waiting: list[tuple[str, int, int, int, str]] = []
        self._changes: dict[str, object] = {}
        self._written = 0.0
        row = connection.execute(
            "SELECT coalesce(max(place), 0) FROM events WHERE run = ?", (run,)
        ).fetchone()
        self._place = int(row[0])

    def __enter__(self) -> "RunLog":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def append(self, event: RunEvent) -> None:
        """Takes the next event; it is on the disk a fifth of a second later at most."""
        if isinstance(event, RunStarted):
            self._forget_from(event)
        self._note_changes(event)
        self._place += 1
        epoch, step = _where(event)
        text = json.dumps(event_to_json(event))
        self._waiting.append((self.run, self._place, epoch, step, text))
        if time.monotonic() - self._written >= _patience(event):
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        if not self._waiting and not self._changes:
            return
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany(
                    "INSERT INTO events VALUES (?, ?, ?, ?, ?)", self._waiting
                )
                self._update()
        except sqlite3.Error as reason:
            raise refuse(
                tr("The news of {run} cannot be written: {reason}.", run=self.run, reason=reason),
                tr("Make room on the disk."),
                place=Place("file", str(self.folder.parent)),
                code="archive-broken",
            ) from None
        self._waiting.clear()
        self._changes.clear()
        self._written = time.monotonic()

    def close(self) -> None:
        """Writes what waits and lets go of the run."""
        try:
            self.flush()
        finally:
            self._connection.close()
            self._lock.give_back()

    def _forget_from(self, event: RunStarted) -> None:
        """Drops what a resumed run brings again, and the end that it had."""
        self.flush()
        first = (event.first_epoch, event.first_step)
        with self._connection:
            self._connection.execute(
                "DELETE FROM events WHERE run = ? AND ((epoch, step) >= (?, ?) "
                'OR event LIKE \'{"event": "run_ended"%\')',
                (self.run, *first),
            )
        self._changes.update(outcome="running", ended=0.0, problem=None, device=event.device)

    def _note_changes(self, event: RunEvent) -> None:
        match event:
            case EpochDone():
                self._changes["epochs_done"] = event.epoch
                if event.is_best:
                    figures = event.validation or event.training
                    self._changes.update(best_epoch=event.epoch, figures=json.dumps(dict(figures)))
            case RunEnded():
                problem = json.dumps(event.problem.as_json()) if event.problem else None
                self._changes.update(
                    outcome=event.outcome,
                    ended=time.time(),
                    problem=problem,
                    test=json.dumps(dict(event.test)),
                )

    def _update(self) -> None:
        if self._changes:
            names = ", ".join(f"{name} = ?" for name in self._changes)
            self._connection.execute(
                f"UPDATE runs SET {names} WHERE run = ?",  # noqa: S608 - names of ours
                (*self._changes.values(), self.run),
            )


def _where(event: RunEvent) -> tuple[int, int]:
    """Epoch and step, so that what lies behind a point can be dropped; an epoch's end is last."""
    match event:
        case StepDone() | HealthSeen():
            return event.epoch, event.step
        case EpochDone() | CheckpointSaved():
            return event.epoch, 2**31
    return 0, 0


def _patience(event: RunEvent) -> float:
    match event:
        # After a checkpoint nothing before it comes again, and a pause may follow a note.
        case RunStarted() | RunEnded() | CheckpointSaved() | Note():
            return 0.0
        case EpochDone():
            return SOON
    return SELDOM
