"""Rows that are the same are found in memory, on the disk and in files, and named across parts."""

import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from studio.data.arrays import Held
from studio.data.duplicates import (
    alike,
    duplicate_problems,
    prints_of_cells,
    prints_of_files,
    prints_of_rows,
    prints_of_values,
    repeated,
)


@given(
    arrays_of.arrays(
        st.sampled_from([np.float32, np.uint8, np.int64]),
        st.tuples(st.integers(1, 20), st.integers(1, 11)),
        elements=st.integers(0, 2),
    )
)
def test_rows_are_alike_exactly_where_they_are_equal(block):
    codes = alike([prints_of_rows(Held(block))])
    equal = (block[:, None] == block[None]).all(axis=2)
    assert ((codes[:, None] == codes[None]) == equal).all()


def test_gaps_and_signs_of_nought_make_no_difference():
    odd_nan = np.array([0x7FC00001], np.uint32).view(np.float32)[0]
    block = np.array([[np.nan, 0.0], [odd_nan, -0.0], [0.0, np.nan]], np.float32)
    assert alike([prints_of_values(block)]).tolist() == [0, 0, 1]
    cells = pd.Series([0.0, -0.0, np.nan, np.nan, 1.0])
    assert alike([prints_of_cells(cells)]).tolist() == [0, 0, 1, 1, 2]


def test_texts_pictures_and_targets_count_together():
    texts = np.array(["a", "a", None, None, "a"], object)
    pictures = np.zeros((5, 1, 3, 3), np.uint8)
    pictures[4, 0, 0, 0] = 1
    prints = [prints_of_rows(Held(texts)), prints_of_rows(Held(pictures))]
    assert alike(prints).tolist() == [0, 0, 1, 1, 2]
    with_targets = [*prints, prints_of_values(np.array([0, 1, 0, 0, 0]))]
    assert alike(with_targets).tolist() == [0, 1, 2, 2, 3]
    assert repeated(with_targets).tolist() == [False, False, False, True, False]


def test_files_are_alike_by_their_bytes(tmp_path):
    for name, data in {"a": b"one", "b": b"one", "c": b"two", "d": b"longer", "e": b""}.items():
        (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("in/a", b"one")
    names = [*(str(tmp_path / name) for name in "abcde"), f"{tmp_path}/f.zip!/in/a", "", ""]
    assert alike([prints_of_files(names)]).tolist() == [0, 0, 1, 2, 3, 0, 4, 4]
    inside = [f"{tmp_path}/g.zip!/{name}" for name in ("1", "2", "3", "x")]
    with zipfile.ZipFile(tmp_path / "g.zip", "w") as archive:
        for name, data in zip("123", (b"one", b"two", b"one"), strict=True):
            archive.writestr(name, data)
    assert alike([prints_of_files(inside)]).tolist() == [0, 1, 0, 2]
    gone = [str(tmp_path / "x"), str(tmp_path / "y")]
    assert len(set(prints_of_files(gone).tolist())) == 2


def parts_of(training, validation, test):
    named = {"training": training, "validation": validation, "test": test}
    return {name: np.array(positions, np.int64) for name, positions in named.items()}


def test_copies_in_two_parts_are_counted_and_named():
    codes = np.array([0, 1, 2, 0, 1, 3, 0])
    (problem,) = duplicate_problems(codes, parts_of([0, 1, 4], [2, 3], [5, 6]), np.arange(11, 18))
    assert problem.code == "duplicates-across"
    assert problem.message.startswith("2 rows")
    assert "11, 14, 17" in problem.message
    assert problem.fix.key == "add_step"
    assert problem.fix.arguments["key"] == "remove_duplicates"


def test_copies_in_one_part_are_only_noted_and_none_say_nothing():
    codes = np.array([0, 0, 1, 2])
    (problem,) = duplicate_problems(codes, parts_of([0, 1], [2], [3]), np.arange(1, 5))
    assert (problem.code, problem.severity.value) == ("duplicates", "note")
    assert problem.message.startswith("One row is an exact copy")
    left_out = duplicate_problems(codes, parts_of([0], [2], [3]), np.arange(1, 5))
    assert [p.code for p in left_out] == ["duplicates"]
    assert duplicate_problems(np.arange(4), parts_of([0, 1], [2], [3]), np.arange(1, 5)) == ()


@pytest.mark.parametrize("count", [1, 200_000])
def test_many_rows_are_taken_in_blocks(count):
    class Counted:
        held = None
        shape = (count, 30)
        most = 0

        def take(self, positions):
            self.most = max(self.most, len(positions))
            return np.repeat((positions % 1000)[:, None], 30, axis=1).astype(np.float32)

    rows = Counted()
    assert len(np.unique(alike([prints_of_rows(rows)]))) == min(count, 1000)
    assert rows.most <= 70_000
