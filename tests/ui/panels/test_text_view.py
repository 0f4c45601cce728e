"""Texts with the tokens that they become: unknown ones marked, what is cut told."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from studio.core.design.dataset import ColumnChoice
from studio.core.design.previews import TextPreview
from studio.core.design.shaping import TextSpec
from studio.ui.panels.text_view import TextView, rows_of
from studio.ui.panels.token_layout import CHIP_HEIGHT, MOST_LINES, laid_out
from studio.ui.theme import font
from tests.ui.panels.datasets import table

PREVIEW = TextPreview(
    ("The cat sat", "a dog"),
    (("the", "cat", "[UNK]"), ("", "a", "dog")),
    ((5, 6, 1), (0, 7, 8)),
    ("animal", "animal"),
)


def test_padding_is_no_token_and_the_beginning_of_a_long_text_is_cut():
    rows = rows_of(PREVIEW, 2)
    assert [row.tokens for row in rows] == [("the", "cat", "[UNK]"), ("a", "dog")]
    assert [row.cut for row in rows] == [1, 0]


def test_chips_fill_the_width_line_by_line(dressed):
    tokens = ("word",) * 60
    chips = laid_out(tokens, (5,) * 60, 3, QFontMetricsF(font("small")), 200.0)
    assert all(chip.area.right() <= 200 for chip in chips.chips)
    assert {chip.area.top() for chip in chips.chips} == {n * (CHIP_HEIGHT + 3) for n in range(4)}
    assert len(chips.chips) + chips.hidden == 60
    assert chips.height <= MOST_LINES * (CHIP_HEIGHT + 3)
    assert [chip.is_cut for chip in chips.chips[:5]] == [True, True, True, False, False]


def shown(qtbot, dataset):
    view = TextView()
    qtbot.addWidget(view)
    view.resize(700, 400)
    with qtbot.waitExposed(view):
        view.show()
    view.show_preview(dataset, PREVIEW)
    return view


def texts(length=2):
    columns = (ColumnChoice("note", "text", "input"), ColumnChoice("colour", "category", "target"))
    return replace(table(), columns=columns, text=TextSpec(length=length))


def test_how_many_tokens_are_unknown_and_cut_is_told(qtbot, dressed):
    view = shown(qtbot, texts())
    words = view.facts.whole_text
    assert "The first 2 texts" in words
    assert "20 % unknown" in words
    assert "1 are longer than the length" in words
    said = view.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "The cat sat: 3 tokens, 1 unknown. animal"


def test_an_unknown_token_looks_different(qtbot, dressed):
    view = shown(qtbot, texts(length=9))
    before = view.grab().toImage()
    known = replace(PREVIEW, ids=((5, 6, 9), (0, 7, 8)))
    view.show_preview(texts(length=9), known)
    assert view.grab().toImage() != before


def test_the_answer_of_a_pair_stands_beside_its_text(qtbot, dressed):
    columns = (ColumnChoice("note", "text", "input"), ColumnChoice("other", "text", "target"))
    dataset = replace(texts(), columns=columns)
    view = shown(qtbot, dataset)
    assert view.model.is_pair
    before = view.grab().toImage()
    view.show_preview(dataset, replace(PREVIEW, labels=("un animal", "animal")))
    assert view.grab().toImage() != before
