"""The forms of texts, sounds, clips and windows: shown where they matter, one undo for a field."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from studio.core.design.project import Project
from studio.core.design.shaping import SeriesSpec, TextSpec
from studio.ui.document import Document
from studio.ui.panels.dataset_edits import read_again
from studio.ui.panels.kind_card import KindCard
from tests.ui.panels.datasets import pictures, table


@pytest.fixture
def document():
    made = Document()
    made.open_project(Project(table().with_column("note", role="input")), None)
    return made


def shown(qtbot, document, part):
    card = KindCard(document, part)
    qtbot.addWidget(card)
    if not card.isHidden():
        with qtbot.waitExposed(card):
            card.show()
    return card


def field(card, key):
    return card.findChild(object, f"field.{key}")


def test_only_what_the_data_hold_has_a_form(qtbot, dressed, document):
    cards = {part: shown(qtbot, document, part) for part in ("text", "sound", "clips", "series")}
    assert [part for part, card in cards.items() if not card.isHidden()] == ["text"]
    document.open_project(Project(replace(table(), series=SeriesSpec())), None)
    assert [part for part, card in cards.items() if not card.isHidden()] == ["series"]
    document.open_project(Project(pictures()), None)
    assert all(card.isHidden() for card in cards.values())


def test_a_length_that_is_typed_is_one_step(qtbot, dressed, document):
    card = shown(qtbot, document, "text")
    entry = field(card, "length").entry
    entry.setFocus()
    entry.selectAll()
    qtbot.keyClicks(entry, "120")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert document.project.dataset.text.length == 120
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change length"
    document.undo_stack.undo()
    assert entry.text() == "32"


def test_a_series_is_ordered_and_grouped_by_its_columns(qtbot, dressed, document):
    document.open_project(Project(replace(table(), series=SeriesSpec())), None)
    card = shown(qtbot, document, "series")
    times = field(card, "time").combo
    assert [times.itemData(i) for i in range(times.count())] == ["", "weight", "price"]
    groups = field(card, "group").combo
    assert [groups.itemData(i) for i in range(groups.count())] == ["", "colour", "note"]
    groups.setCurrentIndex(1)
    groups.activated.emit(1)
    assert document.project.dataset.series.group == "colour"


def test_only_a_forecast_has_a_horizon(qtbot, dressed, document):
    document.open_project(Project(replace(table(), series=SeriesSpec())), None)
    card = shown(qtbot, document, "series")
    assert field(card, "horizon").isEnabled()
    purpose = field(card, "purpose").combo
    purpose.setCurrentIndex(purpose.findData("classify"))
    purpose.activated.emit(purpose.currentIndex())
    assert not field(card, "horizon").isEnabled()
    assert field(card, "horizon").toolTip() == "Only a forecast looks ahead."


def test_what_was_chosen_outlives_other_import_settings():
    old = replace(table(), text=TextSpec(length=7), series=SeriesSpec(window=9))
    new = read_again(old, table(settings={"delimiter": ";"}))
    assert (new.text.length, new.series.window, new.settings["delimiter"]) == (7, 9, ";")


def test_the_tokenizer_of_a_network_is_a_choice_once_its_folder_is_known(qtbot, dressed, document):
    card = shown(qtbot, document, "text")
    tokenizer = field(card, "tokenizer").combo
    assert tokenizer.findData("file") == -1
    text = TextSpec("file", 30_522, 64, folder="/networks/small-bert", digest="0" * 64)
    document.open_project(Project(replace(document.project.dataset, text=text)), None)
    tokenizer = field(card, "tokenizer").combo
    assert tokenizer.currentText() == "Those of small-bert"
    assert not field(card, "vocabulary").isEnabled()
    assert field(card, "length").isEnabled()
    tokenizer.setCurrentIndex(tokenizer.findData("word"))
    tokenizer.activated.emit(tokenizer.currentIndex())
    assert document.project.dataset.text.tokenizer == "word"
    assert field(card, "vocabulary").isEnabled()
    document.undo_stack.undo()
    assert document.project.dataset.text == text
