"""Tables of databases: SQLite files, and what a query finds at any SQLAlchemy URL."""

import os
import shutil
import sqlite3
import tempfile
from abc import abstractmethod
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from typing_extensions import override

from studio.core.params import Values
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.cells import missing_marks, piece_of_values
from studio.data.files import broken, require_plain, unreadable
from studio.data.names import unique_names
from studio.data.opened import OpenedTable, Pieces, Settings
from studio.data.unpack import shown, shown_name

PASSWORD_VARIABLE = "STUDIO_DB_PASSWORD"  # noqa: S105
if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

Cursor: TypeAlias = Any
Fetched: TypeAlias = Generator[Sequence[Any]]
_MAGIC = b"SQLite format 3\0"
_ROWS = 8192
LONGEST_VALUE = 16 * 1024**2  # bytes, of a text or a blob of an SQLite file
_PATIENCE = 3.0  # seconds that another program may hold the file
_SECRETS = ("pass", "pwd", "secret", "token", "key", "odbc_connect", "credential")
_READS = ("select", "with", "values", "table", "show", "describe", "explain", "pragma")
_WAITS = {"postgresql": "connect_timeout", "mysql": "connect_timeout", "mariadb": "connect_timeout"}
# The URLs with their passwords, by the form without; never written anywhere.
_known: dict[str, "URL"] = {}


def is_sqlite(_path: Path, head: bytes) -> bool:
    """By its first bytes."""
    return head.startswith(_MAGIC)


def tables_in(path: Path) -> tuple[str, ...]:
    """The tables and views of an SQLite file."""
    with _sqlite(path) as connection:
        return _tables(connection)


def safe_url(url: str) -> str:
    """The URL without its password and without whatever else in it is secret."""
    made = _made(url)
    query = {
        key: "***" if any(secret in key.lower() for secret in _SECRETS) else value
        for key, value in made.query.items()
    }
    return made.set(query=query).render_as_string(hide_password=True)


def sql_settings(url: str, query: str) -> Settings:
    """What a project may keep: the URL without its password; that is remembered in memory."""
    safe = safe_url(url)
    if safe != url:
        _known[safe] = _made(url)
    return {"format": "sql", "url": safe, "query": query}


def open_sqlite(path: Path, given: Values, _rows: int = 0) -> OpenedTable:
    """A table of an SQLite file: as given, else the first that holds rows; or a query."""
    query = str(given.get("query") or "")
    with _sqlite(path) as connection:
        tables = _tables(connection)
        table = "" if query else str(given.get("table") or _first_filled(connection, tables))
        if not query and table not in tables:
            raise _no_table(path, table, tables)
    settings = {"format": "sqlite", "table": table, "query": query}
    opened = SqliteTable(path, shown_name(path), settings, ())
    return opened.with_names()


def open_url(settings: Values) -> OpenedTable:
    """What a query finds; `settings` as `sql_settings` gives them."""
    url, query = str(settings.get("url", "")), str(settings.get("query", ""))
    if safe_url(url) != url:
        settings = sql_settings(url, query)
        url = str(settings["url"])
    made = _made(url)
    if made.get_backend_name() == "sqlite" and made.database:
        return open_sqlite(Path(made.database), {"query": query})
    kept = {"format": "sql", "url": url, "query": query}
    return SqlTable(Path(url), url, kept, ()).with_names()


@dataclass(frozen=True, slots=True, eq=False)
class _Queried(OpenedTable):
    """What a query finds, fetched some rows at a time."""

    def with_names(self) -> OpenedTable:
        """The same with the names of its columns, which the database knows without rows."""
        with closing(self.fetched(1)) as found:
            first = next(found)
        names, problems = unique_names([str(n) for n in first], self.name, has_header=True)
        return replace(self, names=names, problems=problems)

    @abstractmethod
    def fetched(self, rows: int) -> Fetched:
        """The names, then lists of rows."""

    @override
    def pieces(self, columns: Sequence[str], texts: Collection[str] = (), rows: int = 0) -> Pieces:
        wanted = set(columns)
        places = {name: i for i, name in enumerate(self.names) if name in wanted}
        missing = missing_marks()
        with closing(self.fetched(rows or _ROWS)) as found:
            next(found)
            for batch in found:
                yield {
                    name: piece_of_values([row[i] for row in batch], missing)
                    for name, i in places.items()
                }


