"""The context menus: of a card, of a wire, of the ground; each does it where it was opened."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit

from studio.core.design.graph import Edge
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from tests.ui.canvas.conftest import Hand

EMPTY_SPACE = QPointF(60.0, 440.0)
Reason = QContextMenuEvent.Reason


@pytest.fixture
def opened(hand: Hand, canvas: CanvasView, qtbot):
    """Opens a menu at a place and gives its rows by name."""
    menus = []

    def open_at(place: QPointF, reason: Reason = Reason.Mouse) -> dict:
        at = canvas.mapFromScene(place)
        QApplication.sendEvent(
            canvas.viewport(), QContextMenuEvent(reason, at, canvas.viewport().mapToGlobal(at))
        )
        menus.append(canvas.findChildren(QMenu, "canvas.menu")[-1])
        return {row.objectName().removeprefix("menu."): row for row in menus[-1].actions()}

    yield open_at
    for menu in menus:
        menu.close()


def between(hand: Hand) -> QPointF:
    return (hand.port("conv2d_1", "output") + hand.port("relu_1", "input")) / 2


def test_the_menu_of_the_ground_speaks_of_the_whole_and_is_short(
    opened, selection: Selection
) -> None:
    selection.choose(("relu_1",))
    rows = opened(EMPTY_SPACE)
    assert not selection.nodes
    assert {"add", "note", "paste", "select_all", "arrange_right", "fit"} <= set(rows)
    assert not {"rename", "delete", "bypass", "ungroup"} & set(rows)


def test_a_layer_from_the_menu_of_the_ground_stands_where_the_menu_was_opened(
    opened, hand: Hand, document: Document
) -> None:
    opened(EMPTY_SPACE)["add"].trigger()
    hand.type("flatten")
    hand.key(Qt.Key.Key_Return)
    x, y = document.project.graph.positions["flatten_1"]
    assert abs(x + CARD_WIDTH / 2 - EMPTY_SPACE.x()) <= 10.0
    assert abs(y + CARD_HEIGHT / 2 - EMPTY_SPACE.y()) <= 10.0


def test_what_is_pasted_from_the_menu_stands_where_the_menu_was_opened(
    opened, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    selection.choose(("relu_1",))
    canvas.editor.copy()
    opened(EMPTY_SPACE)["paste"].trigger()
    x, y = document.project.graph.positions["relu_2"]
    assert abs(QPointF(x, y).x() - EMPTY_SPACE.x()) <= CARD_WIDTH
    assert abs(QPointF(x, y).y() - EMPTY_SPACE.y()) <= CARD_HEIGHT


def test_the_menu_of_a_wire_selects_it_and_takes_it_away(
    opened, hand: Hand, canvas: CanvasView, document: Document
) -> None:
    rows = opened(between(hand))
    assert canvas.picture.chosen_edges == {Edge("conv2d_1", "relu_1")}
    assert [key for key in rows if key] == ["add", "delete"]
    assert rows["delete"].text().startswith("Disconnect")
    rows["delete"].trigger()
    assert document.project.graph.incoming("relu_1") == ()


def test_the_menu_of_a_wire_offers_layers_for_it(opened, hand: Hand) -> None:
    opened(between(hand))["add"].trigger()
    words = hand.box().search.placeholderText()
    assert words == "Add a layer between Convolution 2D 1 and ReLU 1"


def test_the_menu_of_a_card_has_no_row_of_blocks_where_there_is_none(
    opened, hand: Hand, selection: Selection
) -> None:
    rows = opened(hand.middle_of("relu_1"))
    assert selection.only == "relu_1"
    assert {"rename", "delete", "group", "bypass"} <= set(rows)
    assert not {"ungroup", "fold", "take_out", "save_block"} & set(rows)


def test_the_menu_key_opens_the_menu_of_what_is_selected(opened, selection: Selection) -> None:
    selection.choose(("relu_1",))
    rows = opened(EMPTY_SPACE, Reason.Keyboard)
    assert selection.only == "relu_1"
    assert "rename" in rows


def test_a_new_note_lies_beside_the_cards_and_alone_is_selected(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    selection.choose(("relu_1",))
    canvas.add_note(hand.middle_of("conv2d_1"))
    (note,) = canvas.picture.remarks.areas
    assert not any(note.intersects(card) for card in canvas.picture.cards_at_home().values())
    assert not selection.nodes
    assert canvas.picture.remarks.chosen == {"note_1"}


def test_a_new_frame_alone_is_selected(canvas: CanvasView, selection: Selection) -> None:
    selection.choose(("relu_1", "conv2d_1"))
    canvas.add_frame()
    assert not selection.nodes
    assert len(canvas.picture.remarks.chosen) == 1
    title = canvas.findChild(QPlainTextEdit, "remark")
    assert title.isVisible()
    assert not title.verticalScrollBar().isVisible()
    canvas.setFocus()
    canvas.delete()
    assert "relu_1" in canvas.editor.graph.nodes
