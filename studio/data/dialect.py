"""Import settings of a text table, found by reading its first 64 KiB in every likely way."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from studio.core.params import Values
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.encoding import NotInEncoding, Utf8Maker, find_encoding, is_whole
from studio.data.files import start_of
from studio.data.numbers import MISSING_NUMBERS, Notation, is_code
from studio.data.quotes import find_quotes
from studio.data.unpack import members_of, shown, shown_name

DELIMITERS = (",", ";", "\t", "|", "::")
HEAD = 64 * 1024
LONGEST_LINE = 1024**2
# What stands for a delimiter of several characters while values are taken apart.
STAND_IN = "\x1f"
_FEW_LINES = 20
_CELLS = 4000
_GOOD_ENOUGH = 0.5
_SIGNATURES = (
    (b"PK\x03\x04", "a zip file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"RIFF", "a sound or picture file"),
    (b"OggS", "a sound file"),
    (b"fLaC", "a sound file"),
)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( \d{1,2}:\d{2}.*)?"
)
_PROSE = re.compile(r"[^\W\d_].*\s|\s.*[^\W\d_]")

csv.field_size_limit(LONGEST_LINE)


def find_settings(path: Path, given: Values | None = None) -> dict[str, str | bool]:
    """Delimiter, encoding, quoting, decimal mark, thousands mark, header: as given, else found."""
    given = given or {}
    _require_usable(given)
    head = start_of(path, HEAD)
    encoding = str(given.get("encoding") or find_encoding(head))
    _refuse_other_formats(path, head, encoding)
    text = _whole_lines(path, head, encoding)
    delimiter = str(given.get("delimiter") or _best_delimiter(text))
    quoting = given.get("quoting")
    is_quoted = quoting if isinstance(quoting, bool) else are_quotes_meant(text, delimiter)
    rows = rows_of(text, delimiter, is_quoted)
    notation = _best_notation(_cells(rows), delimiter)
    notation = Notation(
        str(given.get("decimal") or notation.decimal),
        str(given.get("thousands", notation.thousands)),
    )
    if notation.thousands == notation.decimal:
        notation = Notation(notation.decimal)
    header = given.get("header")
    return {
        "format": "text",
        "delimiter": delimiter,
        "encoding": encoding,
        "quoting": is_quoted,
        "decimal": notation.decimal,
        "thousands": notation.thousands,
        "missing": str(given.get("missing", "")),
        "header": header if isinstance(header, bool) else _has_header(rows, notation),
    }


def _require_usable(given: Values) -> None:
    """StudioError for marks that no row can be taken apart by."""
    delimiter, decimal = str(given.get("delimiter") or ","), str(given.get("decimal") or ".")
    is_mark = delimiter.isascii() or len(delimiter) > 1
    if not is_mark or not is_whole(delimiter) or set(delimiter) & set('\n\r"\0'):
        raise _unusable("delimiter", delimiter, tr("a character such as , or ; or several"))
    if decimal not in (".", ","):
        raise _unusable("decimal", decimal, tr("a point or a comma"))


def _unusable(key: str, value: str, expected: str) -> StudioError:
    return refuse(
        tr(
            "The import setting {key} is {value!r}. Expected: {expected}.",
            key=key,
            value=value[:60],
            expected=expected,
        ),
        tr("Choose another, or leave the setting out: it is found then."),
        place=Place("field", key),
        code="bad-setting",
    )


def is_date(text: str) -> bool:
    """True for what is written like a date, with or without a time."""
    return _DATE.fullmatch(text) is not None


def inner_delimiter(delimiter: str) -> str:
    """The single character that values are taken apart at."""
    return delimiter if len(delimiter) == 1 else STAND_IN


def are_quotes_meant(text: str, delimiter: str) -> bool:
    """False where quotation marks belong to the texts, as in chat messages and reviews.

    That is so where read as plain characters all rows are as wide, where read as quotation
    rows would swallow one another or words follow a closing mark, and the values are prose.
    """
    if '"' not in text or len(delimiter) > 1:
        return len(delimiter) == 1
    quotes = find_quotes(text.encode(), delimiter)
    plain = {len(row) for row in rows_of(text, delimiter, is_quoted=False)}
    if len(plain) != 1 or plain == {1} and quotes.open_at < 0:
        return True
    quoted = Counter(len(row) for row in rows_of(text, delimiter))
    swallows = quotes.open_at >= 0 or set(quoted) != plain
    return not ((swallows or quotes.loose_at >= 0) and is_prose_quoted(text, delimiter))


def is_prose_quoted(text: str, delimiter: str) -> bool:
    """True where a value that a quotation mark opens, and none closes, holds words."""
    values = re.findall(rf'(?m)(?:^|{re.escape(delimiter)}) *"([^{re.escape(delimiter)}\n]*)', text)
    return any(_PROSE.search(v) for v in values if not v.rstrip().endswith('"'))


def _refuse_other_formats(path: Path, head: bytes, encoding: str) -> None:
    if not head:
        raise refuse(
            tr("{file} is empty. Expected rows of values.", file=shown_name(path)),
            tr("Choose another file."),
            place=Place("file", shown(path)),
            code="empty",
        )
    kind = next((words for mark, words in _SIGNATURES if head.startswith(mark)), "")
    if kind or (b"\0" in head and not encoding.lower().startswith(("utf-16", "utf_16", "utf-32"))):
        raise not_a_table(path, tr(kind) if kind else tr("not a text file"))


def not_a_table(path: Path, kind: str) -> StudioError:
    """What to raise for a file of another kind; `kind` says which: ``a picture``."""
    hint = tr("Save it as CSV or as an Excel file (.xlsx) and open that.")
    if path.suffix.lower() == ".zip":
        names = ", ".join(entry.filename for entry in members_of(path)[:5])
        hint = tr("Unpack it and open one of its files: {names}.", names=names)
    return refuse(
        tr(
            "{file} is {kind}. Expected a table (CSV, TSV, Excel, Parquet, Feather, JSON, SQLite).",
            file=shown_name(path),
            kind=kind,
        ),
        hint,
        place=Place("file", shown(path)),
        code="not-a-table",
    )


def _whole_lines(path: Path, head: bytes, encoding: str) -> str:
    """The head as text, cut after its last whole line."""
    if len(head) == HEAD and head.count(b"\n") < _FEW_LINES:
        head = start_of(path, LONGEST_LINE)
    is_cut = len(head) in (HEAD, LONGEST_LINE)
    end = max(head.rfind(b"\n"), head.rfind(b"\r")) + 1
    if is_cut and not end and not any(mark.encode() in head for mark in DELIMITERS):
        raise too_long(path, 1)
    if is_cut and end:
        head = head[: end + (-end % 2 if encoding.startswith("utf-16") else 0)]
    try:
        return Utf8Maker(encoding).made(head).decode("utf-8")
    except NotInEncoding as error:
        raise error.refused(path) from error


def too_long(path: Path, line: int) -> StudioError:
    """What to raise for a line that no table has."""
    return refuse(
        tr(
            "Line {line} of {file} is longer than {size} MB. Expected rows of values, one a line.",
            line=line,
            file=shown_name(path),
            size=LONGEST_LINE // 1024**2,
        ),
        tr("Check that the file is a table and that no quotation mark is left open."),
        place=Place("file", shown(path)),
        code="long-line",
    )


def rows_of(text: str, delimiter: str, is_quoted: bool = True) -> list[list[str]]:
    """The rows that are not blank, values stripped; none where the text is no table."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE
    inner = inner_delimiter(delimiter)
    lines = io.StringIO(text.replace(delimiter, inner), newline="\n")
    try:
        reader = csv.reader(lines, delimiter=inner, skipinitialspace=True, quoting=quoting)
        rows = [row for row in reader if row and row != [""]]
    except csv.Error:
        return []
    return [[cell.strip() for cell in row] for row in rows]


def _best_delimiter(text: str) -> str:
    scores = {delimiter: _score(text, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] >= _GOOD_ENOUGH else ","


def _score(text: str, delimiter: str) -> float:
    """How much the rows look like a table: all as wide, and no other delimiter in the cells."""
    if delimiter not in text:
        return 0.0
    rows = rows_of(text, delimiter, are_quotes_meant(text, delimiter))
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
    return [cell for row in rows[:_CELLS] for cell in row][:_CELLS]


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


def _are_names(first: list[str], columns: Sequence[list[str]], notation: Notation) -> bool:
    """Only texts, none twice, and none of them a value of its own column."""
    if any(
        not cell
        or cell.endswith((".", "!"))
        or notation.is_number(cell)
        or is_code(cell)
        or is_date(cell)
        for cell in first
    ) or len(set(first)) < len(first):
        return False
    return all(cell not in column for cell, column in zip(first, columns, strict=True))
