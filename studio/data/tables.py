"""Tables of every format as columns of numbers, dates and texts; no value shifts."""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from studio.core.design.dataset import ColumnKind
from studio.core.params import Values
from studio.core.patience import Progress, go_on
from studio.core.problems import Problem
from studio.data.cells import Column, Gathering, part_of
from studio.data.files import most_memory, too_large
from studio.data.long_texts import without_long_texts
from studio.data.names import without_nameless
from studio.data.numbers import (
    Notation,
    has_long_whole,
    is_mostly_numbers,
    parsed,
    rounded_problem,
    texts_problem,
    too_large_problem,
    within_reach,
)
from studio.data.opened import Misread, OpenedTable
from studio.data.readers import open_any
from studio.data.readers import tables_in as tables_in
from studio.data.rows import no_rows
from studio.data.sql import safe_url as safe_url
from studio.data.sql import sql_settings

BLOCK_ROWS = 65_536
_PASSED = 8192  # rows that are not wanted are passed over in pieces that are not tiny
_NOTHING: Values = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table in memory.

    Columns are float64 (NaN is missing), texts (dtype ``str``, NaN is missing) or, from Excel,
    Parquet, Feather and databases, datetime64[ns] (NaT is missing; times are without zone,
    in UTC where the file has one). Dates in text formats stay texts.
    """

    name: str
    frame: pd.DataFrame
    settings: Mapping[str, str | bool | int]
    problems: tuple[Problem, ...] = ()

    @property
    def notation(self) -> Notation:
        """How numbers are written in it."""
        return Notation.of(self.settings)


def read_table(path: Path, given: Values | None = None) -> Table:
    """The whole table, each column as numbers, dates or texts, whichever it is."""
    opened, columns = _gathered(open_any(path, given or _NOTHING), None, ())
    return _meant(opened, columns)


def read_columns(path: Path, given: Values, kinds: Mapping[str, ColumnKind]) -> Table:
    """Only the named columns: numbers where kind is number, else as they are written.

    Columns that the table does not have are left out. Formats that know their types keep
    them: a category may come as numbers, a date as datetime64.
    """
    texts = [name for name, kind in kinds.items() if kind != "number"]
    opened, columns = _gathered(open_any(path, given), list(kinds), texts)
    return _of_kinds(opened, columns, kinds, 0)


def read_sql(url: str, query: str, given: Values | None = None) -> Table:
    """What a query finds in any database that SQLAlchemy reaches.

    The password, in the URL or in the environment variable STUDIO_DB_PASSWORD, is kept in
    memory alone: the settings hold the URL without it, and are enough for `read_table`,
    `read_columns`, `first_rows` and `blocks` for as long as the program runs.
    """
    return read_table(Path(safe_url(url)), {**(given or {}), **sql_settings(url, query)})


def first_rows(
    path: Path,
    given: Values | None = None,
    rows: int = 200,
    *,
    start: int = 0,
    kinds: Mapping[str, ColumnKind] | None = None,
) -> Table:
    """Some rows, read no further than they stand, of the columns that `kinds` names.

    Without it all, and their kinds are judged by these rows alone. Where it is known in which
    part of the file they are (`in_reach`), nothing before that part is read.
    """
    opened = open_any(path, given or _NOTHING, rows)
    texts = [name for name, kind in (kinds or {}).items() if kind != "number"]
    wanted = None if kinds is None else list(kinds)
    while True:
        near, first = (opened.reached(start) if start else None) or (opened, 0)
        try:
            head = _head_of(near, (rows, start - first), wanted, texts)
            return _meant(opened, head) if kinds is None else _of_kinds(opened, head, kinds, start)
        except Misread as error:
            opened = opened.corrected(error)


def in_reach(path: Path, given: Values, row: int) -> bool:
    """True where a row (from 0) is had without reading all of those before it."""
    return open_any(path, given, 1).reached(row) is not None


def blocks(
    path: Path, given: Values, kinds: Mapping[str, ColumnKind], rows: int = BLOCK_ROWS
) -> Iterator[Table]:
    """The named columns, `rows` rows at a time (the last table has fewer), as `read_columns`.

    Only one block is in memory at a time; the index of its frame counts on, so that Problems
    name the right rows.
    """
    texts = [name for name, kind in kinds.items() if kind != "number"]
    opened, done = open_any(path, given), 0
    while True:
        try:
            for block in _blocks_of(opened, list(kinds), texts, (rows, done)):
                go_on()
                table = _of_kinds(opened, block, kinds, done)
                yield table
                done += len(table.frame)
            return
        except Misread as error:
            opened = opened.corrected(error)


def as_numbers(
    name: str, values: Column, file: str, notation: Notation
) -> tuple["pd.Series[float]", list[Problem]]:
    """The column as float64; what is no number or too large is missing, with a Problem.

    Dates become seconds since 1970.
    """
    problems = []
    if is_text_column(values):
        texts = values.astype("str")
        result = parsed(texts, notation)
        numbers = result.values
        if result.is_text.any():
            problems.append(texts_problem(name, file, texts, result.is_text))
        if has_long_whole(texts):
            problems.append(rounded_problem(name, file))
    elif values.dtype.kind == "M":
        moments = values.to_numpy("datetime64[ns]")
        numbers = np.where(np.isnat(moments), np.nan, moments.astype(np.int64) / 1e9)
    else:
        numbers = np.asarray(values, np.float64)
    numbers, too_large = within_reach(numbers)
    if too_large.any():
        problems.append(too_large_problem(name, file, too_large))
    return pd.Series(numbers, index=values.index), problems


def is_text_column(values: Column) -> bool:
    """True for a column of texts, neither numbers nor dates."""
    kind = values.dtype
    return not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind))


def _gathered(
    opened: OpenedTable, wanted: Sequence[str] | None, texts: Collection[str]
) -> tuple[OpenedTable, dict[str, Column]]:
    """The wanted columns (None: all) whole, and the table with the settings that held."""
    while True:
        names = opened.names if wanted is None else _present(opened, wanted)
        expected, count, size, most = opened.expected_rows(), 0, 0, most_memory()
        parts = {name: Gathering(expected) for name in names}
        try:
            for found in without_long_texts(opened, opened.pieces(names, texts)):
                for name, piece in found.items():
                    parts[name].add(piece)
                    size += piece.nbytes
                if size > most:
                    raise too_large(opened.path, most)
                count += len(found[names[0]])
                go_on(Progress("reading", min(1.0, count / max(1, expected))))
            _read_doubtful(opened, parts)
        except Misread as error:
            opened = opened.corrected(error)
        else:
            columns = {name: parts[name].column() for name in names}
            if not any(map(len, columns.values())):
                raise no_rows(opened.path)
            return opened, columns


def _present(opened: OpenedTable, wanted: Sequence[str]) -> list[str]:
    """Those that the table has; its first column where it has none, to count the rows."""
    known = set(opened.names)
    return [name for name in wanted if name in known] or list(opened.names[:1])


def _read_doubtful(opened: OpenedTable, parts: dict[str, Gathering]) -> None:
    """Columns that were numbers at first and texts further down, again as they are written."""
    doubtful = [name for name, part in parts.items() if part.is_mixed and not opened.is_typed]
    if doubtful:
        parts |= {name: Gathering() for name in doubtful}
        for found in opened.pieces(doubtful, doubtful):
            for name, piece in found.items():
                parts[name].add(piece)


def _meant(opened: OpenedTable, columns: dict[str, Column]) -> Table:
    """Texts that are mostly numbers as numbers; empty columns without a name left out."""
    problems = list(opened.problems)
    for name, values in columns.items():
        is_done = not opened.is_typed and not is_text_column(values)
        if not is_done and _are_numbers(values, opened.notation):
            columns[name], found = as_numbers(name, values, opened.name, opened.notation)
            problems.extend(found)
    frame = pd.DataFrame(columns, copy=False)
    frame, dropped = without_nameless(frame, opened.unnamed, opened.name)
    return Table(opened.name, frame, opened.settings, (*problems, *dropped))


def _are_numbers(values: Column, notation: Notation) -> bool:
    if is_text_column(values):
        return is_mostly_numbers(values, notation)
    return values.dtype.kind != "M"


def _of_kinds(
    opened: OpenedTable, columns: dict[str, Column], kinds: Mapping[str, ColumnKind], first: int
) -> Table:
    """The columns with those that are meant as numbers as numbers; rows count from `first`."""
    count = len(next(iter(columns.values()), ()))
    index, problems = pd.RangeIndex(first, first + count), []
    for name in list(columns):
        if name not in kinds:
            del columns[name]
            continue
        columns[name].index = index
        if kinds[name] == "number":
            columns[name], found = as_numbers(name, columns[name], opened.name, opened.notation)
            problems.extend(found)
    frame = pd.DataFrame(columns, index=index, copy=False)
    return Table(opened.name, frame, opened.settings, tuple(problems))


def _head_of(
    opened: OpenedTable,
    span: tuple[int, int],
    wanted: Sequence[str] | None,
    texts: Collection[str],
) -> dict[str, Column]:
    """`span[0]` rows after the first `span[1]`, of the wanted columns (None: all)."""
    names = opened.names if wanted is None else _present(opened, wanted)
    with closing(_blocks_of(opened, names, texts, span)) as found:
        return next(found, None) or {name: Gathering().column() for name in names}


def _blocks_of(
    opened: OpenedTable, wanted: Sequence[str], texts: Collection[str], span: tuple[int, int]
) -> Generator[dict[str, Column]]:
    """Columns of `span[0]` rows at a time, after the first `span[1]` rows."""
    rows, skipped = span
    names = _present(opened, wanted)
    held, count = {name: Gathering() for name in names}, 0
    pieces = opened.pieces(names, texts, max(rows, min(skipped, _PASSED)))
    for found in without_long_texts(opened, pieces):
        length = len(found[names[0]])
        start = min(skipped, length)
        skipped -= start
        while start < length:
            taken = min(length - start, rows - count)
            for name, piece in found.items():
                held[name].add(part_of(piece, start, start + taken))
            start, count = start + taken, count + taken
            if count == rows:
                yield {name: part.column() for name, part in held.items()}
                held, count = {name: Gathering() for name in names}, 0
    if count:
        yield {name: part.column() for name, part in held.items()}
