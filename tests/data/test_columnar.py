"""Parquet and Feather: every type of column, structures, row groups."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from studio.data.tables import as_numbers, blocks, read_columns, read_table

MOMENTS = [datetime.datetime(2024, 1, 31, 12), None, datetime.datetime(1999, 12, 31)]
TABLE = pa.table(
    {
        "small": pa.array([1, None, 3], pa.int8()),
        "float": pa.array([1.5, float("nan"), None], pa.float32()),
        "exact": pa.array([decimal.Decimal("1.25"), None, decimal.Decimal("3.50")]),
        "yes": pa.array([True, None, False]),
        "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
        "when": pa.array(MOMENTS, pa.timestamp("us")),
        "zoned": pa.array(MOMENTS, pa.timestamp("ms", "Europe/Berlin")),
        "day": pa.array([datetime.date(2024, 1, 31), None, datetime.date(1066, 10, 14)]),
        "list": pa.array([[1, 2], None, []], pa.list_(pa.int64())),
        "place": pa.array([{"x": 1.5, "name": "p"}, {"x": 2.5, "name": None}, None]),
        "raw": pa.array([b"ab", None, b"\xff"]),
        "none": pa.nulls(3),
        "code": ["007", "008", "009"],
        "digits": ["1.5", "2.5", ""],
    }
)


@pytest.fixture(params=["parquet", "feather", "stream", "pieces"])
def path(request, tmp_path):
    path = tmp_path / f"t.{'arrow' if request.param == 'stream' else request.param}"
    if request.param == "parquet":
        pa.parquet.write_table(TABLE, path)
    elif request.param == "feather":
        pa.feather.write_feather(TABLE, path)
    elif request.param == "stream":
        with pa.ipc.new_stream(path, TABLE.schema) as writer:
            writer.write_table(TABLE)
    else:
        pa.feather.write_feather(TABLE, path, version=2, compression="zstd", chunksize=2)
    return path


def test_every_type_has_its_meaning(path):
    frame = read_table(path).frame
    for name, wanted in {
        "small": [1, np.nan, 3],
        "float": [1.5, np.nan, np.nan],
        "exact": [1.25, np.nan, 3.5],
        "place.x": [1.5, 2.5, np.nan],
        "none": [np.nan] * 3,
        "digits": [1.5, 2.5, np.nan],
    }.items():
        np.testing.assert_array_equal(frame[name], wanted)
    for name, wanted in {
        "yes": ["True", None, "False"],
        "kind": ["a", "b", "a"],
        "day": ["2024-01-31", None, "1066-10-14"],
        "list": ["[1, 2]", None, "[]"],
        "place.name": ["p", None, None],
        "raw": ["ab", None, "\ufffd"],
        "code": ["007", "008", "009"],
    }.items():
        assert [None if pd.isna(v) else v for v in frame[name]] == wanted
    moments = [pd.Timestamp(MOMENTS[0]), pd.NaT, pd.Timestamp(MOMENTS[2])]
    assert frame["when"].tolist()[::2] == moments[::2]
    assert frame["zoned"].tolist()[::2] == moments[::2]
    assert frame["when"].isna().tolist() == [False, True, False]


def test_columns_keep_their_types_where_no_number_is_wanted(path):
    kinds = {"small": "category", "when": "date", "place.x": "number", "digits": "category"}
    frame = read_columns(path, {}, kinds).frame
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "small": "float64",
        "when": "datetime64[ns]",
        "place.x": "float64",
        "digits": "str",
    }


def test_large_decimals_stay_exact(tmp_path):
    values = [decimal.Decimal(10**25 + i) for i in range(3)]
    path = tmp_path / "t.parquet"
    pa.parquet.write_table(pa.table({"id": pa.array(values, pa.decimal128(38, 0))}), path)
    assert read_table(path).frame["id"].tolist() == [str(10**25 + i) for i in range(3)]


def test_dates_as_numbers_are_seconds(path):
    table = read_table(path)
    values, problems = as_numbers("when", table.frame["when"], "t", table.notation)
    assert values.iloc[0] == MOMENTS[0].replace(tzinfo=datetime.UTC).timestamp()
    assert np.isnan(values.iloc[1])
    assert problems == []


def test_row_groups_come_block_by_block(tmp_path):
    path = tmp_path / "t.parquet"
    frame = pd.DataFrame({"n": np.arange(10_000) / 2, "t": [f"r{i}" for i in range(10_000)]})
    frame.to_parquet(path, row_group_size=777)
    found = list(blocks(path, {}, {"n": "number", "t": "text"}, 1000))
    assert [len(block.frame) for block in found] == [1000] * 10
    assert [block.frame.index[0] for block in found] == list(range(0, 10_000, 1000))
    np.testing.assert_array_equal(pd.concat([b.frame for b in found])["n"], frame["n"])


def test_names_that_stand_twice(tmp_path):
    path = tmp_path / "t.parquet"
    pa.parquet.write_table(pa.table([[1, 2], ["a", "b"], [3, 4]], ["x", "y", "x"]), path)
    table = read_table(path)
    assert table.frame["x"].tolist() == [1.0, 2.0]
    assert table.frame["x (2)"].tolist() == [3.0, 4.0]
    assert read_columns(path, {}, {"x (2)": "number"}).frame["x (2)"].tolist() == [3.0, 4.0]
