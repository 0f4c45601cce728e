"""Each gesture with a real mouse: what it makes; that Escape leaves no trace; that undo works."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from studio.core.design.edits import add_node, connect, move
from studio.core.design.graph import Edge, Graph
from studio.ui.canvas.node_item import NodeItem
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from tests.ui.canvas.conftest import Hand

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
EMPTY_SPACE = QPointF(60.0, 240.0)


@pytest.fixture
def before(document: Document, canvas: CanvasView) -> Graph:
    return document.project.graph


def undone(document: Document) -> Graph:
    """The graph one undo step ago; that there was exactly one step is checked, too."""
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    return document.project.graph


def test_a_drag_moves_on_the_grid_as_one_step(
    hand: Hand, document: Document, before: Graph
) -> None:
    start = hand.middle_of("conv2d_1")
    hand.drag(start, start + QPointF(47.0, -95.0))
    assert document.project.graph.positions["conv2d_1"] == (260.0, -100.0)
    assert document.project.graph.nodes is before.nodes
    assert undone(document) == before


def test_selected_nodes_move_together(
    hand: Hand, document: Document, selection: Selection, before: Graph
) -> None:
    selection.choose(("conv2d_1", "relu_1"))
    start = hand.middle_of("relu_1")
    hand.drag(start, start + QPointF(0.0, 60.0))
    positions = document.project.graph.positions
    assert positions["conv2d_1"] == (220.0, 60.0)
    assert positions["relu_1"] == (440.0, 60.0)
    assert undone(document) == before


def test_escape_puts_a_dragged_node_back(
    hand: Hand, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    selection.choose(("relu_1",))
    start = hand.middle_of("conv2d_1")
    hand.press(start)
    hand.move(start + QPointF(80.0, 80.0))
    assert canvas.picture.node_items["conv2d_1"].pos() == QPointF(300.0, 80.0)
    hand.key(Qt.Key.Key_Escape)
    hand.release(start + QPointF(80.0, 80.0))
    assert canvas.picture.node_items["conv2d_1"].pos() == QPointF(220.0, 0.0)
    assert document.undo_stack.count() == 0
    assert selection.nodes == {"relu_1"}


def test_a_click_on_one_of_several_selects_it_alone(hand: Hand, selection: Selection) -> None:
    selection.choose(("conv2d_1", "relu_1"))
    hand.click(hand.middle_of("relu_1"))
    assert selection.nodes == {"relu_1"}


def test_shift_adds_to_the_selection(hand: Hand, selection: Selection) -> None:
    hand.click(hand.middle_of("conv2d_1"))
    hand.click(hand.middle_of("relu_1"), SHIFT)
    hand.click(hand.middle_of("conv2d_1"), SHIFT)
    assert selection.nodes == {"conv2d_1", "relu_1"}


def test_ctrl_adds_to_the_selection_and_lets_go_of_what_is_in_it(
    hand: Hand, selection: Selection
) -> None:
    hand.click(hand.middle_of("conv2d_1"))
    hand.click(hand.middle_of("relu_1"), CTRL)
    assert selection.nodes == {"conv2d_1", "relu_1"}
    hand.click(hand.middle_of("conv2d_1"), CTRL)
    assert selection.nodes == {"relu_1"}


@pytest.mark.parametrize(
    ("held", "chosen"), [(SHIFT, {"conv2d_1", "relu_1", "input_1"}), (CTRL, {"relu_1", "input_1"})]
)
def test_a_band_with_shift_adds_and_with_ctrl_turns_over(
    hand: Hand, selection: Selection, held: Qt.KeyboardModifier, chosen: set[str]
) -> None:
    selection.choose(("input_1", "conv2d_1"))
    hand.drag(QPointF(200.0, -30.0), QPointF(460.0, 40.0), held)
    assert selection.nodes == chosen


def test_a_band_selects_what_it_touches(
    hand: Hand, canvas: CanvasView, selection: Selection
) -> None:
    items = len(canvas.picture.items())
    hand.drag(QPointF(200.0, -30.0), QPointF(460.0, 40.0))
    assert selection.nodes == {"conv2d_1", "relu_1"}
    assert len(canvas.picture.items()) == items
    hand.click(EMPTY_SPACE)
    assert selection.nodes == frozenset()


def test_escape_during_a_band_keeps_the_selection(
    hand: Hand, canvas: CanvasView, selection: Selection
) -> None:
    selection.choose(("input_1",))
    items = len(canvas.picture.items())
    hand.press(QPointF(200.0, -30.0))
    hand.move(QPointF(460.0, 40.0))
    assert selection.nodes == {"conv2d_1", "relu_1"}
    hand.key(Qt.Key.Key_Escape)
    assert selection.nodes == {"input_1"}
    assert len(canvas.picture.items()) == items


def test_an_edge_is_drawn_from_output_to_input(
    hand: Hand, document: Document, before: Graph
) -> None:
    hand.drag(hand.port("linear_1", "output"), hand.port("output_1", "input"))
    assert Edge("linear_1", "output_1") in document.project.graph.edges
    assert undone(document) == before


def test_an_edge_is_drawn_backwards_too(hand: Hand, document: Document) -> None:
    hand.drag(hand.port("output_1", "input"), hand.port("linear_1", "output"))
    assert Edge("linear_1", "output_1") in document.project.graph.edges


def test_an_edge_may_be_let_go_anywhere_on_the_card(hand: Hand, document: Document) -> None:
    hand.drag(hand.port("linear_1", "output"), hand.middle_of("output_1"))
    assert Edge("linear_1", "output_1") in document.project.graph.edges


def test_a_second_edge_replaces_the_one_at_an_input(
    hand: Hand, document: Document, before: Graph
) -> None:
    hand.drag(hand.port("input_1", "output"), hand.port("relu_1", "input"))
    assert document.project.graph.incoming("relu_1") == (Edge("input_1", "relu_1"),)
    assert undone(document) == before


def test_a_port_that_refuses_says_why_before_the_button_goes_up(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    hand.press(hand.port("relu_1", "output"))
    hand.move(hand.port("conv2d_1", "input"))
    said = [label.text() for label in canvas.findChildren(QLabel) if label.isVisible()]
    assert "That would be a circle: Convolution 2D 1 already leads to ReLU 1." in said
    hand.release(hand.port("conv2d_1", "input"))
    assert document.undo_stack.count() == 0
    assert not any(
        label.isVisible() and "circle" in label.text() for label in canvas.findChildren(QLabel)
    )


def test_a_layer_that_could_not_work_with_an_edge_says_so_before_the_button_goes_up(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    hand.press(hand.port("relu_1", "output"))
    hand.move(hand.port("linear_1", "input"))
    said = [label.text() for label in canvas.findChildren(QLabel) if label.isVisible()]
    assert any("expects one line of numbers" in words for words in said)
    hand.release(hand.port("linear_1", "input"))
    assert Edge("relu_1", "linear_1") in document.project.graph.edges


def test_escape_ends_a_new_edge_without_trace(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    items = len(canvas.picture.items())
    hand.press(hand.port("linear_1", "output"))
    hand.move(hand.port("output_1", "input"))
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.port("output_1", "input"))
    assert document.undo_stack.count() == 0
    assert len(canvas.picture.items()) == items


def test_alt_click_takes_an_edge_away(hand: Hand, document: Document, before: Graph) -> None:
    between = (hand.port("conv2d_1", "output") + hand.port("relu_1", "input")) / 2
    hand.click(between, ALT)
    assert document.project.graph.incoming("relu_1") == ()
    assert undone(document) == before


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.NoModifier, ALT])
def test_a_drag_from_a_full_input_picks_the_edge_up_and_puts_it_elsewhere(
    hand: Hand, document: Document, before: Graph, held: Qt.KeyboardModifier
) -> None:
    hand.drag(hand.port("relu_1", "input"), hand.port("linear_1", "input"), held)
    assert document.project.graph.incoming("relu_1") == ()
    assert Edge("conv2d_1", "linear_1") in document.project.graph.edges
    assert undone(document) == before


def test_an_edge_that_is_put_back_is_no_step(hand: Hand, document: Document) -> None:
    hand.click(hand.port("relu_1", "input"))
    hand.press(hand.port("relu_1", "input"))
    for place in (EMPTY_SPACE, hand.port("relu_1", "input")):
        hand.move(place)
    hand.release(hand.port("relu_1", "input"))
    assert document.undo_stack.count() == 0
    assert not hand.box().isVisible()


def test_an_edge_let_go_nowhere_is_taken_away(hand: Hand, document: Document) -> None:
    hand.drag(hand.port("relu_1", "input"), EMPTY_SPACE)
    assert document.project.graph.incoming("relu_1") == ()
    assert not hand.box().isVisible()


def test_a_clicked_edge_is_selected_and_deleted(
    hand: Hand, canvas: CanvasView, document: Document, before: Graph
) -> None:
    between = (hand.port("conv2d_1", "output") + hand.port("relu_1", "input")) / 2
    hand.click(between)
    assert canvas.picture.chosen_edges == {Edge("conv2d_1", "relu_1")}
    hand.key(Qt.Key.Key_Delete)
    assert document.project.graph.incoming("relu_1") == ()
    assert undone(document) == before


def test_a_layer_is_dropped_where_the_pointer_is(
    hand: Hand, document: Document, selection: Selection, before: Graph
) -> None:
    hand.carry("dropout", QPointF(0.0, 100.0), QPointF(81.0, 341.0))
    assert document.project.graph.positions["dropout_1"] == (20.0, 320.0)
    assert selection.nodes == {"dropout_1"}
    assert undone(document) == before


def test_a_drag_that_leaves_again_has_no_trace(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    items = len(canvas.picture.items())
    hand.carry("dropout", QPointF(0.0, 100.0), QPointF(80.0, 340.0), drops=False)
    assert document.undo_stack.count() == 0
    assert len(canvas.picture.items()) == items


def test_a_layer_that_is_not_known_is_not_taken(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    hand.carry("os.system", QPointF(0.0, 100.0), QPointF(80.0, 340.0))
    assert document.undo_stack.count() == 0
    assert not canvas.is_in_gesture


def test_a_layer_dropped_on_an_edge_is_inserted(
    hand: Hand, document: Document, before: Graph
) -> None:
    between = (hand.port("conv2d_1", "output") + hand.port("relu_1", "input")) / 2
    hand.carry("dropout", QPointF(0.0, 100.0), between)
    edges = document.project.graph.edges
    assert Edge("conv2d_1", "dropout_1") in edges
    assert Edge("dropout_1", "relu_1") in edges
    assert Edge("conv2d_1", "relu_1") not in edges
    assert undone(document) == before


def test_a_loose_node_dragged_onto_an_edge_is_inserted(hand: Hand, document: Document) -> None:
    document.apply_to_graph(lambda graph: add_node(graph, "dropout", (0.0, 200.0))[0], "Add")
    between = (hand.port("conv2d_1", "output") + hand.port("relu_1", "input")) / 2
    hand.drag(hand.middle_of("dropout_1"), between)
    edges = document.project.graph.edges
    assert {Edge("conv2d_1", "dropout_1"), Edge("dropout_1", "relu_1")} <= set(edges)
    assert document.undo_stack.count() == 2


def test_a_card_need_not_meet_an_edge_exactly(hand: Hand, document: Document) -> None:
    document.apply_to_graph(lambda graph: add_node(graph, "dropout", (0.0, 200.0))[0], "Add")
    between = (hand.port("conv2d_1", "output") + hand.port("relu_1", "input")) / 2
    hand.drag(hand.middle_of("dropout_1"), between + QPointF(-30.0, 12.0))
    assert Edge("conv2d_1", "dropout_1") in document.project.graph.edges


def test_an_end_is_not_put_into_an_edge(hand: Hand, canvas: CanvasView, document: Document) -> None:
    edge = Edge("conv2d_1", "relu_1")
    usual = canvas.picture.edge_items[edge].ink
    between = (hand.port("conv2d_1", "output") + hand.port("relu_1", "input")) / 2
    start = hand.middle_of("output_1")
    hand.press(start)
    hand.move(between)
    assert canvas.picture.edge_items[edge].ink == usual
    hand.release(between)
    assert edge in document.project.graph.edges


def test_alt_drag_takes_a_node_out_and_its_edges_close_behind_it(
    hand: Hand, canvas: CanvasView, document: Document, before: Graph
) -> None:
    start, wires = hand.middle_of("conv2d_1"), len(canvas.picture.edge_items)
    hand.drag(start, start + QPointF(0.0, -160.0), ALT)
    assert document.project.graph.edges == (Edge("input_1", "relu_1"),)
    assert document.project.graph.positions["conv2d_1"] == (220.0, -160.0)
    assert document.undo_stack.undoText() == "Take out"
    assert len(canvas.picture.edge_items) == wires - 1  # one edge where there were two
    assert undone(document) == before


def test_escape_puts_a_node_back_into_its_edges(
    hand: Hand, canvas: CanvasView, document: Document, before: Graph
) -> None:
    start, items = hand.middle_of("conv2d_1"), len(canvas.picture.items())
    hand.press(start, ALT)
    hand.move(start + QPointF(0.0, -160.0))
    assert not canvas.picture.edge_items[Edge("conv2d_1", "relu_1")].isVisible()
    hand.key(Qt.Key.Key_Escape)
    assert document.project.graph is before
    assert all(item.isVisible() for item in canvas.picture.edge_items.values())
    assert len(canvas.picture.items()) == items


def test_a_wired_node_is_not_torn_into_an_edge_it_passes(hand: Hand, document: Document) -> None:
    document.apply_to_graph(lambda graph: connect(graph, Edge("linear_1", "output_1")), "Wire")
    between = (hand.port("conv2d_1", "output") + hand.port("relu_1", "input")) / 2
    hand.drag(hand.middle_of("linear_1"), between)
    assert Edge("conv2d_1", "relu_1") in document.project.graph.edges


def test_the_fix_under_a_node_is_one_click_and_one_step(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    document.apply_to_graph(lambda graph: connect(graph, Edge("relu_1", "linear_1")), "Wire")
    note = canvas.picture.notes["linear_1"]
    assert "expects one line of numbers" in note.problem.message
    faulty = canvas.picture.edge_items[Edge("relu_1", "linear_1")]
    assert faulty.face.is_faulty
    assert faulty.ink.style() == Qt.PenStyle.CustomDashLine
    wired = document.project.graph
    hand.click(note.link.center())
    assert "flatten_1" in document.project.graph.nodes
    assert document.undo_stack.undoText() == "Insert Flatten"
    document.undo_stack.undo()
    assert document.project.graph == wired


def test_the_right_button_in_the_middle_of_a_drag_opens_no_menu(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    start = hand.middle_of("conv2d_1")
    hand.press(start)
    hand.move(start + QPointF(0.0, 60.0))
    at = hand.at(start)
    QApplication.sendEvent(
        hand.ground,
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.viewport().mapToGlobal(at)),
    )
    assert canvas.findChild(QMenu) is None
    assert canvas.is_in_gesture
    hand.release(start + QPointF(0.0, 60.0))
    assert document.project.graph.positions["conv2d_1"] == (220.0, 60.0)


def test_a_layer_over_an_edge_is_shown_below_it_and_leaves_the_edge_in_sight(
    hand: Hand, canvas: CanvasView
) -> None:
    edge = canvas.picture.edge_items[Edge("input_1", "conv2d_1")]
    usual = edge.ink.width()
    middle = edge.path().pointAtPercent(0.5)
    data = QMimeData()
    data.setData("application/x-studio-layer", b"relu")
    move = Qt.DropAction.CopyAction
    at = hand.at(middle)
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QApplication.sendEvent(
            hand.ground,
            kind(at, move, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
        )
    ghosts = [
        item for item in canvas.picture.items() if isinstance(item, NodeItem) and not item.node_id
    ]
    assert edge.ink.width() > usual
    assert ghosts[0].pos().y() > middle.y() + 20
    canvas.cancel_gesture()
    assert edge.ink.width() == usual


def test_the_mark_of_a_covered_note_leads_to_its_words(
    hand: Hand, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    document.apply_to_graph(lambda graph: move(graph, {"output_1": (240.0, 220.0)}), "Move")
    notes = canvas.picture.notes
    closed = next(note for note in notes.values() if not note.is_open)
    hand.click(closed.mapRectToScene(closed.rect()).center())
    assert selection.nodes == {closed.node_id}
    assert closed.is_open


def test_space_and_drag_pans_without_editing(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    place = hand.middle_of("conv2d_1")
    was_at = hand.at(place)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.mousePress(hand.ground, Qt.MouseButton.LeftButton, pos=was_at)
    QTest.mouseMove(hand.ground, was_at + QPointF(30.0, 20.0).toPoint())
    QTest.mouseRelease(hand.ground, Qt.MouseButton.LeftButton, pos=was_at)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert hand.at(place) - was_at == QPointF(30.0, 20.0).toPoint()
    assert document.undo_stack.count() == 0


def test_an_edit_from_elsewhere_ends_the_gesture(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    start = hand.middle_of("conv2d_1")
    hand.press(start)
    hand.move(start + QPointF(80.0, 80.0))
    document.apply_to_graph(lambda graph: add_node(graph, "dropout", (0.0, 300.0))[0], "Add")
    assert not canvas.is_in_gesture
    hand.release(start + QPointF(80.0, 80.0))
    assert document.project.graph.positions["conv2d_1"] == (220.0, 0.0)


def test_what_is_said_beside_the_pointer_stays_on_the_canvas(
    hand: Hand, canvas: CanvasView
) -> None:
    target = hand.port("conv2d_1", "input")
    canvas.look_at(target - QPointF(canvas.seen.width() / 2 - 20.0, -40.0))
    hand.press(hand.port("relu_1", "output"))
    hand.move(target)
    (said,) = [label for label in canvas.findChildren(QLabel) if label.isVisible() and label.text()]
    assert "circle" in said.text()
    assert canvas.rect().contains(said.geometry())
