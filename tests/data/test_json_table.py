"""JSON in all the ways that programs write tables."""

import json

import numpy as np
import pandas as pd
import pytest

from studio.core.problems import StudioError
from studio.data.tables import blocks, first_rows, read_table


@pytest.fixture
def write(tmp_path):
    def written(text, name="t.json"):
        path = tmp_path / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        return path

    return written


FRAME = pd.DataFrame({"n": [1.5, 2.5, 3.5], "word": ["a", "b", "c"]})


@pytest.mark.parametrize("orient", ["records", "columns", "split", "table", "index"])
def test_all_that_pandas_writes(write, orient):
    frame = read_table(write(FRAME.to_json(orient=orient))).frame
    assert frame["n"].tolist() == [1.5, 2.5, 3.5]
    assert frame["word"].tolist() == ["a", "b", "c"]


def test_an_object_of_lists(write):
    table = read_table(write({"n": [1, 2], "word": ["a", None]}))
    assert table.settings["format"] == "json"
    assert table.frame["n"].tolist() == [1.0, 2.0]
    assert table.frame["word"].isna().tolist() == [False, True]


def test_an_object_of_objects_keeps_its_keys(write):
    frame = read_table(write({"anna": {"n": 1}, "ben": {"n": 2, "m": 3}})).frame
    assert frame["key"].tolist() == ["anna", "ben"]
    assert frame["n"].tolist() == [1.0, 2.0]
    np.testing.assert_array_equal(frame["m"], [np.nan, 3.0])


def test_rows_beside_other_facts_are_found(write):
    frame = read_table(write({"version": 3, "rows": [{"n": 1}, {"n": 2}]})).frame
    assert frame["n"].tolist() == [1.0, 2.0]


def test_lines_with_objects_inside(write):
    rows = [{"id": i, "place": {"x": i / 2, "name": f"p{i}"}, "tags": ["a", i]} for i in range(4)]
    table = read_table(write("\n".join(map(json.dumps, rows)) + "\n\n", "t.jsonl"))
    assert table.settings["format"] == "jsonl"
    assert list(table.frame.columns) == ["id", "place.x", "place.name", "tags"]
    assert table.frame["place.x"].tolist() == [0.0, 0.5, 1.0, 1.5]
    assert table.frame["tags"].iloc[2] == '["a", 2]'


def test_keys_that_come_late_are_columns_too(write):
    rows = [{"a": i} for i in range(9000)] + [{"a": 1, "late": "here"}]
    path = write("\n".join(map(json.dumps, rows)), "t.ndjson")
    table = read_table(path)
    assert table.frame["late"].iloc[-1] == "here"
    assert table.frame["late"].notna().sum() == 1
    found = list(blocks(path, table.settings, {"late": "category"}, 4000))
    assert [len(block.frame) for block in found] == [4000, 4000, 1001]
    assert found[-1].frame["late"].iloc[-1] == "here"


def test_lists_of_lists_number_their_columns(write):
    frame = read_table(write([[1, "a"], [2, "b"]])).frame
    assert list(frame.columns) == ["column 1", "column 2"]


def test_yes_no_and_nothing(write):
    frame = read_table(write([{"b": True, "n": None}, {"b": False, "n": 2}, {"b": None}])).frame
    assert frame["b"].fillna("").tolist() == ["True", "False", ""]
    np.testing.assert_array_equal(frame["n"], [np.nan, 2.0, np.nan])


def test_numbers_of_any_size(write):
    rows = [{"a": 10**30 + i, "b": i} for i in range(20)]
    rows[7]["b"] = float("inf")
    table = read_table(write(json.dumps(rows).replace("Infinity", "1e400")))
    assert table.frame["a"].iloc[3] == str(10**30 + 3)
    assert [problem.code for problem in table.problems] == ["too-large-number"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('[{"a": 1},\n{"a": 2},\n{"a" 3}]', "damaged", "line 3"),
        ('{"a": 1}\n{"a": 2}\n{"a":', "damaged", "line 3"),
        ('[{"a": 1}] x', "damaged", "line 1"),
        ('{"a": [1, 2], "b": [1]}', "ragged-row", "Column b"),
        ("[" * 100_000, "not-a-table", "no table"),
        ('{"a": ' + "9" * 5000 + "}", "damaged", "line 1"),
        ("{}", "not-a-table", "no table"),
    ],
)
def test_what_is_no_table_is_named(write, text, code, said):
    with pytest.raises(StudioError, match=said) as caught:
        read_table(write(text))
    assert caught.value.problem.code == code
    assert "Expected" in caught.value.problem.message


def test_values_that_end_where_a_piece_ends(write, monkeypatch):
    monkeypatch.setattr("studio.data.json_table._PIECE", 7)
    rows = [{"n": 1234567 + i, "t": 'a "quoted" é 漢'} for i in range(50)]
    for text in (json.dumps(rows), "\n".join(map(json.dumps, rows))):
        frame = read_table(write(text)).frame
        assert frame["n"].tolist() == [row["n"] for row in rows]
        assert set(frame["t"]) == {'a "quoted" é 漢'}


def test_a_look_reads_the_first_rows(write):
    path = write("\n".join(json.dumps({"n": i}) for i in range(5000)) + "\n{broken", "t.jsonl")
    assert first_rows(path, rows=3).frame["n"].tolist() == [0.0, 1.0, 2.0]
    with pytest.raises(StudioError, match="line 5001"):
        read_table(path)


def test_a_csv_that_begins_with_a_bracket_is_no_json(write):
    table = read_table(write("[a],b\n1,2\n3,4\n", "t.csv"))
    assert list(table.frame.columns) == ["[a]", "b"]
