"""How many values each row of a text table holds: no value may shift to another column."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.quotes import NEWLINE, Quotes
from studio.data.unpack import shown, shown_name


@dataclass(frozen=True, slots=True, eq=False)
class RowScan:
    """The rows that are not blank: values in each, the line it starts on, its bytes."""

    widths: NDArray[np.int64]
    lines: NDArray[np.int64]
    ends_open: NDArray[np.bool_]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    line_count: int


def scan(data: bytes, delimiter: str, quotes: Quotes) -> RowScan:
    """Counts the values of every row of UTF-8 text, quotation marks respected."""
    raw = np.frombuffer(data, np.uint8)
    newlines = np.flatnonzero(raw == NEWLINE)
    delimiters = np.flatnonzero(raw == ord(delimiter))
    breaks = newlines
    if len(quotes.opens):
        breaks = newlines[~quotes.cover(newlines)]
        delimiters = delimiters[~quotes.cover(delimiters)]
    ends = breaks if len(data) and data[-1] == NEWLINE else np.append(breaks, len(data))
    starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
    widths = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts) + 1
    kept = _not_blank(data, starts, ends, widths)
    starts, ends, widths = starts[kept], ends[kept], widths[kept]
    lines = np.searchsorted(newlines, starts) + 1
    open_ends = raw[np.maximum(ends - 1, 0)] == ord(delimiter)
    return RowScan(widths, lines, open_ends, starts, ends, len(newlines))


def without_blank_rows(data: bytes, rows: RowScan) -> bytes:
    """Only the rows that hold something."""
    return b"".join(data[a:b] + b"\n" for a, b in zip(rows.starts, rows.ends, strict=True))


@dataclass(slots=True)
class Widths:
    """How many rows have how many values, gathered block by block over a whole table."""

    has_header: bool
    header: int = -1
    counts: dict[int, int] = field(default_factory=dict)
    first: dict[int, tuple[int, int]] = field(default_factory=dict)
    rows: int = 0
    line: int = 0
    all_end_open: bool = True

    def add(self, rows: RowScan) -> None:
        """Counts the rows of the next block in."""
        widths, lines, open_ends = rows.widths, rows.lines, rows.ends_open
        if self.has_header and self.header < 0 and len(widths):
            self.header = int(widths[0])
            widths, lines, open_ends = widths[1:], lines[1:], open_ends[1:]
        found, where, counts = np.unique(widths, return_index=True, return_counts=True)
        for width, at, count in zip(found.tolist(), where.tolist(), counts.tolist(), strict=True):
            self.counts[width] = self.counts.get(width, 0) + count
            self.first.setdefault(width, (self.rows + at + 1, self.line + int(lines[at])))
        self.all_end_open &= bool(open_ends.all())
        self.rows += len(widths)
        self.line += rows.line_count

    def expected(self, path: Path) -> int:
        """How many columns the table has; StudioError naming the first row that differs."""
        if not self.rows:
            raise no_rows(path)
        if not self.has_header:
            most = max(self.counts, key=lambda width: (self.counts[width], -width))
            return self._checked(most, path)
        if set(self.counts) == {self.header + 1}:
            if self.all_end_open:
                return self.header + 1
            raise _header_differs(self.header, self.header + 1, path)
        return self._checked(self.header, path)

    def _checked(self, expected: int, path: Path) -> int:
        wrong = [width for width in self.counts if width != expected]
        if wrong:
            first = min(wrong, key=lambda width: self.first[width])
            count = sum(self.counts[width] for width in wrong)
            raise _ragged(path, self.first[first], (first, expected), count)
        return expected


def widths_of(scans: Iterable[RowScan], has_header: bool) -> Widths:
    """The widths of all rows."""
    widths = Widths(has_header)
    for rows in scans:
        widths.add(rows)
    return widths


def _not_blank(
    data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], widths: NDArray[np.int64]
) -> NDArray[np.bool_]:
    kept = ends > starts
    for i in np.flatnonzero((widths == 1) & kept):
        kept[i] = bool(data[starts[i] : ends[i]].strip())
    return kept


def no_rows(path: Path) -> StudioError:
    """What to raise for a table of names alone."""
    return refuse(
        tr(
            "{file} holds no rows. Expected at least one row of values below the "
            "names of the columns.",
            file=shown_name(path),
        ),
        tr("Choose another file, or switch the header off."),
        place=Place("file", shown(path)),
        code="no-rows",
    )


def _ragged(path: Path, at: tuple[int, int], widths: tuple[int, int], count: int) -> StudioError:
    found, expected = widths
    return refuse(
        tr(
            "Row {row} of {file} (line {line}) has {found} {found|value|values}. Expected "
            "{expected}, "
            "one for each column.{more}",
            row=at[0],
            file=shown_name(path),
            line=at[1],
            expected=expected,
            found=found,
            more=tr(" The same is wrong in {count} {count|row|rows}.", count=count)
            if count > 1
            else "",
        ),
        tr(
            "Correct that line: look for a missing or an extra delimiter, or for a text "
            "that holds one and has no quotation marks."
        ),
        place=Place("file", shown(path)),
        code="ragged-row",
    )


def _header_differs(names: int, values: int, path: Path) -> StudioError:
    return refuse(
        tr(
            "The first line of {file} names {names} {names|column|columns}, but row 1 and all "
            "others have "
            "{values} {values|value|values}. Expected a name for each column.",
            file=shown_name(path),
            names=names,
            values=values,
        ),
        tr("Add the missing name to the first line, or switch the header off."),
        place=Place("file", shown(path)),
        code="ragged-row",
    )
