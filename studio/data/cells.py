"""Pieces of columns: numbers, dates or texts of some rows, and how they join to whole columns."""

import datetime
import decimal
import json
import math
import mmap
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from studio.data.numbers import MISSING, number_text

# float64, datetime64 or an Arrow array of large strings
Piece: TypeAlias = Any
# What pyarrow hands out; it has no types of its own.
Arrow: TypeAlias = Any
Column: TypeAlias = "pd.Series[Any]"

EXACT = 2.0**53
_BYTES, _MANY = 8, 4 * 1024**2
_MIDNIGHT = " 00:00:00"
_NANOSECONDS = "datetime64[ns]"


def missing_marks(extra: str = "") -> Arrow:
    """The texts that stand for a missing value, with those a person names, commas between."""
    named = [mark.strip() for mark in extra.split(",") if mark.strip()]
    return pa.array([*MISSING, *named], pa.large_string())


def bare_texts(texts: Arrow, missing: Arrow) -> Arrow:
    """Stripped texts as large strings; the marks of missing values are nulls."""
    texts = texts if pa.types.is_large_string(texts.type) else texts.cast(pa.large_string())
    if not len(texts):
        return texts
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset :][: len(texts) + 1]
    raw = np.frombuffer(texts.buffers()[2] or b"\0", np.uint8)
    # An empty text has no first byte; what is found there instead does no harm.
    first, last = raw[np.minimum(offsets[:-1], len(raw) - 1)], raw[offsets[1:] - 1]
    if _may_be_space(first) or _may_be_space(last):
        texts = pc.utf8_trim_whitespace(texts)
    elif not _may_be_marks(first, np.diff(offsets), missing):
        return texts
    is_missing = pc.is_in(texts, missing)
    return pc.if_else(is_missing, None, texts) if pc.any(is_missing).as_py() else texts


def _may_be_space(edges: NDArray[np.uint8]) -> bool:
    return bool((edges - np.uint8(0x21) >= 0x7F - 0x21).any())


def _may_be_marks(first: NDArray[np.uint8], lengths: NDArray[np.int64], missing: Arrow) -> bool:
    """Whether any text is as short as a mark of missing values and begins like one."""
    marks = [mark.encode() for mark in missing.to_pylist()]
    begins = np.zeros(256, bool)
    begins[[mark[0] for mark in marks if mark]] = True
    is_short = lengths <= max(map(len, marks))
    return bool((is_short & (begins[first] | (lengths == 0))).any())


def piece_of_array(values: Arrow, missing: Arrow) -> Piece:
    """A piece of an Arrow array or chunked array of any type.

    Whole numbers that a float does not hold exactly are kept as texts, as are times of day,
    lists and bytes; yes and no are the texts True and False.
    """
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    kind = values.type
    if pa.types.is_dictionary(kind):
        return piece_of_array(values.dictionary_decode(), missing)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _dates(values)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind):
        return _numbers(values)
    if pa.types.is_decimal(kind):
        numbers = np.array(values.cast(pa.float64()).to_numpy(zero_copy_only=False))
        is_exact = kind.scale > 0 or np.nanmax(np.abs(numbers), initial=0.0) < EXACT
        return numbers if is_exact else values.cast(pa.large_string())
    if pa.types.is_boolean(kind):
        return pc.if_else(values, "True", "False").cast(pa.large_string())
    return bare_texts(_as_text(values), missing)


def _numbers(values: Arrow) -> Piece:
    numbers = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    is_whole = pa.types.is_integer(values.type) and values.type.bit_width == 64
    if is_whole and len(numbers) and np.nanmax(np.abs(numbers), initial=0.0) >= EXACT:
        return values.cast(pa.large_string())
    return numbers


def _dates(values: Arrow) -> Piece:
    moments = values.cast(pa.timestamp("us"), safe=False).to_numpy(zero_copy_only=False)
    low, high = np.datetime64("1678-01-01"), np.datetime64("2262-01-01")
    known = moments[~np.isnat(moments)]
    if len(known) and (known.min() < low or known.max() > high):
        return values.cast(pa.large_string())
    return moments.astype(_NANOSECONDS)


def _as_text(values: Arrow) -> Arrow:
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values.cast(pa.large_string())
    return pa.array([_text(value) for value in values.to_pylist()], pa.large_string())


def piece_of_values(values: Sequence[object], missing: Arrow) -> Piece:
    """A piece of plain values as Excel, JSON and databases hold them, mixed or not."""
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds or kinds <= {int, float, decimal.Decimal}:
        numbers = _floats(values)
        if numbers is not None:
            return numbers
    elif all(issubclass(kind, datetime.date) for kind in kinds):
        moments = _moments(values)
        if moments is not None:
            return moments
    texts = [_text(value) for value in values]
    return bare_texts(pa.array(texts, pa.large_string()), missing)


def _floats(values: Sequence[object]) -> NDArray[np.float64] | None:
    for value in values:
        if value is None or isinstance(value, float):
            continue
        # A whole number may be too long for a float at all.
        size = value if isinstance(value, int) else float(str(value))
        if abs(size) >= EXACT:
            return None
    return np.array(
        [
            math.nan if v is None else float(str(v)) if isinstance(v, decimal.Decimal) else v
            for v in values
        ],
        np.float64,
    )


