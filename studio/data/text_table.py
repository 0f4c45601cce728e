"""Text tables (CSV, TSV and their like): opened with settings as found, read block by block."""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from typing_extensions import override

from studio.core.params import Values
from studio.core.problems import StudioError
from studio.data.cells import Piece
from studio.data.dialect import are_quotes_meant, find_settings, rows_of
from studio.data.encoding import NotInEncoding, next_guess
from studio.data.fast_csv import Layout, UnevenRows, read_block
from studio.data.names import unique_names
from studio.data.numbers import MISSING, Notation
from studio.data.opened import Misread, OpenedTable, Pieces, Settings
from studio.data.quotes import NO_QUOTES, find_quotes
from studio.data.row_places import PLACES, START, Place, key_of
from studio.data.rows import scan, widths_of
from studio.data.text_blocks import BLOCK, Block, CutWithin, OpenQuote, blocks_of, unparsed
from studio.data.unpack import shown_name
from studio.data.workers import threads

_HEAD_ROWS = 500
_HEAD_CELLS = 200_000
_FEW_ROWS = 20
_MISSING = frozenset(MISSING)
# Each column of a block costs some time whatever it holds, so wide rows come in larger blocks.
_BYTES_PER_COLUMN = 4096
_BYTES_OF_ROW = 256
_FIRST, _STREAMED = 256 * 1024, 1024**2


@dataclass(frozen=True, slots=True, eq=False)
class TextTable(OpenedTable):
    """A text table; `numbers` are the places of columns that begin as plain numbers.

    `is_careful` is set where rows cannot be cut before their quotation marks are found.
    """

    given: Values = field(default_factory=dict)
    numbers: frozenset[int] = frozenset()
    bytes_per_row: float = 1.0
    place: Place = START
    is_careful: bool = False
    is_typed: ClassVar[bool] = False

    @override
    def pieces(self, columns: Sequence[str], texts: Collection[str] = (), rows: int = 0) -> Pieces:
        wanted = frozenset(columns)
        places = [i for i, name in enumerate(self.names) if name in wanted]
        as_texts = {i for i in places if i not in self.numbers or self.names[i] in texts}
        marks = str(self.settings.get("missing", ""))
        layout = Layout(self.names, self.notation.decimal, marks, as_texts)
        size = min(max(_FIRST, rows * _BYTES_OF_ROW), _STREAMED) if rows else BLOCK
        learning = _Learning(self)
        bodies = self._bodies(max(min(size, BLOCK), len(self.names) * _BYTES_PER_COLUMN))
        try:
            for found in in_order(
                learning.of(bodies), lambda block: read_block(block, layout, places)
            ):
                learning.count(len(found[places[0]]))
                yield {self.names[i]: found[i] for i in places}
            learning.end()
        except UnevenRows as error:
            raise self._explained(error) from error

    @override
    def expected_rows(self) -> int:
        try:
            return int(1.05 * self.path.stat().st_size / self.bytes_per_row) + _FEW_ROWS
        except OSError:
            return 0

    @override
    def reached(self, row: int) -> tuple[OpenedTable, int] | None:
        key = key_of(self.path, self.settings)
        place = PLACES.before(key, row) if key else None
        return (replace(self, place=place), place.row) if place else None

    @override
    def corrected(self, error: Misread) -> OpenedTable:
        if isinstance(error, CutWithin):
            return replace(self, is_careful=True)
        return _opened(self.path, _changed(self, error), self.given)

    def _bodies(self, size: int) -> Iterator[Block]:
        """The blocks without the row of names."""
        first = self.place.byte
        has_header = bool(self.settings["header"]) and not first
        for block in blocks_of(
            self.path,
            self.settings,
            size,
            is_strict="quoting" not in self.given,
            may_assume=not self.is_careful,
            first_byte=first,
        ):
            body = block
            if has_header and (below := _below_first_row(block)) is not None:
                body, has_header = below, False
            yield body

    def _explained(self, error: UnevenRows) -> StudioError:
        """Which row is uneven, found by counting the values of all of them."""
        blocks = blocks_of(self.path, self.settings)
        scans = (scan(block.data, block.delimiter, block.quotes) for block in blocks)
        try:
            widths_of(scans, bool(self.settings["header"])).expected(self.path)
        except StudioError as explained:
            return explained
        return unparsed(self.path, str(error))


