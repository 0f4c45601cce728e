"""Replacing, inserting, walking and wiring on the canvas, by keyboard alone."""

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsPathItem,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.core.design.block_edits import grouped, opened, with_block
from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge
from studio.ui.block_shelf import BlockShelf
from studio.ui.canvas.edge_item import EdgeItem
from studio.ui.canvas.find_bar import FindBar
from studio.ui.canvas.menu import menu_of
from studio.ui.canvas.view import CanvasView
from studio.ui.canvas.walking import next_node
from studio.ui.document import Document
from studio.ui.recent_layers import RecentLayers
from studio.ui.row_list import RowList
from studio.ui.selection import Selection
from studio.ui.settings import Settings
from tests.ui.canvas.conftest import Hand, network

Key = Qt.Key


def rows_of(hand: Hand) -> list[tuple[str, str, str]]:
    found = hand.box().findChild(RowList).rows
    return [(row.title, row.gives, row.reason) for row in found]


def test_what_fits_stands_first_with_its_shape_then_what_does_not_with_why(
    hand: Hand, selection: Selection
) -> None:
    selection.choose(("conv2d_1",))
    hand.key(Key.Key_Tab)
    rows = rows_of(hand)
    titles = [title for title, _gives, _reason in rows]
    assert titles[:2] == ["Likely here", "ReLU"]
    assert ("Max pool 2D", "32 × 13 × 13", "") in rows  # noqa: RUF001 - the sign of sizes
    divide = titles.index("Do not fit here")
    assert all(not reason for _title, _gives, reason in rows[:divide])
    assert all(reason for _title, _gives, reason in rows[divide + 1 :])


def test_the_row_that_is_looked_at_says_what_it_is_for(hand: Hand, selection: Selection) -> None:
    selection.choose(("conv2d_1",))
    hand.key(Key.Key_Tab)
    hand.type("dropout")
    field = hand.box().findChild(QLineEdit)
    assert field.accessibleDescription().startswith("Dropout, gives 32 ×")  # noqa: RUF001


def test_other_names_find_a_layer(hand: Hand, document: Document) -> None:
    hand.key(Key.Key_Tab)
    hand.type("dense")
    assert hand.rows_offered()[0] == "Linear"
    hand.key(Key.Key_Return)
    assert "linear_2" in document.project.graph.nodes


