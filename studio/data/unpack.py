"""Files that were made smaller, unpacked as they are read and refused where they grow too far."""

import bz2
import gzip
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa
from typing_extensions import Buffer, override

from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr

# Texts of real tables shrink to a tenth or a fiftieth; what grows further is made to fill memory.
MOST_GROWTH = 200
SMALL_ENOUGH = 32 * 1024**2
_BUFFER = 1024**2
_SIGNATURE = 6


def shown(path: Path) -> str:
    """A path as text that can be printed, though its name may be no valid UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def shown_name(path: Path) -> str:
    """The name of a file as text that can be printed."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def open_unpacked(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked where it is gzip, bzip2, xz, zstandard or a zip of one file.

    Reading raises StudioError for what is damaged, grows too far or changes meanwhile;
    opening may raise OSError.
    """
    with ExitStack() as opened:
        file = opened.enter_context(path.open("rb"))
        start = file.read(_SIGNATURE)
        file.seek(0)
        unpacked = _unpacked(file, start, path)
        opened.pop_all()
    return cast(BinaryIO, io.BufferedReader(_Watched(path, file, unpacked), _BUFFER))


def members_of(path: Path) -> list[zipfile.ZipInfo]:
    """The files in a zip archive, without the folders and hidden files that systems add."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [entry for entry in archive.infolist() if _counts(entry)]
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise damaged(path, str(error)) from error


def damaged(path: Path, why: str) -> StudioError:
    """What to raise for a packed file whose bytes cannot be unpacked."""
    return refuse(
        tr(
            "{file} is damaged or cut short. Expected a whole compressed file.",
            file=shown_name(path),
        ),
        tr("Copy or download the file again."),
        place=Place("file", shown(path)),
        code="damaged",
        detail=why,
    )


def grows_too_far(path: Path) -> StudioError:
    """What to raise for a packed file that was made to fill the memory."""
    return refuse(
        tr(
            "{file} unpacks to more than {growth} times its size. Expected a compressed table, "
            "which grows to fifty times its size at most.",
            file=shown_name(path),
            growth=MOST_GROWTH,
        ),
        tr("If you trust the file, unpack it yourself and open what comes out."),
        place=Place("file", shown(path)),
        code="grows-too-far",
    )


class _Watched(io.RawIOBase):
    """Reads from `unpacked` and keeps an eye on how much comes and whether `file` changes."""

    def __init__(self, path: Path, file: BinaryIO, unpacked: Any) -> None:  # noqa: ANN401
        super().__init__()
        self._path, self._file, self._unpacked = path, file, unpacked
        self._state = _state_of(file)
        self._is_packed = unpacked is not file
        self._count = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer) -> int:
        count = self._taken(memoryview(buffer))
        self._count += count
        if not count and _state_of(self._file) != self._state:
            raise changed(self._path)
        # By what was read of the file so far: what fills memory is refused at its beginning.
        is_much = self._is_packed and self._count > SMALL_ENOUGH
        if is_much and self._count > MOST_GROWTH * self._file.tell():
            raise grows_too_far(self._path)
        return count

    @override
    def seekable(self) -> bool:
        return not self._is_packed

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def _taken(self, view: memoryview) -> int:
        if not self._is_packed:
            return int(self._unpacked.readinto(view))
        try:
            data = bytes(self._unpacked.read(len(view)))
            view[: len(data)] = data
            return len(data)
        except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError) as error:
            raise damaged(self._path, str(error)) from error
        except OSError as error:
            if error.errno is None:
                raise damaged(self._path, str(error)) from error
            raise

    @override
    def close(self) -> None:
        if not self.closed:
            with self._file:
                if self._is_packed:
                    self._unpacked.close()
        super().close()


def changed(path: Path) -> StudioError:
    """What to raise for a file that another program wrote to while it was read."""
    return refuse(
        tr(
            "{file} changed while it was read. Expected a file that stays as it is.",
            file=shown_name(path),
        ),
        tr("Wait until the other program has finished writing, then open the data again."),
        place=Place("file", shown(path)),
        code="changed",
    )


def _state_of(file: BinaryIO) -> tuple[int, int]:
    facts = os.fstat(file.fileno())
    return facts.st_size, facts.st_mtime_ns


def _unpacked(file: BinaryIO, start: bytes, path: Path) -> Any:  # noqa: ANN401
    unpack = next((opener for mark, opener in _OPENERS if start.startswith(mark)), None)
    return unpack(file, path) if unpack else file


def _unzipped(file: BinaryIO, path: Path) -> Any:  # noqa: ANN401
    """The only file of a zip archive; the archive itself where it holds several."""
    try:
        archive = zipfile.ZipFile(file)
        members = [entry for entry in archive.infolist() if _counts(entry)]
        if len(members) == 1:
            return archive.open(members[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        if path.suffix.lower() == ".zip":
            raise damaged(path, str(error)) from error
    file.seek(0)
    return file


def _counts(entry: zipfile.ZipInfo) -> bool:
    name = Path(entry.filename)
    is_hidden = name.name.startswith(".") or "__MACOSX" in name.parts
    return not entry.is_dir() and not is_hidden


_OPENERS: tuple[tuple[bytes, Callable[[BinaryIO, Path], Any]], ...] = (
    (b"\x1f\x8b", lambda file, _: gzip.GzipFile(fileobj=file, mode="rb")),
    (b"BZh", lambda file, _: bz2.BZ2File(file, "rb")),
    (b"\xfd7zXZ\0", lambda file, _: lzma.LZMAFile(file, "rb")),  # noqa: SIM115
    (b"\x28\xb5\x2f\xfd", lambda file, _: pa.CompressedInputStream(pa.PythonFile(file), "zstd")),
    (b"PK\x03\x04", _unzipped),
)
