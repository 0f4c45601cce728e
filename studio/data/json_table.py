"""JSON as a table: a list of objects, an object of lists or of objects, or an object a line."""

import itertools
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from typing_extensions import override

from studio.core.params import Values
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.cells import Piece, missing_marks, piece_of_values
from studio.data.encoding import find_encoding, half_a_character, is_whole
from studio.data.files import broken, open_text, start_of
from studio.data.names import MOST_COLUMNS, too_many_columns
from studio.data.opened import OpenedTable, Pieces
from studio.data.unpack import shown, shown_name

Row = dict[str, object]
_ROWS = 8192
_PIECE = 1024**2
_LONGEST = 128 * 1024**2
_SPACES = re.compile(r"[ \t\r\n]*")
_MOST_HELD = 128 * 1024**2
_FEW = 50
# Written so, half of a character is JSON, but no text.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\]\"\d\-tfn])")
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".dat")
_KEY = "key"
_VALUE = "value"


def is_json(path: Path, head: bytes) -> bool:
    """By how it begins: a list or an object."""
    suffixes = {suffix.lower() for suffix in path.suffixes}
    try:
        text = head.decode(_encoding_of(head), "ignore").removeprefix("\ufeff")
    except LookupError:
        return False
    return not suffixes & set(_TEXT_SUFFIXES) and _START.match(text) is not None


def open_json(path: Path, _given: Values, rows: int = 0) -> OpenedTable:
    """The table with the names of all rows, of the first `rows` where that is all wanted.

    What was read for the names is kept where it is little, so that it is read only once.
    """
    names: dict[str, None] = {}
    reading, held = _Reading(path), _Held()
    for batch in _batched(itertools.islice(reading.rows(), rows or None), _ROWS):
        for row in batch:
            names.update(dict.fromkeys(row))
        if len(names) > MOST_COLUMNS:
            raise too_many_columns(len(names), shown_name(path))
        if not rows and reading.whole is None:
            held.add(batch, names)
    key = "jsonl" if reading.are_lines else "json"
    name, pieces = shown_name(path), held.pieces or ()
    return JsonTable(
        path, name, {"format": key}, tuple(names), whole=reading.whole, held=tuple(pieces)
    )


@dataclass(frozen=True, slots=True, eq=False)
class JsonTable(OpenedTable):
    """Rows as objects; what is an object inside them stands in columns as ``a.b``.

    `whole` is the text where it is a single object, `held` what its rows became where they
    are few enough to be kept.
    """

    whole: dict[str, object] | None = None
    held: tuple[dict[str, Piece], ...] = ()

    @override
    def pieces(self, columns: Sequence[str], texts: Collection[str] = (), rows: int = 0) -> Pieces:
        missing = missing_marks()
        for found in self.held:
            count = len(next(iter(found.values())))
            yield {n: found[n] if n in found else np.full(count, np.nan) for n in columns}
        if self.held:
            return
        for batch in _batched(_Reading(self.path, self.whole).rows(), rows or _ROWS):
            yield {n: piece_of_values([row.get(n) for row in batch], missing) for n in columns}


class _Held:
    """The pieces of all columns, given up where they become many."""

    def __init__(self) -> None:
        self.pieces: list[dict[str, Piece]] | None = []
        self._size, self._missing = 0, missing_marks()

    def add(self, batch: list[Row], names: Iterable[str]) -> None:
        """The next rows."""
        if self.pieces is None:
            return
        found = {n: piece_of_values([row.get(n) for row in batch], self._missing) for n in names}
        self._size += sum(piece.nbytes for piece in found.values())
        self.pieces.append(found)
        if self._size > _MOST_HELD:
            self.pieces = None


