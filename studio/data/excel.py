"""Excel workbooks: one sheet of values, its row of names chosen or found."""

import datetime
import itertools
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from typing_extensions import override

from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, StudioError, refuse
from studio.core.words import tr
from studio.data.cells import missing_marks, piece_of_values
from studio.data.files import broken, unreadable
from studio.data.names import unique_names
from studio.data.opened import OpenedTable, Pieces, Settings
from studio.data.unpack import MOST_GROWTH, SMALL_ENOUGH, grows_too_far, shown, shown_name

Row: TypeAlias = tuple[object, ...]
# openpyxl has no types of its own
Sheet: TypeAlias = Any
Book: TypeAlias = Any
_ROWS = 4096
_HEAD = 50
_FEW = 2
_MARK = b"PK\x03\x04"
_KIND = "Excel"
_TROUBLES = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    NotImplementedError,
)


def is_excel(path: Path, head: bytes) -> bool:
    """A zip archive with a workbook in it, or one too broken to say and called so."""
    if not head.startswith(_MARK):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/workbook") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return path.suffix.lower() in (".xlsx", ".xlsm")


def sheets_in(path: Path) -> tuple[str, ...]:
    """The names of the sheets that hold cells."""
    with _workbook(path) as book:
        return tuple(sheet.title for sheet in book.worksheets)


@dataclass(frozen=True, slots=True, eq=False)
class ExcelTable(OpenedTable):
    """One sheet; its values begin after row `header_row`, counted from 1 (0: at the top)."""

    @override
    def pieces(self, columns: Sequence[str], texts: Collection[str] = (), rows: int = 0) -> Pieces:
        wanted = set(columns)
        places = {name: i for i, name in enumerate(self.names) if name in wanted}
        sheet, skipped = str(self.settings["sheet"]), int(self.settings["header_row"])
        missing = missing_marks()
        with _workbook(self.path) as book:
            numbered = enumerate(_rows_of(book[sheet]), 1)
            below = (self._fitting(n, row) for n, row in numbered if n > skipped and row)
            while batch := list(itertools.islice(below, rows or _ROWS)):
                yield {
                    name: piece_of_values([_at(row, i) for row in batch], missing)
                    for name, i in places.items()
                }

    def _fitting(self, number: int, row: Row) -> Row:
        if len(row) > len(self.names):
            raise _beyond(self, number, row)
        return row


def open_excel(path: Path, given: Values, _rows: int = 0) -> OpenedTable:
    """A sheet with its names: as given, else the first that holds a table, its first full row."""
    with _workbook(path) as book:
        sheet = _chosen(book, path, given)
        width = sheet.max_column or 0
        head = list(itertools.islice(_rows_of(sheet), _HEAD))
        wanted = given.get("header_row")
        header_row = wanted if isinstance(wanted, int) and wanted >= 0 else _header_row(head)
        rows = (
            head if header_row <= len(head) else list(itertools.islice(_rows_of(sheet), header_row))
        )
        header = list(rows[header_row - 1]) if 0 < header_row <= len(rows) else []
        used = max([len(header), *(len(row) for row in rows[header_row:])])
        width = max(used, width if width <= 4 * used else 0)
        table = _opened(path, (sheet.title, header_row), header, width)
    first = next((row for row in rows[header_row:] if row), ())
    return replace(table, problems=(*table.problems, *_uncomputed(table, first)))


def _opened(path: Path, chosen: tuple[str, int], header: list[object], width: int) -> OpenedTable:
    sheet, header_row = chosen
    texts = [_name(cell) for cell in header] + [""] * (width - len(header))
    names, problems = unique_names(texts, shown_name(path), has_header=header_row > 0)
    unnamed = tuple(n for n, text in zip(names, texts, strict=True) if not text)
    settings: Settings = {"format": "excel", "sheet": sheet, "header_row": header_row}
    return ExcelTable(path, shown_name(path), settings, names, unnamed, problems)


def _chosen(book: Book, path: Path, given: Values) -> Sheet:
    wanted = given.get("sheet")
    if wanted:
        named = [sheet for sheet in book.worksheets if sheet.title == wanted]
        if not named:
            raise _no_sheet(path, str(wanted), [sheet.title for sheet in book.worksheets])
        return named[0]
    found = _likeliest(book)
    if found is None:
        raise broken(path, _KIND, "no sheet with cells")
    return found


