"""What opens on top of the canvas, under a real mouse: the window hands out the focus by itself."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.core.catalogue import LAYERS
from studio.core.design import edits
from studio.ui.row_list import RowList
from tests.ui.canvas.conftest import LEFT, NONE


def click_in_window(part: QWidget, at) -> None:
    """As from a mouse: through the window, which gives the focus to whatever was clicked."""
    window = part.window()
    assert QTest.qWaitForWindowActive(window)
    handle, place = window.windowHandle(), part.mapTo(window, at)
    for held in Qt.MouseButton:
        if held & QApplication.mouseButtons():  # by the hand of another test
            QTest.mouseRelease(handle, held, NONE, place)
    QTest.mouseClick(handle, LEFT, NONE, place)


def ask_behind_relu(hand) -> RowList:
    hand.drag(hand.port("relu_1", "output"), QPointF(700, 120))
    assert hand.box().isVisible()
    return hand.box().findChild(RowList)


def test_a_layer_offered_for_a_loose_wire_is_taken_with_the_mouse(hand, document):
    rows = ask_behind_relu(hand)
    number = next(n for n, row in enumerate(rows.rows) if row.key in LAYERS)
    at = rows.area_of(number).center()
    assert rows.viewport().rect().contains(at)
    click_in_window(rows.viewport(), at)
    (edge,) = document.project.graph.outgoing("relu_1")
    assert document.project.graph.nodes[edge.target].layer == rows.rows[number].key
    assert hand.box().isHidden()


def test_a_click_on_a_heading_or_the_help_leaves_the_box_open(hand):
    rows = ask_behind_relu(hand)
    search = hand.box().search
    for part, at in (
        (rows.viewport(), rows.area_of(0).center()),
        (hand.box().foot, hand.box().foot.rect().center()),
    ):
        click_in_window(part, at)
        assert hand.box().isVisible()
        assert search.hasFocus()


def test_a_click_beside_the_box_closes_it_without_a_trace(hand, canvas, document):
    before = document.project
    ask_behind_relu(hand)
    click_in_window(canvas.viewport(), canvas.mapFromScene(QPointF(20, 400)))
    assert hand.box().isHidden()
    assert canvas.hasFocus()
    assert document.project is before


def test_keys_go_on_after_a_click_in_the_box(hand, document):
    rows = ask_behind_relu(hand)
    click_in_window(rows.viewport(), rows.area_of(0).center())
    hand.type("flatten")
    hand.key(Qt.Key.Key_Return)
    assert "flatten_1" in document.project.graph.nodes


def test_the_box_closes_where_the_network_changes_below_it(hand, document):
    document.apply_to_graph(lambda graph: edits.rename(graph, "relu_1", "First"), "Rename")
    rows = ask_behind_relu(hand)
    assert rows.isVisible()
    document.undo_stack.undo()
    assert hand.box().isHidden()


def test_the_box_is_gone_when_the_network_changed_behind_another_page(hand, canvas, document):
    document.apply_to_graph(lambda graph: edits.rename(graph, "relu_1", "First"), "Rename")
    ask_behind_relu(hand)
    canvas.hide()
    document.undo_stack.undo()
    canvas.show()
    assert hand.box().isHidden()


def test_a_name_for_a_node_that_is_gone_is_nobodys(hand, canvas, document):
    canvas.boxes.ask_name("relu_1")
    document.apply_to_graph(lambda graph: edits.remove(graph, ("relu_1",)), "Delete")
    hand.name_field().setText("Gone")
    hand.key(Qt.Key.Key_Return)
    assert hand.name_field().isHidden()
    assert "Gone" not in [node.name for node in document.project.graph]
