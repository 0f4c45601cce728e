"""Databases: tables, queries, and passwords that are never written down."""

import datetime
import json
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy

from studio.core.problems import StudioError
from studio.data import sql
from studio.data.sources import open_data
from studio.data.tables import blocks, first_rows, read_columns, read_sql, read_table, safe_url

SECRET = "pa:ss w/rd"  # noqa: S105
QUOTED = "pa%3Ass%20w%2Frd"


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "t.db"
    connection = sqlite3.connect(path)
    connection.execute('CREATE TABLE empty ("x" TEXT)')
    connection.execute('CREATE TABLE "odd ""name" (n REAL, word TEXT, raw BLOB)')
    rows = [(i / 2, f"word {i}", b"ab") for i in range(100)]
    connection.executemany('INSERT INTO "odd ""name" VALUES (?, ?, ?)', rows)
    connection.execute('CREATE VIEW short AS SELECT n FROM "odd ""name" WHERE n < 2')
    connection.commit()
    connection.close()
    return path


def test_the_first_table_with_rows_is_read(database):
    table = read_table(database)
    assert table.settings == {"format": "sqlite", "table": 'odd "name', "query": ""}
    assert table.frame["n"].tolist() == [i / 2 for i in range(100)]
    assert table.frame["raw"].iloc[0] == "ab"


def test_a_table_a_view_or_a_query_can_be_chosen(database):
    assert len(read_table(database, {"table": "short"}).frame) == 4
    query = {"query": "SELECT n, n AS n, word FROM short, (SELECT 'x' AS word)"}
    assert list(read_table(database, query).frame.columns) == ["n", "n (2)", "word"]
    kinds = {"word": "category"}
    settings = read_table(database).settings
    assert read_columns(database, settings, kinds).frame["word"].iloc[5] == "word 5"
    assert [len(b.frame) for b in blocks(database, settings, kinds, 40)] == [40, 40, 20]
    assert first_rows(database, rows=2).frame["n"].tolist() == [0.0, 0.5]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"table": "gone"}, "no-table"),
        ({"query": "DROP TABLE empty"}, "bad-query"),
        ({"query": "WITH a AS (SELECT 1) DELETE FROM empty"}, "no-answer"),
        ({"query": "SELECT nothing FROM nowhere"}, "no-answer"),
        ({"query": "SELECT n FROM short WHERE n > 1000"}, "no-rows"),
    ],
)
def test_what_cannot_be_read_is_named(database, given, code):
    before = database.read_bytes()
    with pytest.raises(StudioError) as caught:
        read_table(database, given)
    assert caught.value.problem.code == code
    assert "Expected" in caught.value.problem.message
    assert database.read_bytes() == before


def test_texts_that_are_no_utf8_are_read(tmp_path):
    path = tmp_path / "t.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (word TEXT)")
    connection.execute("INSERT INTO t VALUES (CAST(x'636166e9' AS TEXT))")
    connection.commit()
    connection.close()
    assert read_table(path).frame["word"].tolist() == ["caf\ufffd"]


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:{QUOTED}@host:5432/db",
        f"postgresql://ann@host/db?password={QUOTED}&sslmode=require",
        f"mssql+pyodbc://host/db?odbc_connect=PWD%3D{QUOTED}",
        f"mysql+pymysql://ann:{QUOTED}@host/db?ssl_key=x&token={QUOTED}",
    ],
)
def test_a_password_never_stands_in_what_is_shown(url):
    safe = safe_url(url)
    assert SECRET not in safe
    assert QUOTED not in safe
    assert "host" in safe
    assert safe_url(safe) == safe


def test_an_sqlite_address_is_kept_without_its_password(tmp_path):
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a, 'x' AS b UNION SELECT 2, 'y'")
        connection.commit()
    spec = open_data(f"sqlite://ann:{QUOTED}@/{path}", {"query": "SELECT * FROM t"})
    assert SECRET not in spec.path + repr(spec.settings)
    assert QUOTED not in spec.path + repr(spec.settings)


def test_an_address_with_a_port_that_is_none_is_refused():
    with pytest.raises(StudioError, match="cannot be read") as caught:
        safe_url(f"postgresql://ann:{QUOTED}@host:port/db")
    assert QUOTED not in str(caught.value.problem)


def test_a_database_that_cannot_be_reached_keeps_the_password(monkeypatch):
    url = f"postgresql+nodriver://ann:{QUOTED}@host/db"
    with pytest.raises(StudioError) as caught:
        read_sql(url, "SELECT 1")
    problem = caught.value.problem
    assert problem.code == "no-driver"
    said = json.dumps(problem.as_json()) + problem.detail + repr(caught.value.__context__)
    assert SECRET not in said
    assert QUOTED not in said


class Server:
    """Stands in for a server: an engine on SQLite in memory that notes the URL it was asked."""

    def __init__(self, monkeypatch):
        self.urls = []
        self.engine = sqlalchemy.create_engine("sqlite://")
        self.make = sqlalchemy.create_engine
        monkeypatch.setattr(sqlalchemy, "create_engine", self.created)

    def created(self, url, **options):
        self.urls.append(url)
        assert options["connect_args"] == {"connect_timeout": 8}
        return self.make("sqlite://")


QUERY = "SELECT 1.5 AS n, 'a :b' AS word, '2024-01-31 10:00' AS at UNION SELECT 2.5, 'c', 'x'"


def test_a_query_at_a_server_is_read(monkeypatch):
    server = Server(monkeypatch)
    table = read_sql(f"postgresql://ann:{QUOTED}@host/db", QUERY)
    assert table.frame["n"].tolist() == [1.5, 2.5]
    assert table.frame["word"].tolist() == ["a :b", "c"]
    assert table.settings["url"] == "postgresql://ann:***@host/db"
    assert SECRET not in json.dumps(dict(table.settings))
    again = read_table(tmp := sql.Path("any"), table.settings)
    assert again.frame["n"].tolist() == [1.5, 2.5]
    assert first_rows(tmp, table.settings, 1).frame["n"].tolist() == [1.5]
    assert {url.password for url in server.urls} == {SECRET}


def test_the_password_of_the_environment_is_used(monkeypatch):
    server = Server(monkeypatch)
    monkeypatch.setattr(sql, "_known", {})
    monkeypatch.setenv(sql.PASSWORD_VARIABLE, "from outside")
    settings = {"format": "sql", "url": "postgresql://ann:***@host/db", "query": QUERY}
    assert len(read_table(sql.Path("any"), settings).frame) == 2
    assert server.urls[-1].password == "from outside"  # noqa: S105


def test_dates_of_a_database_are_dates():
    values = [datetime.datetime(2024, 1, 31, 10), None, datetime.datetime(2024, 2, 1)]
    piece = sql.piece_of_values(values, sql.missing_marks())
    assert str(piece.dtype) == "datetime64[ns]"


def test_an_address_that_is_none_is_named():
    with pytest.raises(StudioError) as caught:
        read_sql("no address: secret", "SELECT 1")
    assert caught.value.problem.code == "bad-url"
    assert "secret" not in str(caught.value.problem)