@dataclass(frozen=True, slots=True, eq=False)
class SqliteTable(_Queried):
    """A table or query of an SQLite file, which is opened to be read only."""

    @override
    def fetched(self, rows: int) -> Fetched:
        query = str(self.settings["query"]) or f"SELECT * FROM {_quoted(self.settings['table'])}"
        _require_reading(query, self.path)
        with _sqlite(self.path) as connection:
            yield from _fetched(connection.execute(query), rows, self.path)


@dataclass(frozen=True, slots=True, eq=False)
class SqlTable(_Queried):
    """What a query finds at a SQLAlchemy URL."""

    @override
    def fetched(self, rows: int) -> Fetched:
        query = str(self.settings["query"])
        _require_reading(query, self.path)
        url = _with_password(str(self.settings["url"]))
        with _troubles(self.path, url), _connected(url) as connection:
            streamed = connection.execution_options(stream_results=True, max_row_buffer=rows)
            yield from _fetched(streamed.exec_driver_sql(query).cursor, rows, self.path)


def _fetched(cursor: Cursor, rows: int, path: Path) -> Fetched:
    if cursor is None or cursor.description is None:
        raise _no_rows_asked(path)
    yield [column[0] for column in cursor.description]
    while batch := cursor.fetchmany(rows):
        yield batch


