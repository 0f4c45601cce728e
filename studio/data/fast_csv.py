"""A block of a text table taken apart by Arrow, with the checks that Arrow does not make."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from studio.data.cells import EXACT, Arrow, Piece, bare_texts, is_texts, missing_marks
from studio.data.numbers import MISSING_NUMBERS
from studio.data.quote_marks import are_even, rows_without_quotes
from studio.data.quotes import QUOTE, find_quotes, without_space_before
from studio.data.rows import scan, without_blank_rows
from studio.data.text_blocks import Block

_ZERO, _NINE = ord("0"), ord("9")
_SIGNS = (ord("+"), ord("-"))
_EDGES = b'\n "'
_SPACE = 1024**2
_IN_CACHE = 128 * 1024
_SHORTEST_CODE = 2  # a zero and a digit
_MORE_MARKS = "," + ",".join(mark for mark in MISSING_NUMBERS if mark)


class UnevenRows(Exception):
    """Some row of the block has more or fewer values than the table has columns."""


@dataclass(slots=True)
class Layout:
    """What is known of a table's columns before its values are read; `texts` grows.

    `has_marks` is set once a number is missing that is written as a mark and not as nothing.
    """

    names: tuple[str, ...]
    decimal: str
    marks: str
    texts: set[int] = field(default_factory=set)
    has_marks: bool = False

    @property
    def keys(self) -> list[str]:
        """The columns by their place, as Arrow is told them."""
        return [str(i) for i in range(len(self.names))]


def read_block(block: Block, layout: Layout, columns: Sequence[int]) -> dict[int, Piece]:
    """The columns at these places: numbers, or stripped texts for those of `layout.texts`.

    A column whose values here are no plain numbers joins `layout.texts`.
    Raises UnevenRows, and CutWithin for a block whose quotation marks are not as assumed.
    """
    if block.is_assumed:
        found = _read_unlooked(block, layout, columns)
        if found is not None:
            return found
        block = block.looked_at()
    if len(block.quotes.opens):
        block = _with_data(block, without_space_before(block.data, block.quotes))
    if len(layout.names) > 1:
        try:
            return _read(block, layout, columns)
        except UnevenRows:
            tidied = _without_blank_rows(block)
            if tidied is block:
                raise
            return _read(tidied, layout, columns)
    return _read(_without_blank_rows(block), layout, columns)


def _read_unlooked(block: Block, layout: Layout, columns: Sequence[int]) -> dict[int, Piece] | None:
    """The same without looking for each quotation mark; None where that may not be right.

    It is right where all marks stand around whole values, which counting them tells.
    """
    width = len(layout.names)
    is_whole = len(columns) == width
    rows = -1 if is_whole else rows_without_quotes(block.data, block.delimiter, width)
    is_plain = is_whole or rows >= 0
    if width == 1 or not is_plain or not are_even(block.data, block.delimiter):
        return None
    try:
        found = _read(block, layout, columns)
    except UnevenRows:
        return None
    if is_whole:
        return None if any(map(_holds_quotes, found.values())) else found
    return found if len(found[columns[0]]) == rows else None


def _holds_quotes(piece: Piece) -> bool:
    """Whether a mark is left in texts, or in what was stripped from them."""
    if not is_texts(piece):
        return False
    raw = np.frombuffer(piece.buffers()[2] or b"", np.uint8)
    return bool((raw == QUOTE).any())


def _read(block: Block, layout: Layout, columns: Sequence[int]) -> dict[int, Piece]:
    if not block.data:
        return {i: pa.nulls(0, pa.large_string()) for i in columns}
    wanted = set(columns) - layout.texts
    if wanted:
        layout.texts |= wanted & _columns_with_codes(block, len(layout.names))
        wanted -= layout.texts
    texts = [i for i in columns if i not in wanted]
    knows_marks = layout.has_marks
    try:
        table = _parsed(block, layout, texts, sorted(wanted))
    except pa.ArrowInvalid as error:
        if "CSV parse error" in str(error):
            raise UnevenRows(str(error)) from error
        if not knows_marks:
            return _read_with_marks(block, layout, columns)
        return _read_with_doubts(block, layout, columns, wanted)
    missing = missing_marks(layout.marks)
    found: dict[int, Piece] = {i: bare_texts(_whole(table[str(i)]), missing) for i in texts}
    numbers = {i: _plain_numbers(table[str(i)]) for i in wanted}
    doubtful = [i for i, values in numbers.items() if values is None]
    if doubtful and not knows_marks:
        return _read_with_marks(block, layout, columns)
    if doubtful:
        layout.texts |= set(doubtful)
        again = _parsed(block, layout, doubtful, [])
        found |= {i: bare_texts(_whole(again[str(i)]), missing) for i in doubtful}
    return found | {i: values for i, values in numbers.items() if values is not None}


def _read_with_marks(block: Block, layout: Layout, columns: Sequence[int]) -> dict[int, Piece]:
    """Looking for each mark that stands for nothing, which takes time where there are none."""
    layout.has_marks = True
    return _read(block, layout, columns)


def _read_with_doubts(
    block: Block, layout: Layout, columns: Sequence[int], wanted: Collection[int]
) -> dict[int, Piece]:
    """All columns as texts, then those that can be made numbers by themselves."""
    table = _parsed(block, layout, columns, [])
    missing, none = missing_marks(layout.marks), missing_marks(layout.marks + _MORE_MARKS)
    found: dict[int, Piece] = {}
    for i in columns:
        texts = _whole(table[str(i)])
        numbers = _cast(bare_texts(texts, none), layout.decimal) if i in wanted else None
        if numbers is None:
            layout.texts.add(i)
            found[i] = bare_texts(texts, missing)
        else:
            found[i] = numbers
    return found


def _cast(texts: Arrow, decimal: str) -> NDArray[np.float64] | None:
    if decimal != ".":
        if pc.any(pc.match_substring(texts, ".")).as_py():
            return None
        texts = pc.replace_substring(texts, decimal, ".")
    try:
        return _plain_numbers(pa.chunked_array([texts.cast(pa.float64())]))
    except pa.ArrowInvalid:
        return None


def _plain_numbers(values: Arrow) -> NDArray[np.float64] | None:
    """The column as numbers; None where some may be rounded or were written as words."""
    nulls = values.null_count
    numbers: NDArray[np.float64] = values.to_numpy(zero_copy_only=False)
    if len(numbers) == nulls:
        return numbers
    if not nulls and numbers.min() > -EXACT and numbers.max() < EXACT:
        return numbers
    low, high = np.fmin.reduce(numbers), np.fmax.reduce(numbers)
    if low <= -EXACT or high >= EXACT:
        return None
    return numbers if int(np.isnan(numbers).sum()) == nulls else None


def _parsed(block: Block, layout: Layout, texts: Sequence[int], numbers: Sequence[int]) -> Arrow:
    try:
        return _parsed_by(_SPACE, block, layout, (texts, numbers))
    except pa.ArrowInvalid as error:
        if "straddling" not in str(error):
            raise
        return _parsed_by(len(block.data) + 1, block, layout, (texts, numbers))


def _parsed_by(
    size: int, block: Block, layout: Layout, columns: tuple[Sequence[int], Sequence[int]]
) -> Arrow:
    """By pieces of `size`: small ones stay in the processor's cache, but must hold a row."""
    texts, numbers = columns
    types = {str(i): pa.large_string() for i in texts} | {str(i): pa.float64() for i in numbers}
    has_quotes = block.may_be_quoted
    return arrow_csv.read_csv(
        pa.BufferReader(block.data),
        arrow_csv.ReadOptions(use_threads=False, block_size=size, column_names=layout.keys),
        arrow_csv.ParseOptions(
            delimiter=block.delimiter,
            quote_char='"' if has_quotes else False,
            newlines_in_values=has_quotes,
        ),
        arrow_csv.ConvertOptions(
            check_utf8=False,
            column_types=types,
            include_columns=list(types),
            null_values=_null_values(layout),
            strings_can_be_null=False,
            decimal_point=layout.decimal,
        ),
    )


