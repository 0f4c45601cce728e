"""Differences between texts: by words, by letters, of nothing, and put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.run.differences import marked


@pytest.mark.parametrize(
    ("text", "other", "pieces"),
    [
        ("ein roter Ball", "ein blauer Ball", (("ein", True), (" roter", False), (" Ball", True))),
        ("ja ja nein", "ja nein", (("ja", False), (" ja nein", True))),
        ("haus", "maus", (("h", False), ("aus", True))),
        ("same words", "same words", (("same words", True),)),
        ("", "something", ()),
        ("something", "", (("something", False),)),
    ],
)
def test_pieces_say_what_differs(text, other, pieces):
    assert marked(text, other) == pieces


@given(st.text("ab \n", max_size=30), st.text("ab ", max_size=30))
def test_the_pieces_are_the_text_again(text, other):
    joined = "".join(piece for piece, _is_same in marked(text, other))
    assert joined.strip() == text.strip()


def test_a_very_long_text_is_one_piece():
    long = "word " * 1000
    assert marked(long, long) == ((long, True),)
    assert marked(long, "word") == ((long, False),)
