"""What is said of files that are taken, left out or not there."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from studio.core.design.dataset import ColumnKind
from studio.core.problems import Place, Problem, Severity, StudioError, refuse
from studio.core.words import tr
from studio.data.unpack import shown, shown_name

KINDS: Mapping[ColumnKind, str] = MappingProxyType(
    {"image": "pictures", "sound": "sounds", "video": "clips"}
)
_TABLES = frozenset({".csv", ".tsv", ".xlsx", ".parquet", ".json", ".jsonl"})
_NAMED = 5


def nothing_there(path: Path, names: Sequence[str]) -> StudioError:
    """What to raise where a folder or an archive holds no picture, sound or clip."""
    suffixes = Counter(PurePosixPath(name).suffix.lower() for name in names)
    table = next((n for n in names if PurePosixPath(n).suffix.lower() in _TABLES), None)
    if suffixes[".zip"]:
        hint = tr("There is an archive in it: unpack it, and open that.")
    elif table:
        hint = tr("There is a table in it: open {table} itself.", table=table)
    else:
        hint = tr("Put the files of each class into a folder of its own.")
    return refuse(
        tr(
            "{folder} holds no pictures, sounds or clips. Expected a folder for each class, or "
            "files and a table that names them.",
            folder=shown_name(path),
        ),
        hint,
        place=Place("file", shown(path)),
        code="no-media",
    )


def other_kind(kind: ColumnKind, count: int, taken: ColumnKind) -> Problem:
    """Files of another kind beside those that were taken."""
    return Problem(
        tr(
            "{count} {others} are left out, because there are more {taken}.",
            count=count,
            others=tr(KINDS[kind]),
            taken=tr(KINDS[taken]),
        ),
        tr("Choose the other kind in the import settings to take them."),
        Severity.NOTE,
        Place("data"),
        "other-kind",
    )


def not_of_kind(kind: str, path: Path) -> Problem:
    """A kind was asked for of which there are no files."""
    said = next((words for key, words in KINDS.items() if key == kind), kind[:40])
    return Problem(
        tr("There are no {kind} in {folder}.", kind=tr(said), folder=shown_name(path)),
        tr("What is there was taken."),
        Severity.NOTE,
        Place("data"),
        "no-such-kind",
    )


def frames(count: int) -> Problem:
    """Folders of numbered pictures were taken as clips."""
    return Problem(
        tr("{count} folders of numbered pictures are taken as clips.", count=count),
        tr("Choose pictures in the import settings if each is a sample of its own."),
        Severity.NOTE,
        Place("data"),
        "frames",
    )


def skipped(count: int, path: Path) -> Problem:
    """Files that are nothing that can be shown to a model."""
    return Problem(
        tr(
            "{count} {count|file|files} in {folder} {count|is|are} no "
            "{count|picture, sound or clip and is|pictures, sounds or clips and are} left out.",
            count=count,
            folder=shown_name(path),
        ),
        tr("Nothing needs to be done."),
        Severity.NOTE,
        Place("data"),
        "skipped-files",
    )


def nested(path: Path, count: int) -> Problem:
    """Archives within what was opened."""
    return Problem(
        tr(
            "{count} archives inside {folder} are not opened. Expected files, not archives in it.",
            count=count,
            folder=shown_name(path),
        ),
        tr("Unpack them if their content belongs to the data."),
        Severity.WARNING,
        Place("file", shown(path)),
        "nested-archive",
    )


def nameless(paths: Sequence[Path]) -> Problem:
    """Files whose names are no valid text."""
    names = ", ".join(os.fsencode(p.name).decode("utf-8", "replace") for p in paths[:_NAMED])
    return Problem(
        tr(
            "{count} {count|file has a name that is|files have names that are} no valid text and "
            "{count|is|are} left out: {files}.",
            count=len(paths),
            files=names,
        ),
        tr("Give them names of ordinary letters."),
        Severity.WARNING,
        Place("file", shown(paths[0])),
        "bad-file-name",
    )


def not_there(column: str, table: str, missing: Sequence[str]) -> Problem:
    """Rows of a manifest whose file is not there."""
    return Problem(
        tr(
            "{count} {count|file|files} that {table} names in column {column} {count|is|are} not "
            "there: {files}. "
            "Their rows are left out.",
            count=len(missing),
            table=table,
            column=column,
            files=", ".join(missing[:_NAMED]),
        ),
        tr("Put the files back, or take the rows out of the table."),
        Severity.WARNING,
        Place("column", column),
        "missing-files",
    )


def not_named(table: str, count: int) -> Problem:
    """Files that no row of a manifest names."""
    return Problem(
        tr(
            "{count} {count|file is|files are} left out, because {table} does not name them.",
            count=count,
            table=table,
        ),
        tr("Add a row for each to the table if they belong to the data."),
        Severity.NOTE,
        Place("data"),
        "unnamed-files",
    )


def masks(count: int) -> Problem:
    """That pictures have masks beside them."""
    return Problem(
        tr(
            "{count} {count|picture has|pictures have} masks in a folder beside them: each pixel "
            "is of a class.",
            count=count,
        ),
        tr("Nothing needs to be done."),
        Severity.NOTE,
        Place("data"),
        "masks",
    )
