"""Manifests: a table beside the files that names each of them and says what is known of it."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from posixpath import splitext

import numpy as np
import pandas as pd

from studio.core.problems import StudioError
from studio.data import listing_words as words
from studio.data.references import Entry, unpacked_into
from studio.data.tables import Table, is_text_column, read_table

SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".parquet", ".feather", ".json", ".jsonl"})
MOST_BYTES = 64 * 1024**2
_MOST_TABLES = 8
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """A table that names files: its rows whose file is there, and the name of each file."""

    name: str
    table: Table
    column: str
    references: tuple[str, ...]


def manifest_of(
    path: Path, entries: Sequence[Entry], names: Sequence[str], *, is_archive: bool
) -> Manifest | None:
    """The table among the files that names most of them, if one names at least half."""
    tables = [e for e in entries if may_be_manifest(e)]
    tables.sort(key=lambda entry: (entry.name.count("/"), entry.name))
    best: Manifest | None = None
    for entry in tables[:_MOST_TABLES]:
        found = _read(path, entry, names, is_archive)
        if found and (best is None or len(found.references) > len(best.references)):
            best = found
    return best if best and len(set(best.references)) >= _ENOUGH * len(names) else None


def may_be_manifest(entry: Entry) -> bool:
    """True for a table of a size that lists files."""
    return splitext(entry.name)[1].lower() in SUFFIXES and 0 < entry.size <= MOST_BYTES


def _read(path: Path, entry: Entry, names: Sequence[str], is_archive: bool) -> Manifest | None:
    try:
        table = _unpacked(path, entry) if is_archive else read_table(path / entry.name)
    except (StudioError, OSError, ValueError):
        return None  # what cannot be read names nothing
    column, references = _best_column(table.frame, entry, names)
    if not column:
        return None
    return _matched(replace(table, name=entry.name), column, references, names)


def _unpacked(archive: Path, entry: Entry) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        return read_table(unpacked_into(Path(folder), archive, entry.name))


def _best_column(
    frame: pd.DataFrame, entry: Entry, names: Sequence[str]
) -> tuple[str, list[str | None]]:
    """The column that names the most files, and the file that each cell stands for."""
    places = _Places(entry, names)
    best: tuple[str, list[str | None]] = "", []
    most = 0
    for name in frame.columns:
        if not is_text_column(frame[name]):
            continue
        found = [places.find(cell) for cell in frame[name].to_numpy(object)]
        count = sum(place is not None for place in found)
        if count > most and count >= _ENOUGH * len(found):
            best, most = (str(name), found), count
    return best


class _Places:
    """Finds the file that a cell stands for: beside the table, below the root, by its name."""

    def __init__(self, entry: Entry, names: Sequence[str]) -> None:
        self._folder = entry.name.rpartition("/")[0]
        self._names = set(names)
        alone = Counter(PurePosixPath(name).name for name in names)
        self._short = {n: name for name in names if alone[n := PurePosixPath(name).name] == 1}
        self._stems = {PurePosixPath(short).stem: name for short, name in self._short.items()}

    def find(self, cell: object) -> str | None:
        """The name of the file, None where there is none."""
        if not isinstance(cell, str) or not cell:
            return None
        bare = cell.replace("\\", "/").removeprefix("./")
        for name in (f"{self._folder}/{bare}" if self._folder else bare, bare):
            if name in self._names:
                return name
        short = PurePosixPath(bare).name
        return self._short.get(short) or self._stems.get(short)


def _matched(
    table: Table, column: str, references: Sequence[str | None], names: Sequence[str]
) -> Manifest:
    is_there = np.array([name is not None for name in references], bool)
    missing = table.frame[column][~is_there].dropna().astype("str").tolist()
    problems = list(table.problems)
    if missing:
        problems.append(words.not_there(column, table.name, missing))
    taken = tuple(name for name in references if name is not None)
    unnamed = len(set(names) - set(taken))
    if unnamed:
        problems.append(words.not_named(table.name, unnamed))
    frame = table.frame[is_there].reset_index(drop=True)
    table = replace(table, frame=frame, problems=tuple(problems))
    return Manifest(table.name, table, column, taken)
