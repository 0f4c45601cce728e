"""Recognises what stands at a path or URL: which source reads it, and what exactly it reads."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.core.params import Values
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.alike import are_alike
from studio.data.files import require_plain, unreadable
from studio.data.idx import holds_idx, is_idx
from studio.data.lines import line_files
from studio.data.listing import holds_media
from studio.data.media_columns import SUFFIXES
from studio.data.references import is_archive, is_hidden

TABLE_SUFFIXES = frozenset(
    {".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".pq"}
    | {".feather", ".arrow", ".json", ".jsonl", ".ndjson", ".dat", ".data"}
    | {".db", ".sqlite", ".sqlite3"}
)
PACKED = frozenset({".gz", ".bz2", ".xz", ".zst"})
# Papers that lie beside data and are none.
PAPERS = frozenset({"readme", "license", "licence", "about", "_about", "notice", "citation"})
_MAYBE = frozenset({".json", ".db", ".dat"})
_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_WEB = frozenset({"http", "https", "ftp", "ftps", "sftp", "s3", "gs", "file"})
_SQLITE = "sqlite:///"
_URL = re.compile(r"[a-z][a-z0-9]+(\+[a-z0-9_]+)?://", re.IGNORECASE)
_ENOUGH = 20  # files that are looked for, to tell what a folder holds
_MOST_LOOKED_AT = 20_000
_MUCH_LARGER = 3


@dataclass(frozen=True, slots=True)
class Recognised:
    """The key of the source that reads a path, and the path and settings that it is given."""

    source: str
    path: str
    settings: Values


def is_url(path: str) -> bool:
    """True for the address of a database, such as ``postgresql://host/name``."""
    return _URL.match(path) is not None


def recognised(path: str, settings: Values) -> Recognised:
    """What reads the data at a path or URL; StudioError where nothing can."""
    if path.lower().startswith(_SQLITE):  # a file like any other, with a query
        return recognised(path[len(_SQLITE) :], settings)
    if is_url(path):
        _refuse_web(path)
        return Recognised("sql", path, settings)
    if not path.strip():
        raise _nothing_named()
    place = Path(path).absolute()
    try:
        is_folder = place.is_dir()
        if not place.exists():
            raise FileNotFoundError
    except OSError as error:  # no such file, or a name that is too long
        raise unreadable(place, error) from error
    if is_folder:
        return _of_folder(place, settings)
    require_plain(place)
    return Recognised(_of_file(place, settings), str(place), settings)


def _refuse_web(path: str) -> None:
    """StudioError for an address in the web: nothing is fetched from there."""
    if path.split("://")[0].lower() in _WEB:
        raise refuse(
            tr("{path} is an address in the web. Expected a file or a database.", path=path[:80]),
            tr("Download the file and open it."),
            place=Place("file", path),
            code="web-address",
        )


def _nothing_named() -> StudioError:
    return refuse(
        tr("No file was named. Expected a file, a folder or the address of a database."),
        tr("Name one."),
        place=Place("data"),
        code="no-file",
    )


def _of_file(path: Path, settings: Values) -> str:
    if is_archive(path):
        return "files" if holds_media(path) else "table"
    if holds_media(path):
        raise _one_file(path)
    if is_idx(path):
        return "idx"
    return "lines" if _are_lines(path, settings) else "table"


def _are_lines(path: Path, settings: Values) -> bool:
    """True for a text whose other language is named, or lies beside it: news.en and news.fr."""
    if settings.get("other"):
        return True
    bare = path.with_suffix("") if path.suffix.lower() in PACKED else path
    bare = bare.with_suffix("") if bare.suffix.lower() == ".txt" else bare
    if _suffix(bare) in TABLE_SUFFIXES or _LANGUAGE.fullmatch(bare.suffix) is None:
        return False
    try:
        line_files(path, settings)
    except StudioError:
        return False
    return True


