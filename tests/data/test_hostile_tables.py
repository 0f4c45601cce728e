"""Tables that were made to do harm, or that no program should have written."""

import gzip
import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from studio.core.problems import StudioError
from studio.data.tables import read_table


def refused(path):
    with pytest.raises(StudioError) as error:
        read_table(path)
    return error.value.problem


@pytest.mark.parametrize("text", ["[{rows}]", "{rows}"])
def test_half_a_character_in_json_is_refused_with_its_line(tmp_path, text):
    rows = ['{"t": "whole \\ud83d\\ude00", "y": 1}', '{"t": "\\ud83d half", "y": 2}']
    path = tmp_path / "t.json"
    path.write_text(text.format(rows=(",\n" if "[" in text else "\n").join(rows)))
    problem = refused(path)
    assert problem.code == "half-a-character"
    assert "t.json" in problem.message
    assert "line 2" in problem.message


def test_whole_characters_are_read_however_json_writes_them(tmp_path):
    path = tmp_path / "t.json"
    path.write_text('[{"t": "\\ud83d\\ude00"}, {"t": "\\u00e9 \\\\ud83d"}]')
    assert read_table(path).frame["t"].tolist() == ["\U0001f600", "é \\ud83d"]


def test_a_line_of_a_million_values_is_no_table_of_a_million_columns(tmp_path):
    path = tmp_path / "line.csv"
    path.write_text("1," * 500_000)
    problem = refused(path)
    assert problem.code == "too-many-columns"
    assert "500,001 columns" in problem.message


def test_an_object_of_many_keys_is_no_table(tmp_path):
    path = tmp_path / "wide.json"
    path.write_text("[{" + ",".join(f'"k{i}": 1' for i in range(30_000)) + "}]")
    assert refused(path).code == "too-many-columns"


def test_what_grows_too_far_is_refused_at_its_beginning(tmp_path, monkeypatch):
    monkeypatch.setattr("studio.data.unpack.SMALL_ENOUGH", 1_000_000)
    monkeypatch.setattr("studio.data.unpack.MOST_GROWTH", 20)
    path = tmp_path / "bomb.csv.gz"
    noise = "".join(f"{i},{i * 7919 % 1_000_003}\n" for i in range(120_000))
    with gzip.open(path, "wb", 9) as file:
        file.write(b"1,2\n" * 1_000_000)
        file.write(noise.encode())
    assert refused(path).code == "grows-too-far"


def test_a_value_of_a_gigabyte_in_a_database_is_not_brought_to_memory(tmp_path):
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a, b)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(1, "x"), (2, "y")])
        connection.commit()
    with pytest.raises(StudioError, match="too big"):
        read_table(path, {"query": "SELECT zeroblob(1000000000) AS a FROM t"})
    assert read_table(path).frame["a"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "settings",
    [
        {"delimiter": "\n"},
        {"delimiter": '"'},
        {"delimiter": "\udcff"},
        {"decimal": "zz"},
        {"encoding": "rot13"},
        {"encoding": "base64"},
        {"encoding": "utf-99"},
        {"encoding": "a\0"},
    ],
)
def test_settings_that_read_nothing_are_refused(tmp_path, settings):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    with pytest.raises(StudioError):
        read_table(path, settings)


def test_a_path_that_no_system_can_have_is_refused(tmp_path):
    assert refused(tmp_path / ("a" * 5000)).code == "unreadable"
    assert refused(tmp_path.joinpath(*["a"] * 3000)).code == "unreadable"


@pytest.mark.parametrize("name", ["t.parquet", "t.json"])
def test_a_value_of_megabytes_is_refused_with_its_place(tmp_path, name):
    path = tmp_path / name
    frame = pd.DataFrame({"a": [1, 2], "words": ["short", "word " * 500_000]})
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_json(path, orient="records")
    problem = refused(path)
    assert problem.code == "long-value"
    assert "words" in problem.message
    assert "row 2" in problem.message