@contextmanager
def _connected(url: "URL") -> "Iterator[Connection]":
    import sqlalchemy  # seldom needed, and long to load

    wait = _WAITS.get(url.get_backend_name())
    arguments = {wait: 8} if wait else {}
    engine = sqlalchemy.create_engine(url, connect_args=arguments, hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _troubles(path: Path, url: "URL") -> Iterator[None]:
    import sqlalchemy.exc

    try:
        yield
    except ImportError as error:
        raise _no_driver(path, url, str(error)) from error
    except sqlalchemy.exc.NoSuchModuleError as error:
        raise _no_driver(path, url, str(error)) from error
    except sqlalchemy.exc.SQLAlchemyError as error:
        # Without its cause: what a driver raises may hold the password.
        why = _without_secrets(str(getattr(error, "orig", None) or error), url)
        raise _no_answer(path, why) from None


def _without_secrets(text: str, url: "URL") -> str:
    secrets = [str(url.password or ""), *(str(v) for v in url.query.values())]
    for secret in filter(None, secrets):
        text = text.replace(secret, "***").replace(quote(secret), "***")
    return text


def _with_password(safe: str) -> "URL":
    url = _known.get(safe) or _made(safe)
    given = os.environ.get(PASSWORD_VARIABLE, "")
    is_masked = url.password in (None, "***")
    return url.set(password=given) if given and is_masked and url.username else url


def _made(url: str) -> "URL":
    import sqlalchemy.exc
    from sqlalchemy.engine import make_url

    try:
        return make_url(url)
    except (sqlalchemy.exc.ArgumentError, ValueError):  # the latter of a port
        raise refuse(
            tr(
                "The address of the database cannot be read. Expected one like "
                "postgresql://user@host/database."
            ),
            tr("Write the address with its kind, the name of the user, the host and the database."),
            place=Place("field", "url"),
            code="bad-url",
        ) from None


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """The file opened for reading; StudioError where it is damaged or another program holds it."""
    require_plain(path)
    try:
        _require_whole(path)
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(_connection(path, Path(folder))) as connection,
        ):
            yield connection
    except sqlite3.Error as error:
        raise _sqlite_trouble(path, error) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _connection(path: Path, folder: Path) -> sqlite3.Connection:
    """Read-only; where a journal beside the file must be written to, a copy is read."""
    try:
        return _connected_to(path)
    except sqlite3.OperationalError as error:
        if "unable to open" not in str(error) and "readonly" not in str(error):
            raise
    for suffix in ("", "-wal"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            shutil.copyfile(beside, folder / ("copy" + suffix))
    return _connected_to(folder / "copy")


def _require_whole(path: Path) -> None:
    """The file says how long it is; SQLite itself would notice only where rows are lost."""
    with path.open("rb") as file:
        head = file.read(100)
    size, count = int.from_bytes(head[16:18]), int.from_bytes(head[28:32])
    is_valid = head[24:28] == head[92:96] and not path.with_name(path.name + "-wal").exists()
    if is_valid and path.stat().st_size < (65536 if size == 1 else size) * count:
        raise broken(path, "SQLite", "shorter than it says")


def _connected_to(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(os.fsencode(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE, check_same_thread=False)
    # A value of a gigabyte would be copied several times before anyone could look at it.
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _tables(connection: sqlite3.Connection) -> tuple[str, ...]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, rootpage, name"
    )
    return tuple(str(name) for (name,) in found)


def _first_filled(connection: sqlite3.Connection, tables: Sequence[str]) -> str:
    for table in tables:
        if connection.execute(f"SELECT 1 FROM {_quoted(table)} LIMIT 1").fetchone():
            return table
    return tables[0] if tables else ""


def _quoted(name: object) -> str:
    return '"' + str(name).replace('"', '""') + '"'


def _require_reading(query: str, path: Path) -> None:
    """A query may look and must not change; files and transactions are read-only besides."""
    words = query.strip().lstrip("(").lower()
    if not words.startswith(_READS):
        raise refuse(
            tr("The query changes the database or is none. Expected one that begins with SELECT."),
            tr("Write a query that only reads, such as SELECT * FROM measurements."),
            place=Place("field", "query"),
            code="bad-query",
            detail=f"{shown(path)}: {query[:200]}",
        )


def _no_rows_asked(path: Path) -> StudioError:
    return refuse(
        tr("The query gives no rows. Expected one that finds columns and rows."),
        tr("Write a query that reads, such as SELECT * FROM measurements."),
        place=Place("field", "query"),
        code="bad-query",
        detail=shown(path),
    )


def _no_table(path: Path, table: str, tables: Sequence[str]) -> StudioError:
    return refuse(
        tr(
            "{file} has no table called {table}. Expected one of: {tables}.",
            file=shown_name(path),
            table=table or tr("anything"),
            tables=", ".join(tables[:20]) or tr("none, the database is empty"),
        ),
        tr("Choose one of its tables, or another file."),
        place=Place("file", shown(path)),
        code="no-table",
    )


def _sqlite_trouble(path: Path, error: sqlite3.Error) -> StudioError:
    words = str(error)
    if "locked" in words or "busy" in words:
        return refuse(
            tr(
                "Another program is writing to {file} and has locked it. Expected a database "
                "that may be read.",
                file=shown_name(path),
            ),
            tr("Close the other program, or wait until it has finished, and open the data again."),
            place=Place("file", shown(path)),
            code="locked",
            detail=words,
        )
    if "malformed" in words or "not a database" in words or "corrupt" in words:
        return broken(path, "SQLite", words)
    return _no_answer(path, words)


def _no_answer(path: Path, why: str) -> StudioError:
    return refuse(
        tr(
            "The database {file} gave no answer: {why}. Expected the rows of a table or query.",
            file=shown_name(path),
            why=why,
        ),
        tr("Check the address, the password and the query."),
        place=Place("file", shown(path)),
        code="no-answer",
        detail=why,
    )


def _no_driver(path: Path, url: "URL", why: str) -> StudioError:
    return refuse(
        tr(
            "This machine has no driver for {kind} databases. Expected the Python package that "
            "speaks to them.",
            kind=url.get_backend_name(),
        ),
        tr("Install it, for example psycopg2-binary for PostgreSQL or PyMySQL for MySQL."),
        place=Place("file", shown(path)),
        code="no-driver",
        detail=why,
    )
