"""The rows of a text table in blocks of some megabytes: each holds whole rows as UTF-8."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.dialect import (
    LONGEST_LINE,
    STAND_IN,
    are_quotes_meant,
    inner_delimiter,
    not_a_table,
    too_long,
)
from studio.data.encoding import Utf8Maker
from studio.data.files import open_bytes
from studio.data.opened import Misread, Settings
from studio.data.quote_marks import has_even_count
from studio.data.quotes import NO_QUOTES, Quotes, find_quotes, last_row_end
from studio.data.unpack import shown, shown_name

BLOCK = 4 * 1024**2
# A row may have very many values, though none of them may be that long.
LONGEST_ROW = 64 * 1024**2
_SAMPLE = 64 * 1024
_LOOSE = "text after a closing quotation mark"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Whole rows, with the quotation marks around their values.

    `byte` is where they begin in the file; -1 where that cannot be told. `is_assumed` says that
    nobody has looked for the marks, and that the last line end may lie within some.
    """

    data: bytes
    quotes: Quotes
    delimiter: str
    byte: int = -1
    is_assumed: bool = False

    @property
    def may_be_quoted(self) -> bool:
        """False where no value stands in quotation marks."""
        return self.is_assumed or len(self.quotes.opens) > 0

    def looked_at(self) -> "Block":
        """The same with its quotation marks found; CutWithin where they are not as assumed."""
        if not self.is_assumed:
            return self
        quotes = find_quotes(self.data, self.delimiter)
        if quotes.open_at >= 0 or quotes.loose_at >= 0 or quotes.longest > LONGEST_LINE:
            raise CutWithin("a block may end within quotation marks")
        return replace(self, quotes=quotes, is_assumed=False)


class CutWithin(Misread):
    """Rows were cut where a quoted value may go on: they must be cut with care."""


class OpenQuote(Misread):
    """A quotation mark that is never closed, or text after one that closes: no quotation."""

    def __init__(self, problem: StudioError, text: str) -> None:
        super().__init__(str(problem))
        self.problem, self.text = problem, text


def blocks_of(
    path: Path,
    settings: Settings,
    size: int = BLOCK,
    *,
    is_strict: bool = False,
    may_assume: bool = False,
    first_byte: int = 0,
) -> Generator[Block]:
    """All rows from the first line on; StudioError, NotInEncoding, OpenQuote on trouble.

    `is_strict` makes an OpenQuote of text that follows a closing mark, too. `may_assume` leaves
    it to the reader of a block to find out whether its rows were cut within quotation marks.
    `first_byte` is where to begin instead: the `byte` of a block that came before.
    """
    cutter = _Cutter(path, settings, is_strict, may_assume)
    maker = Utf8Maker(str(settings["encoding"]))
    with open_bytes(path) as stream:
        if first_byte:
            stream.seek(first_byte)
            maker.begin_within()
        is_last, taken = False, first_byte
        while not is_last:
            byte = cutter.byte_of_rest(maker, taken) if stream.seekable() else -1
            raw = stream.read(size)
            is_last, taken = len(raw) < size, taken + len(raw)
            data = maker.made(raw, is_last=is_last)
            if b"\0" in data:
                raise not_a_table(path, tr("not a text file"))
            for block in cutter.cut(data, is_last):
                yield replace(block, byte=byte)


