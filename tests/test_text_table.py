"""Tables in a terminal: aligned as they are seen."""

from studio.text_table import seen_width, table_lines


def test_texts_stand_left_and_numbers_right() -> None:
    found = list(table_lines(("name", "rows"), [("a", "7"), ("long one", "1,234"), ("b", "")]))
    assert found == ["name       rows", "a             7", "long one  1,234", "b"]


def test_wide_and_combined_letters_keep_the_columns_in_line() -> None:
    lines = list(table_lines(("name", "x"), [("漢字", "a"), ("Z\u0308", "b"), ("😀", "c")]))
    assert [seen_width(line) for line in lines] == [7] * 4


def test_what_is_too_long_is_cut_and_lines_stay_lines() -> None:
    lines = list(table_lines(("a",), [("x" * 50,), ("two\nlines\tand\x1b[31m",)], widest=20))
    assert lines[1] == "x" * 19 + "…"
    assert lines[2] == "two lines and [31m"
