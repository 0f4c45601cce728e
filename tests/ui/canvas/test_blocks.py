"""Blocks on the canvas: made, opened, closed, moved, wired and put into wires as one thing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt

from studio.core.design import edits
from studio.core.design.block_edits import grouped, opened, with_block
from studio.core.design.graph import Edge, Graph
from studio.core.design.storage import to_json
from studio.core.plain import dump
from studio.ui.block_shelf import BlockShelf
from studio.ui.canvas.block_keys import BLOCKING
from studio.ui.canvas.key_rows import CanvasKey
from studio.ui.canvas.menu import menu_of
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.saved_blocks import SavedBlocks
from studio.ui.selection import Selection
from tests.ui.canvas.conftest import Hand

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
BODY = frozenset({"conv2d_1", "relu_1"})


@pytest.fixture
def whole(document: Document) -> Graph:
    """Input, convolution, ReLU, flattened to the linear layer and the Output, in one row."""
    graph = document.project.graph
    graph, flat = edits.add_node(graph, "flatten", (660.0, 0.0))
    graph = edits.move(graph, {"linear_1": (880.0, 0.0), "output_1": (1100.0, 0.0)})
    for edge in (Edge("relu_1", flat), Edge(flat, "linear_1"), Edge("linear_1", "output_1")):
        graph = edits.connect(graph, edge)
    document.apply_to_graph(lambda _graph: graph, "Draw")
    return graph


def the_block(canvas: CanvasView, *, is_open: bool = False) -> str:
    """Convolution and ReLU as a block."""
    graph, block = grouped(canvas.editor.graph, BODY, "Body")
    graph = opened(graph, block, is_open=is_open)
    canvas.editor.document.apply_to_graph(lambda _graph: graph, "Group")
    return block


def written(document: Document) -> bytes:
    return dump(to_json(document.project))


@pytest.mark.usefixtures("whole")
def test_ctrl_g_makes_a_block_and_asks_for_its_name(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    selection.choose(BODY)
    hand.key(Qt.Key.Key_G, CTRL)
    field = hand.name_field()
    assert field.isVisible()
    field.setText("Features")
    hand.key(Qt.Key.Key_Return)
    (block,) = canvas.editor.graph.blocks.values()
    assert (block.name, block.is_open) == ("Features", True)
    assert set(block.members) == BODY
    assert block.id in canvas.picture.frames


@pytest.mark.usefixtures("whole")
def test_what_cannot_be_a_block_is_refused_with_a_reason(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    said: list[object] = []
    canvas.refused.connect(said.append)
    selection.choose({"input_1", "relu_1"})
    hand.key(Qt.Key.Key_G, CTRL)
    assert canvas.editor.graph.blocks == {}
    assert len(said) == 1


@pytest.mark.usefixtures("whole")
def test_a_closed_block_is_opened_by_a_double_click_and_closed_by_its_title(
    canvas: CanvasView, hand: Hand, document: Document
) -> None:
    block = the_block(canvas)
    before = written(document)
    assert set(canvas.picture.view.graph.nodes) >= {block, "input_1"}
    hand.double_click(hand.middle_of(block))
    assert canvas.editor.graph.blocks[block].is_open
    assert "conv2d_1" in canvas.picture.view.graph.nodes
    hand.double_click(canvas.picture.frames[block].title_area.center())
    assert not canvas.editor.graph.blocks[block].is_open
    assert written(document) == before


@pytest.mark.usefixtures("whole")
def test_the_mark_of_an_open_block_closes_it(canvas: CanvasView, hand: Hand) -> None:
    block = the_block(canvas, is_open=True)
    hand.click(canvas.picture.frames[block].title_area.topLeft() + QPointF(20.0, 20.0))
    assert not canvas.editor.graph.blocks[block].is_open


@pytest.mark.usefixtures("whole")
def test_enter_opens_and_closes_what_is_selected(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    block = the_block(canvas)
    hand.click(hand.middle_of(block))
    assert selection.nodes == BODY
    assert selection.block == block
    hand.key(Qt.Key.Key_Return)
    assert canvas.editor.graph.blocks[block].is_open
    assert selection.nodes == BODY
    hand.key(Qt.Key.Key_Return)
    assert not canvas.editor.graph.blocks[block].is_open


def test_opening_makes_room(canvas: CanvasView, whole: Graph) -> None:
    block = the_block(canvas)
    canvas.block_editor.fold(block, is_open=True)
    frame = canvas.picture.frames[block].area
    held = canvas.picture.view.cards_of(BODY)
    for card in canvas.picture.view.graph.nodes:
        touches = frame.intersects(canvas.picture.content((card,)))
        assert touches == (card in held)
    assert canvas.editor.graph.positions["linear_1"][0] > whole.positions["linear_1"][0]


@pytest.mark.usefixtures("whole")
def test_a_block_is_dragged_with_all_that_is_in_it(canvas: CanvasView, hand: Hand) -> None:
    for is_open in (False, True):
        graph = canvas.editor.graph
        block = the_block(canvas, is_open=is_open)
        before = canvas.editor.graph.positions
        frames = canvas.picture.frames
        grip = frames[block].title_area.center() if is_open else hand.middle_of(block)
        hand.drag(grip, grip + QPointF(0.0, 200.0), CTRL)
        after = canvas.editor.graph.positions
        shifts = {after[i][1] - before[i][1] for i in BODY}
        assert len(shifts) == 1
        assert shifts != {0.0}
        assert after["input_1"] == before["input_1"]
        canvas.editor.document.apply_to_graph(lambda _graph, graph=graph: graph, "Back")


@pytest.mark.usefixtures("whole")
def test_a_closed_block_is_deleted_and_copied_whole(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    block = the_block(canvas)
    hand.click(hand.middle_of(block))
    hand.key(Qt.Key.Key_D, CTRL)
    assert set(canvas.editor.graph.blocks) == {block, "block_2"}
    assert selection.block == "block_2"
    hand.key(Qt.Key.Key_Delete)
    assert set(canvas.editor.graph.blocks) == {block}
    assert len(canvas.editor.graph) == 6


def test_wires_are_drawn_to_and_from_a_closed_block(
    canvas: CanvasView, hand: Hand, whole: Graph
) -> None:
    cut = edits.remove(whole, (), (Edge("input_1", "conv2d_1"), Edge("relu_1", "flatten_1")))
    canvas.editor.document.apply_to_graph(lambda _graph: cut, "Cut")
    block = the_block(canvas)
    hand.drag(hand.port("input_1", "output"), hand.middle_of(block))
    assert Edge("input_1", "conv2d_1") in canvas.editor.graph.edges
    hand.drag(hand.port("relu_1", "output"), hand.port("flatten_1", "input"))
    assert Edge("relu_1", "flatten_1") in canvas.editor.graph.edges


@pytest.mark.usefixtures("whole")
def test_one_wire_stands_for_all_that_it_feeds(canvas: CanvasView, hand: Hand) -> None:
    graph, total = edits.add_node(canvas.editor.graph, "add", (660.0, 200.0))
    graph, side = edits.add_node(graph, "conv2d", (440.0, 200.0))
    for edge in (
        Edge("input_1", side),
        Edge("relu_1", total, 0),
        Edge(side, total, 1),
        Edge(total, "flatten_1"),
    ):
        graph = edits.connect(graph, edge)
    graph, block = grouped(graph, (*BODY, side, total))
    graph = opened(graph, block, is_open=False)
    canvas.editor.document.apply_to_graph(lambda _graph: graph, "Draw")
    (wire,) = [e for e in canvas.picture.edge_items if e.source == "input_1"]
    canvas.editor.place("dropout", (100.0, 0.0), onto=wire)
    assert {e.source for e in canvas.editor.graph.edges if e.target in ("conv2d_1", side)} == {
        "dropout_1"
    }
    (wire,) = [e for e in canvas.picture.edge_items if e.source == "dropout_1"]
    canvas.editor.disconnect(wire)
    assert not canvas.editor.graph.outgoing("dropout_1")
    canvas.editor.connect(Edge("input_1", "conv2d_1"))
    assert (
        Edge("input_1", side) not in canvas.editor.graph.edges
    )  # nothing says that they go together
    assert hand.canvas is canvas


def test_a_loose_block_let_go_on_a_wire_goes_into_it(
    canvas: CanvasView, hand: Hand, whole: Graph
) -> None:
    loose = edits.remove_and_reconnect(whole, BODY)
    canvas.editor.document.apply_to_graph(lambda _graph: loose, "Take out")
    graph, first = edits.add_node(loose, "conv2d", (220.0, 400.0))
    graph, second = edits.add_node(graph, "relu", (440.0, 400.0))
    graph, block = grouped(edits.connect(graph, Edge(first, second)), (first, second))
    graph = opened(graph, block, is_open=False)
    canvas.editor.document.apply_to_graph(lambda _graph: graph, "Draw")
    wire = canvas.picture.edge_items[Edge("input_1", "flatten_1")]
    start = hand.middle_of(block)
    hand.drag(start, wire.path().pointAtPercent(0.5))
    edges = canvas.editor.graph.edges
    assert Edge("input_1", first) in edges
    assert Edge(second, "flatten_1") in edges


@pytest.mark.usefixtures("whole")
def test_the_arrows_walk_over_blocks(canvas: CanvasView, hand: Hand, selection: Selection) -> None:
    block = the_block(canvas)
    selection.choose({"input_1"})
    hand.key(Qt.Key.Key_Right)
    assert selection.block == block
    assert "2 layers" in canvas.accessibleDescription()
    hand.key(Qt.Key.Key_Right)
    assert selection.only == "flatten_1"


@pytest.mark.usefixtures("whole")
def test_a_card_let_go_in_an_open_block_is_in_it_and_is_taken_out_again(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    graph, loose = edits.add_node(canvas.editor.graph, "dropout", (330.0, 400.0))
    canvas.editor.document.apply_to_graph(lambda _graph: graph, "Add")
    block = the_block(canvas, is_open=True)
    hand.drag(hand.middle_of(loose), hand.middle_of("conv2d_1") + QPointF(90.0, 10.0), CTRL)
    assert loose in canvas.editor.graph.blocks[block].members
    selection.choose({loose})
    hand.key(Qt.Key.Key_O, SHIFT)
    assert loose not in canvas.editor.graph.blocks[block].members


@pytest.mark.usefixtures("whole")
def test_bypass_and_mute_are_seen_and_taken_back(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    selection.choose({"relu_1"})
    hand.key(Qt.Key.Key_B, CTRL)
    assert canvas.editor.graph.nodes["relu_1"].state == "bypassed"
    assert canvas.picture.node_items["relu_1"].face.badge.startswith("bypassed")
    hand.key(Qt.Key.Key_M, CTRL)
    assert canvas.picture.node_items["relu_1"].face.state == "muted"
    hand.key(Qt.Key.Key_M, CTRL)
    assert canvas.editor.graph.nodes["relu_1"].state == "on"


@pytest.mark.usefixtures("whole")
def test_everything_is_undone_to_the_same_bytes(
    canvas: CanvasView, document: Document, hand: Hand, selection: Selection
) -> None:
    start = written(document)
    selection.choose(BODY)
    hand.key(Qt.Key.Key_G, CTRL)
    hand.key(Qt.Key.Key_Escape)
    steps = [written(document)]
    (block,) = canvas.editor.graph.blocks
    for act in (
        lambda: canvas.block_editor.fold(block, is_open=False),
        lambda: canvas.block_editor.repeat(block, 1),
        lambda: canvas.block_editor.set_state("bypassed"),
        lambda: canvas.arrange(),
        lambda: canvas.block_editor.fold_all(is_open=True),
        lambda: canvas.block_editor.ungroup(),
    ):
        act()
        if written(document) != steps[-1]:
            steps.append(written(document))
    for expected in reversed([start, *steps[:-1]]):
        document.undo_stack.undo()
        assert written(document) == expected
    for expected in steps:
        document.undo_stack.redo()
        assert written(document) == expected


@pytest.mark.usefixtures("whole")
def test_the_menu_offers_what_can_be_done_to_a_block(
    canvas: CanvasView, selection: Selection
) -> None:
    def can(key: str) -> bool:
        menu = menu_of(canvas)
        is_enabled = any(
            action.isEnabled() for action in menu.actions() if action.objectName() == f"menu.{key}"
        )
        menu.deleteLater()
        return is_enabled

    selection.choose(BODY)
    assert can("group")
    assert not can("ungroup")
    the_block(canvas)
    assert can("ungroup")
    assert can("fold")


@pytest.mark.usefixtures("whole")
def test_a_block_that_is_repeated_says_so(canvas: CanvasView) -> None:
    block = the_block(canvas)
    graph = canvas.editor.graph
    one_channel = edits.set_param(graph, "conv2d_1", "out_channels", 1)
    canvas.editor.document.apply_to_graph(lambda _graph: one_channel, "Set")
    assert canvas.block_editor.repeat(block, 3) is None
    face = canvas.picture.node_items[block].face
    assert face.badge == "2 layers, 3 times"
    assert face.weights == 3 * 10
    canvas.block_editor.fold(block, is_open=True)
    assert "repeated 3 times" in canvas.picture.frames[block].toolTip()
    refused = canvas.block_editor.change(replace(canvas.editor.graph.blocks[block], repeats=10**6))
    assert refused is None
    assert canvas.editor.graph.blocks[block].repeats == 1000


@pytest.fixture
def shelf(canvas: CanvasView, tmp_path: Path) -> Iterator[BlockShelf]:
    made = BlockShelf(SavedBlocks(tmp_path / "blocks"))
    canvas.block_editor.shelf = made
    yield made
    made.saved.deleteLater()
    made.deleteLater()


@pytest.mark.usefixtures("whole", "shelf")
def test_a_ready_block_is_carried_onto_a_wire(canvas: CanvasView, hand: Hand) -> None:
    wire = canvas.picture.edge_items[Edge("conv2d_1", "relu_1")]
    hand.carry("block:residual", QPointF(0.0, 300.0), wire.path().pointAtPercent(0.5))
    graph = canvas.editor.graph
    (block,) = graph.blocks.values()
    assert canvas.selection.block == block.id
    assert {e.target for e in graph.outgoing("conv2d_1")} <= set(block.members)
    assert graph.incoming("relu_1")[0].source in block.members
    channels = graph.nodes["conv2d_1"].params.get("out_channels", 32)
    assert graph.nodes["conv2d_2"].params["out_channels"] == channels
    report = canvas.editor.document.report
    assert not any(report.nodes[i].problems for i in (*block.members, "relu_1"))
    places = canvas.picture.view.graph.positions
    assert places["conv2d_1"][0] + 140 <= places[block.id][0] <= places["relu_1"][0] - 140


@pytest.mark.usefixtures("whole", "shelf")
def test_a_ready_block_is_placed_behind_what_is_selected(
    canvas: CanvasView, selection: Selection
) -> None:
    selection.choose({"relu_1"})
    canvas.place_layer("block:squeeze_and_excite")
    graph = canvas.editor.graph
    (block,) = graph.blocks
    assert {e.target for e in graph.outgoing("relu_1")} & set(graph.blocks[block].members)
    selection.choose({block})
    canvas.place_layer("relu")
    assert graph.blocks[block].exposed
    new = canvas.editor.graph.incoming("relu_2")
    assert new[0].source in graph.blocks[block].members


@pytest.mark.usefixtures("whole")
def test_what_is_no_block_is_not_carried_in(
    canvas: CanvasView, hand: Hand, shelf: BlockShelf
) -> None:
    before = canvas.editor.graph
    hand.carry("block:nothing", QPointF(0.0, 300.0))
    canvas.block_editor.place("block:nothing", (0.0, 0.0))
    assert canvas.editor.graph is before
    assert len(shelf.offers()) == 8


@pytest.mark.usefixtures("whole")
def test_a_block_is_saved_to_the_palette_by_key(
    canvas: CanvasView, hand: Hand, shelf: BlockShelf
) -> None:
    said: list[str] = []
    canvas.block_saved.connect(said.append)
    block = the_block(canvas)
    hand.click(hand.middle_of(block))
    hand.key(Qt.Key.Key_B, CTRL | SHIFT)
    assert said == ["Body"]
    (key,) = [offer.key for offer in shelf.offers() if offer.is_saved]
    canvas.block_editor.place(key, (0.0, 400.0))
    assert [b.name for b in canvas.editor.graph.blocks.values()] == ["Body", "Body"]


@pytest.mark.usefixtures("whole")
def test_ungrouping_a_repeated_block_keeps_the_network(canvas: CanvasView, hand: Hand) -> None:
    block = the_block(canvas)
    graph = edits.set_param(canvas.editor.graph, "conv2d_1", "out_channels", 1)
    canvas.editor.document.apply_to_graph(lambda _graph: graph, "Set")
    canvas.block_editor.repeat(block, 3)
    weights = canvas.editor.document.report.parameters
    hand.click(hand.middle_of(block))
    hand.key(Qt.Key.Key_G, CTRL | SHIFT)
    assert canvas.editor.graph.blocks == {}
    assert len(canvas.editor.graph) == 6 + 4
    assert canvas.editor.document.report.parameters == weights


@pytest.mark.usefixtures("whole")
def test_too_many_repeats_are_not_ungrouped_but_told(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    said: list[object] = []
    canvas.refused.connect(said.append)
    graph, block = grouped(canvas.editor.graph, ("relu_1", "flatten_1"))
    graph = opened(graph, block, is_open=False)
    graph = with_block(graph, replace(graph.blocks[block], repeats=600))
    canvas.editor.document.apply_to_graph(lambda _graph: graph, "Group")
    selection.choose({block})
    hand.key(Qt.Key.Key_G, CTRL | SHIFT)
    canvas.block_editor.write_out()
    assert canvas.editor.graph is graph
    assert len(said) == 2


@pytest.mark.usefixtures("whole")
def test_a_closed_block_that_is_let_go_in_an_open_one_is_in_it_and_comes_out_whole(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    graph, first = edits.add_node(canvas.editor.graph, "dropout", (220.0, 300.0))
    graph, second = edits.add_node(graph, "gelu", (440.0, 300.0))
    graph, inner = grouped(edits.connect(graph, Edge(first, second)), (first, second))
    graph = opened(graph, inner, is_open=False)
    canvas.editor.document.apply_to_graph(lambda _graph: graph, "Draw")
    outer = the_block(canvas, is_open=True)
    canvas.fit()
    hand.drag(hand.middle_of(inner), hand.middle_of("conv2d_1") + QPointF(90.0, 10.0), CTRL)
    assert canvas.editor.graph.blocks[inner].parent == outer
    selection.choose({inner})
    hand.key(Qt.Key.Key_O, SHIFT)
    assert canvas.editor.graph.blocks[inner].parent == ""
    assert set(canvas.editor.graph.blocks[inner].members) == {first, second}


@pytest.mark.usefixtures("whole")
def test_a_duplicate_lies_in_the_block_of_what_it_was_made_from(
    canvas: CanvasView, hand: Hand, selection: Selection
) -> None:
    block = the_block(canvas, is_open=True)
    selection.choose({"relu_1"})
    hand.key(Qt.Key.Key_D, CTRL)
    assert canvas.editor.graph.blocks[block].members == ("conv2d_1", "relu_1", "relu_2")
    selection.choose({block})
    hand.key(Qt.Key.Key_D, CTRL)
    assert {b.parent for b in canvas.editor.graph.blocks.values()} == {""}


@pytest.mark.parametrize("row", BLOCKING, ids=lambda row: row.key)
def test_without_a_selection_no_key_of_blocks_does_anything(
    canvas: CanvasView, shelf: BlockShelf, row: CanvasKey
) -> None:
    before = canvas.editor.graph
    wanted: list[str] = []
    canvas.block_file_wanted.connect(wanted.append)
    row.act(canvas)
    assert canvas.editor.graph is before
    assert wanted == []
    assert not any(offer.is_saved for offer in shelf.offers())
