"""Ctrl+F on the canvas: hits are counted, marked, walked and centred; Escape closes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGraphicsPathItem
from pytestqt.qtbot import QtBot

from studio.core.design.edits import remove, rename
from studio.ui.canvas.edge_item import EdgeItem
from studio.ui.canvas.find_bar import FindBar
from studio.ui.canvas.found_marks import MARK_Z
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from tests.ui.canvas.conftest import Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def bar(canvas: CanvasView) -> FindBar:
    made = FindBar(canvas)
    made.open()
    return made


def marks(canvas: CanvasView) -> list[QGraphicsPathItem]:
    return [
        item
        for item in canvas.picture.items()
        if isinstance(item, QGraphicsPathItem)
        and not isinstance(item, EdgeItem)
        and item.zValue() == MARK_Z
    ]


def test_typing_goes_to_the_first_hit_and_marks_them_all(
    hand: Hand, bar: FindBar, canvas: CanvasView, selection: Selection
) -> None:
    seen = canvas.seen
    hand.type("1")
    assert bar.count.text() == "1 of 5"
    assert len(marks(canvas)) == 5
    bar.field.clear()
    hand.type("3x3")
    assert bar.hits == ("conv2d_1",)
    assert selection.only == "conv2d_1"
    assert canvas.seen == seen, "what is in sight is marked there, and nothing jumps"


def test_enter_walks_on_and_shift_enter_back_round_and_round(
    hand: Hand, bar: FindBar, selection: Selection
) -> None:
    hand.type("1")
    first = selection.only
    walked = []
    for held in (Qt.KeyboardModifier.NoModifier, SHIFT, SHIFT):
        hand.key(Key.Key_Return, held)
        walked.append(selection.only)
    assert walked == [bar.hits[1], first, bar.hits[-1]]
    assert bar.count.text() == "5 of 5"
    assert "5 of 5" in bar.field.accessibleDescription()


def test_what_is_nowhere_is_said(hand: Hand, bar: FindBar, canvas: CanvasView) -> None:
    hand.type("zebra")
    assert bar.count.text() == "None"
    assert not bar.onward.isEnabled()
    hand.key(Key.Key_Return)
    assert marks(canvas) == []


def test_escape_closes_and_leaves_the_hit_selected(
    hand: Hand, bar: FindBar, canvas: CanvasView, selection: Selection
) -> None:
    hand.type("relu")
    hand.key(Key.Key_Escape)
    assert not bar.isVisible()
    assert marks(canvas) == []
    assert selection.only == "relu_1"
    assert QApplication.focusWidget() is canvas


def test_the_hits_follow_the_network(
    hand: Hand, bar: FindBar, canvas: CanvasView, document: Document
) -> None:
    hand.type("relu")
    document.apply_to_graph(lambda graph: rename(graph, "linear_1", "After the ReLU"), "Rename")
    assert set(bar.hits) == {"relu_1", "linear_1"}
    assert len(marks(canvas)) == 2
    document.apply_to_graph(lambda graph: remove(graph, ("relu_1",)), "Delete")
    assert bar.hits == ("linear_1",)


def test_it_opens_again_with_what_was_typed(qtbot: QtBot, hand: Hand, bar: FindBar) -> None:
    hand.type("relu")
    hand.key(Key.Key_Escape)
    bar.open()
    assert bar.field.selectedText() == "relu"
    assert bar.hits == ("relu_1",)
    qtbot.mouseClick(bar.leave, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
