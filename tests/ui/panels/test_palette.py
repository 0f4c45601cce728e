"""The palette: families in order, search, empty result, keys, and what a drag carries."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import FAMILIES
from studio.core.design.ready_blocks import READY_BLOCKS, fragment
from studio.ui.block_shelf import BlockShelf
from studio.ui.layer_rows import ROW
from studio.ui.panels.palette import Palette
from studio.ui.saved_blocks import SavedBlocks
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


def shown(palette):
    """The titles that can be seen without opening a family."""
    rows = palette.layers
    return [rows.item(n).text() for n in range(rows.count()) if not rows.isRowHidden(n)]


def fold_of(palette, family):
    items = (palette.layers.item(number) for number in range(palette.layers.count()))
    return next(i for i in items if i.data(ROW).fold and i.data(ROW).family == family)


def test_the_most_used_layers_are_seen_first_and_the_rest_of_a_family_opens(palette):
    assert "Convolution 2D" in shown(palette)
    assert "Separable conv 3D" not in shown(palette)
    fold = fold_of(palette, "convolution")
    place = palette.layers.visualItemRect(fold).center()
    QTest.mouseClick(palette.layers.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "Separable conv 3D" in shown(palette)
    assert "Hardshrink" not in shown(palette)
    QTest.mouseClick(palette.layers.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "Separable conv 3D" not in shown(palette)


def test_right_and_left_open_and_close_a_family_without_a_mouse(palette):
    layers = palette.layers
    layers.setCurrentItem(layers.findItems("ReLU", Qt.MatchFlag.MatchExactly)[0])
    QTest.keyClick(layers, Key.Key_Right)
    assert "Hardshrink" in shown(palette)
    layers.setCurrentItem(layers.findItems("Hardshrink", Qt.MatchFlag.MatchExactly)[0])
    QTest.keyClick(layers, Key.Key_Left)
    assert "Hardshrink" not in shown(palette)
    assert layers.currentItem() is fold_of(palette, "activation")


def test_enter_on_the_row_of_more_opens_and_takes_nothing(palette):
    wanted = QSignalSpy(palette.layer_wanted)
    palette.layers.setCurrentItem(fold_of(palette, "pooling"))
    QTest.keyClick(palette.layers, Key.Key_Return)
    assert "LP pool 3D" in shown(palette)
    assert wanted.count() == 0


def test_a_family_that_was_opened_is_open_again_after_a_search(palette):
    palette.layers.setCurrentItem(fold_of(palette, "pooling"))
    QTest.keyClick(palette.layers, Key.Key_Return)
    QTest.keyClicks(palette.search, "lstm")
    palette.search.clear()
    assert "LP pool 3D" in shown(palette)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("conv_transpose2d", "Transposed conv 2D"),
        ("ConvTranspose2d", "Transposed conv 2D"),
        ("dense", "Linear"),
        ("bahdanau", "Additive attention"),
        ("max pool", "Max pool 2D"),
        ("upsample", "Resize 2D"),
        ("lambda", "Formula"),
    ],
)
def test_a_layer_is_found_by_key_by_torch_class_and_by_other_names(palette, typed, first):
    QTest.keyClicks(palette.search, typed)
    assert rows(palette)[0] == first


@pytest.mark.parametrize("high", [820, 560])
def test_blocks_are_found_without_scrolling_with_what_is_used_less_folded_away(
    qtbot, dressed, tmp_path, high
):
    shelf = BlockShelf(SavedBlocks(tmp_path / "blocks"))
    made = Palette(shelf=shelf)
    qtbot.addWidget(made)
    made.resize(216, high)
    with qtbot.waitExposed(made):
        made.show()
    shown = made.findChild(QListWidget)
    seen = {
        shown.item(number).text()
        for number in range(shown.count())
        if not shown.isRowHidden(number)
        and shown.viewport().rect().contains(shown.visualItemRect(shown.item(number)))
    }
    assert {"Input", "Blocks", "Residual", "Transformer block", "4 more", "Linear"} <= seen
    assert "Dense block" not in seen
    fold = next(n for n in range(shown.count()) if shown.item(n).text() == "4 more")
    place = shown.visualItemRect(shown.item(fold)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    dense = shown.findItems("Dense block", Qt.MatchFlag.MatchExactly)[0]
    assert not shown.isRowHidden(shown.row(dense))
    shelf.saved.deleteLater()
    shelf.deleteLater()


def test_among_many_of_ones_own_ready_blocks_are_seen_too(qtbot, dressed, tmp_path):
    saved = SavedBlocks(tmp_path / "blocks")
    part = fragment(READY_BLOCKS["residual"])
    block = next(iter(part.blocks.values()))
    for number in range(1, 9):
        named = replace(block, name=f"Mine {number}")
        saved.save(replace(part, blocks={block.id: named}))
    shelf = BlockShelf(saved)
    made = Palette(shelf=shelf)
    qtbot.addWidget(made)
    shown = made.findChild(QListWidget)
    seen = [shown.item(n).text() for n in range(shown.count()) if not shown.isRowHidden(n)]
    first = seen.index("Blocks") + 1
    mine = [f"Mine {number}" for number in range(1, 5)]
    assert seen[first : first + 7] == [*mine, "Residual", "Bottleneck", "10 more"]
    shelf.deleteLater()
    saved.deleteLater()
