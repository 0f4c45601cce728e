"""A key that can do nothing now says why."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolTip, QVBoxLayout, QWidget

from studio.ui.actions import Actions
from studio.ui.refused_keys import RefusedKeys


@pytest.fixture
def window(qtbot, dressed):
    made, head, body = QWidget(), QLabel("Head"), QWidget()
    column = QVBoxLayout(made)
    column.addWidget(head)
    column.addWidget(body)
    body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.actions_of = Actions(made)
    for _entry, action in made.actions_of:
        made.addAction(action)
    RefusedKeys(made.actions_of, made, head)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    body.setFocus()
    made.body = body
    yield made
    QToolTip.hideText()


def test_the_key_of_what_is_forbidden_says_why(window) -> None:
    window.actions_of.set_reason("compare", "There is no run yet.")
    QTest.keyClick(window.body, Qt.Key.Key_F8)
    assert QToolTip.text() == "Compare with a run: There is no run yet."


def test_what_is_possible_is_done_and_nothing_is_said(window, qtbot) -> None:
    with qtbot.waitSignal(window.actions_of["compare"].triggered):
        QTest.keyClick(window.body, Qt.Key.Key_F8)
    QTest.keyClick(window.body, Qt.Key.Key_F12)
    assert not QToolTip.isVisible()
