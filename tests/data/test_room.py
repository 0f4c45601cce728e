"""What fits into memory: a small file may hold very much."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from studio.data import room
from studio.data.sources import open_data

ROWS = 300_000


@pytest.fixture
def nothing(tmp_path: Path) -> Path:
    """A file of kilobytes with many rows that are all empty but for one."""
    values = np.zeros(ROWS)
    values[7] = 3.0
    path = tmp_path / "nothing.parquet"
    parquet.write_table(pa.table({"a": values, "b": pa.nulls(ROWS, pa.string())}), path)
    return path


def test_a_small_file_of_very_many_rows_is_looked_at_block_by_block(
    nothing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert room.may_fit(nothing)
    monkeypatch.setattr(room, "_BESIDE", 0)
    assert not room.may_fit(nothing)
    spec = open_data(str(nothing))
    assert spec.summary is not None
    assert spec.summary.rows == ROWS
    first, second = spec.summary.columns
    assert (first.high, first.distinct, second.missing) == (3.0, 2, ROWS)


def test_a_broken_parquet_file_is_left_to_its_reader(tmp_path: Path) -> None:
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    assert room.may_fit(tmp_path / "cut.parquet")