class _Reading:
    """One pass over the file, or over the `whole` of it where it is a single object.

    `are_lines` is known after the first rows, `whole` after them where there is one.
    """

    def __init__(self, path: Path, whole: dict[str, object] | None = None) -> None:
        self._path, self.whole, self.are_lines = path, whole, False

    def rows(self) -> Iterator[Row]:
        """The rows one by one, flat; StudioError where the text is no JSON or no table."""
        if self.whole is not None:
            yield from self._of_object(self.whole)
            return
        encoding = _encoding_of(start_of(self._path, 4096))
        try:
            with open_text(self._path, encoding) as stream:
                yield from self._rows(_Scanner(self._path, stream.read))
        except UnicodeError as error:
            raise broken(self._path, "JSON", str(error)) from error
        except _BadJson as error:
            raise _damaged(self._path, error) from error
        except RecursionError as error:
            raise _no_table(self._path) from error

    def _rows(self, scanner: "_Scanner") -> Iterator[Row]:
        if scanner.peek() == "[":
            yield from map(self._flat, scanner.list_values())
            if scanner.peek():
                raise scanner.bad("more text after the list")
            return
        first = scanner.value()
        if scanner.peek():
            self.are_lines = True
            yield self._flat(first)
            yield from map(self._flat, scanner.values())
        elif isinstance(first, dict) and first:
            self.whole = first
            yield from self._of_object(first)
        else:
            raise _no_table(self._path)

    def _of_object(self, value: dict[str, object]) -> Iterator[Row]:
        """An object whose values are columns or rows; of one row where they are neither."""
        cells = list(value.values())
        if all(isinstance(cell, dict) and cell and not _is_counted(cell) for cell in cells):
            for name, row in value.items():
                yield {_KEY: name, **self._flat(row)}
        elif (inner := _rows_within(value)) is not None:
            yield from map(self._flat, inner)
        elif isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
            names = [str(name) for name in _listed(value["columns"])]
            for cells in map(_listed, _listed(value["data"])):
                yield self._flat(dict(zip(names, cells, strict=False)))
        elif all(isinstance(cell, list | dict) for cell in cells):
            yield from self._of_columns(value)
        else:
            yield self._flat(value)

    def _of_columns(self, columns: dict[str, object]) -> Iterator[Row]:
        lists = {name: _listed(values) for name, values in columns.items()}
        lengths = {len(values) for values in lists.values()}
        if len(lengths) != 1:
            raise _uneven(self._path, lists)
        for values in zip(*lists.values(), strict=True):
            yield self._flat(dict(zip(lists, values, strict=True)))

    def _flat(self, value: object) -> Row:
        """One level of objects inside a row as ``a.b``; a list as its places, counted from 1."""
        if isinstance(value, list):
            return {tr("column {number}", number=i): cell for i, cell in enumerate(value, 1)}
        if not isinstance(value, dict):
            return {_VALUE: value}
        row: Row = {}
        for name, cell in value.items():
            if isinstance(cell, dict) and cell:
                row |= {f"{name}.{inner}": deep for inner, deep in cell.items()}
            else:
                row[name] = cell
        return row


class _BadJson(Exception):
    """Text that is no JSON, and the line it stands on."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


class _Scanner:
    """Takes values out of JSON text one by one, with little more than one in memory."""

    def __init__(self, path: Path, read: Callable[[int], str]) -> None:
        self._path, self._read = path, read
        self._decode = json.JSONDecoder().raw_decode
        self._text, self._at, self._lines, self._is_end = "", 0, 1, False

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            found = _SPACES.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or self._is_end:
                return self._text[self._at : self._at + 1]
            self._more()

    def value(self) -> object:
        """The next value; StudioError where it is too large for memory."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except ValueError as error:
                if self._is_end:
                    raise self.bad(str(error)) from error
            else:
                if end < len(self._text) or self._is_end:
                    if _HALF.search(self._text, self._at, end) and not is_whole(
                        json.dumps(value, ensure_ascii=False)
                    ):
                        line = self._lines + self._text.count("\n", 0, self._at)
                        raise half_a_character(self._path, line)
                    self._at = end
                    return cast(object, value)
            if len(self._text) - self._at > _LONGEST:
                raise _too_large(self._path)
            if len(self._text) - self._at >= _PIECE:
                self._decode = json.JSONDecoder(object_pairs_hook=_list_if_counted).raw_decode
            self._more()

    def values(self) -> Iterator[object]:
        """All values up to the end, spaces between."""
        while self.peek():
            yield self.value()

    def list_values(self) -> Iterator[object]:
        """The values of the list that begins here."""
        self._at += 1
        mark = "" if self.peek() == "]" else ","
        while mark == ",":
            yield self.value()
            mark = self.peek()
            if mark not in (",", "]"):
                raise self.bad("a comma or the end of the list was expected")
            self._at += 1
        if not mark:
            self._at += 1

    def bad(self, why: str) -> _BadJson:
        """What to raise here."""
        return _BadJson(self._lines + self._text.count("\n", 0, self._at), why)

    def _more(self) -> None:
        """Reads several times what is held, so that a long value is not tried too often."""
        self._lines += self._text.count("\n", 0, self._at)
        held = self._text[self._at :]
        piece = self._read(max(_PIECE, 3 * len(held)))
        self._text, self._at, self._is_end = held + piece, 0, not piece


