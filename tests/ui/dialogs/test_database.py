"""The address of a database is asked for, and its password forgotten at once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from studio.ui.dialogs.database import DatabaseDialog, with_password


@pytest.fixture
def dialog(qtbot, dressed):
    made = DatabaseDialog()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.open()
    return made


def test_without_an_address_it_says_what_is_missing(dialog):
    assert not dialog.open_button.isEnabled()
    assert "://" in dialog.open_button.toolTip()


def test_what_is_asked_is_handed_on_and_the_password_forgotten(qtbot, dialog):
    qtbot.keyClicks(dialog.address, "postgresql://ada@plant/data")
    qtbot.keyClicks(dialog.password, "p@ss/word")
    qtbot.keyClicks(dialog.query, "SELECT 1")
    assert dialog.password.echoMode() == QLineEdit.EchoMode.Password
    with qtbot.waitSignal(dialog.wanted) as asked:
        qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["postgresql://ada:p%40ss%2Fword@plant/data", "SELECT 1", "data"]
    assert dialog.password.text() == ""
    assert dialog.address.text() == "postgresql://ada@plant/data"


def test_an_address_without_a_password_stays_as_it_was_typed():
    assert with_password("sqlite:////tmp/a b.db", "") == "sqlite:////tmp/a b.db"
