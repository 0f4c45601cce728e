"""Fields: typed by a person, shown by the program, wrong in words."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from studio.core.params import Param, choice, number, sizes, switch, whole
from studio.ui.fields import Field, field_for, form
from studio.ui.switches import Tick

COUNT = whole("filters", "Filters", 32, at_least=1, at_most=512, unit="layers", help="How many.")
RATE = number("rate", "Learning rate", 0.001, above=0.0, at_most=100.0)
KERNEL = sizes("kernel", "Kernel", 3, 2, at_most=31, unit="pixels")
SHAPE = Param("shape", "Shape", "shape", (4, -1))
ON = switch("on", "Nesterov", False)
LOSS = choice("loss", "Loss", "a", {"a": "First", "b": "Second", "c": "Third"})
COLUMNS = Param("columns", "Columns", "columns", ())
TEXT = Param("text", "Text", "text", "")
ALL = (COUNT, RATE, KERNEL, SHAPE, ON, LOSS, COLUMNS, TEXT)


@pytest.fixture
def make(qtbot, dressed):
    def made(param) -> Field:
        field = field_for(param)
        qtbot.addWidget(field)
        with qtbot.waitExposed(field):
            field.show()
        return field

    return made


def typed(qtbot, field, text, *, finishes=True):
    heard = []
    field.edited.connect(heard.append)
    field.entry.setFocus()
    field.entry.selectAll()
    qtbot.keyClick(field.entry, Qt.Key.Key_Delete)
    qtbot.keyClicks(field.entry, text)
    if finishes:
        qtbot.keyClick(field.entry, Qt.Key.Key_Return)
    return heard


def wheel(widget, steps=1):
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(widget.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize("param", ALL, ids=lambda param: param.kind)
def test_every_kind_has_a_field_with_a_name_for_everyone(make, param):
    field = make(param)
    assert field.objectName() == f"field.{param.key}"
    assert field.focusProxy().accessibleName() == param.label
    assert any(part.text() == param.label for part in field.findChildren(QLabel))
    assert field.value() == param.check(param.default)


@pytest.mark.parametrize("param", ALL, ids=lambda param: param.kind)
def test_showing_a_value_tells_nobody(qtbot, make, param):
    field = make(param)
    other = {
        "filters": 7,
        "rate": 0.5,
        "kernel": (1, 2),
        "shape": (-1, 3),
        "on": True,
        "loss": "c",
        "columns": ("x",),
        "text": "hm",
    }[param.key]
    with qtbot.assertNotEmitted(field.edited):
        field.show_value(other)
    assert field.value() == other


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.01", 0.01), ("1e-3", 0.001), ("0,25", 0.25), ("5", 5.0), ("1E-8", 1e-8), (" 0.5 ", 0.5)],
)
def test_numbers_are_taken_as_people_write_them(qtbot, make, text, value):
    field = make(RATE)
    typed(qtbot, field, text)
    assert field.value() == value
    assert not field.error.isVisible()


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("5", (5, 5), "5 × 5"),
        ("3x5", (3, 5), "3 × 5"),
        ("1 × 7", (1, 7), "1 × 7"),
        ("2, 4", (2, 4), "2 × 4"),
        ("3*3", (3, 3), "3 × 3"),
    ],
)
def test_sizes_are_taken_as_people_write_them(qtbot, make, text, value, shown):
    field = make(KERNEL)
    typed(qtbot, field, text)
    assert field.value() == value
    assert field.entry.text() == shown


def test_a_shape_may_leave_one_size_open(qtbot, make):
    field = make(SHAPE)
    typed(qtbot, field, "-1 8")
    assert field.value() == (-1, 8)


def test_each_key_that_makes_a_value_is_heard_at_once(qtbot, make):
    field = make(COUNT)
    heard = typed(qtbot, field, "128", finishes=False)
    assert heard == [1, 12, 128]
    with qtbot.waitSignal(field.finished):
        qtbot.keyClick(field.entry, Qt.Key.Key_Return)


def test_what_is_being_typed_is_not_rewritten(qtbot, make):
    field = make(RATE)
    field.edited.connect(field.show_value)  # as the document answers an edit
    typed(qtbot, field, "0.10", finishes=False)
    assert field.entry.text() == "0.10"
    qtbot.keyClick(field.entry, Qt.Key.Key_Return)
    assert field.entry.text() == "0.1"


@pytest.mark.parametrize(
    ("param", "text", "expected"),
    [
        (COUNT, "0", "from 1 to 512"),
        (COUNT, "3.5", "a whole number"),
        (COUNT, "", "a whole number"),
        (RATE, "0", "above 0"),
        (RATE, "-1", "above 0"),
        (RATE, "fast", "a number"),
        (RATE, "nan", "above 0"),
        (KERNEL, "1 2 3", "2 whole numbers"),
        (KERNEL, "99", "2 whole"),
        (SHAPE, "0", "may be -1"),
    ],
)
def test_what_is_wrong_stands_under_the_field_in_words(qtbot, make, param, text, expected):
    field = make(param)
    before = field.value()
    heard = typed(qtbot, field, text)
    assert heard == [] or field.value() == heard[-1]
    assert field.error.isVisible()
    assert expected in field.error.text()
    assert "literal" not in field.error.text()
    if not heard:
        assert field.value() == before
    typed(qtbot, field, param.show(param.default))
    assert not field.error.isVisible()


def test_on_the_way_to_a_value_nobody_is_scolded(qtbot, make):
    field = make(RATE)
    typed(qtbot, field, "0.00", finishes=False)
    assert not field.error.isVisible()


@pytest.mark.parametrize(
    ("start", "direction", "value"),
    [(0.001, 1, 0.002), (0.001, -1, 0.0009), (0.05, -1, 0.04), (20.0, 1, 30.0)],
)
def test_the_arrows_step_the_first_figure_of_a_number(qtbot, make, start, direction, value):
    field = make(RATE)
    field.show_value(start)
    field.entry.setFocus()
    qtbot.keyClick(field.entry, Qt.Key.Key_Up if direction > 0 else Qt.Key.Key_Down)
    assert field.value() == pytest.approx(value)


def test_the_arrows_stop_at_the_end_of_the_range(qtbot, make):
    field = make(COUNT)
    field.show_value(512)
    field.entry.setFocus()
    qtbot.keyClick(field.entry, Qt.Key.Key_Up)
    assert field.value() == 512
    qtbot.keyClick(field.entry, Qt.Key.Key_Down)
    assert field.value() == 511


@pytest.mark.parametrize("param", [COUNT, LOSS], ids=lambda param: param.kind)
def test_the_wheel_changes_nothing_without_the_focus(qtbot, make, param):
    field = make(param)
    editor = field.focusProxy()
    editor.clearFocus()
    wheel(editor)
    assert field.value() == param.default


def test_the_wheel_steps_where_the_focus_is(make):
    field = make(COUNT)
    field.entry.setFocus()
    wheel(field.entry)
    assert field.value() == 33


def test_a_switch_is_switched_by_mouse_and_by_key(qtbot, make):
    field = make(ON)
    with qtbot.waitSignals([field.edited, field.finished]):
        qtbot.mouseClick(field.switch, Qt.MouseButton.LeftButton)
    assert field.value() is True
    field.switch.setFocus()
    qtbot.keyClick(field.switch, Qt.Key.Key_Space)
    assert field.value() is False


def test_a_choice_is_heard_only_from_a_person(qtbot, make):
    field = make(LOSS)
    field.combo.setFocus()
    with qtbot.waitSignal(field.edited) as heard:
        qtbot.keyClick(field.combo, Qt.Key.Key_Down)
    assert heard.args == ["b"]


def test_a_choice_that_is_not_possible_says_why(make):
    field = make(LOSS)
    field.set_choices({"a": "First", "b": "Second"}, {"b": "There is no second here."})
    item = field.combo.model().item(1)
    assert not item.isEnabled()
    assert item.toolTip() == "There is no second here."


def test_columns_are_ticked_in_a_list(qtbot, make):
    field = make(COLUMNS)
    field.set_names(("speed", "heat", "noise"))
    qtbot.mouseClick(field.button, Qt.MouseButton.LeftButton)
    assert field.list.isVisible()
    for name in ("heat", "noise"):
        tick = next(t for t in field.list.findChildren(Tick) if t.text() == name)
        qtbot.mouseClick(tick, Qt.MouseButton.LeftButton)
    assert field.value() == ("heat", "noise")
    assert field.button.text() == "heat, noise"
    with qtbot.waitSignal(field.finished):
        field.list.close()


def test_columns_say_that_there_are_none_yet(qtbot, make):
    field = make(COLUMNS)
    qtbot.mouseClick(field.button, Qt.MouseButton.LeftButton)
    assert "Open data first" in field.error.text()


def test_a_disabled_field_says_why(make):
    field = make(COUNT)
    field.set_reason("A run is going on.")
    assert not field.isEnabled()
    assert field.toolTip() == "A run is going on."
    field.set_reason("")
    assert field.isEnabled()
    assert field.toolTip() == "How many."


def test_a_form_speaks_by_key(qtbot, dressed):
    made = form((COUNT, ON))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.show_values({"filters": 8})
    assert made.values() == {"filters": 8, "on": False}
    with qtbot.waitSignal(made.edited) as heard:
        qtbot.mouseClick(made.fields["on"].switch, Qt.MouseButton.LeftButton)
    assert heard.args == ["on", True]


@pytest.mark.parametrize("key", ["Z", "Shift+Z"])
def test_undo_and_redo_in_a_field_without_typing_are_those_of_the_program(make, qtbot, key):
    field = make(COUNT)
    steps = []
    action = QAction(field)
    action.setShortcut(QKeySequence(f"Ctrl+{key}"))
    action.triggered.connect(lambda: steps.append(key))
    field.addAction(action)
    field.window().activateWindow()
    typed(qtbot, field, "64")
    qtbot.keySequence(field.entry, QKeySequence(f"Ctrl+{key}"))
    assert steps == [key]
    assert field.entry.text() == "64"


def test_what_is_being_typed_in_a_field_is_undone_in_the_field_first(make, qtbot):
    field = make(COUNT)
    steps = []
    action = QAction(field)
    action.setShortcut(QKeySequence("Ctrl+Z"))
    action.triggered.connect(lambda: steps.append("undo"))
    field.addAction(action)
    field.window().activateWindow()
    typed(qtbot, field, "64", finishes=False)
    qtbot.keySequence(field.entry, QKeySequence("Ctrl+Z"))
    assert steps == []
    assert field.entry.text() != "64"
