"""Whether all quotation marks of a block stand around whole values, told without finding them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studio.data.quotes import NEWLINE, QUOTE

_IN_CACHE = 128 * 1024


def has_even_count(data: bytes) -> bool:
    """True where as many quotation marks may open as close."""
    return _count(data, QUOTE) % 2 == 0


def are_even(data: bytes, delimiter: str) -> bool:
    """True where each mark begins or ends a value of whole rows, as many the one as the other.

    Each has then a delimiter or line end on exactly one side. Where a reader finds rows of the
    right width besides, and either leaves no mark in their values or finds as many rows as
    `rows_without_quotes`, then each mark that opens a value has its partner at the end of it:
    a partner within the value would be one more that follows a delimiter than those that open.
    """
    raw = np.frombuffer(data, np.uint8)
    quotes, beside_one, after = 0, 0, 0
    for start in range(0, len(raw), _IN_CACHE):
        part = raw[max(start - 1, 0) : start + _IN_CACHE + 1]
        is_quote, is_before, is_ahead = _beside(
            part, ord(delimiter), int(start > 0), start + _IN_CACHE < len(raw)
        )
        quotes += int(np.count_nonzero(is_quote))
        after += int(np.count_nonzero(is_quote & is_before))
        beside_one += int(np.count_nonzero(is_quote & (is_before ^ is_ahead)))
    return beside_one == quotes == 2 * after


def rows_without_quotes(data: bytes, delimiter: str, width: int) -> int:
    """How many rows there are if no value holds a delimiter or line end; -1 where some must."""
    rows = _count(data, NEWLINE)
    return rows if _count(data, ord(delimiter)) == rows * (width - 1) else -1


def _beside(
    part: NDArray[np.uint8], delimiter: int, before: int, has_more: bool
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which bytes are marks, and whether an edge stands before and behind each.

    The part has one more byte at each side where the text has one there; both its ends are edges.
    """
    is_edge = np.ones(len(part) + 2 - before - has_more, bool)
    np.logical_or(
        part == NEWLINE, part == delimiter, out=is_edge[1 - before : len(part) + 1 - before]
    )
    return part[before : len(part) - has_more] == QUOTE, is_edge[:-2], is_edge[2:]


def _count(data: bytes, mark: int) -> int:
    return sum(int(np.count_nonzero(part == mark)) for part in _parts(data))


def _parts(data: bytes) -> Iterator[NDArray[np.uint8]]:
    """The bytes in parts that stay in the processor's cache."""
    raw = np.frombuffer(data, np.uint8)
    return (raw[start : start + _IN_CACHE] for start in range(0, len(raw), _IN_CACHE))
