"""A sample of a table is even, bounded and the same every time, and counts all rows."""

import numpy as np
import pandas as pd
import pytest

from studio.data import row_sample
from studio.data.row_sample import RowSample


def blocks(count, rows=100):
    for start in range(0, count, rows):
        numbers = np.arange(start, min(start + rows, count), dtype=np.float64)
        texts = pd.Series([None if n % 4 == 0 else f"t{n:.0f}" for n in numbers], dtype="str")
        yield pd.DataFrame({"n": numbers, "t": texts.to_numpy()})


def taken(count):
    sample = RowSample()
    for block in blocks(count):
        sample.add(block)
    return sample


def frame_of(sample):
    return pd.DataFrame(dict(sample.columns()))


def test_a_small_table_is_kept_whole_and_in_order():
    sample = taken(450)
    assert (sample.rows, sample.kept) == (450, 450)
    assert sample.missing == {"n": 0, "t": 113}
    assert frame_of(sample)["n"].tolist() == list(range(450))


@pytest.mark.parametrize(("rows", "size"), [(300, 1 << 30), (10**9, 300 * 24)])
def test_of_a_large_one_an_even_part_stays(monkeypatch, rows, size):
    monkeypatch.setattr(row_sample, "MOST_ROWS", rows)
    monkeypatch.setattr(row_sample, "MOST_BYTES", size)
    sample = taken(20_000)
    assert sample.rows == 20_000
    assert sample.missing["t"] == 5000
    kept = frame_of(sample)
    assert 75 <= len(kept) <= 450
    assert (np.diff(kept["n"]) > 0).all()
    assert kept["n"].mean() == pytest.approx(10_000, rel=0.15)
    assert kept["n"].tolist() == frame_of(taken(20_000))["n"].tolist()


def test_nothing_gives_nothing():
    sample = RowSample()
    assert frame_of(sample).empty
    sample.add(pd.DataFrame({"n": np.zeros(0)}))
    assert (sample.rows, sample.kept) == (0, 0)
    assert list(frame_of(sample).columns) == ["n"]
