"""The palette: families in order, search, empty result, keys, and what a drag carries."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import FAMILIES
from studio.ui.panels.palette import Palette
from studio.ui.theme import font

Key = Qt.Key


@pytest.fixture
def palette(qtbot, dressed):
    made = Palette()
    qtbot.addWidget(made)
    made.resize(216, 700)
    with qtbot.waitExposed(made):
        made.show()
    return made


def rows(palette):
    shown = palette.findChild(QListWidget)
    return [shown.item(number).text() for number in range(shown.count())]


def test_all_layers_stand_under_their_families_in_order(palette):
    shown = palette.findChild(QListWidget)
    items = [shown.item(number) for number in range(shown.count())]
    headings = [item.text() for item in items if item.flags() == Qt.ItemFlag.NoItemFlags]
    used = {entry.family for entry in LAYERS.values()}
    assert headings == [title for family, title in FAMILIES.items() if family in used]
    assert {entry.title for entry in LAYERS.values()} <= set(rows(palette))


def test_every_title_is_short_enough_to_be_read_whole(palette):
    shown = palette.findChild(QListWidget)
    room = shown.viewport().width() - 2 * 8 - 10 - 12  # what the square and the spaces leave
    words = QFontMetricsF(font())
    assert all(words.horizontalAdvance(title) <= room for title in rows(palette))


def test_search_finds_by_title_and_by_what_a_layer_is_for(palette, qtbot):
    QTest.keyClicks(palette.search, "relu")
    assert rows(palette)[0] == "ReLU"
    palette.search.clear()
    QTest.keyClicks(palette.search, "image")
    assert "Convolution 2D" in rows(palette)


def test_nothing_found_is_said_with_a_way_back(palette):
    QTest.keyClicks(palette.search, "qqqq")
    assert rows(palette) == []
    said = [label.text() for label in palette.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("No layer matches") for text in said)
    back = next(b for b in palette.findChildren(QPushButton) if b.text() == "Show all layers")
    back.click()
    assert len(rows(palette)) > len(LAYERS)
    assert not back.isVisible()


def test_enter_in_the_field_takes_the_first_match(palette):
    wanted = QSignalSpy(palette.layer_wanted)
    QTest.keyClicks(palette.search, "drop")
    QTest.keyClick(palette.search, Key.Key_Return)
    assert wanted.at(0) == ["dropout"]


def test_down_leads_into_the_list_and_enter_takes(palette, qtbot):
    wanted = QSignalSpy(palette.layer_wanted)
    shown = palette.findChild(QListWidget)
    QTest.keyClick(palette.search, Key.Key_Down)
    QTest.keyClick(shown, Key.Key_Down)
    QTest.keyClick(shown, Key.Key_Return)
    assert wanted.at(0) == ["output"]


def test_a_double_click_takes_a_layer_and_a_heading_nothing(palette):
    wanted = QSignalSpy(palette.layer_wanted)
    shown = palette.findChild(QListWidget)
    for number in (0, 1):
        place = shown.visualItemRect(shown.item(number)).center()
        QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted.count() == 1
    assert wanted.at(0) == ["input"]


def test_a_drag_carries_the_key_of_the_layer(palette):
    shown = palette.findChild(QListWidget)
    item = shown.findItems("Linear", Qt.MatchFlag.MatchExactly)[-1]
    data = shown.mimeData([item])
    assert bytes(data.data("application/x-studio-layer").data()) == b"linear"


def test_help_is_the_tooltip(palette):
    shown = palette.findChild(QListWidget)
    item = shown.findItems("ReLU", Qt.MatchFlag.MatchExactly)[0]
    assert LAYERS["relu"].help in item.toolTip()
