"""Tables are read the same whether each quotation mark is looked for or all are counted."""

from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.problems import StudioError
from studio.data import fast_csv, quote_marks, text_blocks, text_table
from studio.data.quote_marks import are_even, has_even_count, rows_without_quotes
from studio.data.tables import blocks, read_columns, read_table

NUMBERS = ("1", "2.5", "-7", "30", "1e5", "4.", "12", "0.25", "", "8")
WORDS = ("red", "dark blue", "é", "中文", "x", "item 12", "b", "2024-01-05")
ODD = (
    *("007", "-0", "+5", "1e400", "inf", "-Infinity", "nan", "NA", "-", "?", "None", "#N/A"),
    *("12345678901234567890", "9007199254740993", "1,234", "1.234,5", "0x1F", " 3 ", "  ", "1 2"),
    *('"', 'a"b', '5"', '"so" he said', "x\ny", "a,b", ",", '""', ',"', '",', "\n", '"a,b', "1_0"),
)
WAYS = (
    lambda text: text,
    lambda text: '"' + text.replace('"', '""') + '"',
    lambda text: ' "' + text.replace('"', '""') + '"',
    lambda text: '"' + text + '"',
)
EDGES = ("\n", "\n", "\n", "\n\n", "\r\n", "\n \n")


@st.composite
def files(draw):
    """The text of a table: most are as programs write them, with something odd here and there."""
    width, rows = draw(st.integers(1, 4)), draw(st.integers(1, 40))
    oddness = draw(st.sampled_from((0, 0, 1, 3, 20)))  # in a hundred
    kinds = [draw(st.sampled_from((NUMBERS, NUMBERS, WORDS))) for _ in range(width)]
    quoted = [draw(st.booleans()) for _ in range(width)]
    random = draw(st.randoms(use_true_random=False))

    def cell(column):
        if random.randrange(100) < oddness:
            return random.choice(WAYS)(random.choice(ODD))
        return WAYS[quoted[column]](random.choice(kinds[column]))

    lines = [[f"c{i}" for i in range(width)]]
    lines += [[cell(i) for i in range(width)] for _ in range(rows)]
    if random.randrange(100) < oddness:
        where = random.randrange(len(lines))
        lines[where] = lines[where][1:] if random.random() < 0.5 else [*lines[where], "more"]
    text = "".join(
        ",".join(line) + (random.choice(EDGES) if random.randrange(100) < oddness else "\n")
        for line in lines
    )
    return text.removesuffix("\n") if random.random() < 0.3 else text


def outcome(read):
    """What a person gets: the values with how they were read, or the Problem."""
    try:
        table = read()
    except StudioError as error:
        return error.problem
    return table.frame.to_dict("list"), dict(table.settings), table.problems


def in_parts(path):
    parts = list(blocks(path, {}, {"c1": "category", "c0": "number"}, 7))
    return replace(parts[-1], frame=pd.concat([part.frame for part in parts]))


def said(outcome):
    return repr(outcome)  # in which one NaN is like another


@pytest.fixture
def in_small_blocks(monkeypatch):
    monkeypatch.setattr(text_table, "BLOCK", 60)
    monkeypatch.setattr(text_table, "_BYTES_PER_COLUMN", 1)
    monkeypatch.setattr(text_table, "_STREAMED", 60)
    monkeypatch.setattr(text_table, "_FIRST", 60)
    # Which block first shows that a column holds texts is chance where several are read at once.
    monkeypatch.setattr(text_table, "threads", lambda: 1)


@contextmanager
def with_care():
    """Reading as before there was a short way: marks are looked for, doubts are foreseen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_table, "TextTable", partial(text_table.TextTable, is_careful=True))
        patch.setattr(text_table, "Layout", partial(text_table.Layout, has_marks=True))
        yield


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(files(), st.booleans())
def test_the_short_way_reads_the_same(tmp_path, in_small_blocks, text, is_part):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    ways = [
        lambda: read_table(path),
        lambda: read_columns(path, {}, {"c0": "category"} if is_part else {"c0": "number"}),
        lambda: in_parts(path),
    ]
    short = [said(outcome(read)) for read in ways]
    with with_care():
        careful = [said(outcome(read)) for read in ways]
    assert short == careful


def slowly(data, delimiter):
    """Marks, those with an edge on one side, those with one before, by looking at each byte."""
    edges = {ord("\n"), ord(delimiter)}

    def is_edge(place):
        return not 0 <= place < len(data) or data[place] in edges

    marks = [i for i, byte in enumerate(data) if byte == ord('"')]
    beside = sum(is_edge(i - 1) != is_edge(i + 1) for i in marks)
    return beside == len(marks) == 2 * sum(is_edge(i - 1) for i in marks)


@settings(max_examples=300)
@given(st.text('";\na', max_size=15), st.integers(1, 20))
def test_marks_are_counted_whole_wherever_parts_begin(text, size):
    data = text.encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quote_marks, "_IN_CACHE", size)
        assert are_even(data, ";") == slowly(data, ";")
        assert has_even_count(data) == (text.count('"') % 2 == 0)
        fits = text.count(";") == 2 * text.count("\n")
        assert rows_without_quotes(data, ";", 3) == (text.count("\n") if fits else -1)


def test_usual_files_are_read_without_looking_for_each_mark(tmp_path, monkeypatch):
    monkeypatch.setattr(text_table, "BLOCK", 4000)
    path = tmp_path / "t.csv"
    frame = pd.DataFrame({"n": range(3000), "kind": ["a", "b, or c", "d"] * 1000})
    frame.to_csv(path, index=False, quoting=2)
    looked_at = []
    found = fast_csv.Block.looked_at
    monkeypatch.setattr(
        text_blocks.Block, "looked_at", lambda block: looked_at.append(block) or found(block)
    )
    pd.testing.assert_frame_equal(read_table(path).frame, frame, check_dtype=False)
    assert sum(block.is_assumed for block in looked_at) <= 1  # the first, for its row of names


def test_a_line_end_taken_for_that_of_a_row_is_found_out(tmp_path, in_small_blocks):
    rows = ['1,"plain"', '2,5"', '3,"two\nlines of text that go on and on until the block ends"']
    path = tmp_path / "t.csv"
    path.write_text("n,text\n" + "\n".join(rows * 20) + "\n")
    table = read_table(path)
    assert table.frame["n"].tolist() == [1, 2, 3] * 20
    assert table.frame["text"][1] == '5"'
    assert table.frame["text"][2].startswith("two\nlines")
    parts = list(blocks(path, {}, {"n": "number"}, 7))
    assert [len(part.frame) for part in parts] == [7] * 8 + [4]
