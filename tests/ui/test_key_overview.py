"""All keys in one place: made from the tables that define them, searchable, closed by Escape."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from studio.ui.actions import ENTRIES
from studio.ui.canvas.keys import TABLE, deeds_of
from studio.ui.canvas.mouse_rows import ROWS, mouse_deeds
from studio.ui.canvas.view import CanvasView
from studio.ui.key_caps import KeyCap
from studio.ui.key_list import key_groups
from studio.ui.key_overview import KeyOverview
from studio.ui.panels import outline_keys


@pytest.fixture
def overview(qtbot, studio):
    window = QWidget()
    window.resize(1000, 700)
    field = QLineEdit()
    QVBoxLayout(window).addWidget(field)
    canvas = CanvasView(studio.document, studio.selection)
    qtbot.addWidget(canvas)
    qtbot.addWidget(window)
    studio.actions.tell_of((*deeds_of(canvas), *mouse_deeds()))
    made = KeyOverview(studio.actions, window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    field.setFocus()
    made.open()
    yield made  # noqa: PT022 - the window lives as long as this frame


def caps(overview):
    return [cap.text() for cap in overview.findChildren(KeyCap) if cap.isVisible()]


def lines(overview):
    found = overview.findChildren(QWidget)
    return [part.accessibleName() for part in found if ": " in part.accessibleName()]


def test_every_key_of_every_table_is_told(studio, overview):
    told = {
        key for group in key_groups(studio.actions).values() for line in group for key in line.keys
    }
    for entry in ENTRIES:
        for keys in entry.shortcuts:
            assert QKeySequence(keys).toString() in told, keys
    for row in TABLE:
        for keys in row.keys:
            shown = QKeySequence(keys).toString().replace("Return", "Enter")
            held = shown.removesuffix("Left").removesuffix("Right")
            held = held.removesuffix("Up").removesuffix("Down")
            assert shown in told or f"{held}Arrows" in told, keys


def test_what_the_mouse_does_is_told_and_found(overview, qtbot):
    told = set(caps(overview))
    assert {way for _words, ways in ROWS for way in ways} <= told
    qtbot.keyClicks(overview.search, "alt")
    assert "Card out of its wires: Alt+Drag" in lines(overview)
    assert "Take a wire away: Alt+Click" in lines(overview)
    assert "Rename a card: Double click" not in lines(overview)


def test_no_key_of_the_canvas_has_two_meanings():
    keys = [QKeySequence(keys).toString() for row in TABLE for keys in row.keys]
    assert len(keys) == len(set(keys))
    names = [row.key for row in TABLE]
    assert len(names) == len(set(names))


def test_no_key_is_one_that_desktops_keep_for_themselves():
    """Ctrl+Alt and an arrow goes to another desktop, Alt+Tab to another window."""
    taken = ("Ctrl+Alt+", "Alt+F", "Alt+Tab", "Alt+Space", "Meta+")
    keys = [keys for row in (*TABLE, *outline_keys.TABLE) for keys in row.keys]
    keys += [keys for entry in ENTRIES for keys in entry.shortcuts]
    assert not [key for key in keys if key.startswith(taken)]


def test_a_key_of_the_canvas_is_no_key_of_the_whole_window():
    """The window would take it: then the canvas must mean the same by it."""
    everywhere = {keys: entry.key for entry in ENTRIES for keys in entry.shortcuts}
    for row in TABLE:
        for keys in row.keys:
            assert everywhere.get(keys, row.key) == row.key, keys


def test_typing_leaves_the_lines_that_match(qtbot, overview):
    assert len(caps(overview)) > 40
    qtbot.keyClicks(overview.search, "rename")
    assert lines(overview) == ["Rename: F2", "Rename a card: Double click"]
    overview.search.clear()
    qtbot.keyClicks(overview.search, "f5")
    assert [line.split(":")[0] for line in lines(overview)] == ["Train", "Stop"]
    overview.search.clear()
    qtbot.keyClicks(overview.search, "zzz")
    assert lines(overview) == []
    assert overview.nothing.isVisible()


def test_escape_closes_it_and_gives_the_keyboard_back(qtbot, overview):
    assert overview.search.hasFocus()
    qtbot.keyClick(overview.search, Qt.Key.Key_Escape)
    assert not overview.isVisible()
    assert overview.window().findChild(QLineEdit).hasFocus() or overview.search.isHidden()


def test_a_click_beside_it_closes_it_and_one_on_it_does_not(qtbot, overview):
    qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=overview.card.geometry().center())
    assert overview.isVisible()
    qtbot.mouseClick(overview, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not overview.isVisible()


def test_it_closes_where_the_list_it_came_from_is_gone(qtbot, overview):
    field = overview.parentWidget().findChild(QLineEdit)
    with qtbot.waitSignal(field.destroyed):
        field.deleteLater()
    overview.close_overview()
    assert not overview.isVisible()