class _Learning:
    """Notes where each block of a table begins, once it is known which row that is."""

    def __init__(self, table: TextTable) -> None:
        self._key = key_of(table.path, table.settings)
        self._row, self._unknown = table.place.row, 0
        self._bytes: deque[int] = deque()

    def of(self, bodies: Iterator[Block]) -> Iterator[Block]:
        """The same blocks; where they begin is kept until their rows are counted."""
        for body in bodies:
            self._bytes.append(body.byte)
            yield body

    def count(self, rows: int) -> None:
        """The next block had so many rows."""
        byte = self._bytes.popleft()
        if self._key and self._row:
            if byte > 0:
                PLACES.learn(self._key, Place(self._row, byte))
            self._unknown += 1 if byte < 0 else -1
        self._row += rows

    def end(self) -> None:
        """All of it was read; a packed file has no places, and is read from its beginning."""
        if self._key and self._unknown <= 0:
            PLACES.learn_end(self._key)


def open_text_table(path: Path, given: Values, rows: int = 0) -> OpenedTable:
    """The table with its settings as given, else as found in its first rows."""
    table: OpenedTable | None = None
    settings: Settings = find_settings(path, given)
    while table is None:
        try:
            table = _opened(path, settings, given, _FIRST if rows else BLOCK)
        except Misread as error:
            settings = _changed(TextTable(path, path.name, settings, (), given=given), error)
    return table


def _changed(table: TextTable, error: Misread) -> Settings:
    """The settings with the next guess where one failed; StudioError where a person chose it."""
    settings, given = table.settings, table.given
    if isinstance(error, OpenQuote):
        is_plain = not are_quotes_meant(error.text, str(settings["delimiter"]))
        if isinstance(given.get("quoting"), bool) or not settings["quoting"] or not is_plain:
            raise error.problem from error
        return {**settings, "quoting": False}
    if not isinstance(error, NotInEncoding):
        raise error
    guess = next_guess(error.encoding, error.sample)
    if given.get("encoding") or not guess:
        raise error.refused(table.path) from error
    return {**settings, "encoding": guess}


def _opened(path: Path, settings: Settings, given: Values, size: int = BLOCK) -> OpenedTable:
    first = _first_block(path, settings, size)
    rows = scan(first.data, first.delimiter, first.quotes)
    has_header = bool(settings["header"])
    width = widths_of([rows], has_header).expected(path)
    few = min(_HEAD_ROWS, max(_FEW_ROWS, _HEAD_CELLS // width)) + has_header
    stop = int(rows.ends[min(few, len(rows.ends)) - 1])
    text = first.data[:stop].decode("utf-8")
    head = rows_of(text, first.delimiter, bool(settings["quoting"]))
    header = [*head[0], *[""] * (width - len(head[0]))] if has_header else [""] * width
    names, problems = unique_names(header, shown_name(path), has_header)
    unnamed = tuple(n for n, h in zip(names, header, strict=True) if not h and has_header)
    numbers = _plain_numbers(head[has_header:], Notation(Notation.of(settings).decimal), width)
    name = shown_name(path)
    per_row = max(1.0, len(first.data) / len(rows.ends))
    return TextTable(path, name, settings, names, unnamed, problems, given, numbers, per_row)


def _first_block(path: Path, settings: Settings, size: int) -> Block:
    """The first rows: at least two of them, where the table has so many."""
    with closing(blocks_of(path, settings, size)) as blocks:
        first = next(blocks, Block(b"", NO_QUOTES, ","))
        while first.data.count(b"\n") < _FEW_ROWS and (more := next(blocks, None)):
            data = first.data + more.data
            quotes = find_quotes(data, more.delimiter) if settings["quoting"] else NO_QUOTES
            first = Block(data, quotes, more.delimiter)
    return first


def _below_first_row(block: Block) -> Block | None:
    """The block without its first row; None where it holds only blank rows."""
    block = block.looked_at()
    rows = scan(block.data, block.delimiter, block.quotes)
    if not len(rows.ends):
        return None
    data = block.data[int(rows.ends[0]) + 1 :]
    has_quotes = len(block.quotes.opens) > 0
    quotes = find_quotes(data, block.delimiter) if has_quotes else NO_QUOTES
    return Block(data, quotes, block.delimiter)


def _plain_numbers(rows: list[list[str]], notation: Notation, width: int) -> frozenset[int]:
    """The columns whose first rows are all numbers that Arrow reads as we would."""
    return frozenset(
        i
        for i in range(width)
        if all(
            notation.is_number(text) for text in {row[i] for row in rows if i < len(row)} - _MISSING
        )
    )


def in_order(
    blocks: Iterator[Block], read: Callable[[Block], dict[int, Piece]]
) -> Iterator[dict[int, Piece]]:
    """What `read` makes of each block, in order, on as many threads as there are cores."""
    first, second = next(blocks, None), next(blocks, None)
    if first is None:
        return
    if second is None:
        yield read(first)
        return
    waiting: deque[Future[dict[int, Piece]]] = deque()
    with ThreadPoolExecutor(threads(), "read-table") as pool:
        waiting.extend(pool.submit(read, block) for block in (first, second))
        del first, second
        for block in blocks:
            waiting.append(pool.submit(read, block))
            del block
            if len(waiting) > threads():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
