"""Try it: what is typed goes out, the answer comes back, and nothing typed is said."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QProgressBar

from studio.core.run.told import Told
from studio.ui.panels.try_text import TryCard


@pytest.fixture
def card(qtbot, dressed):
    made = TryCard()
    qtbot.addWidget(made)
    made.resize(320, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.offer([("texts", "english")], goes_on=False)
    return made


def test_enter_asks_with_what_was_typed(card, qtbot):
    asked = QSignalSpy(card.asked)
    field = card.fields["texts"]
    qtbot.keyClicks(field, "a dog")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked.at(0) == [{"texts": "a dog"}]
    assert card.remark.text() == "Asking the model…"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked.count() == 1  # it is asked already


def test_nothing_typed_asks_nothing(card, qtbot):
    asked = QSignalSpy(card.asked)
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    assert asked.count() == 0
    assert card.remark.text() == "Type a text first."


def test_a_text_that_was_written_is_shown_and_another_can_be_asked(card, qtbot):
    card.show_waiting()
    card.show_told(Told(text="ein Hund"))
    assert card.written.text() == "ein Hund"
    assert card.button.isEnabled()
    assert not card.remark.isVisible()


def test_an_empty_answer_is_said(card):
    card.show_told(Told(tokens=(3, 0)))
    assert card.remark.text() == "It wrote nothing."


def test_the_surest_classes_stand_with_their_share(card, qtbot):
    classes = tuple((f"class {n}", share) for n, share in enumerate((0.5, 0.2, 0.1, 0.1, 0.05, 0)))
    card.show_told(Told(classes=classes))
    bars = [bar for bar in card.findChildren(QProgressBar) if bar.isVisible()]
    assert len(bars) == 5
    assert bars[0].accessibleName() == "class 0 50 %"
    card.show_told(Told(classes=classes[:2]))
    qtbot.waitUntil(
        lambda: sum(bar.isVisible() for bar in card.findChildren(QProgressBar)) == 2, timeout=5000
    )


def test_trouble_takes_the_place_of_the_answer(card):
    card.show_told(Told(text="ein Hund"))
    card.show_trouble("The file is gone.")
    assert not card.written.isVisible()
    assert card.remark.text() == "The file is gone."


def test_a_network_that_goes_on_writing_asks_for_a_beginning(card):
    card.offer([("text", "text")], goes_on=True)
    assert list(card.fields) == ["text"]
    assert card.fields["text"].placeholderText() == "The beginning of a text"
    assert card.button.text() == "Go on writing"
