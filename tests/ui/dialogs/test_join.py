"""Other data are chosen with the column by which their rows belong to these."""

import pytest
from PySide6.QtCore import Qt

from studio.ui.dialogs.join import JoinDialog
from tests.ui.panels.datasets import table


@pytest.fixture
def dialog(qtbot, dressed):
    made = JoinDialog(table().with_column("note", kind="identifier"))
    with qtbot.waitExposed(made):
        made.open()
    yield made
    made.reject()


def pick(combo, value):
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def test_without_other_data_it_says_what_is_missing(dialog):
    assert not dialog.join_button.isEnabled()
    assert dialog.join_button.toolTip() == "Choose other data first."
    assert not dialog.other_key.isEnabled()
    assert dialog.other_key.toolTip() == "Row by row needs no column."


def test_rows_are_matched_by_a_column_of_the_same_name_at_once(qtbot, dialog):
    dialog.path.setText("/somewhere/prices.csv")
    with qtbot.waitSignal(dialog.path_chosen):
        dialog.path.editingFinished.emit()
    pick(dialog.key, "colour")
    dialog.show_columns(("name", "colour"))
    assert dialog.other_key.currentData() == "colour"
    with qtbot.waitSignal(dialog.wanted) as asked:
        qtbot.mouseClick(dialog.join_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["/somewhere/prices.csv", "colour", "colour"]


def test_pictures_are_matched_by_their_names(qtbot, dialog):
    dialog.path.setText("/somewhere/pictures")
    dialog.path.editingFinished.emit()
    pick(dialog.key, "note")
    with qtbot.waitSignal(dialog.wanted) as asked:
        qtbot.mouseClick(dialog.join_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["/somewhere/pictures", "note", ""]


@pytest.mark.parametrize(
    ("names", "key", "other"),
    [
        (("colour", "note", "height"), "note", "note"),
        (("colour", "height"), "colour", "colour"),
        (("price", "height"), "", ""),
        ((), "note", ""),
    ],
)
def test_the_likely_column_is_proposed_once_the_other_data_are_known(dialog, names, key, other):
    dialog.path.setText("/somewhere/else")
    dialog.show_columns(names)
    assert dialog.key.currentData() == key
    assert dialog.other_key.currentData() == other
    assert dialog.other_key.isEnabled() == bool(key)


def test_a_column_that_a_person_chose_is_not_changed_by_what_is_likely(dialog):
    dialog.path.setText("/somewhere/else")
    pick(dialog.key, "")
    dialog.show_columns(("note",))
    assert dialog.key.currentData() == ""


def test_a_path_that_is_too_long_to_be_seen_is_its_tool_tip(dialog):
    path = "/home/someone/all that was ever measured/2024/in the spring/prices of all goods.csv"
    dialog.path.setText(path)
    dialog.path.editingFinished.emit()
    assert dialog.path.toolTip() == path