def _null_values(layout: Layout) -> list[str]:
    if not layout.has_marks and not layout.marks:
        return [""]
    marks: list[str] = missing_marks(layout.marks + _MORE_MARKS).to_pylist()
    return marks


def _whole(values: Arrow) -> Arrow:
    """The one array of a chunked array."""
    whole = values.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def _with_data(block: Block, data: bytes) -> Block:
    """The block with other bytes, where they are others."""
    if len(data) == len(block.data):
        return block
    quotes = find_quotes(data, block.delimiter) if len(block.quotes.opens) else block.quotes
    return Block(data, quotes, block.delimiter)


def _without_blank_rows(block: Block) -> Block:
    rows = scan(block.data, block.delimiter, block.quotes)
    return _with_data(block, without_blank_rows(block.data, rows))


def _columns_with_codes(block: Block, width: int) -> set[int]:
    """The columns in which a value starts like ``007``."""
    raw = np.frombuffer(block.data, np.uint8)
    hits = _zeros_at_start(raw, ord(block.delimiter))
    hits = hits[_starts_value(raw, hits, ord(block.delimiter))]
    if not len(hits):
        return set()
    block = block.looked_at()
    rows = scan(block.data, block.delimiter, block.quotes)
    delimiters = np.flatnonzero(raw == ord(block.delimiter))
    delimiters = delimiters[~block.quotes.cover(delimiters)]
    row = np.maximum(np.searchsorted(rows.starts, hits, side="right") - 1, 0)
    first = np.searchsorted(delimiters, rows.starts[row])
    places = np.unique(np.searchsorted(delimiters, hits) - first)
    return {place for place in places.tolist() if place < width}


