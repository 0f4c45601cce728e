"""Quotation marks open and close where the csv module says, in whatever text."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data.quotes import find_quotes, last_row_end, without_space_before
from studio.data.rows import scan
from studio.data.text_blocks import OpenQuote, blocks_of

TEXTS = st.text('ab", \n', max_size=40)


def rows_of(text):
    return list(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True))


def is_blank(row):
    return not row or (len(row) == 1 and not row[0].strip())


@settings(max_examples=400)
@given(TEXTS)
def test_rows_are_as_wide_as_the_csv_module_says(text):
    data = text.encode()
    quotes = find_quotes(data, ",")
    if quotes.open_at >= 0:
        data, quotes = data + b'"', find_quotes(data + b'"', ",")
    # A quoted blank is a row of one value for a table, and nothing for the csv module.
    found = scan(data, ",", quotes).widths.tolist() if data else []
    wanted = [len(row) for row in rows_of(data.decode()) if not is_blank(row)]
    assert [w for w in found if w > 1] == [w for w in wanted if w > 1]
    assert len(found) >= len(wanted)


@settings(max_examples=400)
@given(TEXTS)
def test_a_text_is_cut_only_where_a_row_ends(text):
    data = text.encode()
    end = last_row_end(data, find_quotes(data, ","))
    assert rows_of(text[:end]) + rows_of(text[end:]) == rows_of(text)
    assert end == 0 or text[end - 1] == "\n"


@settings(max_examples=200)
@given(TEXTS)
def test_spaces_before_quotation_marks_change_nothing(text):
    data = text.encode()
    bare = without_space_before(data, find_quotes(data, ","))
    assert rows_of(bare.decode()) == rows_of(text)


@pytest.mark.parametrize(
    ("text", "opens", "loose_at", "open_at"),
    [
        ('"a","b"\n', [0, 4], -1, -1),
        ('"a" b,c\n', [0], 2, -1),
        ('x "a" b,c\n', [], -1, -1),
        ('a,"b\n', [], -1, 2),
        ('a,"b""\n', [2], -1, 5),
        ('a, "b" ,c\n', [3], -1, -1),
    ],
)
def test_kinds_of_marks(text, opens, loose_at, open_at):
    quotes = find_quotes(text.encode(), ",")
    assert quotes.opens.tolist() == opens
    assert quotes.loose_at == loose_at
    assert quotes.open_at == open_at


@settings(max_examples=60)
@given(st.lists(st.lists(st.text('ab", \n', max_size=6), min_size=2, max_size=2), min_size=3))
def test_blocks_of_any_size_hold_whole_rows(tmp_path_factory, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    plain = {"delimiter": ",", "encoding": "utf-8", "quoting": True}
    for size in (1, 3, 16):
        found = [
            row for block in blocks_of(path, plain, size) for row in rows_of(block.data.decode())
        ]
        assert found == rows_of(out.getvalue())


def test_a_mark_that_is_never_closed_is_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,"2\n3,4\n', encoding="utf-8")
    with pytest.raises(OpenQuote) as caught:
        list(blocks_of(path, {"delimiter": ",", "encoding": "utf-8", "quoting": True}))
    assert caught.value.text.startswith('1,"2\n')


def test_lengths_of_quoted_values():
    quotes = find_quotes(b'"aaaa",b,"cc"\n', ",")
    assert quotes.longest == 5
    np.testing.assert_array_equal(quotes.cover(np.array([2, 6, 8, 10])), [True, False, False, True])