def _likeliest(book: Book) -> Sheet | None:
    """The first sheet that holds a table; else the first with cells: notes often stand before."""
    filled = None
    for sheet in book.worksheets:
        head = [row for row in itertools.islice(_rows_of(sheet), _HEAD) if row]
        if sum(1 for row in head if len(row) - row.count(None) > 1) >= _FEW:
            return sheet
        filled = filled or (sheet if head else None)
    return filled or next(iter(book.worksheets), None)


def _header_row(head: Sequence[Row]) -> int:
    """The first row in which nearly all columns have a text; 0 where values stand at the top."""
    filled = [sum(cell is not None for cell in row) for row in head]
    most = max(filled, default=0)
    for number, (row, count) in enumerate(zip(head, filled, strict=True), 1):
        # A column of row names has none itself.
        is_nearly = count == most - 1 and (most > _FEW or row[:1] == (None,))
        if count and (count == most or is_nearly):
            texts = [cell for cell in row if cell is not None]
            return number if all(isinstance(cell, str) for cell in texts) else 0
    return 0


def _rows_of(sheet: Sheet) -> Iterator[Row]:
    """The rows without the empty cells at their ends; an empty row is an empty tuple."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        end = len(row)
        while end and _is_nothing(row[end - 1]):
            end -= 1
        yield row[:end]


def _is_nothing(cell: object) -> bool:
    return cell is None or isinstance(cell, str) and not cell.strip()


def _at(row: Row, place: int) -> object:
    value = row[place] if place < len(row) else None
    return value.isoformat() if isinstance(value, datetime.time) else value


def _name(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def _uncomputed(table: OpenedTable, first: Row) -> tuple[Problem, ...]:
    """A warning for formulas that were never computed: other programs write them without values."""
    empty = [i for i in range(len(table.names)) if _at(first, i) is None]
    if not empty:
        return ()
    sheet, header_row = str(table.settings["sheet"]), int(table.settings["header_row"])
    with _workbook(table.path, has_values=False) as book:
        written = next(_below(book[sheet], header_row), ())
    lost = [table.names[i] for i in empty if str(_at(written, i)).startswith("=")]
    return (_formulas(lost, table.name),) if lost else ()


def _below(sheet: Sheet, header_row: int) -> Iterator[Row]:
    return (row for n, row in enumerate(_rows_of(sheet), 1) if n > header_row and row)


@contextmanager
def _workbook(path: Path, *, has_values: bool = True) -> Iterator[Any]:
    """The workbook; StudioError where it is none, is damaged or grows too far."""
    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")
            _refuse_bomb(path, zipfile.ZipFile(file))
            file.seek(0)
            book = openpyxl.load_workbook(file, True, data_only=has_values, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except _TROUBLES as error:
        raise broken(path, _KIND, f"{type(error).__name__}: {error}") from error
    except OSError as error:
        raise unreadable(path, error) from error


def _refuse_bomb(path: Path, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    packed = sum(entry.compress_size for entry in entries)
    if sum(entry.file_size for entry in entries) > max(SMALL_ENOUGH, MOST_GROWTH * packed):
        raise grows_too_far(path)


def _no_sheet(path: Path, wanted: str, sheets: list[str]) -> StudioError:
    return refuse(
        tr(
            "{file} has no sheet called {sheet}. Expected one of {sheets}.",
            file=shown_name(path),
            sheet=wanted,
            sheets=", ".join(sheets[:20]),
        ),
        tr("Choose one of its sheets."),
        place=Place("file", shown(path)),
        code="no-sheet",
    )


def _beyond(table: ExcelTable, number: int, row: Row) -> StudioError:
    return refuse(
        tr(
            "Row {row} of {file} has a value in column {letter}. Expected none beyond the "
            "{count} {count|column|columns} of the table.",
            row=number,
            file=table.name,
            letter=get_column_letter(len(row)),
            count=len(table.names),
        ),
        tr("Move or delete what stands beside the table, or choose another header row."),
        place=Place("file", shown(table.path)),
        code="ragged-row",
    )


def _formulas(names: list[str], file: str) -> Problem:
    return Problem(
        tr(
            "{file} holds formulas that were never computed, in column {names}. Their values "
            "count as missing.",
            file=file,
            names=", ".join(names[:5]),
        ),
        tr("Open the file in Excel or LibreOffice, save it, and open it here again."),
        Severity.WARNING,
        Place("column", names[0]),
        "no-computed-values",
    )
