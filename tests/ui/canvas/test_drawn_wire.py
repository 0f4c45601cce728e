"""A wire that is drawn: before the cards, red where refused; what it replaces goes pale."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QGraphicsPathItem, QLabel

from studio.core.design.graph import Edge
from studio.ui.canvas.drawn_wire import REPLACED_OPACITY, WIRE_Z
from studio.ui.canvas.geometry import Port
from studio.ui.canvas.node_item import RAISED_Z
from studio.ui.canvas.refusals import REFUSING_OPACITY, refusing
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from tests.ui.canvas.conftest import Hand

NOWHERE = QPointF(700.0, 120.0)


def drawn(canvas: CanvasView) -> list[QGraphicsPathItem]:
    """The wires that are no edges yet."""
    return [
        item
        for item in canvas.picture.items()
        if isinstance(item, QGraphicsPathItem) and item.zValue() == WIRE_Z
    ]


def said(canvas: CanvasView) -> list[str]:
    return [label.text() for label in canvas.findChildren(QLabel) if label.isVisible()]


def test_the_wire_is_drawn_before_the_cards_and_red_where_it_is_refused(
    hand: Hand, canvas: CanvasView
) -> None:
    hand.press(hand.port("relu_1", "output"))
    hand.move(NOWHERE)
    (wire,) = drawn(canvas)
    style = canvas.picture.style_in_use
    assert wire.zValue() > RAISED_Z
    assert wire.pen() == style.edge_chosen
    hand.move(hand.port("conv2d_1", "input"))
    assert wire.pen() == style.edge_faulty
    hand.move(NOWHERE)
    assert wire.pen() == style.edge_chosen
    hand.key(Qt.Key.Key_Escape)
    assert drawn(canvas) == []


def test_the_wire_that_would_be_replaced_goes_pale_and_is_named(
    hand: Hand, canvas: CanvasView
) -> None:
    old = canvas.picture.edge_items[Edge("conv2d_1", "relu_1")]
    hand.press(hand.port("input_1", "output"))
    hand.move(hand.port("relu_1", "input"))
    assert old.opacity() == REPLACED_OPACITY
    assert "Replaces the wire from Convolution 2D 1" in said(canvas)
    hand.move(NOWHERE)
    assert old.opacity() == 1.0
    hand.move(hand.port("relu_1", "input"))
    hand.key(Qt.Key.Key_Escape)
    assert old.opacity() == 1.0


def test_a_loose_wire_stays_in_sight_while_its_layer_is_chosen(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    for key, count in ((Qt.Key.Key_Escape, 0), (Qt.Key.Key_Return, 1)):
        hand.drag(hand.port("relu_1", "output"), NOWHERE)
        (wire,) = drawn(canvas)
        assert (wire.path().pointAtPercent(1.0) - NOWHERE).manhattanLength() < 1.0
        hand.key(key)
        assert drawn(canvas) == []
        assert document.undo_stack.count() == count


def test_a_double_click_on_a_wire_offers_the_layers_that_go_into_it(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    middle = (hand.port("conv2d_1", "output") + hand.port("relu_1", "input")) / 2
    hand.move(middle)
    assert canvas.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    hand.double_click(middle)
    assert hand.box().search.placeholderText() == (
        "Add a layer between Convolution 2D 1 and ReLU 1"
    )
    hand.type("batch norm")
    hand.key(Qt.Key.Key_Return)
    assert [edge.target for edge in document.project.graph.outgoing("conv2d_1")] == ["batch_norm_1"]


def test_a_wire_that_leads_back_is_drawn_as_it_will_be(
    hand: Hand, canvas: CanvasView, document: Document
) -> None:
    """Between the rows, and not in a loop across its own card."""
    end = hand.port("linear_1", "input")
    hand.press(hand.port("relu_1", "output"))
    hand.move(end)
    (wire,) = drawn(canvas)
    meant = wire.path()
    relu = canvas.picture.node_items["relu_1"]
    card = relu.card.translated(relu.pos()).adjusted(0, 0, -1, 0)
    assert not any(card.contains(meant.pointAtPercent(n / 100)) for n in range(101))
    hand.release(end)
    assert canvas.picture.edge_items[Edge("relu_1", "linear_1")].path() == meant


def pale(canvas: CanvasView) -> set[str]:
    items = canvas.picture.node_items
    return {i for i, item in items.items() if item.opacity() == REFUSING_OPACITY}


def test_what_would_refuse_a_wire_is_pale_while_it_is_drawn(hand: Hand, canvas: CanvasView) -> None:
    hand.press(hand.port("conv2d_1", "output"))
    assert pale(canvas) == set()
    hand.move(NOWHERE)
    assert pale(canvas) == {"input_1"}
    hand.key(Qt.Key.Key_Escape)
    assert pale(canvas) == set()
    hand.drag(hand.port("linear_1", "output"), hand.port("output_1", "input"))
    assert pale(canvas) == set()


def test_what_refuses_is_what_would_close_a_circle_or_has_no_port(canvas: CanvasView) -> None:
    graph = canvas.editor.graph
    assert refusing(graph, Port("relu_1", "output")) == {"input_1", "conv2d_1"}
    assert refusing(graph, Port("conv2d_1", "input")) == {"relu_1", "output_1"}
