"""CSV and TSV, plain or gzipped, as columns of numbers and texts; no value shifts."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnKind
from studio.core.params import Values
from studio.core.problems import Place, Problem, StudioError, refuse
from studio.core.words import tr
from studio.data.dialect import find_settings
from studio.data.encoding import as_utf8, find_encoding
from studio.data.files import contents
from studio.data.names import header_of, unique_names, without_nameless
from studio.data.numbers import (
    MISSING,
    MISSING_NUMBERS,
    Notation,
    has_long_whole,
    is_mostly_numbers,
    parsed,
    rounded_problem,
    texts_problem,
    too_large_problem,
    within_reach,
)
from studio.data.rows import RowScan, scan, width_of

_EXACT = 2.0**53
_MISSING = frozenset(MISSING)
_HEAD_ROWS = 500
_ZERO, _NINE = ord("0"), ord("9")
_SIGNS = (ord("+"), ord("-"))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table in memory: float64 columns (NaN is missing) and text columns (NaN is missing)."""

    name: str
    frame: pd.DataFrame
    settings: Mapping[str, str | bool]
    problems: tuple[Problem, ...] = ()

    @property
    def notation(self) -> Notation:
        """How numbers are written in it."""
        return Notation.of(self.settings)


def read_table(path: Path, given: Values | None = None) -> Table:
    """The whole table, each column as numbers or as texts, whichever it is."""
    source = _opened(path, given)
    columns, problems = {}, list(source.problems)
    for name, values in _guessed(source).items():
        columns[name], found = _as_meant(name, values, source)
        problems.extend(found)
    frame, dropped = without_nameless(
        pd.DataFrame(columns, copy=False), source.unnamed, source.name
    )
    return Table(path.name, frame, source.settings, (*problems, *dropped))


def read_columns(path: Path, given: Values, kinds: Mapping[str, ColumnKind]) -> Table:
    """Only the named columns: numbers where kind is number, texts as written for the others.

    Columns that the table does not have are left out.
    """
    source = _opened(path, given)
    places = {name: i for i, name in enumerate(source.names) if name in kinds}
    likely = _plain_numbers(source)
    plain = [i for name, i in places.items() if kinds[name] == "number" and i in likely]
    read = _read(source, [i for i in places.values() if i not in plain], plain)
    columns, problems = {}, []
    for name, place in places.items():
        columns[name] = read[place]
        if kinds[name] == "number":
            columns[name], found = as_numbers(name, read[place], source.name, source.notation)
            problems.extend(found)
    frame = pd.DataFrame(columns, index=range(source.count), copy=False)
    return Table(path.name, frame, source.settings, tuple(problems))


def as_numbers(
    name: str, values: "pd.Series[float] | pd.Series[str]", file: str, notation: Notation
) -> tuple["pd.Series[float]", list[Problem]]:
    """The column as float64; what is no number or too large is missing, with a Problem."""
    problems = []
    if is_text_column(values):
        texts = values.astype("str")
        result = parsed(texts, notation)
        numbers = result.values
        if result.is_text.any():
            problems.append(texts_problem(name, file, texts, result.is_text))
        if has_long_whole(texts):
            problems.append(rounded_problem(name, file))
    else:
        numbers = np.asarray(values, np.float64)
    numbers, too_large = within_reach(numbers)
    if too_large.any():
        problems.append(too_large_problem(name, file, too_large))
    return pd.Series(numbers, index=values.index), problems


def is_text_column(values: "pd.Series[float] | pd.Series[str]") -> bool:
    """True for a column of texts."""
    return not pd.api.types.is_numeric_dtype(values.dtype)


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """A table's bytes as UTF-8 with everything that is known before values are read."""

    name: str
    path: Path
    data: bytes
    settings: Mapping[str, str | bool]
    names: tuple[str, ...]
    unnamed: tuple[str, ...]
    rows: RowScan
    count: int
    problems: tuple[Problem, ...]

    @property
    def notation(self) -> Notation:
        return Notation.of(self.settings)


def _opened(path: Path, given: Values | None) -> _Source:
    settings = find_settings(path, given)
    raw = contents(path)
    data = _decoded(raw, settings, path, is_fixed=bool(given and given.get("encoding")))
    rows = scan(data, str(settings["delimiter"]), path)
    has_header = bool(settings["header"])
    width = width_of(rows, has_header, path)
    header = header_of(data, settings, width) if has_header else [""] * width
    names, problems = unique_names(header, path.name, has_header)
    unnamed = tuple(n for n, h in zip(names, header, strict=True) if not h and has_header)
    return _Source(
        path.name,
        path,
        data,
        settings,
        names,
        unnamed,
        rows,
        len(rows.widths) - has_header,
        problems,
    )


def _decoded(raw: bytes, settings: dict[str, str | bool], path: Path, *, is_fixed: bool) -> bytes:
    """The bytes as UTF-8; a first guess that fails further down is made again from all of them."""
    encoding = str(settings["encoding"])
    try:
        return as_utf8(raw, encoding, path)
    except StudioError:
        if is_fixed:
            raise
        settings["encoding"] = find_encoding(raw)
        return as_utf8(raw, str(settings["encoding"]), path)


def _guessed(source: _Source) -> dict[str, "pd.Series[float] | pd.Series[str]"]:
    """Each column by the fast way where its head is plain numbers, as text otherwise."""
    likely = _plain_numbers(source)
    read = _read(source, [i for i in range(len(source.names)) if i not in likely], likely)
    return {name: read[i] for i, name in enumerate(source.names)}


