"""Notices: said above the page, answered or closed, and one of a kind at a time."""

import pytest
from PySide6.QtCore import Qt

from studio.core.problems import Problem
from studio.ui.navigation import Answer, Navigation
from studio.ui.notice_bar import NoticeBar


@pytest.fixture
def navigation(dressed):
    return Navigation()


@pytest.fixture
def bar(qtbot, navigation):
    made = NoticeBar(navigation)
    qtbot.addWidget(made)
    return made


def test_empty_it_is_not_there(bar):
    assert bar.isHidden()


def test_an_answer_acts_and_ends_the_notice(qtbot, bar, navigation):
    heard = []
    navigation.say(
        "Save?",
        answers=(
            Answer("Save", lambda: heard.append("saved")),
            Answer("Leave", lambda: heard.append("left")),
        ),
    )
    assert bar.texts == ("Save?",)
    bar.answer("Save")
    assert heard == ["saved"]
    assert bar.isHidden()


def test_a_notice_of_the_same_key_takes_the_place_of_the_old(bar, navigation):
    navigation.say("First", key="file")
    navigation.say("Other")
    navigation.say("Second", key="file")
    assert bar.texts == ("Other", "Second")
    navigation.unsay("file")
    assert bar.texts == ("Other",)


def test_there_are_never_more_than_three(bar, navigation):
    for number in range(5):
        navigation.say(str(number))
    assert bar.texts == ("2", "3", "4")


def test_a_problem_is_said_with_its_hint(bar, navigation):
    navigation.say_problem(Problem("The file is empty.", "Choose another."))
    assert bar.texts == ("The file is empty. Choose another.",)


def test_the_cross_closes_and_nothing_is_done(qtbot, bar, navigation):
    heard = []
    navigation.say("Save?", answers=(Answer("Save", lambda: heard.append("saved")),))
    cross = next(
        b
        for b in bar.findChildren(object)
        if getattr(b, "accessibleName", str)() == "Close this message"
    )
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert heard == []
    assert bar.texts == ()


def test_what_comes_from_a_file_is_never_markup(bar, navigation):
    navigation.say("<b>bold</b> & <img src=x>")
    words = bar.findChildren(object)
    shown = [w for w in words if getattr(w, "text", str)() == "<b>bold</b> & <img src=x>"]
    assert shown
    assert shown[0].textFormat() == Qt.TextFormat.PlainText
