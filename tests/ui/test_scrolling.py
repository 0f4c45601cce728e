"""What scrolls has a ring where Tab stops at it, and what is put in later takes its turn there."""

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from studio.ui.scrolling import Scrolled


@pytest.fixture
def window(qtbot):
    made = QWidget()
    made.rows = QVBoxLayout(made)
    made.first, made.last = QLineEdit(), QLineEdit()
    content = QWidget()
    made.fields = QVBoxLayout(content)
    made.upper, made.lower = QLineEdit(), QLineEdit()
    for entry in (made.upper, made.lower):
        made.fields.addWidget(entry)
    made.area = Scrolled(content)
    for part in (made.first, made.area, made.last):
        made.rows.addWidget(part)
    made.resize(300, 400)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


def stops(qtbot, window, count):
    """Where Tab goes, from the first field on."""
    window.first.setFocus()
    found = []
    for _ in range(count):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        found.append(window.focusWidget())
    return found


def test_it_is_no_stop_where_all_is_in_sight(qtbot, window):
    assert stops(qtbot, window, 3) == [window.upper, window.lower, window.last]


def test_where_it_scrolls_it_is_a_stop_with_a_ring(qtbot, window):
    window.upper.setMinimumHeight(900)
    qtbot.waitUntil(lambda: window.area.verticalScrollBar().maximum() > 0)
    window.first.setFocus()
    assert not window.area.ring.isVisible()
    window.area.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.area in stops(qtbot, window, 4)
    window.area.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.area.ring.isVisible()
    assert window.area.ring.geometry() == window.area.rect()
    window.last.setFocus()
    assert not window.area.ring.isVisible()
    window.upper.setMinimumHeight(0)
    qtbot.waitUntil(lambda: window.area.focusPolicy() == Qt.FocusPolicy.NoFocus)


def test_a_field_that_comes_later_takes_its_turn_where_it_stands(qtbot, window):
    between = QLineEdit()
    window.fields.insertWidget(1, between)
    qtbot.waitUntil(lambda: window.upper.nextInFocusChain() is between)
    assert stops(qtbot, window, 4) == [window.upper, between, window.lower, window.last]


def test_python_keeps_no_item_of_a_layout_that_qt_may_free(qtbot):
    """Known after its end, one would be taken for whatever comes to lie at its place."""
    content = QWidget()
    fields = QVBoxLayout(content)
    fields.addWidget(QLineEdit())
    area = Scrolled(content)
    qtbot.addWidget(area)
    before = known_items()
    area.put_in_order()
    assert known_items() == before


def known_items():
    return sum(type(one).__name__ == "QWidgetItem" for one in shiboken6.getAllValidWrappers())