def _rows_within(value: dict[str, object]) -> list[object] | None:
    """The only list of objects beside other facts, as ``{"version": 1, "rows": [...]}``."""
    lists = [cell for cell in value.values() if isinstance(cell, list) and cell]
    if len(lists) == 1 and all(isinstance(row, dict) for row in lists[0]):
        return lists[0]
    return None


def _is_counted(values: dict[str, object]) -> bool:
    """True for ``{"0": ..., "1": ...}``, as pandas writes a column."""
    return next(iter(values), "") == "0" and next(reversed(values)) == str(len(values) - 1)


def _list_if_counted(pairs: list[tuple[str, object]]) -> object:
    """A column as pandas writes it as a list: the numbers of its rows need more than it does."""
    if len(pairs) > _FEW and pairs[0][0] == "0" and pairs[-1][0] == str(len(pairs) - 1):
        return [value for _, value in pairs]
    return dict(pairs)


def _batched(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while batch := list(itertools.islice(rows, size)):
        yield batch


def _listed(values: object) -> list[object]:
    if isinstance(values, dict):
        return list(values.values())
    return values if isinstance(values, list) else [values]


def _encoding_of(head: bytes) -> str:
    found = find_encoding(head)
    return found if found.startswith("utf-16") else "utf-8"


def _damaged(path: Path, error: _BadJson) -> StudioError:
    return refuse(
        tr(
            "{file} is no whole JSON: line {line} cannot be read. Expected a list of objects, or "
            "an object on each line.",
            file=shown_name(path),
            line=error.line,
        ),
        tr("Copy or download the file again, or save it again where it was made."),
        place=Place("file", shown(path)),
        code="damaged",
        detail=str(error),
    )


def _no_table(path: Path) -> StudioError:
    return refuse(
        tr(
            "{file} holds JSON that is no table. Expected a list of objects with the same keys, "
            "an object of lists, or an object on each line.",
            file=shown_name(path),
        ),
        tr("Write the rows as a list of objects and open that."),
        place=Place("file", shown(path)),
        code="not-a-table",
    )


def _uneven(path: Path, lists: Mapping[str, list[object]]) -> StudioError:
    (first, values), *others = lists.items()
    name, other = next((n, v) for n, v in others if len(v) != len(values))
    return refuse(
        tr(
            "Column {name} of {file} has {found} {found|value|values}. Expected {expected}, as "
            "many as column "
            "{first} has.",
            name=name,
            file=shown_name(path),
            found=len(other),
            expected=len(values),
            first=first,
        ),
        tr("Give each column a value in every row; write null for those that are not known."),
        place=Place("column", name),
        code="ragged-row",
    )


def _too_large(path: Path) -> StudioError:
    return refuse(
        tr(
            "{file} holds a single JSON value of more than {size} MB. Expected many rows, each a "
            "value of its own.",
            file=shown_name(path),
            size=_LONGEST // 1024**2,
        ),
        tr("Save it as JSON lines (an object on each line) or as CSV."),
        place=Place("file", shown(path)),
        code="too-large",
    )
