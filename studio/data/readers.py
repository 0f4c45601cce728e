"""READERS: every format of table, how it is recognised by its content, and who opens it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.core.params import Values
from studio.data.columnar import is_feather, is_parquet, open_feather, open_parquet
from studio.data.excel import is_excel, open_excel, sheets_in
from studio.data.files import start_of
from studio.data.json_table import is_json, open_json
from studio.data.opened import OpenedTable
from studio.data.sql import is_sqlite, open_sqlite, open_url
from studio.data.sql import tables_in as tables_of
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
    Reader("excel", is_excel, open_excel, sheets_in),
    Reader("sqlite", is_sqlite, open_sqlite, tables_of),
    Reader("parquet", is_parquet, open_parquet),
    Reader("feather", is_feather, open_feather),
    Reader("json", is_json, open_json),
    Reader("text", lambda _path, _head: True, open_text_table),
)


def open_any(path: Path, given: Values, rows: int = 0) -> OpenedTable:
    """The table at `path`, or that of the URL in the settings; StudioError where it is none."""
    if given.get("format") == "sql":
        return open_url(given)
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
