"""Some texts with their tokens, as the model would take them."""

import csv
from dataclasses import replace

import pytest

from studio.core.design.previews import TextPreview
from studio.core.design.shaping import TextSpec
from studio.data.sources import open_data
from studio.data.text_preview import text_preview

ROWS = [
    ("the pump is hot, very hot indeed", "bad"),
    ("all is well today", "good"),
    ("", "good"),
    ("水泵坏了", "bad"),
] * 20


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "notes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("note", "label"), *ROWS])
    found = open_data(str(path)).with_column("note", kind="text", role="input")
    found = found.with_column("label", kind="category", role="target")
    return replace(found, text=TextSpec(length=6))


def test_texts_are_shown_with_their_tokens(spec):
    found = text_preview(spec, 4, 0)
    assert found.texts == ("the pump is hot, very hot indeed", "all is well today", "", "水泵坏了")
    assert found.tokens[1] == ("[PAD]", "[PAD]", "all", "is", "well", "today")
    assert found.tokens[0] == ("is", "hot", ",", "very", "hot", "indeed")
    assert found.tokens[3][2:] == ("水", "泵", "坏", "了")
    assert found.ids[2] == (0,) * 6
    assert found.labels == ("bad", "good", "good", "bad")
    assert all(len(row) == 6 for row in (*found.ids, *found.tokens))


def test_any_rows_can_be_shown(spec):
    assert text_preview(spec, 2, 5).texts == ("all is well today", "")
    assert text_preview(spec, 5, 10_000).texts == ()


def test_a_small_vocabulary_shows_what_is_unknown(spec):
    small = replace(spec, text=TextSpec(length=6, vocabulary=16))
    found = text_preview(small, 4, 0)
    assert any("[UNK]" in row for row in found.tokens)


def test_without_texts_there_is_nothing_to_show(spec):
    assert text_preview(spec.with_column("note", role="ignore"), 5, 0) == TextPreview()