def _of_folder(folder: Path, settings: Values) -> Recognised:
    if holds_idx(folder):
        return Recognised("idx", str(folder), settings)
    files = _files_in(folder)
    tables = _tables_among(files)
    if _media_below(folder) > len(tables):
        return Recognised("files", str(folder), settings)
    found = [*tables, *(file for file in files if is_archive(file))]
    if not found and (texts := [file for file in files if _are_lines(file, settings)]):
        return Recognised("lines", str(texts[0]), settings)
    if not found:
        return Recognised("files", str(folder), settings)  # which says what it expected
    obvious = _obvious(found, folder.name)
    if obvious is None and found == tables and are_alike(found, settings):
        return Recognised("tables", str(folder), settings)
    if obvious is None:
        raise _several(folder, found)
    return Recognised(_of_file(obvious, settings), str(obvious), settings)


def tables_in_folder(folder: Path) -> list[Path]:
    """The tables that lie in a folder, papers and notes left out, in alphabetical order."""
    return _tables_among(_files_in(folder))


def _files_in(folder: Path) -> list[Path]:
    try:
        return sorted(f for f in folder.iterdir() if f.is_file() and not is_hidden(f.name))
    except OSError as error:
        raise unreadable(folder, error) from error


def _tables_among(files: Sequence[Path]) -> list[Path]:
    """JSON beside other tables is mostly something about them."""
    tables = [file for file in files if _looks_like_table(file)]
    others = [file for file in tables if _suffix(file) not in _MAYBE]
    return others or tables


def _looks_like_table(file: Path) -> bool:
    stem = _stem(file)
    if stem.lower() in PAPERS or stem.lower().endswith((".names", "_names", ".info")):
        return False
    return _suffix(file) in TABLE_SUFFIXES


def _suffix(file: Path) -> str:
    """What the name ends in, packed or not: ``.csv`` for rows.csv.gz."""
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if len(suffixes) > 1 and suffixes[-1] in PACKED:
        suffixes.pop()
    return "".join(suffixes[-1:])


def _stem(file: Path) -> str:
    """The name without what says how it is written: ``ratings`` for ratings.csv.gz."""
    name = file.name
    while Path(name).suffix.lower() in TABLE_SUFFIXES | PACKED:
        name = name[: -len(Path(name).suffix)]
    return name


def _media_below(folder: Path) -> int:
    """How many pictures, sounds and clips there are, counted no further than is needed."""
    found = looked = 0
    for _root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        found += _count(names)
        looked += len(names)
        if found >= _ENOUGH or looked >= _MOST_LOOKED_AT:
            break
    return found


def _count(names: Iterable[str]) -> int:
    return sum(
        os.path.splitext(name)[1].lower() in SUFFIXES for name in names if not is_hidden(name)
    )


def _obvious(files: Sequence[Path], folder: str) -> Path | None:
    """The only one; the one that is for training, or named like the folder; by far the largest.

    Of the same table in several formats the one with a header is likelier, which comes first.
    """
    first = {_stem(file): file for file in reversed(files)}
    named = [
        [file for stem, file in first.items() if "train" in stem.lower()],
        [file for stem, file in first.items() if stem.lower() == folder.lower()],
        list(first.values()),
    ]
    for some in named:
        if len(some) == 1:
            return some[0]
    by_size = sorted(first.values(), key=lambda file: file.stat().st_size, reverse=True)
    is_clear = by_size[0].stat().st_size >= _MUCH_LARGER * by_size[1].stat().st_size
    return by_size[0] if is_clear else None


def _several(folder: Path, files: Sequence[Path]) -> StudioError:
    """Its detail is the name of each file, one a line: a window can offer them."""
    names = ", ".join(file.name for file in files[:12])
    return refuse(
        tr(
            "{folder} holds {count} tables: {names}. Expected one, or a folder of pictures, "
            "sounds or clips.",
            folder=folder.name,
            count=len(files),
            names=names,
        ),
        tr("Open one of them."),
        place=Place("file", str(folder)),
        code="several-tables",
        detail="\n".join(file.name for file in files),
    )


def _one_file(path: Path) -> StudioError:
    kind = SUFFIXES.get(path.suffix.lower(), "image")
    words = {"image": tr("one picture"), "sound": tr("one sound"), "video": tr("one clip")}
    return refuse(
        tr(
            "{file} is {what}. Expected a folder with a folder of such files for each class.",
            file=path.name,
            what=words[kind],
        ),
        tr("Choose the folder that holds the class folders."),
        place=Place("file", str(path)),
        code={"image": "one-picture", "sound": "one-sound", "video": "one-clip"}[kind],
    )
