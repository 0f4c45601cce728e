"""Where quotation marks open and close in the bytes of a text table, and where its rows end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEWLINE, SPACE, QUOTE = 10, 32, 34


@dataclass(frozen=True, slots=True, eq=False)
class Quotes:
    """The marks around quoted values: positions of those that open and those that close.

    `open_at` is the mark that is never closed (-1: none). `loose_at` is the first closing mark
    that text follows, as in ``"so" he said``, which no program writes that means quotation.
    """

    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    open_at: int = -1
    loose_at: int = -1

    def cover(self, positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the positions lie within quotation marks."""
        before = np.searchsorted(self.opens, positions, side="right")
        covered: NDArray[np.bool_] = before > np.searchsorted(self.closes, positions)
        if self.open_at >= 0:
            covered |= positions >= self.open_at
        return covered

    @property
    def longest(self) -> int:
        """How many bytes the longest quoted value has."""
        return int((self.closes - self.opens).max()) if len(self.opens) else 0


NO_QUOTES = Quotes(np.zeros(0, np.int64), np.zeros(0, np.int64))


def find_quotes(data: bytes, delimiter: str) -> Quotes:
    """The quotation marks of UTF-8 text that begins at the start of a row."""
    if b'"' not in data:
        return NO_QUOTES
    raw = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(raw == QUOTE)
    return _plain(raw, marks, ord(delimiter)) or _walked(data, marks.tolist(), ord(delimiter))


def last_row_end(data: bytes, quotes: Quotes) -> int:
    """The position after the last line feed that ends a row; 0 where no row ends."""
    end = quotes.open_at if quotes.open_at >= 0 else len(data)
    while (found := data.rfind(b"\n", 0, end)) >= 0:
        inside = int(np.searchsorted(quotes.opens, found, side="right")) - 1
        if inside < 0 or quotes.closes[inside] < found:
            return found + 1
        end = int(quotes.opens[inside])
    return 0


def without_space_before(data: bytes, quotes: Quotes) -> bytes:
    """Without the spaces between a delimiter and the quotation mark that opens after it."""
    raw = np.frombuffer(data, np.uint8)
    spaces = quotes.opens[quotes.opens > 0] - 1
    spaces = spaces[raw[spaces] == SPACE]
    if not len(spaces):
        return data
    kept = np.ones(len(raw), bool)
    while len(spaces):
        kept[spaces] = False
        spaces = spaces[spaces > 0] - 1
        spaces = spaces[raw[spaces] == SPACE]
    return raw[kept].tobytes()


def _plain(raw: NDArray[np.uint8], marks: NDArray[np.int64], delimiter: int) -> Quotes | None:
    """Where every second mark opens a value and the ones between close it; else None."""
    opens, closes = marks[::2], marks[1::2]
    is_edge = np.zeros(256, bool)
    is_edge[[NEWLINE, delimiter, QUOTE]] = True
    # No mark stands before the first byte or after the last one, so those places do no harm.
    starts, ends = is_edge[raw[opens - 1]], is_edge[raw[np.minimum(closes + 1, len(raw) - 1)]]
    starts[opens == 0] = True
    ends[closes == len(raw) - 1] = True
    if not (starts.all() and ends.all()):
        return None
    is_open = len(opens) > len(closes)
    return Quotes(opens[: len(closes)], closes, int(opens[-1]) if is_open else -1)


def _walked(data: bytes, marks: list[int], delimiter: int) -> Quotes:
    """The same mark by mark, for marks that stand inside values and spaces around them."""
    opens, closes, open_at, loose_at = [], [], -1, -1
    i, known = 0, set(marks)
    while i < len(marks):
        start = marks[i]
        i += 1
        if not _begins_value(data, start, delimiter):
            continue
        while i < len(marks) and marks[i] + 1 in known:
            i += 2
        if i >= len(marks):
            open_at = start
            break
        opens.append(start)
        closes.append(marks[i])
        if loose_at < 0 and not _ends_value(data, marks[i], delimiter):
            loose_at = marks[i]
        i += 1
    return Quotes(np.array(opens, np.int64), np.array(closes, np.int64), open_at, loose_at)


def _begins_value(data: bytes, position: int, delimiter: int) -> bool:
    before = position - 1
    while before >= 0 and data[before] == SPACE != delimiter:
        before -= 1
    return before < 0 or data[before] in (NEWLINE, delimiter)


def _ends_value(data: bytes, position: int, delimiter: int) -> bool:
    after = position + 1
    while after < len(data) and data[after] == SPACE != delimiter:
        after += 1
    return after >= len(data) or data[after] in (NEWLINE, delimiter)