def _moments(values: Sequence[object]) -> NDArray[np.datetime64] | None:
    """Dates without their time zone, in UTC where they have one."""
    try:
        found = pd.to_datetime(pd.Series(list(values), dtype=object), utc=True, errors="raise")
    except (ValueError, OverflowError):  # years that 64 bits of nanoseconds do not reach
        return None
    return np.asarray(found.dt.tz_localize(None).to_numpy(_NANOSECONDS))


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, float):
        return (
            None
            if math.isnan(value)
            else number_text(value)
            if math.isfinite(value)
            else str(value)
        )
    return str(value)


def is_texts(piece: Piece) -> bool:
    """True for a piece of texts."""
    return not isinstance(piece, np.ndarray)


def is_empty(piece: Piece) -> bool:
    """True where every value is missing."""
    if is_texts(piece):
        return bool(piece.null_count == len(piece))
    return bool(pd.isna(piece).all())


def texts_of_piece(piece: Piece) -> Arrow:
    """The piece as texts: numbers as categories are called, dates as 2024-01-31 12:00:00."""
    if is_texts(piece):
        return piece
    if piece.dtype.kind == "M":
        texts = pa.array(piece).cast(pa.timestamp("s")).cast(pa.large_string())
        has_times = pc.any(pc.invert(pc.ends_with(texts, _MIDNIGHT))).as_py()
        return texts if has_times else pc.replace_substring(texts, _MIDNIGHT, "")
    return pa.array([_text(value) for value in piece.tolist()], pa.large_string())


def part_of(piece: Piece, start: int, stop: int) -> Piece:
    """Rows `start` to `stop` of a piece."""
    return piece.slice(start, stop - start) if is_texts(piece) else piece[start:stop]


class Gathering:
    """The pieces of one column as they come; numbers go to their place in memory at once."""

    def __init__(self, expected: int = 0) -> None:
        """Room for about `expected` rows; memory is taken only as it is filled."""
        self._numbers = _room(expected)
        self._count = 0
        self._pieces: list[Piece] = []

    def add(self, piece: Piece) -> None:
        """Takes the next rows in."""
        if self._pieces or is_texts(piece) or piece.dtype.kind != "f":
            self._pieces.append(piece)
            return
        end = self._count + len(piece)
        if end > len(self._numbers):
            larger = np.empty(max(2 * len(self._numbers), end))
            larger[: self._count] = self._numbers[: self._count]
            self._numbers = larger
        self._numbers[self._count : end] = piece
        self._count = end

    @property
    def is_mixed(self) -> bool:
        """True where both texts and numbers came."""
        kinds = {*map(is_texts, self._pieces)}
        return len(kinds) > 1 or bool(self._count and True in kinds)

    def column(self) -> Column:
        """All rows as one column: texts where kinds are mixed."""
        pieces = [self._numbers[: self._count]] if self._count else []
        pieces.extend(self._pieces)
        self._pieces, self._numbers, self._count = [], np.empty(0), 0
        return _joined(_unified(pieces))


def _room(count: int) -> NDArray[np.float64]:
    """Room for so many numbers, which takes memory page by page as it is filled.

    What numpy gives for many comes in huge pages: a virtual machine waits for each of them.
    """
    if count * _BYTES < _MANY:
        return np.empty(count)
    return np.frombuffer(mmap.mmap(-1, count * _BYTES), np.float64)


def _joined(pieces: list[Piece]) -> Column:
    """One column of pieces that are all numbers, all dates or all texts; empties the list."""
    if not pieces:
        return pd.Series(np.zeros(0))
    if is_texts(pieces[0]):
        pool = pa.system_memory_pool()  # for the reason that `_room` gives
        whole = pa.concat_arrays(pieces, memory_pool=pool) if len(pieces) > 1 else pieces[0]
        pieces.clear()
        return pd.Series(pd.array(whole, dtype=pd.StringDtype("pyarrow", na_value=np.nan)))
    values = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
    pieces.clear()
    return pd.Series(values if values.flags.writeable else values.copy(), copy=False)


def _unified(pieces: list[Piece]) -> list[Piece]:
    """The same pieces all of one kind: texts where numbers, dates and texts are mixed."""
    if len({_kind(piece) for piece in pieces}) == 1:
        return pieces
    kinds = {_kind(piece) for piece in pieces if not is_empty(piece)}
    if len(kinds) == 1:
        [kind] = kinds
        return [piece if _kind(piece) == kind else _nothing(kind, len(piece)) for piece in pieces]
    if not kinds:
        return [_nothing("f", len(piece)) for piece in pieces]
    return [texts_of_piece(piece) for piece in pieces]


def _kind(piece: Piece) -> str:
    return "T" if is_texts(piece) else str(piece.dtype.kind)


def _nothing(kind: str, count: int) -> Piece:
    if kind == "T":
        return pa.nulls(count, pa.large_string())
    return (
        np.full(count, np.datetime64("NaT"), _NANOSECONDS)
        if kind == "M"
        else np.full(count, np.nan)
    )