def _zeros_at_start(raw: NDArray[np.uint8], delimiter: int) -> NDArray[np.int64]:
    """Where a zero stands before a digit and after what may begin a value.

    All that may stand before the zero, other delimiters apart, are smaller than the digits.
    Pieces that stay in the processor's cache make this a small part of the reading.
    """
    if len(raw) < _SHORTEST_CODE:
        return np.zeros(0, np.int64)
    is_first = raw[0] == _ZERO and _ZERO <= raw[1] <= _NINE
    found = [np.zeros(1, np.int64)] if is_first else []
    for start in range(0, len(raw) - 2, _IN_CACHE):
        part = raw[start : start + _IN_CACHE + 2]
        before, zeros, after = part[:-2], part[1:-1], part[2:]
        may_begin = before <= ord("-")
        if delimiter > ord("-"):
            may_begin |= before == delimiter
        may_begin &= zeros == _ZERO
        may_begin &= after - np.uint8(_ZERO) <= _NINE - _ZERO
        found.append(np.flatnonzero(may_begin) + start + 1)
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _starts_value(
    raw: NDArray[np.uint8], positions: NDArray[np.int64], delimiter: int
) -> NDArray[np.bool_]:
    """Where a value begins, after a sign or not; ``5e-05`` begins none."""
    before, earlier = raw[np.maximum(positions - 1, 0)], raw[np.maximum(positions - 2, 0)]
    is_signed = np.isin(before, _SIGNS) & (_is_edge(earlier, delimiter) | (positions == 1))
    starts: NDArray[np.bool_] = (positions == 0) | _is_edge(before, delimiter) | is_signed
    return starts


def _is_edge(marks: NDArray[np.uint8], delimiter: int) -> NDArray[np.bool_]:
    edges: NDArray[np.bool_] = np.isin(marks, np.array([delimiter, *_EDGES], np.uint8))
    return edges
