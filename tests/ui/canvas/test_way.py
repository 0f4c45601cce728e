"""A drawing that leads down: laid out, wired, walked and added to, as one that leads right."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt

from studio.core.design.edits import insert_layer, move
from studio.core.design.graph import Edge
from studio.core.design.way import way_of
from studio.ui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, input_point, output_point
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from studio.ui.settings import Settings
from tests.core.design.test_detaching import chain
from tests.ui.canvas.conftest import Hand

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def down(hand: Hand, canvas: CanvasView, document: Document) -> Document:
    """Input, linear layer, ReLU, output below each other."""
    document.apply_to_graph(lambda _graph: chain("input", "linear", "relu", "output"), "Draw")
    document.undo_stack.clear()
    hand.key(Qt.Key.Key_Down, CTRL_SHIFT)
    return document


def test_it_is_laid_out_downwards_as_one_step(canvas: CanvasView, down: Document) -> None:
    places = down.project.graph.positions
    assert {x for x, _y in places.values()} == {0.0}
    heights = [places[i][1] for i in ("input_1", "linear_1", "relu_1", "output_1")]
    assert heights == [0.0, 100.0, 300.0, 400.0]  # with room for the note under the linear layer
    assert canvas.picture.way == "down"
    assert down.undo_stack.count() == 1
    down.undo_stack.undo()
    assert canvas.picture.way == "right"
    down.undo_stack.redo()
    assert canvas.picture.way == "down"


def test_wires_lead_straight_down_from_port_to_port(canvas: CanvasView, down: Document) -> None:
    path = canvas.picture.edge_items[Edge("linear_1", "relu_1")].path()
    assert path.pointAtPercent(0) == QPointF(CARD_WIDTH / 2, 100.0 + CARD_HEIGHT)
    assert path.pointAtPercent(1) == QPointF(CARD_WIDTH / 2, 300.0)


def test_the_choice_is_kept(hand: Hand, canvas: CanvasView, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    canvas.obey(settings)
    hand.key(Qt.Key.Key_Down, CTRL_SHIFT)
    assert settings.value("arrange") == "down"
    assert Settings(tmp_path).value("arrange") == "down"
    canvas.arrange()
    assert canvas.picture.way == "down"
    hand.key(Qt.Key.Key_Right, CTRL_SHIFT)
    assert settings.value("arrange") == "right"
    assert canvas.picture.way == "right"


def test_one_card_that_is_dragged_does_not_turn_the_drawing(
    hand: Hand, canvas: CanvasView, down: Document
) -> None:
    start = hand.middle_of("relu_1")
    hand.drag(start, start + QPointF(300.0, -100.0))
    assert canvas.picture.way == "down"


def test_arrows_walk_down_the_wires(hand: Hand, selection: Selection, down: Document) -> None:
    selection.choose(("linear_1",))
    hand.key(Qt.Key.Key_Down)
    assert selection.nodes == {"relu_1"}
    for _ in range(2):
        hand.key(Qt.Key.Key_Up)
    assert selection.nodes == {"input_1"}


def test_a_wire_is_drawn_from_below_one_card_to_above_another(hand: Hand, down: Document) -> None:
    edge = Edge("linear_1", "relu_1")
    hand.drag(hand.port("relu_1", "input"), QPointF(400.0, 40.0))
    assert edge not in down.project.graph.edges
    hand.drag(hand.port("linear_1", "output"), hand.port("relu_1", "input"))
    assert edge in down.project.graph.edges


def test_a_layer_on_a_wire_moves_what_follows_down(down: Document) -> None:
    graph = down.project.graph
    after = insert_layer(graph, Edge("linear_1", "relu_1"), "dropout")
    assert after.positions["dropout_1"] == (0.0, 200.0)
    assert after.positions["relu_1"] == (0.0, 300.0)  # there was room
    packed = move(graph, {"relu_1": (0.0, 200.0), "output_1": (0.0, 300.0)})
    after = insert_layer(packed, Edge("linear_1", "relu_1"), "dropout")
    assert after.positions["relu_1"] == (0.0, 300.0)
    assert after.positions["output_1"] == (0.0, 400.0)
    assert after.positions["linear_1"] == graph.positions["linear_1"]
    assert way_of(after, "right") == "down"


@pytest.mark.parametrize("inputs", [1, 2, 3, 6, 12, 40])
def test_all_ports_lie_on_the_card(inputs: int) -> None:
    places = [input_point(i, inputs, None, "down") for i in range(inputs)]
    assert all(0.0 < where.x() < CARD_WIDTH and where.y() == 0.0 for where in places)
    assert [where.x() for where in places] == sorted({where.x() for where in places})
    assert output_point("down") == QPointF(CARD_WIDTH / 2, CARD_HEIGHT)


def test_too_few_wires_do_not_tell() -> None:
    graph = chain("input", "linear")
    assert way_of(graph, "down") == "down"
    assert way_of(graph, "right") == "right"
    assert way_of(chain("input", "linear", "relu", "output"), "down") == "right"
