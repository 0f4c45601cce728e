"""Rows in a temporary file are the rows that were put there, whatever the order and the thread."""

import gc
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.problems import StudioError
from studio.data import disk_rows as module
from studio.data.disk_rows import DiskRows, disk_rows

try:
    import resource
except ImportError:
    resource = None

SHAPES = st.lists(st.integers(0, 4), max_size=3).map(tuple)
TYPES = st.sampled_from(["uint8", "float32", "int64", "bool", "S5"])


@pytest.fixture(params=[True, False], ids=["positioned", "seeking"], autouse=True, scope="module")
def _both_ways(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "HAS_POSITIONED", request.param and module.HAS_POSITIONED)
        yield


@pytest.fixture
def files(monkeypatch):
    """The temporary files that are made."""
    made, make = [], module.tempfile.TemporaryFile
    monkeypatch.setattr(
        module.tempfile, "TemporaryFile", lambda **how: (made.append(make(**how)), made[-1])[1]
    )
    return made


def some_rows(count, sample, dtype, seed=0):
    drawn = np.random.default_rng(seed).integers(0, 200, (count, *sample))
    return drawn.astype(dtype)


@given(SHAPES, TYPES, st.data())
def test_any_rows_are_those_of_an_array(sample, dtype, data):
    counts = data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=4))
    blocks = [some_rows(n, sample, dtype, seed=i) for i, n in enumerate(counts)]
    rows, array = disk_rows(iter(blocks), sample, dtype), np.concatenate(blocks)
    assert rows.shape == array.shape
    assert rows.held is None
    some = st.lists(st.integers(0, len(array) - 1), max_size=30) if len(array) else st.just([])
    positions = np.array(data.draw(some), np.int64)
    taken = rows.take(positions)
    assert taken.dtype == array.dtype
    np.testing.assert_array_equal(taken, array[positions])


@given(st.data())
def test_rows_written_in_any_order_are_known_one_by_one(data):
    array = some_rows(12, (3,), np.float32)
    rows = DiskRows((3,), np.float32, 12)
    for places in data.draw(st.lists(st.lists(st.integers(0, 11), unique=True), max_size=4)):
        positions = np.array(places, np.int64)
        rows.write(positions, array[positions])
        assert rows.has(positions).all()
    known = np.flatnonzero(rows.has(np.arange(12)))
    np.testing.assert_array_equal(rows.take(known[::-1]), array[known[::-1]])


def test_a_row_written_twice_is_the_later_one():
    rows = DiskRows((), np.int64, 3)
    rows.write(np.array([1, 1]), np.array([7, 8]))
    rows.write(np.array([0]), np.array([5]))
    assert rows.take(np.array([1, 0, 1])).tolist() == [8, 5, 8]


def test_taken_rows_are_a_block_of_their_own():
    rows = disk_rows([np.zeros((4, 2), np.uint8)], (2,), np.uint8)
    rows.take(np.arange(4))[:] = 9
    assert not rows.take(np.arange(4)).any()


def test_many_threads_read_and_write_at_once():
    array = some_rows(400, (50,), np.float32)
    rows = DiskRows((50,), np.float32, len(array))
    orders = [np.random.default_rng(i).permutation(len(array)) for i in range(8)]

    def written_and_read(order):
        for part in np.array_split(order, 7):
            rows.write(part, array[part])
            np.testing.assert_array_equal(rows.take(part), array[part])
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(written_and_read, orders))


def test_threads_that_append_lose_nothing():
    rows = DiskRows((), np.int64)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rows.append, np.arange(600).reshape(60, 10)))
    assert sorted(rows.take(np.arange(600)).tolist()) == list(range(600))


@pytest.mark.skipif(not hasattr(os, "preadv"), reason="a system without positioned reads")
def test_neighbours_are_read_at_once(monkeypatch):
    monkeypatch.setattr(module, "HAS_POSITIONED", True)
    rows = disk_rows([some_rows(100, (3,), np.uint8)], (3,), np.uint8)
    reads, preadv = [], os.preadv
    monkeypatch.setattr(os, "preadv", lambda *of: (reads.append(of[2]), preadv(*of))[1])
    rows.take(np.array([30, 10, 11, 12, 31, 12, 90]))
    assert reads == [30, 90, 270]


def test_the_file_has_no_name(tmp_path):
    rows = DiskRows((2,), np.float32, 2, tmp_path)
    rows.write(np.arange(2), np.ones((2, 2), np.float32))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_nobody_needs_is_closed(files):
    rows = DiskRows((), np.uint8, 1)
    assert not files[0].closed
    del rows
    gc.collect()
    assert files[0].closed


def test_a_temporary_folder_that_was_chosen_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "absent"))
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(StudioError) as caught:
        DiskRows((), np.uint8, 1)
    assert caught.value.problem.code == "disk"
    assert "absent" in str(caught.value)


@pytest.mark.skipif(resource is None, reason="a system without limits for files")
def test_a_full_disk_is_said_in_words():
    rows = DiskRows((4,), np.float32, 4)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, limits[1]))
    try:
        with pytest.raises(StudioError) as caught:
            rows.write(np.arange(4), np.ones((4, 4), np.float32))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.problem.code == "disk-full"
    assert not rows.has(np.arange(4)).any()
    rows.write(np.arange(4), np.ones((4, 4), np.float32))
    assert rows.take(np.arange(4)).all()


def test_a_file_cut_short_is_said_and_not_waited_for(files):
    rows = disk_rows([np.ones((4, 4), np.float32)], (4,), np.float32)
    files[0].truncate(20)
    with pytest.raises(StudioError) as caught:
        rows.take(np.arange(4))
    assert caught.value.problem.code == "disk"


def test_faults_of_the_caller_are_no_problems_of_the_person():
    rows = DiskRows((2,), np.float32, 3)
    with pytest.raises(ValueError, match="rows of"):
        rows.write(np.arange(2), np.ones((2, 3), np.float32))
    with pytest.raises(IndexError):
        rows.take(np.array([-1]))
    with pytest.raises(LookupError):
        rows.take(np.array([0]))
    with pytest.raises(ValueError, match="fixed size"):
        DiskRows((), object)
