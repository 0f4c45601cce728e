"""The formula field: letters of one width, trouble at its letter, examples that are written in."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetrics
from PySide6.QtTest import QSignalSpy

from studio.core.catalogue import LAYERS
from studio.core.expression import FUNCTIONS, parsed
from studio.ui.fields import field_for
from studio.ui.formula_edit import EXAMPLES, FormulaEdit, functions_in_words, insertions

PARAM = next(p for e in LAYERS.values() for p in e.params if p.kind == "formula")


@pytest.fixture
def field(qtbot, dressed):
    made = field_for(PARAM)
    qtbot.addWidget(made)
    made.resize(260, 160)
    with qtbot.waitExposed(made):
        made.show()
    return made


def write(field, qtbot, text):
    field.entry.selectAll()
    qtbot.keyClicks(field.entry, text)


def test_letters_are_of_one_width_and_the_field_holds_several_lines(field):
    metrics = QFontMetrics(field.entry.font())
    assert QFontInfo(field.entry.font()).fixedPitch() or (
        metrics.horizontalAdvance("i") == metrics.horizontalAdvance("W")
    )
    assert field.entry.height() >= 3 * metrics.lineSpacing()


def test_what_is_written_is_sent(field, qtbot):
    edited = QSignalSpy(field.edited)
    write(field, qtbot, "a*2")
    assert edited.at(edited.count() - 1) == ["a*2"]
    assert not field.error.isVisible()


def test_trouble_is_said_and_marked_at_its_letter(field, qtbot):
    write(field, qtbot, "a + wrong(b)")
    assert field.error.text().startswith("Letter 5: wrong is no function that is known.")
    (mark,) = field.entry.extraSelections()
    assert (mark.cursor.selectionStart(), mark.cursor.selectionEnd()) == (4, 5)
    write(field, qtbot, "a + b")
    assert field.entry.extraSelections() == []
    assert not field.error.isVisible()


def test_a_formula_that_ends_too_early_is_said_without_a_letter(field, qtbot):
    write(field, qtbot, "a +")
    assert field.error.text() == "The formula ends where something should follow."
    assert field.entry.extraSelections() == []


def test_a_formula_that_is_shown_is_not_sent_but_looked_at(field):
    edited = QSignalSpy(field.edited)
    field.show_value("relu(")
    assert edited.count() == 0
    assert field.error.isVisible()
    assert field.value() == "relu("


def test_enter_ends_the_edit_and_breaks_no_line(field, qtbot):
    finished = QSignalSpy(field.finished)
    write(field, qtbot, "a")
    qtbot.keyClick(field.entry, Qt.Key.Key_Return)
    assert finished.count() == 1
    assert field.entry.text() == "a"


def test_an_example_takes_the_place_and_a_function_goes_where_the_cursor_is(field, qtbot):
    edited = QSignalSpy(field.edited)
    menu = insertions(field.entry)
    menu.actions()[0].trigger()
    assert field.entry.text() == EXAMPLES[0][0]
    assert edited.at(edited.count() - 1) == [EXAMPLES[0][0]]
    write(field, qtbot, "1+")
    functions = menu.actions()[-1].menu()
    next(one for one in functions.actions() if one.text() == "sqrt(a)").trigger()
    assert field.entry.text() == "1+sqrt("


def test_every_example_can_be_read():
    for formula, _words in EXAMPLES:
        parsed(formula)


def test_all_functions_are_listed_on_hover():
    words = functions_in_words()
    assert all(name in words for name in FUNCTIONS)
    assert "clip(a, low, high)" in words


def test_pasted_lines_are_one(qtbot, dressed):
    edit = FormulaEdit()
    qtbot.addWidget(edit)
    typed = QSignalSpy(edit.typed)
    edit.insert("a +\nb")
    assert typed.at(typed.count() - 1) == ["a + b"]
