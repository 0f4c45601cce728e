"""References: a file as text, or a member of a zip archive, which is read where it lies."""

import hashlib
import io
import os
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.files import require_plain, unreadable
from studio.data.unpack import MOST_GROWTH, SMALL_ENOUGH, damaged, shown, shown_name

INSIDE = "!/"
MOST_BYTES = 2 * 1024**3
MOST_MEMBERS = 2_000_000
Stamp = tuple[int, int]
_PLAIN_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_LOCAL = struct.Struct("<26xHH")  # in front of a member: how long its name and extra field are
_EXTRA = 128  # bytes that such a field mostly has at most
_SMALL = 1 << 16  # bytes that are read faster all at once than in pieces


@dataclass(frozen=True, slots=True)
class Entry:
    """A file below a folder or in an archive: its name from there, its bytes, a checksum or 0."""

    name: str
    size: int
    check: int = 0


def is_archive(path: Path) -> bool:
    """True for a zip archive, by its name and its first bytes."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(2) == b"PK"
    except OSError as error:
        raise unreadable(path, error) from error


def open_reference(reference: str) -> BinaryIO:
    """The bytes of a file or a member, to be closed; OSError or ValueError where there are none."""
    archive, member = _split(reference)
    if member:
        return io.BytesIO(_member_bytes(archive, member))
    facts = os.stat(archive)
    if not stat.S_ISREG(facts.st_mode):
        raise ValueError("no plain file")  # a pipe of that name would never end
    if facts.st_size > _SMALL:
        return open(archive, "rb")  # noqa: SIM115
    with open(archive, "rb", buffering=0) as stream:
        return io.BytesIO(stream.read())


def parted(reference: str) -> tuple[Path, str]:
    """The file or archive, and the member in it ("" for a file)."""
    place, member = _split(reference)
    return Path(place), member


def _split(reference: str) -> tuple[str, str]:
    """As texts, because a path is slower to make than a small picture to read."""
    start = reference.find(INSIDE)
    while start >= 0:
        before = reference[:start]
        if before.lower().endswith(".zip") and os.path.isfile(before):
            return before, reference[start + len(INSIDE) :]
        start = reference.find(INSIDE, start + 1)
    return reference, ""


def stamp_of(reference: str) -> Stamp:
    """Size and time of a file, or of the archive that a member is in; OSError where it is gone."""
    facts = os.stat(_split(reference)[0])
    return facts.st_size, facts.st_mtime_ns


def entries_of(archive: Path) -> list[Entry]:
    """The files in an archive, without those that systems add; StudioError where it is unsafe."""
    opened, facts = _archive(archive), archive.stat()
    return list(_entries(archive, opened, (facts.st_size, facts.st_mtime_ns)))


@lru_cache(maxsize=2)
def _entries(archive: Path, opened: zipfile.ZipFile, _stamp: Stamp) -> tuple[Entry, ...]:
    members = [info for info in opened.infolist() if not info.is_dir()]
    for info in members:
        _refuse_trick(archive, info)
    _refuse_bomb(archive, members)
    seen = {info.filename: info for info in members if not is_hidden(info.filename)}
    return tuple(Entry(name, info.file_size, info.CRC) for name, info in seen.items())


def entries_below(folder: Path) -> tuple[list[Entry], list[Path]]:
    """The files below a folder, in the order of their names; and those whose name is no text.

    Links to folders are not followed, so that a loop has an end.
    """
    found: list[Entry] = []
    nameless: list[Path] = []
    waiting = [""]
    while waiting:
        before = waiting.pop()
        try:
            with os.scandir(os.path.join(folder, before)) as items:
                inner = sorted(items, key=lambda item: item.name)
        except OSError as error:
            if not before:
                raise unreadable(folder, error) from error
            continue  # a folder that may not be looked into
        for item in (item for item in inner if not _is_hidden(item.name)):
            if not _is_text(item.name):
                nameless.append(Path(item.path))
            elif (size := _size_of(item)) is not None:
                found.append(Entry(before + item.name, size))
        folders = [i.name for i in inner if i.is_dir(follow_symlinks=False)]
        kept = [name for name in folders if not _is_hidden(name) and _is_text(name)]
        waiting.extend(f"{before}{name}/" for name in reversed(kept))
    return found, nameless


def members_in(archive: Path, folder: str) -> list[str]:
    """The names of the files right in a folder of an archive."""
    facts = archive.stat()
    return _by_folder(archive, facts.st_size, facts.st_mtime_ns).get(folder.rstrip("/"), [])


def print_of(entries: Iterable[Entry]) -> tuple[int, str]:
    """Total size of many files, and a sha256 over their names, sizes and checksums if known.

    Times are left out, so a copied or cloned folder counts as unchanged.
    """
    size, digest = 0, hashlib.sha256()
    for entry in entries:
        size += entry.size
        check = f"\0{entry.check:x}" if entry.check else ""
        digest.update(f"{entry.name}\0{entry.size}{check}\n".encode(errors="replace"))
    return size, digest.hexdigest()


def is_hidden(name: str) -> bool:
    """True for a file that a system puts beside those of a person."""
    return _is_hidden(name) or "/." in name or "/__MACOSX" in name


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "__MACOSX"))


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _size_of(item: "os.DirEntry[str]") -> int | None:
    try:
        return item.stat().st_size if item.is_file() else None
    except OSError:
        return None


def unpacked_into(folder: Path, archive: Path, member: str) -> Path:
    """A member as a file of its own; ValueError or OSError where it is damaged."""
    with _plain_trouble():
        return Path(_archive(archive).extract(member, folder))


def _member_bytes(archive: str, member: str) -> bytes:
    with _plain_trouble():
        opened = _archive(archive)
        info = opened.getinfo(member)
        if info.file_size > MOST_BYTES:
            raise ValueError("too large")
        if (data := _small_member(opened, info)) is not None:
            return data
        with opened.open(info) as stream:
            return stream.read(info.file_size)


def _small_member(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """A small plain member read all at once; None for any other, and for one that is damaged.

    Beside a picture of a kilobyte what zipfile does for each member is most of the work.
    """
    is_plain = info.compress_type in _PLAIN_WAYS and not info.flag_bits & _ENCRYPTED
    if sys.platform == "win32" or not is_plain or max(info.file_size, info.compress_size) > _SMALL:
        return None
    assert opened.fp is not None
    most = _LOCAL.size + len(info.orig_filename.encode()) + _EXTRA + info.compress_size
    raw = os.pread(opened.fp.fileno(), most, info.header_offset)
    if not raw.startswith(b"PK\3\4") or len(raw) < _LOCAL.size:
        return None
    name, extra = _LOCAL.unpack_from(raw)
    start = _LOCAL.size + name + extra
    data = raw[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_DEFLATED:
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, info.file_size + 1)
    is_whole = len(data) == info.file_size and zlib.crc32(data) == info.CRC
    is_same = raw[_LOCAL.size : _LOCAL.size + name] == info.orig_filename.encode()
    return data if is_whole and is_same else None


@contextmanager
def _plain_trouble() -> Iterator[None]:
    """What zipfile raises for a member, as OSError and ValueError."""
    try:
        yield
    except KeyError as error:
        raise FileNotFoundError(str(error)) from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise ValueError(str(error)) from error


def _archive(path: Path | str) -> zipfile.ZipFile:
    """The opened archive, remembered as long as its file stays the same."""
    try:
        facts = os.stat(path)
        if not stat.S_ISREG(facts.st_mode):
            require_plain(Path(path))
        return _opened(os.fspath(path), facts.st_size, facts.st_mtime_ns)
    except OSError as error:
        raise unreadable(Path(path), error) from error
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise damaged(Path(path), str(error)) from error


@lru_cache(maxsize=4)
def _opened(path: str, _size: int, _time: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)


@lru_cache(maxsize=4)
def _by_folder(path: Path, _size: int, _time: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries_of(path):
        found.setdefault(entry.name.rpartition("/")[0], []).append(entry.name)
    return found


def _refuse_trick(archive: Path, info: zipfile.ZipInfo) -> None:
    name = info.filename
    climbs = ".." in name and ".." in name.replace("\\", "/").split("/")
    if climbs or name.startswith(("/", "\\")) or name[1:2] == ":":
        raise refuse(
            tr(
                "{file} holds a member called {name}, which points out of the archive. Expected "
                "names below one folder.",
                file=shown_name(archive),
                name=name[:80],
            ),
            tr("Do not trust this file: get it from its source again."),
            place=Place("file", shown(archive)),
            code="unsafe-archive",
        )


def _refuse_bomb(archive: Path, members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in members)
    packed = archive.stat().st_size
    if unpacked > max(SMALL_ENOUGH, MOST_GROWTH * packed) or len(members) > MOST_MEMBERS:
        raise refuse(
            tr(
                "{file} would unpack to {size} MB from {packed} MB. Expected an archive that "
                "grows to {growth} times its size at most.",
                file=shown_name(archive),
                size=unpacked // 1024**2,
                packed=max(1, packed // 1024**2),
                growth=MOST_GROWTH,
            ),
            tr("If you trust the file, unpack it yourself and open the folder."),
            place=Place("file", shown(archive)),
            code="grows-too-far",
        )


def reference_error(reference: str, code: str) -> StudioError:
    """What to raise where a file is gone or another while a model is being trained."""
    return refuse(
        tr(
            "{file} has changed, vanished or broken since the training began. Expected files "
            "that stay as they are while a model is trained on them.",
            file=reference,
        ),
        tr("Put the file back, or open the data again and train anew."),
        place=Place("file", reference),
        code=code,
    )
