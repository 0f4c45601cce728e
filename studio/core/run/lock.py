"""RunLock: held while a run trains, let go of by the system when its process dies in any way."""

import os
import sys
from pathlib import Path

NAME = "running.lock"


class RunLock:
    """A lock on a run's folder. Unlike a process number it is never given to somebody else."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._handle = -1

    def take(self) -> bool:
        """True where it is now ours, False where another holds it."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _lock(handle):
            os.close(handle)
            return False
        self._handle = handle
        return True

    def give_back(self) -> None:
        """Lets go of it; nothing happens where it is not held."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def is_held(self) -> bool:
        """True where some process, perhaps this one, holds it."""
        if self._handle >= 0:
            return True
        if not self._path.exists():
            return False
        try:
            is_free = self.take()
        except OSError:  # a folder that may only be read: nobody here can train in it
            return False
        self.give_back()
        return not is_free


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
