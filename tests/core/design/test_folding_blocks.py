"""Blocks are opened and closed: cards, frames and notes make room, and take it back."""

import pytest

from studio.core.design.arrange_blocks import arranged_in_blocks
from studio.core.design.block_edits import grouped, opened
from studio.core.design.blocks import contents
from studio.core.design.edits import GRID, NODE_SIZE, add_node, connect, move
from studio.core.design.folding_blocks import folded
from studio.core.design.frames import frame_areas
from studio.core.design.graph import Edge, Graph
from studio.core.design.remarks import add_remark, holds
from studio.core.design.shown import shown

ROW = ("input", "conv2d", "batch_norm", "relu", "flatten", "linear")


@pytest.fixture
def drawing():
    """A row of six with two in a closed block, a card above it and one below it."""
    graph, last = Graph(), ""
    for number, layer in enumerate(ROW):
        graph, added = add_node(graph, layer, (180.0 * number, 0.0))
        graph = connect(graph, Edge(last, added)) if last else graph
        last = added
    graph, _ = add_node(graph, "dropout", (180.0, -100.0))
    graph, _ = add_node(graph, "gelu", (180.0, 100.0))
    graph, block = grouped(graph, ("conv2d_1", "batch_norm_1", "relu_1"), "Body")
    graph = move(graph, {"batch_norm_1": (360.0, 120.0), "relu_1": (540.0, -120.0)})
    graph = folded(graph, block, is_open=False)
    return graph, block


def area_of(graph: Graph, block: str):
    view = shown(graph)
    places = view.graph.positions
    return frame_areas(graph.blocks, view, lambda i: (*places[i], *NODE_SIZE))[block]


def card(graph: Graph, node: str):
    return (*shown(graph).graph.positions[node], *NODE_SIZE)


def overlap(one, other):
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def with_remark(graph: Graph, kind, area):
    return add_remark(graph, kind, area, "Words")


def test_a_frame_around_cards_that_are_pushed_goes_with_them(drawing):
    graph, block = drawing
    x, y, width, height = card(graph, "linear_1")
    graph, frame = with_remark(graph, "frame", (x - 20, y - 40, width + 40, height + 60))
    after = folded(graph, block, is_open=True)
    assert holds(after.remarks[frame].area, card(after, "linear_1"))
    assert after.remarks[frame].area[2:] == graph.remarks[frame].area[2:]
    assert not overlap(after.remarks[frame].area, area_of(after, block))


def test_a_frame_around_the_block_grows_with_it(drawing):
    graph, block = drawing
    x, y, width, height = card(graph, block)
    graph, frame = with_remark(graph, "frame", (x - 20, y - 40, width + 40, height + 60))
    after = folded(graph, block, is_open=True)
    assert holds(after.remarks[frame].area, area_of(after, block))
    around = {i for i in after.nodes if holds(after.remarks[frame].area, card(after, i))}
    assert around == set(contents(after, block))


def test_a_frame_around_all_still_holds_all(drawing):
    graph, block = drawing
    graph, frame = with_remark(graph, "frame", (-40.0, -200.0, 1200.0, 400.0))
    after = folded(graph, block, is_open=True)
    cards = shown(after).graph.nodes
    assert all(holds(after.remarks[frame].area, card(after, i)) for i in cards)


def test_notes_are_not_covered(drawing):
    graph, block = drawing
    x, y, _width, _height = card(graph, block)
    graph, below = with_remark(graph, "note", (x, y + 70.0, 140.0, 60.0))
    graph, above = with_remark(graph, "note", (x, y - 70.0, 140.0, 60.0))
    graph, beside = with_remark(graph, "note", (x + 150.0, y, 60.0, 60.0))
    after = folded(graph, block, is_open=True)
    for note in (below, above, beside):
        assert not overlap(after.remarks[note].area, area_of(after, block))
    far_above = (x, y - 800.0, 140.0, 60.0)
    graph, far = with_remark(graph, "note", far_above)
    assert folded(graph, block, is_open=True).remarks[far].area[1] < far_above[1]


def test_opening_and_closing_again_changes_nothing(drawing):
    graph, block = drawing
    for kind, area in (
        ("frame", (-40.0, -200.0, 1200.0, 400.0)),
        ("frame", (*card(graph, "linear_1")[:2], 200.0, 100.0)),
        ("frame", (300.0, 400.0, 80.0, 80.0)),
        ("note", (card(graph, block)[0], 160.0, 140.0, 60.0)),
        ("note", (700.0, -90.0, 140.0, 60.0)),
    ):
        graph, _remark = with_remark(graph, kind, area)
    after = folded(graph, block, is_open=True)
    assert after.remarks != graph.remarks
    again = folded(after, block, is_open=False)
    assert again.remarks == graph.remarks
    assert again.positions == graph.positions


def test_a_frame_in_the_block_stays_when_it_is_closed(drawing):
    graph, block = drawing
    after = folded(graph, block, is_open=True)
    x, y, width, height = card(after, "batch_norm_1")
    after, frame = with_remark(after, "frame", (x - 5, y - 5, width + 10, height + 10))
    closed = folded(after, block, is_open=False)
    assert closed.remarks[frame] == after.remarks[frame]
    assert opened(closed, block, is_open=True).remarks == closed.remarks


@pytest.fixture
def column():
    """A network laid out downwards with a branched block in it, closed."""
    graph, last = Graph(), ""
    for layer in ("input", "conv2d", "relu", "flatten", "linear"):
        graph, added = add_node(graph, layer, (0.0, 0.0))
        graph = connect(graph, Edge(last, added)) if last else graph
        last = added
    graph, side = add_node(graph, "conv2d", (0.0, 0.0))
    graph, total = add_node(graph, "add", (0.0, 0.0))
    for edge in (
        Edge("input_1", side),
        Edge("relu_1", total),
        Edge(side, total, 1),
        Edge(total, "flatten_1"),
    ):
        graph = connect(graph, edge)
    graph, block = grouped(graph, ("conv2d_1", "relu_1", side, total), "Body")
    graph = opened(graph, block, is_open=False)
    return move(graph, arranged_in_blocks(graph, way="down")), block


def test_downwards_a_closed_block_stands_in_the_column(column):
    graph, block = column
    places = shown(graph).graph.positions
    assert len({x for x, _y in places.values()}) == 1
    assert places["input_1"][1] < places[block][1] < places["flatten_1"][1]


def test_downwards_an_open_block_begins_where_its_card_was_and_pushes_what_follows_down(column):
    graph, block = column
    x, top, width, _height = card(graph, block)
    after = folded(graph, block, is_open=True)
    left, upper, wide, _high = area_of(after, block)
    assert (left + wide / 2, upper) == (x + width / 2, top)
    assert after.positions["input_1"] == graph.positions["input_1"]
    assert after.positions["flatten_1"][0] == graph.positions["flatten_1"][0]
    assert not any(
        overlap(card(after, i), area_of(after, block)) for i in ("input_1", "flatten_1", "linear_1")
    )
    assert folded(after, block, is_open=False) == graph


def test_a_block_that_was_laid_out_open_is_closed_into_the_column(column):
    graph, block = column
    graph = opened(graph, block, is_open=True)
    graph = move(graph, arranged_in_blocks(graph, way="down"))
    places = shown(folded(graph, block, is_open=False)).graph.positions
    lefts = [x for x, _y in places.values()]
    assert max(lefts) - min(lefts) <= GRID / 2  # the layout puts what is wide on the grid
    gap = places["flatten_1"][1] - places[block][1]
    assert gap == places["linear_1"][1] - places["flatten_1"][1]
