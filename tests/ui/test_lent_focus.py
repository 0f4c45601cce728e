"""Fields that are done give the keyboard back: nobody is left typing into nothing."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from studio.ui.editors import TitleEdit
from studio.ui.finder import FindField

Key = Qt.Key


@pytest.fixture
def window(qtbot, studio):
    shown = QWidget()
    rows = QVBoxLayout(shown)
    shown.title, shown.find, shown.other = TitleEdit("Name"), FindField(studio), QLineEdit()
    for part in (shown.title, shown.find, shown.other):
        rows.addWidget(part)
    qtbot.addWidget(shown)
    with qtbot.waitActive(shown):
        shown.show()
        shown.activateWindow()
    shown.other.setFocus()
    yield shown  # noqa: PT022 - the window lives as long as this frame


@pytest.mark.parametrize("key", [Key.Key_Escape, Key.Key_Return])
@pytest.mark.parametrize("name", ["title", "find"])
def test_a_field_that_is_done_gives_the_keyboard_back(qtbot, window, name, key):
    field = getattr(window, name)
    field.setFocus()
    qtbot.keyClicks(field, "preferences")
    qtbot.keyClick(field, key)
    assert QApplication.focusWidget() is window.other


def test_who_had_it_last_gets_it(qtbot, window):
    window.title.setFocus()
    window.find.setFocus()
    qtbot.keyClick(window.find, Key.Key_Escape)
    assert QApplication.focusWidget() is window.title


@pytest.mark.parametrize("take_away", ["hide", "deleteLater"])
def test_who_is_gone_gets_nothing(qtbot, window, take_away):
    window.title.setFocus()
    getattr(window.other, take_away)()
    QApplication.sendPostedEvents(window.other, QEvent.Type.DeferredDelete.value)
    qtbot.keyClick(window.title, Key.Key_Escape)
    assert QApplication.focusWidget() is None
