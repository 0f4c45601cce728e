"""Two text files that belong together line by line, as a table of pairs."""

from pathlib import Path

import numpy as np
import pandas as pd

from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, StudioError, refuse
from studio.core.words import tr
from studio.data.encoding import as_utf8, find_encoding
from studio.data.files import contents, require_plain, unreadable
from studio.data.tables import Table
from studio.data.unpack import shown, shown_name

_PLAIN_SUFFIXES = frozenset({".txt", ".gz", ".bz2", ".xz", ".zst", ".zip"})
_SHOWN = 60


def line_files(path: Path, settings: Values) -> tuple[Path, Path]:
    """The two files: that at `path` and the one that `settings` name as `other`.

    Without a name it is the only other file in the folder that is called alike up to its
    ending or to one word, such as ``news.en`` beside ``news.fr``. StudioError without one.
    """
    other = str(settings.get("other") or "")
    if other:
        second = path.parent / other
        if second.absolute() == path.absolute():
            raise _no_other(path, [])
        if not second.exists():
            raise unreadable(second, FileNotFoundError())
        return path, second
    found = _alike(path)
    if len(found) != 1:
        raise _no_other(path, found)
    return path, found[0]


def read_lines(path: Path, settings: Values) -> Table:
    """A row for each line, a column for each file; lines without text are missing.

    StudioError where the files have not equally many lines.
    """
    files = line_files(path, settings)
    encodings = [str(settings.get(key) or "") for key in ("encoding", "other_encoding")]
    lines = [text_lines(file, encoding) for file, encoding in zip(files, encodings, strict=True)]
    _drop_blank_ends(lines)
    if len(lines[0]) != len(lines[1]):
        raise _uneven(files, lines)
    if not lines[0]:
        raise _empty(path)
    names = _names(files)
    frame = pd.DataFrame({name: _texts(some) for name, some in zip(names, lines, strict=True)})
    other = files[1].name if files[1].parent == path.parent else str(files[1])
    kept = {key: str(settings[key]) for key in ("encoding", "other_encoding") if settings.get(key)}
    title = tr("{first} and {second}", first=shown_name(files[0]), second=shown_name(files[1]))
    return Table(title, frame, {**kept, "other": other}, tuple(_half_empty(names, lines, path)))


def text_lines(path: Path, encoding: str = "") -> list[str]:
    """The lines of one file; only line ends of files count, not other signs that break lines."""
    require_plain(path)
    if path.is_dir():
        raise unreadable(path, IsADirectoryError())
    data = contents(path)
    text = as_utf8(data, encoding or find_encoding(data), path).decode("utf-8")
    lines = [line.strip() for line in text.split("\n")]
    if lines[-1] == "":
        lines.pop()
    return lines


def _drop_blank_ends(lines: list[list[str]]) -> None:
    """Blank lines at the end of the longer file are no texts."""
    shorter, longer = sorted(lines, key=len)
    while len(longer) > len(shorter) and not longer[-1]:
        longer.pop()


def _texts(lines: list[str]) -> "pd.Series[str]":
    return pd.Series([line or np.nan for line in lines], dtype="str")


def _names(files: tuple[Path, Path]) -> tuple[str, str]:
    """What the columns are called: the files without what says how they are written."""
    first, second = (_bare(file) for file in files)
    if first == second:
        first, second = (f"{file.parent.name} {_bare(file)}" for file in files)
    return (first, second) if first != second else (f"{first} 1", f"{second} 2")


def _bare(file: Path) -> str:
    name = shown_name(file)
    while Path(name).suffix.lower() in _PLAIN_SUFFIXES:
        name = name[: -len(Path(name).suffix)]
    return name


def _alike(path: Path) -> list[Path]:
    """The files beside it whose names differ in one word."""
    words = _bare(path).split(".")
    try:
        beside = sorted(file for file in path.parent.iterdir() if file.is_file() and file != path)
    except OSError as error:
        raise unreadable(path, error) from error
    return [file for file in beside if _differ_in_one(_bare(file).split("."), words)]


def _differ_in_one(words: list[str], others: list[str]) -> bool:
    if len(words) != len(others) or len(words) < 2:
        return False
    return sum(word != other for word, other in zip(words, others, strict=True)) == 1


def _no_other(path: Path, found: list[Path]) -> StudioError:
    names = ", ".join(shown_name(file) for file in found[:10])
    return refuse(
        tr(
            "{file} is one of two files that belong together line by line, and it is not clear "
            "which is the other{names}. Expected its name.",
            file=shown_name(path),
            names=tr(": {names}", names=names) if names else "",
        ),
        tr("Choose the other file in the import settings."),
        place=Place("file", shown(path)),
        code="no-other-file",
    )


def _uneven(files: tuple[Path, Path], lines: list[list[str]]) -> StudioError:
    longer = int(len(lines[1]) > len(lines[0]))
    alone = min(map(len, lines))
    half = next((i for i in range(alone) if bool(lines[0][i]) != bool(lines[1][i])), -1)
    return refuse(
        tr(
            "{first} has {first_count} lines and {second} has {second_count}. Expected as many in "
            "both. The first without a partner is line {line} of {longer}: {text}{half}",
            first=shown_name(files[0]),
            first_count=len(lines[0]),
            second=shown_name(files[1]),
            second_count=len(lines[1]),
            line=alone + 1,
            longer=shown_name(files[longer]),
            text=_short(lines[longer][alone]),
            half=tr(". Line {line} is blank in one file only.", line=half + 1) if half >= 0 else "",
        ),
        tr("Look for a line that was broken in two or left out, and correct that file."),
        place=Place("file", shown(files[longer])),
        code="uneven-lines",
    )


def _half_empty(names: tuple[str, str], lines: list[list[str]], path: Path) -> list[Problem]:
    half = [i + 1 for i, (a, b) in enumerate(zip(*lines, strict=True)) if bool(a) != bool(b)]
    if not half:
        return []
    return [
        Problem(
            tr(
                "{count} lines are blank in only one of {first} and {second}, the first is line "
                "{line}.",
                count=len(half),
                first=names[0],
                second=names[1],
                line=half[0],
            ),
            tr("If the texts are shifted from there on, correct the files."),
            Severity.WARNING,
            Place("file", shown(path)),
            "half-empty-lines",
        )
    ]


def _empty(path: Path) -> StudioError:
    return refuse(
        tr("{file} holds no lines. Expected a text on each line.", file=shown_name(path)),
        tr("Choose another file."),
        place=Place("file", shown(path)),
        code="no-rows",
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
