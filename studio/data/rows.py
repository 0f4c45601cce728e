"""How many values each row of a text table holds: no value may shift to another column."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.data.dialect import LONGEST_LINE, too_long

_NEWLINE, _SPACE, _QUOTE = 10, 32, 34


@dataclass(frozen=True, slots=True, eq=False)
class RowScan:
    """The rows that are not blank: values in each, the line it starts on, where it ends."""

    widths: NDArray[np.int64]
    lines: NDArray[np.int64]
    ends_open: NDArray[np.bool_]
    marks: tuple[NDArray[np.int64], NDArray[np.int64]]


def scan(data: bytes, delimiter: str, path: Path) -> RowScan:
    """Counts the values of every row of UTF-8 text, quotation marks respected."""
    fast = _scan_positions(data, delimiter.encode())
    is_even = len(fast.widths) > 0 and bool((fast.widths == fast.widths[0]).all())
    if b'"' not in data or (is_even and _are_quotes_plain(data, delimiter.encode())):
        _refuse_long_lines(data, path)
        return fast
    return _scan_slowly(data, delimiter, path)


def width_of(rows: RowScan, has_header: bool, path: Path) -> int:
    """How many columns the table has; StudioError naming the first row that differs."""
    widths = rows.widths
    body = widths[1:] if has_header else widths
    if not len(body):
        raise refuse(
            tr(
                "{file} holds no rows. Expected at least one row of values below the "
                "names of the columns.",
                file=path.name,
            ),
            tr("Choose another file, or switch the header off."),
            place=Place("file", str(path)),
            code="no-rows",
        )
    if not has_header:
        return _checked(rows, 0, int(np.bincount(body).argmax()), path)
    if (body == widths[0] + 1).all():
        if rows.ends_open[1:].all():
            return int(widths[0]) + 1
        raise _header_differs(int(widths[0]), int(body[0]), path)
    return _checked(rows, 1, int(widths[0]), path)


def _checked(rows: RowScan, skipped: int, expected: int, path: Path) -> int:
    wrong = np.flatnonzero(rows.widths[skipped:] != expected)
    if len(wrong):
        first = int(wrong[0])
        raise refuse(
            tr(
                "Row {row} of {file} (line {line}) has {found} values. Expected {expected}, "
                "one for each column.{more}",
                row=first + 1,
                file=path.name,
                line=int(rows.lines[first + skipped]),
                expected=expected,
                found=int(rows.widths[first + skipped]),
                more=tr(" The same is wrong in {count} rows.", count=len(wrong))
                if len(wrong) > 1
                else "",
            ),
            tr(
                "Correct that line: look for a missing or an extra delimiter, or for a text "
                "that holds one and has no quotation marks."
            ),
            place=Place("file", str(path)),
            code="ragged-row",
        )
    return expected


def _header_differs(names: int, values: int, path: Path) -> Exception:
    return refuse(
        tr(
            "The first line of {file} names {names} columns, but row 1 and all others have "
            "{values} values. Expected a name for each column.",
            file=path.name,
            names=names,
            values=values,
        ),
        tr("Add the missing name to the first line, or switch the header off."),
        place=Place("file", str(path)),
        code="ragged-row",
    )


def _scan_positions(data: bytes, delimiter: bytes) -> RowScan:
    raw = np.frombuffer(data, np.uint8)
    newlines = np.flatnonzero(raw == _NEWLINE)
    delimiters = np.flatnonzero(raw == delimiter[0])
    breaks = newlines
    if b'"' in data:
        quotes = np.flatnonzero(raw == _QUOTE)
        breaks = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
        delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
    ends = breaks if len(data) and data[-1] == _NEWLINE else np.append(breaks, len(data))
    starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
    widths = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts) + 1
    kept = _not_blank(data, starts, ends, widths)
    starts, ends, widths = starts[kept], ends[kept], widths[kept]
    lines = np.searchsorted(newlines, starts) + 1
    open_ends = raw[np.maximum(ends - 1, 0)] == delimiter[0] if len(ends) else np.zeros(0, bool)
    return RowScan(widths.astype(np.int64), lines.astype(np.int64), open_ends, (starts, delimiters))


def _are_quotes_plain(data: bytes, delimiter: bytes) -> bool:
    """True where each quotation mark that opens stands at the start of a value."""
    raw = np.frombuffer(b"\n\n" + data, np.uint8)
    quotes = np.flatnonzero(raw == _QUOTE)
    if len(quotes) % 2:
        return False
    starts = np.array([_NEWLINE, delimiter[0], _QUOTE], np.uint8)
    before, earlier = raw[quotes[::2] - 1], raw[quotes[::2] - 2]
    after_space = (before == _SPACE) & np.isin(earlier, starts[:2])
    return bool((np.isin(before, starts) | after_space).all())


def _not_blank(
    data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], widths: NDArray[np.int64]
) -> NDArray[np.bool_]:
    kept = np.ones(len(starts), bool)
    for i in np.flatnonzero(widths == 1):
        kept[i] = bool(data[starts[i] : ends[i]].strip())
    return kept


def _refuse_long_lines(data: bytes, path: Path) -> None:
    newlines = np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE)
    edges = np.concatenate(([-1], newlines, [len(data)]))
    longest = int(np.diff(edges).argmax())
    if np.diff(edges)[longest] > LONGEST_LINE:
        raise too_long(path, longest + 1)


def _scan_slowly(data: bytes, delimiter: str, path: Path) -> RowScan:
    """The same, by the csv module: for files where quotation marks stand inside texts."""
    reader = csv.reader(
        io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter, skipinitialspace=True
    )
    widths, lines, open_ends, line = [], [], [], 1
    try:
        for row in reader:
            if row and not (len(row) == 1 and not row[0].strip() and delimiter != " "):
                widths.append(len(row))
                lines.append(line)
                open_ends.append(row[-1] == "")
            line = reader.line_num + 1
    except csv.Error as error:
        raise too_long(path, line) from error
    nothing = np.zeros(0, np.int64)
    return RowScan(
        np.array(widths, np.int64),
        np.array(lines, np.int64),
        np.array(open_ends, bool),
        (nothing, nothing),
    )
