"""Everything by keyboard: add, wire, walk, nudge, rename, copy, paste, delete, undo, zoom."""

import json

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.design.graph import Edge
from studio.ui.canvas.geometry import ZOOM_LEAST
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.row_list import RowList
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from tests.ui.canvas.conftest import Hand

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def test_tab_adds_a_layer_after_the_selected_node(
    hand: Hand, document: Document, selection: Selection
) -> None:
    before = document.project.graph
    selection.choose(("relu_1",))
    hand.key(Key.Key_Tab)
    assert hand.box().isVisible()
    hand.type("max pool 2")
    assert hand.rows_offered()[0] == "Max pool 2D"
    hand.key(Key.Key_Return)
    graph = document.project.graph
    assert Edge("relu_1", "max_pool2d_1") in graph.edges
    assert graph.positions["max_pool2d_1"] == (620.0, 0.0)
    assert selection.nodes == {"max_pool2d_1"}
    assert not hand.box().isVisible()
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project.graph == before


def test_escape_closes_the_box_without_trace(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    hand.key(Key.Key_Tab)
    hand.type("relu")
    hand.key(Key.Key_Escape)
    assert not hand.box().isVisible()
    assert document.undo_stack.count() == 0
    assert QApplication.focusWidget() is canvas


def test_a_double_click_on_empty_space_opens_the_same_box(hand: Hand, document: Document) -> None:
    hand.double_click(QPointF(0.0, 300.0))
    assert hand.box().isVisible()
    hand.type("gelu")
    hand.key(Key.Key_Return)
    assert document.project.graph.positions["gelu_1"] == (-80.0, 280.0)


def test_an_edge_let_go_on_empty_space_opens_the_same_box(hand: Hand, document: Document) -> None:
    hand.drag(hand.port("relu_1", "output"), QPointF(660.0, 140.0))
    hand.type("sigm")
    hand.key(Key.Key_Return)
    graph = document.project.graph
    assert Edge("relu_1", "sigmoid_1") in graph.edges
    assert graph.positions["sigmoid_1"] == (660.0, 120.0)
    assert document.undo_stack.count() == 1


def test_an_edge_pulled_backwards_gets_a_layer_before_it(hand: Hand, document: Document) -> None:
    hand.drag(hand.port("linear_1", "input"), QPointF(100.0, 340.0))
    assert "Global pool" in hand.rows_offered()[:6]
    hand.type("flatten")
    hand.key(Key.Key_Return)
    assert Edge("flatten_1", "linear_1") in document.project.graph.edges


def test_a_layer_that_does_not_fit_is_last_with_its_reason_and_not_taken(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("relu_1",))
    hand.key(Key.Key_Tab)
    offered = hand.rows_offered()
    assert offered.index("Convolution 2D") < offered.index("Convolution 1D")
    hand.key(Key.Key_Escape)
    hand.key(Key.Key_Tab)
    hand.type("line")
    assert hand.rows_offered()[0] == "Linear"
    hand.key(Key.Key_Escape)
    hand.key(Key.Key_Tab)
    hand.type("conv1d")
    assert hand.rows_offered()[0] == "Convolution 1D"
    rows = hand.box().findChild(RowList)
    assert rows.rows[0].title == "Do not fit here"
    assert "expects" in rows.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    hand.key(Key.Key_Return)
    assert hand.box().isVisible()
    assert document.undo_stack.count() == 0


def test_the_box_says_when_nothing_matches(hand: Hand) -> None:
    hand.key(Key.Key_Tab)
    hand.type("zzzz")
    assert hand.rows_offered() == []
    hand.key(Key.Key_Return)
    assert hand.box().isVisible()


def test_c_connects_and_disconnects_by_name(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("linear_1",))
    hand.key(Key.Key_C)
    hand.type("output")
    hand.key(Key.Key_Return)
    assert Edge("linear_1", "output_1") in document.project.graph.edges
    hand.key(Key.Key_C)
    hand.type("disconnect output")
    hand.key(Key.Key_Return)
    assert Edge("linear_1", "output_1") not in document.project.graph.edges
    assert document.undo_stack.count() == 2


def test_the_arrows_walk_along_edges_and_then_to_the_nearest(
    hand: Hand, selection: Selection
) -> None:
    hand.key(Key.Key_Right)
    walked = [selection.only]
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Down, Key.Key_Left, Key.Key_Up):
        hand.key(key)
        walked.append(selection.only)
    assert walked == ["input_1", "conv2d_1", "relu_1", "output_1", "linear_1", "conv2d_1"]


def test_shift_and_arrows_select_more(hand: Hand, selection: Selection) -> None:
    selection.choose(("input_1",))
    hand.key(Key.Key_Right, SHIFT)
    hand.key(Key.Key_Right, SHIFT)
    assert selection.nodes == {"input_1", "conv2d_1", "relu_1"}


def test_ctrl_and_arrows_nudge_as_one_step(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("relu_1", "conv2d_1"))
    for _ in range(3):
        hand.key(Key.Key_Down, CTRL)
    assert document.project.graph.positions["relu_1"] == (440.0, 60.0)
    assert document.undo_stack.count() == 1
    hand.key(Key.Key_Z, CTRL)
    assert document.project.graph.positions["relu_1"] == (440.0, 0.0)


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_delete_takes_nodes_with_their_edges(
    hand: Hand, document: Document, selection: Selection, key: Qt.Key
) -> None:
    before = document.project.graph
    selection.choose(("conv2d_1",))
    hand.key(key)
    assert "conv2d_1" not in document.project.graph.nodes
    assert document.project.graph.edges == ()
    assert selection.nodes == frozenset()
    hand.key(Key.Key_Z, CTRL)
    assert document.project.graph == before


