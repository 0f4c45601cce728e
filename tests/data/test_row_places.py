"""Far rows of a text table are read from near by, and are the rows that stand there."""

import csv
import gzip
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data import row_places, text_table
from studio.data.readers import open_any
from studio.data.row_places import START, Place, RowPlaces
from studio.data.tables import blocks, first_rows, in_reach

KINDS = {"number": "number", "words": "text", "mark": "text"}
ENDS = ("\n", "\r\n", "\r")


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    """A few rows fill a block, and every block is a place."""
    monkeypatch.setattr(text_table, "BLOCK", 512)
    monkeypatch.setattr(text_table, "_BYTES_PER_COLUMN", 1)
    monkeypatch.setattr(row_places, "_LEAST_APART", 1)
    monkeypatch.setattr(text_table, "PLACES", RowPlaces())


def written(path, cells, end="\n", encoding="utf-8", opener=open):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(KINDS)
    writer.writerows(cells)
    with opener(path, "wb") as stream:
        stream.write(text.getvalue().encode(encoding))
    return path


def cells_of(count, words=("plain", 'a "quoted" one', "with, comma", "größer", "数据")):
    return [(str(n), words[n % len(words)], f"mark {n}") for n in range(count)]


def read_through(path, given):
    return sum(len(block.frame) for block in blocks(path, given, KINDS, 50))


def shown(path, given, start, rows=7):
    frame = first_rows(path, given, rows, start=start, kinds=KINDS).frame
    assert frame.index.tolist() == list(range(start, start + len(frame)))
    return [(f"{a:g}", b, c) for a, b, c in frame.itertuples(index=False)]


@pytest.mark.parametrize("end", ENDS, ids=repr)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_far_rows_are_those_that_stand_there(tmp_path, end, encoding):
    words = ("plain", "数据", "with, comma", 'a "quoted" one')
    cells = cells_of(400, words)
    path = written(tmp_path / "a.csv", cells, end, encoding)
    before = shown(path, {}, 333)
    assert read_through(path, {}) == 400
    for start in (0, 1, 57, 333, 396):
        assert shown(path, {}, start) == cells[start : start + 7]
    assert before == cells[333:340]
    reached = open_any(path, {}).reached(399)
    assert reached is None if encoding == "utf-16" else 380 < reached[1] < 399


@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_line_ends_in_quotation_marks_lead_nobody_astray(tmp_path, end):
    cells = cells_of(300, (f"two{end}lines", "one", f"{end}{end}", "é" * 90))
    path = written(tmp_path / "a.csv", cells, end)
    read_through(path, {})
    as_read = [(a, b.replace(end, "\n").strip() or "nan", c) for a, b, c in cells]
    for start in (5, 150, 298):
        found = [(a, str(b), c) for a, b, c in shown(path, {}, start)]
        assert found == as_read[start : start + 7]


@given(st.lists(st.sampled_from(["", "x", 'y"z', "a,b", "ü" * 40, "line\nline"]), max_size=120))
@settings(max_examples=30, deadline=None)
def test_a_place_never_shifts_a_row(tmp_path_factory, words):
    cells = [(str(n), word, "end") for n, word in enumerate(words)] + cells_of(40)
    path = written(tmp_path_factory.mktemp("rows") / "a.csv", cells)
    read_through(path, {})
    for start in range(0, len(cells), 17):
        frame = first_rows(path, {}, 3, start=start, kinds=KINDS).frame
        expected = [float(a) for a, _, _ in cells[start : start + 3]]
        assert frame["number"].tolist() == expected
        texts = [None if pd.isna(text) else text for text in frame["words"]]
        assert texts == [b or None for _, b, _ in cells[start : start + 3]]


def test_nothing_is_in_reach_before_it_was_read(tmp_path):
    path = written(tmp_path / "a.csv", cells_of(400))
    assert not in_reach(path, {}, 300)
    some = blocks(path, {}, KINDS, 50)
    next(some)
    some.close()
    assert in_reach(path, {}, 10)
    assert not in_reach(path, {}, 390)


def test_a_file_that_changed_is_not_read_at_its_old_places(tmp_path):
    path = written(tmp_path / "a.csv", cells_of(400))
    read_through(path, {})
    changed = [("7" + a, b + " new", c) for a, b, c in cells_of(400)]
    written(path, changed)
    assert not in_reach(path, {}, 300)
    assert shown(path, {}, 300) == changed[300:307]


def test_a_packed_file_is_read_from_its_beginning(tmp_path):
    cells = cells_of(400)
    path = written(tmp_path / "a.csv.gz", cells, opener=gzip.open)
    read_through(path, {})
    assert not in_reach(path, {}, 300)
    assert shown(path, {}, 300) == cells[300:307]


@pytest.mark.parametrize("groups", [10, 60, 400])
def test_far_rows_of_parquet_come_from_their_group(tmp_path, groups):
    frame = pd.DataFrame({"number": range(400), "words": [f"w{n}" for n in range(400)]})
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=groups)
    kinds = {"number": "number", "words": "text"}
    for start in (0, 9, 60, 222, 398):
        found = first_rows(tmp_path / "a.parquet", {}, 4, start=start, kinds=kinds).frame
        assert found["words"].tolist() == [f"w{n}" for n in range(start, min(start + 4, 400))]
        assert in_reach(tmp_path / "a.parquet", {}, start)


def test_the_last_few_files_are_known():
    places = RowPlaces()
    for number in range(row_places.MOST_FILES + 1):
        places.learn((number,), Place(5, 100))
        places.learn_end((number,))
    assert places.before((0,), 7) is None
    assert places.before((1,), 7) == Place(5, 100)
    assert places.before((1,), 4) == START