def _as_meant(
    name: str,
    values: "pd.Series[float] | pd.Series[str]",
    source: _Source,
) -> tuple["pd.Series[float] | pd.Series[str]", list[Problem]]:
    if is_text_column(values) and not is_mostly_numbers(values.astype("str"), source.notation):
        return values, []
    return as_numbers(name, values, source.name, source.notation)


def _plain_numbers(source: _Source) -> list[int]:
    """The columns whose first rows are all numbers that the C engine reads as we would."""
    head = _parse(source, None, "object", MISSING, nrows=_HEAD_ROWS).to_numpy()
    notation = Notation(source.notation.decimal)
    return [i for i in range(len(source.names)) if _are_numbers(head[:, i], notation)]


def _are_numbers(cells: NDArray[np.object_], notation: Notation) -> bool:
    texts = {cell.strip() for cell in cells if isinstance(cell, str)}
    return all(notation.is_number(text) for text in texts.difference(_MISSING))


def _read(
    source: _Source, texts: list[int], numbers: list[int]
) -> dict[int, "pd.Series[float] | pd.Series[str]"]:
    """The columns, with those of `numbers` that turn out to be none read again as texts."""
    read: dict[int, pd.Series[float] | pd.Series[str]] = {}
    if numbers:
        frame = _parse(source, numbers, None, MISSING_NUMBERS)
        zeros = _leading_zero_columns(source)
        doubtful = [i for i in numbers if i in zeros or not _is_plain(frame[i])]
        read |= {i: frame[i].astype(np.float64) for i in numbers if i not in doubtful}
        texts = [*texts, *doubtful]
    if texts:
        read |= _read_texts(source, texts)
    return read


def _is_plain(values: "pd.Series[float]") -> bool:
    if not pd.api.types.is_numeric_dtype(values.dtype) or values.dtype == bool:
        return False
    if values.dtype.kind in "iu":
        return bool(len(values) == 0 or (values.max() < _EXACT and values.min() > -_EXACT))
    return True


def _leading_zero_columns(source: _Source) -> set[int]:
    """The columns in which a value starts like ``007``."""
    raw = np.frombuffer(source.data, np.uint8)
    hits = (
        np.flatnonzero((raw[:-1] == _ZERO) & (raw[1:] >= _ZERO) & (raw[1:] <= _NINE))
        if len(raw) > 1
        else np.zeros(0, np.int64)
    )
    hits = hits[_starts_value(raw, hits, str(source.settings["delimiter"]))]
    starts, delimiters = source.rows.marks
    if not len(starts):
        return set(range(len(source.names))) if len(hits) else set()
    row = np.searchsorted(starts, hits, side="right") - 1
    column = np.searchsorted(delimiters, hits) - np.searchsorted(
        delimiters, starts[np.maximum(row, 0)]
    )
    return set(np.unique(column).tolist())


def _starts_value(
    raw: NDArray[np.uint8], positions: NDArray[np.int64], delimiter: str
) -> NDArray[np.bool_]:
    """Where a value begins, after a sign or not; ``5e-05`` begins none."""
    edges = np.frombuffer(f'\n "{delimiter}'.encode(), np.uint8)
    before, earlier = raw[np.maximum(positions - 1, 0)], raw[np.maximum(positions - 2, 0)]
    is_signed = np.isin(before, _SIGNS) & (np.isin(earlier, edges) | (positions == 1))
    starts: NDArray[np.bool_] = (positions == 0) | np.isin(before, edges) | is_signed
    return starts


def _read_texts(source: _Source, columns: Iterable[int]) -> dict[int, "pd.Series[str]"]:
    """Columns as stripped texts, the markers of missing values as NaN."""
    frame = _parse(source, columns, "object", MISSING)
    return {int(i): _stripped(frame[i].to_numpy(object)) for i in frame.columns}


def _stripped(cells: NDArray[np.object_]) -> "pd.Series[str]":
    """Each different text is stripped once: in most columns they are few."""
    codes, uniques = pd.factorize(cells)
    bare = [str(text).strip() for text in uniques]
    texts = np.array([*(np.nan if text in _MISSING else text for text in bare), np.nan], object)
    return pd.Series(texts[codes], dtype="str")


def _parse(
    source: _Source,
    columns: Iterable[int] | None,
    dtype: str | None,
    missing: Iterable[str],
    nrows: int | None = None,
) -> pd.DataFrame:
    try:
        frame = pd.read_csv(
            io.BytesIO(source.data),
            sep=str(source.settings["delimiter"]),
            header=0 if source.settings["header"] else None,
            names=list(range(len(source.names))),
            index_col=False,
            usecols=None if columns is None else sorted(columns),
            dtype=dtype,
            na_values=list(missing),
            keep_default_na=False,
            skipinitialspace=True,
            decimal=source.notation.decimal,
            low_memory=False,
            nrows=nrows,
            encoding="utf-8",
            engine="c",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise _unparsed(source, str(error)) from error
    if nrows is None and len(frame) != source.count:
        raise _unparsed(source, f"{len(frame)} rows read, {source.count} counted")
    return frame


def _unparsed(source: _Source, why: str) -> Exception:
    return refuse(
        tr(
            "{file} could not be taken apart into rows and columns. Expected each row "
            "on its own line, with texts that hold a delimiter in quotation marks.",
            file=source.name,
        ),
        tr("Check the delimiter, and that each quotation mark is closed."),
        place=Place("file", str(source.path)),
        code="unreadable-table",
        detail=why,
    )