class _Cutter:
    """Cuts text into whole rows and keeps what is left for the next time."""

    def __init__(self, path: Path, settings: Settings, is_strict: bool, may_assume: bool) -> None:
        self._path, self._is_strict, self._may_assume = path, is_strict, may_assume
        self._delimiter = str(settings["delimiter"])
        self._inner = inner_delimiter(self._delimiter)
        self._is_quoted = bool(settings.get("quoting", True)) and self._inner == self._delimiter
        self._encoding = str(settings["encoding"])
        self._rest, self._taken = b"", 0

    def byte_of_rest(self, maker: Utf8Maker, taken: int) -> int:
        """Where in the file the next block begins, of which `taken` bytes were given to `maker`.

        -1 where a line end in quotation marks may have been two bytes there.
        """
        if b"\n" in self._rest and maker.has_returns:
            return -1
        is_same = self._encoding == "utf-8" or self._rest.isascii()
        rest = self._rest if is_same else self._rest.decode().encode(self._encoding)
        return taken - maker.waiting - len(rest)

    def cut(self, data: bytes, is_last: bool) -> Iterator[Block]:
        """The whole rows that the new piece completes: one block or none."""
        is_quoted = self._is_quoted_here(data)
        may_cut = not is_last and (not is_quoted or self._may_assume)
        if may_cut and (end := data.rfind(b"\n") + 1):
            whole = b"".join((self._rest, memoryview(data)[:end]))
            if not is_quoted or has_even_count(whole):
                self._check_length(whole, NO_QUOTES)
                self._rest, self._taken = data[end:], self._taken + len(whole)
                yield replace(self._block(whole, NO_QUOTES, len(whole)), is_assumed=is_quoted)
                return
        data = self._rest + data if self._rest else data
        quotes = find_quotes(data, self._inner) if self._is_quoted else NO_QUOTES
        end = len(data) if is_last else last_row_end(data, quotes)
        self._check_length(data, quotes)
        if is_last and quotes.open_at >= 0:
            raise self._unclosed(data, quotes)
        self._rest = data[end:]
        self._taken += end
        if end:
            yield self._block(data[:end], quotes, end)

    def _is_quoted_here(self, data: bytes) -> bool:
        return self._is_quoted and (b'"' in data or b'"' in self._rest)

    def _block(self, data: bytes, quotes: Quotes, end: int) -> Block:
        if self._is_strict and 0 <= quotes.loose_at < end:
            text = _from(data, quotes.loose_at)
            if not are_quotes_meant(text, self._inner):
                raise OpenQuote(self._refused(_LOOSE), text)
        if len(self._inner) == len(self._delimiter):
            inside = quotes.opens < end
            kept = Quotes(quotes.opens[inside], quotes.closes[inside]) if len(inside) else quotes
            return Block(data, kept, self._inner)
        if STAND_IN.encode() in data:
            raise self._refused("a control character stands in the text")
        return Block(data.replace(self._delimiter.encode(), STAND_IN.encode()), quotes, self._inner)

    def _check_length(self, data: bytes, quotes: Quotes) -> None:
        if quotes.open_at >= 0 and len(data) - quotes.open_at > LONGEST_LINE:
            line = self._line_at(data, quotes.open_at)
            raise OpenQuote(too_long(self._path, line), _from(data, quotes.open_at))
        if quotes.longest > LONGEST_LINE:
            where = int(quotes.opens[(quotes.closes - quotes.opens).argmax()])
            raise OpenQuote(too_long(self._path, self._line_at(data, where)), _from(data, where))
        start = 0
        while len(data) - start > LONGEST_LINE:
            found = data.rfind(b"\n", start, start + LONGEST_LINE + 1)
            if found < 0:
                found = self._end_of_long_line(data, start)
            start = found + 1

    def _end_of_long_line(self, data: bytes, start: int) -> int:
        """Where a line of more than a megabyte ends; StudioError where one value is that long."""
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        mark = self._delimiter.encode()
        position = start
        while end - position > LONGEST_LINE:
            found = data.rfind(mark, position, position + LONGEST_LINE + 1)
            if found < 0 or end - start > LONGEST_ROW:
                raise too_long(self._path, self._line_at(data, start))
            position = found + 1
        return end

    def _line_at(self, data: bytes, position: int) -> int:
        """The line of the file; those before are counted only now that something is said."""
        line = data.count(b"\n", 0, position) + 1
        maker, left = Utf8Maker(self._encoding), self._taken
        with open_bytes(self._path) as stream:
            while left > 0 and (raw := stream.read(BLOCK)):
                earlier = maker.made(raw)[:left]
                line += earlier.count(b"\n")
                left -= len(earlier)
        return line

    def _unclosed(self, data: bytes, quotes: Quotes) -> OpenQuote:
        why = "a quotation mark is never closed"
        return OpenQuote(self._refused(why), _from(data, quotes.open_at))

    def _refused(self, why: str) -> StudioError:
        return unparsed(self._path, why)


def unparsed(path: Path, why: str) -> StudioError:
    """What to raise for text that falls into no rows and columns."""
    return refuse(
        tr(
            "{file} could not be taken apart into rows and columns. Expected each row "
            "on its own line, with texts that hold a delimiter in quotation marks.",
            file=shown_name(path),
        ),
        tr("Check the delimiter, and that each quotation mark is closed."),
        place=Place("file", shown(path)),
        code="unreadable-table",
        detail=why,
    )


def _from(data: bytes, position: int) -> str:
    """Some whole lines from the row on in which the position is."""
    start = data.rfind(b"\n", 0, position) + 1
    end = data.rfind(b"\n", start, start + _SAMPLE) + 1
    return data[start : max(end, position + 1)].decode("utf-8", "replace")
