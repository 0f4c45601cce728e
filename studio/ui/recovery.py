"""Recovery: a copy of unsaved work for each process, and what earlier ones left behind."""

import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile

from studio import jobs
from studio.core.design.project import Project
from studio.core.design.storage import SUFFIX, write_atomically
from studio.ui.folders import recovery_folder

COPY = "unsaved" + SUFFIX
ABOUT = "about.json"
LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Leftover:
    """Work of a process that did not end as it should: its copy, its name and when it was kept."""

    folder: Path
    name: str
    origin: Path | None
    kept: float

    @property
    def copy(self) -> Path:
        """The project file in it."""
        return self.folder / COPY


class Recovery:
    """The recovery folder of this process. Locked while it lives, so no other touches it."""

    def __init__(self, root: Path | None = None) -> None:
        self._root = root or recovery_folder()
        self._folder = self._new_folder()
        self._lock: QLockFile | None = None

    @property
    def runs_folder(self) -> Path:
        """Where the runs of a project live that was never saved."""
        return jobs.runs_folder_of(self._folder / COPY)

    @property
    def has_runs(self) -> bool:
        """True where an unsaved project was trained."""
        return self.runs_folder.is_dir()

    def keep(self, project: Project, name: str, origin: Path | None) -> None:
        """Writes a copy; StudioError where that cannot be done. Safe from any thread."""
        folder = self._begun()
        about = {"name": name, "origin": str(origin) if origin else None, "kept": time.time()}
        jobs.save_project(project, folder / COPY)
        write_atomically(folder / ABOUT, json.dumps(about).encode())

    def forget_copy(self) -> None:
        """The work is saved: the copy goes, and with it the folder, unless runs are in it."""
        for name in (COPY, ABOUT):
            (self._folder / name).unlink(missing_ok=True)
        if not self.has_runs:
            self.forget()

    def forget(self) -> None:
        """Throws away the copy and the runs of an unsaved project."""
        folder, self._folder = self._folder, self._new_folder()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
            shutil.rmtree(folder, ignore_errors=True)

    def adopt(self, leftover: Leftover) -> bool:
        """Takes over what another process left; False where somebody else has it by now."""
        lock = _locked(leftover.folder)
        if lock is None:
            return False
        self.forget()
        self._folder, self._lock = leftover.folder, lock
        return True

    def leftovers(self) -> tuple[Leftover, ...]:
        """What can be recovered, newest first. Folders in which nothing is are taken away."""
        found = []
        for folder in sorted(self._root.glob("*/")) if self._root.is_dir() else ():
            if folder == self._folder:
                continue
            lock = _locked(folder)
            if lock is None:
                continue  # its process lives
            leftover = _leftover_in(folder)
            lock.unlock()
            if leftover is None:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                found.append(leftover)
        return tuple(sorted(found, key=lambda one: one.kept, reverse=True))

    def _begun(self) -> Path:
        if self._lock is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self._folder)
        return self._folder

    def _new_folder(self) -> Path:
        return self._root / f"{time.time_ns() // 1000}-{os.getpid()}"


def throw_away(leftover: Leftover) -> None:
    """Removes what another process left."""
    lock = _locked(leftover.folder)
    if lock is not None:
        lock.unlock()
        shutil.rmtree(leftover.folder, ignore_errors=True)


def _locked(folder: Path) -> QLockFile | None:
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)  # never by age: a window may stay open for weeks
    return lock if lock.tryLock(0) else None


def _leftover_in(folder: Path) -> Leftover | None:
    """Work counts from the first copy on: it is written with every change, and before a run."""
    if not (folder / COPY).is_file():
        return None
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        origin = about["origin"]
        return Leftover(
            folder, str(about["name"]), Path(origin) if origin else None, float(about["kept"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Leftover(folder, folder.name, None, (folder / COPY).stat().st_mtime)
