"""Cards dragged, aligned and distributed: where they come to rest, and as one undo step."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGraphicsPathItem, QMenu

from studio.core.design.edits import move
from studio.core.design.graph import Edge
from studio.ui.canvas.edge_item import EdgeItem
from studio.ui.canvas.keys import row_of
from studio.ui.canvas.menu import menu_of
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from tests.ui.canvas.conftest import Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
OFF_GRID = (447.0, 3.0)


def lines_shown(canvas: CanvasView) -> list[QGraphicsPathItem]:
    return [
        item
        for item in canvas.picture.items()
        if isinstance(item, QGraphicsPathItem) and not isinstance(item, EdgeItem)
    ]


@pytest.fixture
def crooked(document: Document) -> Document:
    """The ReLU stands a little beside the grid."""
    document.apply_to_graph(lambda graph: move(graph, {"relu_1": OFF_GRID}), "Move")
    document.undo_stack.clear()
    return document


def test_a_card_is_drawn_into_line_with_one_that_is_off_the_grid(
    hand: Hand, canvas: CanvasView, crooked: Document
) -> None:
    start = hand.middle_of("output_1")
    hand.press(start)
    hand.move(start + QPointF(0.0, -60.0))
    hand.move(start + QPointF(4.0, -80.0))
    assert canvas.picture.node_items["output_1"].x() == OFF_GRID[0]
    (lines,) = lines_shown(canvas)
    assert lines.path().elementCount() >= 2
    hand.release(start + QPointF(4.0, -80.0))
    assert crooked.project.graph.positions["output_1"] == (OFF_GRID[0], 120.0)
    assert lines_shown(canvas) == []


def test_ctrl_lets_a_card_rest_anywhere(hand: Hand, canvas: CanvasView, crooked: Document) -> None:
    start = hand.middle_of("output_1")
    hand.press(start, CTRL)
    hand.move(start + QPointF(4.0, -80.0), CTRL)
    hand.release(start + QPointF(4.0, -80.0), CTRL)
    assert crooked.project.graph.positions["output_1"] == (444.0, 120.0)
    assert lines_shown(canvas) == []


def test_escape_takes_the_lines_away(hand: Hand, canvas: CanvasView, crooked: Document) -> None:
    start = hand.middle_of("output_1")
    hand.press(start)
    hand.move(start + QPointF(4.0, -80.0))
    assert lines_shown(canvas)
    hand.key(Qt.Key.Key_Escape)
    assert lines_shown(canvas) == []
    assert crooked.undo_stack.count() == 0


@pytest.mark.parametrize(
    ("key", "axis", "line"),
    [
        (Qt.Key.Key_A, 0, 220.0),
        (Qt.Key.Key_D, 0, 447.0),
        (Qt.Key.Key_C, 0, 333.5),
        (Qt.Key.Key_W, 1, 0.0),
        (Qt.Key.Key_S, 1, 200.0),
        (Qt.Key.Key_M, 1, 100.0),
    ],
)
def test_selected_cards_are_aligned_as_one_step(
    hand: Hand, crooked: Document, selection: Selection, key: Qt.Key, axis: int, line: float
) -> None:
    before = crooked.project.graph
    selection.choose(("conv2d_1", "relu_1", "linear_1"))
    hand.key(key, SHIFT)
    places = crooked.project.graph.positions
    assert {places[i][axis] for i in selection.nodes} == {line}
    assert crooked.undo_stack.undoText().startswith("Align")
    crooked.undo_stack.undo()
    assert crooked.project.graph == before


def test_selected_cards_get_equal_gaps(hand: Hand, crooked: Document, selection: Selection) -> None:
    selection.choose(("input_1", "conv2d_1", "relu_1"))
    hand.key(Qt.Key.Key_H, SHIFT)
    places = crooked.project.graph.positions
    assert [places[i][0] for i in ("input_1", "conv2d_1", "relu_1")] == [0.0, 223.5, 447.0]
    assert crooked.undo_stack.undoText() == "Distribute across"


def test_too_few_cards_are_left_alone(hand: Hand, crooked: Document, selection: Selection) -> None:
    selection.choose(("relu_1",))
    for key in (Qt.Key.Key_A, Qt.Key.Key_V):
        hand.key(key, SHIFT)
    assert crooked.undo_stack.count() == 0


def test_the_menu_aligns_too_and_says_what_is_missing(
    hand: Hand, canvas: CanvasView, crooked: Document, selection: Selection
) -> None:
    selection.choose(("relu_1",))
    rows = {row.objectName(): row for row in _lines_of(canvas)}
    assert not rows["menu.align_left"].isEnabled()
    assert rows["menu.align_left"].toolTip() == "Select two nodes or more first."
    selection.choose(("relu_1", "conv2d_1"))
    rows = {row.objectName(): row for row in _lines_of(canvas)}
    assert not rows["menu.distribute_across"].isEnabled()
    rows["menu.align_left"].trigger()
    assert crooked.project.graph.positions["relu_1"][0] == 220.0


def _lines_of(canvas: CanvasView) -> list[QAction]:
    menu = menu_of(canvas).findChild(QMenu, "canvas.menu.lines")
    assert menu is not None
    return menu.actions()


def test_a_node_is_taken_out_of_its_wires_by_key(
    hand: Hand, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    selection.choose(("conv2d_1",))
    assert row_of("detach").why_not(canvas) == ""
    hand.key(Qt.Key.Key_X, SHIFT)
    assert document.project.graph.edges == (Edge("input_1", "relu_1"),)
    assert document.undo_stack.undoText() == "Take out"
    assert row_of("detach").why_not(canvas) == "No wire leads to what is selected."
