"""DiskRows: records of one size in a temporary file, for rows that do not fit into memory."""

import errno
import os
import sys
import tempfile
import weakref
from collections.abc import Iterable
from itertools import pairwise
from math import prod
from pathlib import Path
from threading import Lock
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.arrays import Positions

# Windows has neither: there a lock keeps seeking and reading together.
HAS_POSITIONED = hasattr(os, "preadv") and hasattr(os, "pwrite")
_LARGE_FILES = Path("/var/tmp")  # noqa: S108 - the place for large ones; /tmp is often memory
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_AT_ONCE = 1 << 28


class DiskRows:
    """Rows of one shape and type in a file without a name, which vanishes with the process.

    Rows may be written in any order and from any thread; `has` tells which are there. The
    file is not mapped into memory, because its pages would count as the program's own.
    """

    def __init__(
        self, sample: tuple[int, ...], dtype: DTypeLike, rows: int = 0, folder: Path | None = None
    ) -> None:
        """`sample` is the shape of one row; `rows` how many there will be at least."""
        self._sample, self._type = sample, np.dtype(dtype)
        if self._type.hasobject:
            raise ValueError("objects have no fixed size")
        self._size = prod(sample) * self._type.itemsize
        self._known = np.zeros(rows, np.bool_)
        self._rows = rows
        self._lock = Lock()
        self._folder = folder or _usual_folder()
        self._file = _nameless_file(self._folder)
        weakref.finalize(self, self._file.close)

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, then the shape of a sample)."""
        return (self._rows, *self._sample)

    @property
    def held(self) -> None:
        """None: the rows do not lie in memory."""
        return

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of a value."""
        return self._type

    def has(self, positions: Positions) -> NDArray[np.bool_]:
        """For each position whether its row has been written."""
        return self._known[positions]

    def append(self, block: NDArray[Any]) -> None:
        """Writes rows behind the last one."""
        with self._lock:
            start = self._rows
            self._rows += len(block)
            if self._rows > len(self._known):
                room = np.zeros(max(self._rows, 2 * len(self._known)), np.bool_)
                room[: len(self._known)] = self._known
                self._known = room
        self.write(np.arange(start, start + len(block)), block)

    def write(self, positions: Positions, block: NDArray[Any]) -> None:
        """Writes a row at each position; StudioError where the disk is full."""
        self._check(positions)
        if block.shape != (len(positions), *self._sample):
            raise ValueError(f"{block.shape} are not {len(positions)} rows of {self._sample}")
        order = np.argsort(positions, kind="stable")
        places = positions[order]
        rows = np.ascontiguousarray(_in_order(block, order), self._type)
        for first, last in _runs(places):
            self._write(_bytes_of(rows[first:last]), int(places[first]) * self._size)
        with self._lock:
            self._known[positions] = True

    def take(self, positions: Positions) -> NDArray[Any]:
        """The rows at some positions as a new block; neighbours are read at once."""
        self._check(positions)
        if not self.has(positions).all():
            raise LookupError("a row is asked for that was never written")
        places, back = np.unique(positions, return_inverse=True)
        rows = np.empty((len(places), *self._sample), self._type)
        for first, last in _runs(places):
            self._read(_bytes_of(rows[first:last]), int(places[first]) * self._size)
        return _in_order(rows, back)

    def _check(self, positions: Positions) -> None:
        if len(positions) and (positions.min() < 0 or positions.max() >= self._rows):
            raise IndexError(f"positions from 0 to {self._rows - 1} were expected")

    def _write(self, data: memoryview, offset: int) -> None:
        try:
            while data:
                done = self._put(data[:_AT_ONCE], offset)
                data, offset = data[done:], offset + done
        except OSError as error:
            raise _disk_trouble(error, self._folder) from error

    def _read(self, into: memoryview, offset: int) -> None:
        try:
            while into:
                done = self._get(into[:_AT_ONCE], offset)
                if not done:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                into, offset = into[done:], offset + done
        except OSError as error:
            raise _disk_trouble(error, self._folder) from error

    def _put(self, data: memoryview, offset: int) -> int:
        if sys.platform != "win32" and HAS_POSITIONED:
            return os.pwrite(self._file.fileno(), data, offset)
        with self._lock:
            self._file.seek(offset)
            return self._file.write(data)

    def _get(self, into: memoryview, offset: int) -> int:
        if sys.platform != "win32" and HAS_POSITIONED:
            return os.preadv(self._file.fileno(), [into], offset)
        with self._lock:
            self._file.seek(offset)
            return int(self._file.readinto(into))  # type: ignore[attr-defined]


def disk_rows(
    blocks: Iterable[NDArray[Any]], sample: tuple[int, ...], dtype: DTypeLike
) -> DiskRows:
    """All blocks one after the other; `sample` is the shape of one row."""
    rows = DiskRows(sample, dtype)
    for block in blocks:
        rows.append(block)
    return rows


def _nameless_file(folder: Path) -> IO[bytes]:
    """A file that has no name from its birth on, or on Windows goes when it is closed."""
    try:
        return tempfile.TemporaryFile(buffering=0, dir=folder)
    except OSError as error:
        raise _disk_trouble(error, folder) from error


def _usual_folder() -> Path:
    named = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    if not named and os.access(_LARGE_FILES, os.W_OK):
        return _LARGE_FILES
    return Path(tempfile.gettempdir())


def _runs(places: Positions) -> list[tuple[int, int]]:
    """Where neighbours begin and end in ascending positions."""
    breaks = np.flatnonzero(np.diff(places) != 1) + 1
    edges = [0, *breaks.tolist(), len(places)] if len(places) else []
    return list(pairwise(edges))


def _in_order(rows: NDArray[Any], order: NDArray[np.int64]) -> NDArray[Any]:
    """The rows in that order, themselves where it is their own."""
    is_own = len(order) == len(rows) and bool((order == np.arange(len(rows))).all())
    return rows if is_own else rows[order]


def _bytes_of(rows: NDArray[Any]) -> memoryview:
    """The bytes of neighbouring rows, for writing into and reading from."""
    return rows.reshape(-1).view(np.uint8).data if rows.size else memoryview(b"")


def _disk_trouble(error: OSError, folder: Path) -> StudioError:
    if error.errno in _FULL:
        return refuse(
            tr(
                "The disk is full: data that do not fit into memory are kept in a temporary "
                "file in {folder}, and there is no room left for it.",
                folder=folder,
            ),
            tr("Free some space there, or allow more memory in the settings."),
            place=Place("file", str(folder)),
            code="disk-full",
            detail=str(error),
        )
    return refuse(
        tr(
            "The temporary file in {folder} cannot be used: {reason}. Expected a folder in "
            "which data that do not fit into memory can be kept.",
            folder=folder,
            reason=error.strerror or str(error),
        ),
        tr("Check the disk, or set TMPDIR to another folder."),
        place=Place("file", str(folder)),
        code="disk",
        detail=str(error),
    )