def test_layers_added_by_key_lie_on_no_other(
    hand: Hand, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    """Beside each other where nothing was chosen, and aside as one more branch of a node."""
    for chosen in ((), (), (), ("conv2d_1",), ("conv2d_1",), ("input_1",)):
        selection.choose(chosen)
        hand.key(Key.Key_Tab)
        hand.type("relu")
        hand.key(Key.Key_Return)
    assert len(document.project.graph.nodes) == 11
    items = canvas.picture.node_items.values()
    cards = [item.card.translated(item.pos()) for item in items]
    covered = [(a, b) for a, b in combinations(cards, 2) if a.intersects(b)]
    assert covered == []
    graph = document.project.graph
    fed = [edge.target for edge in graph.outgoing("conv2d_1") if edge.target != "relu_1"]
    across = [graph.positions[target][0] for target in fed]
    assert across == [400.0, 400.0], "branches lie below one another"


def test_what_was_placed_lately_is_remembered(
    hand: Hand, canvas: CanvasView, selection: Selection, tmp_path
) -> None:
    settings = Settings(tmp_path)
    canvas.boxes.remember_in(RecentLayers(settings))
    selection.choose(("relu_1",))
    hand.key(Key.Key_Tab)
    hand.type("mish")
    hand.key(Key.Key_Return)
    assert RecentLayers(settings).keys == ("mish",)
    assert RecentLayers(Settings(tmp_path)).keys == ("mish",)


def test_r_replaces_a_node_and_keeps_its_wires(
    hand: Hand, document: Document, selection: Selection
) -> None:
    before = document.project.graph
    selection.choose(("relu_1",))
    hand.key(Key.Key_R)
    hand.type("gelu")
    hand.key(Key.Key_Return)
    after = document.project.graph
    assert after.nodes["relu_1"].layer == "gelu"
    assert after.edges == before.edges
    assert selection.only == "relu_1"
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project.graph == before


def test_i_puts_a_layer_between_a_node_and_what_it_feeds(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("conv2d_1",))
    hand.key(Key.Key_I)
    assert "Output" not in [title for title, _gives, reason in rows_of(hand) if not reason]
    hand.type("batch norm")
    hand.key(Key.Key_Return)
    edges = document.project.graph.edges
    assert {Edge("conv2d_1", "batch_norm_1"), Edge("batch_norm_1", "relu_1")} <= set(edges)
    assert document.undo_stack.count() == 1


def test_enter_asks_for_the_settings(hand: Hand, canvas: CanvasView, selection: Selection) -> None:
    wanted = QSignalSpy(canvas.boxes.parameters_wanted)
    hand.key(Key.Key_Return)
    assert wanted.count() == 0
    selection.choose(("relu_1",))
    hand.key(Key.Key_Return)
    assert wanted.at(0)[0] == "relu_1"


def test_up_and_down_walk_between_branches() -> None:
    graph = network().graph
    for number, y in enumerate((-200.0, 80.0, 300.0)):
        graph, added = add_node(graph, "tanh", (900.0 + 10 * number, y))
        graph = connect(graph, Edge("relu_1", added))
    assert next_node(graph, "tanh_2", "up") == "tanh_1"
    assert next_node(graph, "tanh_2", "down") == "tanh_3"
    assert next_node(graph, "tanh_2", "left") == "relu_1"
    assert next_node(graph, "tanh_3", "up") == "tanh_2", "not the nearer output card"


def preview(canvas: CanvasView) -> int:
    items = canvas.picture.items()
    return sum(isinstance(i, QGraphicsPathItem) and not isinstance(i, EdgeItem) for i in items)


def test_c_shows_the_wire_before_it_is_drawn(
    hand: Hand, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    before = preview(canvas)
    selection.choose(("relu_1",))
    hand.key(Key.Key_C)
    hand.type("connect")
    assert preview(canvas) == before + 1
    hand.key(Key.Key_Escape)
    assert preview(canvas) == before
    assert document.undo_stack.count() == 0


def test_c_says_why_a_wire_may_not_be_drawn(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("relu_1",))
    hand.key(Key.Key_C)
    hand.type("connect to conv")
    told = {title: reason for title, _gives, reason in rows_of(hand)}
    assert "circle" in told["Connect to Convolution 2D 1"]
    hand.key(Key.Key_Return)
    assert document.undo_stack.count() == 0


def test_c_draws_what_does_not_fit_when_it_is_wanted(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("relu_1",))
    hand.key(Key.Key_C)
    hand.type("connect to linear")
    row = hand.box().findChild(RowList).current
    assert "one line of numbers" in row.doubt
    hand.key(Key.Key_Return)
    assert Edge("relu_1", "linear_1") in document.project.graph.edges


def test_an_end_takes_from_others_by_key(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("output_1",))
    hand.key(Key.Key_C)
    hand.type("take from linear")
    hand.key(Key.Key_Return)
    assert Edge("linear_1", "output_1") in document.project.graph.edges


def test_the_menu_says_why_something_cannot_be_done(
    canvas: CanvasView, selection: Selection
) -> None:
    selection.choose(("relu_1", "conv2d_1"))
    menu = menu_of(canvas)
    actions = {action.objectName(): action for action in menu.actions()}
    assert not actions["menu.replace"].isEnabled()
    assert actions["menu.replace"].toolTip() == "Select one node first."
    menu.deleteLater()
    selection.choose(("relu_1",))
    menu = menu_of(canvas)
    actions = {action.objectName(): action for action in menu.actions()}
    assert actions["menu.replace"].isEnabled()
    menu.deleteLater()


def test_tab_twice_leads_on_from_the_canvas(qtbot: QtBot, document: Document) -> None:
    window, beside = QWidget(), QLineEdit()
    canvas = CanvasView(document, Selection(document))
    row = QHBoxLayout(window)
    row.addWidget(canvas)
    row.addWidget(beside)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    canvas.setFocus()
    qtbot.keyClick(canvas, Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert QApplication.focusWidget() is beside
    qtbot.keyClick(beside, Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is canvas


def with_shelf(canvas: CanvasView) -> None:
    canvas.block_editor.shelf = BlockShelf(parent=canvas)
    canvas.boxes.offer_blocks(canvas.block_editor)


def test_blocks_are_offered_beside_the_layers(
    hand: Hand, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    with_shelf(canvas)
    selection.choose(("relu_1",))
    hand.key(Key.Key_Tab)
    rows = rows_of(hand)
    titles = [title for title, _gives, _reason in rows]
    order = ("Likely here", "Blocks", "Residual", "All that fit", "Do not fit here")
    places = [titles.index(title) for title in order]
    assert places == sorted(places)
    told = {title: reason for title, _gives, reason in rows}
    assert "expects a sequence" in told["Transformer block"]
    hand.type("residual")
    hand.key(Key.Key_Return)
    graph = document.project.graph
    (block,) = graph.blocks.values()
    assert block.name == "Residual"
    assert any(edge.source == "relu_1" for edge in graph.edges)
    assert document.undo_stack.count() == 1


def test_a_layer_that_is_named_stands_before_blocks(
    hand: Hand, canvas: CanvasView, selection: Selection
) -> None:
    with_shelf(canvas)
    selection.choose(("relu_1",))
    hand.key(Key.Key_Tab)
    hand.type("convolution 2d")
    assert hand.rows_offered()[0] == "Convolution 2D"


def test_what_is_found_in_a_closed_block_marks_the_block(
    hand: Hand, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    graph, block = grouped(document.project.graph, ("conv2d_1", "relu_1"), "Stem")
    document.apply_to_graph(lambda _graph: opened(graph, block, is_open=False), "Group")
    bar = FindBar(canvas)
    bar.open()
    hand.type("convolution")
    assert bar.hits == ("conv2d_1",)
    assert selection.only == "conv2d_1"
    hand.key(Key.Key_Escape)


@pytest.fixture
def whole(document: Document) -> None:
    """One chain: the convolution feeds the ReLU, which feeds another."""
    graph, added = add_node(document.project.graph, "relu", (660.0, 0.0))
    graph = connect(graph, Edge("relu_1", added))
    document.apply_to_graph(lambda _graph: graph, "Draw")


def answers(canvas: CanvasView) -> set[str]:
    """The layers with something wrong that is not that nothing is wired there."""
    nodes = canvas.editor.document.report.nodes
    return {i for i, one in nodes.items() if any(p.code != "not-connected" for p in one.problems)}


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("key", [Qt.Key.Key_R, Qt.Key.Key_I])
def test_blocks_take_a_place_or_go_behind_a_node_by_key(
    canvas: CanvasView, hand: Hand, selection: Selection, key: Qt.Key
) -> None:
    with_shelf(canvas)
    selection.choose({"relu_1"})
    before = answers(canvas)
    hand.key(key)
    rows = rows_of(hand)
    assert ("Residual", "32 × 26 × 26", "") in rows  # noqa: RUF001 - the sign of sizes
    refused = {title: reason for title, _gives, reason in rows if reason}
    assert "sequence" in refused["Transformer block"]
    hand.type("residual")
    hand.key(Qt.Key.Key_Return)
    graph = canvas.editor.graph
    (block,) = graph.blocks.values()
    assert selection.block == block.id
    feeder = "conv2d_1" if key == Qt.Key.Key_R else "relu_1"
    assert {e.target for e in graph.outgoing(feeder)} <= set(block.members)
    assert graph.incoming("relu_2")[0].source in block.members
    assert answers(canvas) == before
    canvas.editor.document.undo_stack.undo()
    assert not canvas.editor.graph.blocks


def test_a_wire_let_go_on_empty_space_offers_blocks_from_either_end(
    canvas: CanvasView, hand: Hand
) -> None:
    with_shelf(canvas)
    hand.drag(hand.port("relu_1", "output"), QPointF(700.0, 150.0))
    assert ("Residual", "32 × 26 × 26", "") in rows_of(hand)  # noqa: RUF001
    hand.key(Qt.Key.Key_Escape)
    hand.drag(hand.port("linear_1", "input"), QPointF(100.0, 330.0))
    refused = {title: reason for title, _gives, reason in rows_of(hand) if reason}
    assert "expects one line of numbers" in refused["Residual"]


def test_behind_a_repeated_block_what_its_last_copy_gives_counts(
    hand: Hand, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    graph, pool = add_node(document.project.graph, "max_pool2d", (660.0, 0.0))
    graph, block = grouped(connect(graph, Edge("relu_1", pool)), (pool,))
    graph = with_block(graph, replace(graph.blocks[block], repeats=3, is_open=False))
    document.apply_to_graph(lambda _graph: graph, "Draw")
    with_shelf(canvas)
    selection.choose({block})
    hand.key(Key.Key_Tab)
    given = {title: gives for title, gives, reason in rows_of(hand) if not reason}
    assert given["ReLU"] == given["Squeeze and excite"] == "32 × 3 × 3"  # noqa: RUF001


def test_arrows_go_on_from_where_something_was_deleted_or_let_go(
    hand: Hand, document: Document, selection: Selection
) -> None:
    selection.choose(("linear_1",))
    hand.key(Key.Key_Escape)
    hand.key(Key.Key_Right)
    assert selection.only == "linear_1"
    selection.choose(("relu_1",))
    hand.key(Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert not selection.nodes
    hand.key(Key.Key_Left)
    assert selection.only == "output_1", "the nearest to where it was"
    document.open_project(network(), None)
    selection.choose(())
    hand.key(Key.Key_Right)
    assert selection.only == "input_1"
