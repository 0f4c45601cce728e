"""Sentences with numbers in them: one row, two rows, in any language."""

import pytest

from studio.core.words import set_translator, tr

LEFT_OUT = "{count} of {all} {all|row|rows} {count|is|are} left out of {name}."


@pytest.mark.parametrize(
    ("count", "rows", "said"),
    [
        (1, 20, "1 of 20 rows is left out of a."),
        (3, "1 000", "3 of 1 000 rows are left out of a."),
        (0, "1", "0 of 1 row are left out of a."),
    ],
)
def test_words_agree_with_their_number(count, rows, said):
    """A count may come as a number or written out already."""
    assert tr(LEFT_OUT, count=count, all=rows, name="a") == said


def test_numbers_are_written_as_asked_beside_words_that_agree():
    assert tr("{share:.2f} of {n} {n|unit|units}", share=0.5, n=1) == "0.50 of 1 unit"


def test_a_language_has_its_own_forms():
    set_translator({"{n} {n|row|rows}": "{n} {n|Zeile|Zeilen}"}.__getitem__)
    try:
        assert [tr("{n} {n|row|rows}", n=n) for n in (1, 2)] == ["1 Zeile", "2 Zeilen"]
    finally:
        set_translator(str)


def test_a_value_may_hold_any_sign():
    assert tr("{name} has {n} {n|row|rows}", name="a|b {c}", n=2) == "a|b {c} has 2 rows"