def test_ctrl_delete_joins_what_is_left(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("conv2d_1",))
    hand.key(Key.Key_Delete, CTRL)
    assert document.project.graph.edges == (Edge("input_1", "relu_1"),)


def test_f2_renames_in_place_and_escape_does_not(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("relu_1",))
    hand.key(Key.Key_F2)
    assert hand.name_field().isVisible()
    hand.type("Bend")
    hand.key(Key.Key_Return)
    assert document.project.graph.nodes["relu_1"].name == "Bend"
    hand.key(Key.Key_F2)
    hand.type("Other")
    hand.key(Key.Key_Escape)
    assert document.project.graph.nodes["relu_1"].name == "Bend"
    assert document.undo_stack.count() == 1


def test_a_double_click_on_a_node_renames_it(hand: Hand, document: Document) -> None:
    hand.double_click(hand.middle_of("relu_1"))
    hand.type("Bend")
    hand.key(Key.Key_Return)
    assert document.project.graph.nodes["relu_1"].name == "Bend"


def test_copy_and_paste_bring_nodes_with_their_edges(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("conv2d_1", "relu_1"))
    hand.key(Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasFormat("application/x-studio-nodes")
    assert json.loads(data.text())["nodes"]
    hand.key(Key.Key_V, CTRL)
    graph = document.project.graph
    assert selection.nodes == {"conv2d_2", "relu_2"}
    assert Edge("conv2d_2", "relu_2") in graph.edges
    assert document.undo_stack.count() == 1


def test_cut_and_duplicate(hand: Hand, document: Document, selection: Selection) -> None:
    selection.choose(("relu_1",))
    hand.key(Key.Key_D, CTRL)
    assert selection.nodes == {"relu_2"}
    assert document.project.graph.positions["relu_2"] == (480.0, 80.0)
    hand.key(Key.Key_X, CTRL)
    assert "relu_2" not in document.project.graph.nodes
    hand.key(Key.Key_V, CTRL)
    assert "relu_2" in document.project.graph.nodes
    assert document.undo_stack.count() == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import os; os.system('true')",
        "[" * 5000,
        '{"format": "studio-nodes", "version": 1}',
        '{"format": "studio-nodes", "version": 1, "nodes": [{"id": "a", "layer": "os.system", '
        '"params": {}, "name": "a"}], "edges": [], "positions": {}}',
        '{"format": "studio-nodes", "version": 1, "nodes": 7, "edges": [], "positions": {}}',
        '{"format": "studio-nodes", "version": 1, "nodes": [], "edges": [["a", "b", 0]], '
        '"positions": {"a": [NaN, 0]}}',
    ],
)
def test_what_is_not_nodes_is_refused_in_words(
    hand: Hand, canvas: CanvasView, document: Document, text: str
) -> None:
    before = document.project
    data = QMimeData()
    data.setText(text)
    data.setData("application/x-studio-nodes", text.encode())
    QGuiApplication.clipboard().setMimeData(data)
    refusals = QSignalSpy(canvas.refused)
    hand.key(Key.Key_V, CTRL)
    assert document.project is before
    assert refusals.count() == 1
    assert refusals.at(0)[0].message


def test_select_all_and_escape(hand: Hand, document: Document, selection: Selection) -> None:
    hand.key(Key.Key_A, CTRL)
    assert selection.nodes == set(document.project.graph.nodes)
    hand.key(Key.Key_Escape)
    assert selection.nodes == frozenset()


def turn(canvas: CanvasView, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)


def test_the_wheel_zooms_about_the_pointer(canvas: CanvasView) -> None:
    at = QPoint(700, 150)
    below = canvas.mapToScene(at)
    turn(canvas, at, 4)
    assert canvas.zoom > 1.5
    assert (canvas.mapFromScene(below) - at).manhattanLength() <= 2
    turn(canvas, at, -6)
    assert (canvas.mapFromScene(below) - at).manhattanLength() <= 2


def test_the_zoom_has_its_bounds(canvas: CanvasView) -> None:
    turn(canvas, QPoint(500, 300), 60)
    assert canvas.zoom == pytest.approx(3.0)
    turn(canvas, QPoint(500, 300), -120)
    assert canvas.zoom == pytest.approx(ZOOM_LEAST)


def test_fit_shows_the_whole_network(hand: Hand, canvas: CanvasView) -> None:
    turn(canvas, QPoint(10, 10), 12)
    hand.key(Key.Key_F)
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.picture.content())


def test_a_canvas_that_was_fitted_stays_so_when_the_window_shrinks(canvas: CanvasView) -> None:
    canvas.fit()
    canvas.resize(500, 400)
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.picture.content())


def test_arrange_is_one_step_and_glides_to_the_end(
    qtbot: QtBot, canvas: CanvasView, document: Document
) -> None:
    before = document.project.graph.positions
    Theme.current().has_motion = True
    canvas.arrange()
    after = document.project.graph.positions
    assert after != before
    item = canvas.picture.node_items["linear_1"]
    qtbot.waitUntil(lambda: (item.x(), item.y()) == after["linear_1"])
    assert document.undo_stack.count() == 1
    Theme.current().has_motion = False
    document.undo_stack.undo()
    assert document.project.graph.positions == before


def test_a_screen_reader_hears_the_selected_node(canvas: CanvasView, selection: Selection) -> None:
    selection.choose(("conv2d_1",))
    said = canvas.accessibleDescription()
    assert said.startswith("Convolution 2D 1")
    assert "parameters" in said
