"""Import settings of a text table, found by reading its first 64 KiB in every likely way."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

from studio.core.params import Values
from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.data.encoding import as_utf8, find_encoding
from studio.data.files import start_of
from studio.data.numbers import MISSING_NUMBERS, Notation, is_code

DELIMITERS = (",", ";", "\t", "|")
HEAD = 64 * 1024
LONGEST_LINE = 1024**2
_CELLS = 4000
_GOOD_ENOUGH = 0.5
_SIGNATURES = (
    (b"PK\x03\x04", "an Excel or zip file"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"SQLite format", "a database"),
    (b"RIFF", "a sound or picture file"),
)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( \d{1,2}:\d{2}.*)?"
)

csv.field_size_limit(LONGEST_LINE)


def find_settings(path: Path, given: Values | None = None) -> dict[str, str | bool]:
    """Delimiter, encoding, decimal mark, thousands mark, header: as given, else as found."""
    given = given or {}
    head = start_of(path, HEAD)
    _refuse_other_formats(path, head)
    encoding = str(given.get("encoding") or find_encoding(head))
    text = _whole_lines(path, head, encoding)
    delimiter = str(given.get("delimiter") or _best_delimiter(text))
    rows = _rows(text, delimiter)
    notation = _best_notation(_cells(rows), delimiter)
    notation = Notation(
        str(given.get("decimal") or notation.decimal),
        str(given.get("thousands", notation.thousands)),
    )
    if notation.thousands == notation.decimal:
        notation = Notation(notation.decimal)
    header = given.get("header")
    return {
        "delimiter": delimiter,
        "encoding": encoding,
        "decimal": notation.decimal,
        "thousands": notation.thousands,
        "header": header if isinstance(header, bool) else _has_header(rows, notation),
    }


def is_date(text: str) -> bool:
    """True for what is written like a date, with or without a time."""
    return _DATE.fullmatch(text) is not None


def _refuse_other_formats(path: Path, head: bytes) -> None:
    place = Place("file", str(path))
    if not head:
        raise refuse(
            tr("{file} is empty. Expected rows of values.", file=path.name),
            tr("Choose another file."),
            place=place,
            code="empty",
        )
    kind = next((words for mark, words in _SIGNATURES if head.startswith(mark)), "")
    is_wide = find_encoding(head).startswith("utf-16")
    if kind or (b"\0" in head and not is_wide):
        raise refuse(
            tr(
                "{file} is {kind}. Expected a text table (CSV or TSV).",
                file=path.name,
                kind=tr(kind) if kind else tr("not a text file"),
            ),
            tr("Save it as CSV and open that."),
            place=place,
            code="not-a-table",
        )


def _whole_lines(path: Path, head: bytes, encoding: str) -> str:
    """The head as text, cut after its last whole line."""
    if b"\n" not in head and b"\r" not in head and len(head) == HEAD:
        head = start_of(path, LONGEST_LINE)
        if b"\n" not in head and len(head) == LONGEST_LINE:
            raise too_long(path, 1)
    is_cut = len(head) in (HEAD, LONGEST_LINE)
    if is_cut:
        end = max(head.rfind(b"\n"), head.rfind(b"\r")) + 1
        head = head[: end + (-end % 2 if encoding.startswith("utf-16") else 0)]
    return as_utf8(head, encoding, path).decode("utf-8")


def too_long(path: Path, line: int) -> Exception:
    """What to raise for a line that no table has."""
    return refuse(
        tr(
            "Line {line} of {file} is longer than {size} MB. Expected rows of values, one a line.",
            line=line,
            file=path.name,
            size=LONGEST_LINE // 1024**2,
        ),
        tr("Check that the file is a table and that no quotation mark is left open."),
        place=Place("file", str(path)),
        code="long-line",
    )


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
        rows = [row for row in reader if row and row != [""]]
    except csv.Error:
        return []
    return [[cell.strip() for cell in row] for row in rows]


def _best_delimiter(text: str) -> str:
    scores = {delimiter: _score(_rows(text, delimiter), delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] >= _GOOD_ENOUGH else ","


def _score(rows: list[list[str]], delimiter: str) -> float:
    """How much the rows look like a table: all as wide, and no other delimiter in the cells."""
    if not rows:
        return 0.0
    widths = Counter(len(row) for row in rows)
    width = max(widths, key=lambda w: (widths[w], w))
    if width == 1:
        return 0.0
    cells = _cells([row for row in rows if len(row) == width])
    clean = sum(_is_clean(cell, delimiter) for cell in cells) / len(cells)
    return clean * widths[width] / len(rows) + min(width, 50) / 5000


def _is_clean(cell: str, delimiter: str) -> bool:
    foreign = [mark for mark in DELIMITERS if mark != delimiter and mark in cell]
    return not foreign or any(Notation(*n).is_number(cell) for n in _notations(delimiter))


def _cells(rows: list[list[str]]) -> list[str]:
    return [cell for row in rows for cell in row][:_CELLS]


def _best_notation(cells: list[str], delimiter: str) -> Notation:
    """The notation in which most cells are numbers; the first of equals."""
    marked = [cell for cell in cells if cell and ("." in cell or "," in cell)]
    notations = [Notation(*n) for n in _notations(delimiter)]
    return max(notations, key=lambda n: sum(n.is_number(cell) for cell in marked))


def _notations(delimiter: str) -> tuple[tuple[str, str], ...]:
    comma, grouped = (",", ""), (".", ",")
    middle = (comma, grouped) if delimiter == ";" else (grouped, comma)
    return ((".", ""), *middle, (",", "."))


def _has_header(rows: list[list[str]], notation: Notation) -> bool:
    """Does the first row name the columns? Words over numbers say yes, numbers say no."""
    if not rows:
        return False
    first, rest = rows[0], rows[1:]
    columns = [[row[i] for row in rest if i < len(row)] for i in range(len(first))]
    votes = sum(_vote(cell, column, notation) for cell, column in zip(first, columns, strict=True))
    if votes:
        return votes > 0
    return _are_names(first, columns, notation)


def _vote(cell: str, column: list[str], notation: Notation) -> int:
    known = [value for value in column if value not in MISSING_NUMBERS]
    for is_kind in (notation.is_number, is_date):
        if known and sum(map(is_kind, known)) >= 0.8 * len(known):
            if is_kind(cell):
                return -1
            return 0 if cell in MISSING_NUMBERS else 1
    return 0


def _are_names(first: list[str], columns: list[list[str]], notation: Notation) -> bool:
    """Only texts, none twice, and none of them a value of its own column."""
    if any(
        not cell or notation.is_number(cell) or is_code(cell) or is_date(cell) for cell in first
    ) or len(set(first)) < len(first):
        return False
    return all(cell not in column for cell, column in zip(first, columns, strict=True))
