"""The bytes of a file, plain or packed, in bounded memory, with every trouble named."""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from studio.core.patience import go_on
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.unpack import open_unpacked, shown, shown_name

MOST_BYTES = 2 * 1024**3
_CHUNK = 4 * 1024**2


def contents(path: Path, limit: int = MOST_BYTES) -> bytes:
    """All bytes, unpacked; StudioError where they cannot be had or are more than `limit`."""
    data = start_of(path, limit + 1)
    if len(data) > limit:
        raise too_large(path, limit)
    return data


def too_large(path: Path, limit: int) -> StudioError:
    """What to raise for data that do not fit in `limit` bytes."""
    return refuse(
        tr(
            "{file} holds more than {size} MB of data. Expected a file that fits in memory.",
            file=shown_name(path),
            size=limit // 1024**2,
        ),
        tr("Split the file, or keep only the rows and columns that are needed."),
        place=Place("file", shown(path)),
        code="too-large",
    )


def most_memory() -> int:
    """How many bytes a table may have: half of what the machine has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):  # not every system tells
        return 2 * MOST_BYTES


def start_of(path: Path, count: int) -> bytes:
    """The first `count` bytes, unpacked; StudioError where the file cannot be read."""
    with open_bytes(path) as stream:
        return _taken(stream, count)


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked as they are read; StudioError where it cannot be read."""
    require_plain(path)
    try:
        with open_unpacked(path) as stream:
            yield stream
    except OSError as error:
        raise unreadable(path, error) from error


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The text of a file line by line, unpacked; StudioError where it cannot be read."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    with open_bytes(path) as stream, io.TextIOWrapper(stream, name, newline="") as text:
        yield text


def size_and_hash(paths: Iterable[Path]) -> tuple[int, str]:
    """How many bytes the files hold on disk, and the sha256 over all of them in order."""
    size, digest = 0, hashlib.sha256()
    for path in paths:
        require_plain(path)
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    go_on()
                    size += len(chunk)
                    digest.update(chunk)
        except OSError as error:
            raise unreadable(path, error) from error
    return size, digest.hexdigest()


def unreadable(path: Path, error: OSError) -> StudioError:
    """What to raise for a file that the system would not open or read."""
    place = Place("file", shown(path))
    if isinstance(error, FileNotFoundError):
        return refuse(
            tr(
                "{file} is not there. Expected a file at {path}.",
                file=shown_name(path),
                path=shown(path),
            ),
            tr("Put it back, or choose the data again."),
            place=place,
            code="no-file",
        )
    if isinstance(error, IsADirectoryError):
        return refuse(
            tr("{file} is a folder. Expected a file.", file=shown_name(path)),
            tr("Choose a file in it."),
            place=place,
            code="is-folder",
        )
    return refuse(
        tr(
            "{file} could not be read: {why}. Expected a file that may be read.",
            file=shown_name(path),
            why=error.strerror or error,
        ),
        tr("Check the disk and the permissions of the file."),
        place=place,
        code="unreadable",
    )


def require_plain(path: Path) -> None:
    """StudioError for what never ends or never begins: a device, a pipe, a socket."""
    try:
        is_odd = path.exists() and not path.is_file() and not path.is_dir()
    except OSError as error:  # a name that is too long, for one
        raise unreadable(path, error) from error
    if is_odd:
        raise refuse(
            tr("{file} is a device or a pipe. Expected a file.", file=shown_name(path)),
            tr("Choose a file."),
            place=Place("file", shown(path)),
            code="no-plain-file",
        )


def _taken(stream: BinaryIO, count: int) -> bytes:
    taken = bytearray()
    while len(taken) < count and (chunk := stream.read(min(_CHUNK, count - len(taken)))):
        taken += chunk
    return bytes(taken)


def broken(path: Path, kind: str, why: str) -> StudioError:
    """What to raise for a file whose content is not what its start says; `kind` as in Excel."""
    return refuse(
        tr(
            "{file} is damaged or cut short. Expected a whole {kind} file.",
            file=shown_name(path),
            kind=kind,
        ),
        tr("Copy or download the file again, or save it again where it was made."),
        place=Place("file", shown(path)),
        code="damaged",
        detail=why,
    )
