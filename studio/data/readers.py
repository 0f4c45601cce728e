"""READERS: every format of table, how it is recognised by its content, and who opens it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.core.params import Values
from studio.data import columnar, excel, json_table, sql
from studio.data.files import start_of
from studio.data.opened import OpenedTable
from studio.data.text_table import open_text_table

_HEAD = 512


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: `is_it` looks at the path and the first bytes (unpacked).

    `open` takes the path, the settings given and how many rows are wanted (0: all).
    """

    format: str
    is_it: Callable[[Path, bytes], bool]
    open: Callable[[Path, Values, int], OpenedTable]
    tables: Callable[[Path], tuple[str, ...]] = lambda _: ()


READERS = (
    Reader("excel", excel.is_excel, excel.open_excel, excel.sheets_in),
    Reader("sqlite", sql.is_sqlite, sql.open_sqlite, sql.tables_in),
    Reader("parquet", columnar.is_parquet, columnar.open_parquet),
    Reader("feather", columnar.is_feather, columnar.open_feather),
    Reader("json", json_table.is_json, json_table.open_json),
    Reader("text", lambda _path, _head: True, open_text_table),
)


def open_any(path: Path, given: Values, rows: int = 0) -> OpenedTable:
    """The table at `path`, or that of the URL in the settings; StudioError where it is none."""
    if given.get("format") == "sql":
        return sql.open_url(given)
    return _reader_of(path).open(path, given, rows)


def tables_in(path: Path) -> tuple[str, ...]:
    """The sheets of an Excel file or the tables of an SQLite file; empty for other formats."""
    return _reader_of(path).tables(path)


def format_of(path: Path) -> str:
    """Which format a file has by its content: ``text`` for what is no other."""
    return _reader_of(path).format


def _reader_of(path: Path) -> Reader:
    head = start_of(path, _HEAD)
    return next(reader for reader in READERS if reader.is_it(path, head))
