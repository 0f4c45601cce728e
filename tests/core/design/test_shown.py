"""What is drawn of blocks: cards and frames, laid out, opened and closed."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from studio.core.design import edits
from studio.core.design.arrange_blocks import arranged_in_blocks
from studio.core.design.block_edits import grouped, opened, with_block
from studio.core.design.drawing import Drawing
from studio.core.design.folding_blocks import folded
from studio.core.design.frames import frame_areas, frame_at
from studio.core.design.graph import Edge, Graph
from studio.core.design.shown import (
    closed_place,
    inlet_twins,
    moved_to,
    nodes_of,
    shown,
    twins_of,
)
from tests.core.design.test_blocks import INSIDE, residual


def closed(graph: Graph, members: tuple[str, ...] = INSIDE) -> Graph:
    graph, block = grouped(graph, members, "Step")
    return opened(graph, block, is_open=False)


def steps(count: int) -> Graph:
    """So many steps with a way past them one behind another, each a block, and a branch aside."""
    drawing = Drawing()
    x = drawing.input()
    held = []
    for _ in range(count):
        first = drawing.add("linear", x, out_features=4)
        bent = drawing.add("relu", first)
        x, before = drawing.add("add", x, bent), x
        held.append((first, bent, x))
        del before
    side = drawing.add("linear", held[0][2], out_features=4)
    drawing.output(drawing.add("add", x, side))
    graph = drawing.graph()
    for members in held:
        graph, _block = grouped(graph, members)
    return graph


def test_without_blocks_the_very_graph_is_drawn() -> None:
    graph = residual()
    assert shown(graph).graph is graph
    assert shown(graph).cards == {}


def test_a_closed_block_is_one_card_with_one_wire_for_one_thing() -> None:
    view = shown(closed(residual()))
    assert set(view.graph.nodes) == {"input_1", "block_1", "output_1"}
    assert view.graph.edges == (Edge("input_1", "block_1"), Edge("block_1", "output_1"))
    assert view.exits == {"block_1": "add_1"}
    assert view.card("relu_1") == "block_1"
    assert view.cards_of(("relu_1", "input_1", "add_1")) == ("block_1", "input_1")


def test_what_is_one_wire_is_cut_and_drawn_together() -> None:
    graph = closed(residual())
    both = (Edge("input_1", "linear_1"), Edge("input_1", "add_1"))
    assert twins_of(graph, both[0]) == both
    assert inlet_twins(graph, Edge("input_1", "linear_1")) == both
    assert twins_of(residual(), both[0]) == both[:1]


def test_a_block_in_a_closed_block_is_not_drawn() -> None:
    graph, inner = grouped(residual(), ("linear_1", "relu_1"))
    graph, outer = grouped(graph, INSIDE)
    assert shown(graph).frames == (outer, inner)
    assert set(shown(opened(graph, inner, is_open=False)).graph.nodes) == {
        "input_1",
        inner,
        "add_1",
        "output_1",
    }
    graph = opened(graph, outer, is_open=False)
    assert set(shown(graph).graph.nodes) == {"input_1", outer, "output_1"}
    assert shown(graph).frames == ()
    assert nodes_of(graph, (outer,)) == set(INSIDE)


def test_a_card_that_is_moved_takes_along_what_is_in_it() -> None:
    graph = closed(residual())
    x, y = shown(graph).graph.positions["block_1"]
    moved = edits.move(graph, moved_to(graph, {"block_1": (x + 100, y - 40)}))
    assert shown(moved).graph.positions["block_1"] == (x + 100, y - 40)
    for node_id in INSIDE:
        left, top = graph.positions[node_id]
        assert moved.positions[node_id] == (left + 100, top - 40)


@pytest.mark.parametrize("is_open", [True, False])
def test_what_is_arranged_in_blocks_stays_together(is_open: bool) -> None:
    graph = steps(4)
    for block in list(graph.blocks):
        graph = opened(graph, block, is_open=is_open or block == "block_2")
    places = arranged_in_blocks(graph)
    assert set(places) == set(graph.nodes)
    graph = edits.move(graph, places)
    no_overlap(graph)
    assert all(x % 20 == 0 for x, _y in shown(graph).graph.positions.values())


def no_overlap(graph: Graph) -> None:
    """No card lies on another, or in a frame that it does not belong to."""
    view = shown(graph)
    places = view.graph.positions
    wide, high = edits.NODE_SIZE
    for one, other in combinations(places.values(), 2):
        assert abs(one[0] - other[0]) >= wide or abs(one[1] - other[1]) >= high
    areas = frame_areas(graph.blocks, view, lambda i: (*places[i], wide, high))
    for block, (left, top, width, height) in areas.items():
        held = set(view.cards_of(nodes_of(graph, (block,))))
        for card, (x, y) in places.items():
            is_in = x < left + width and left < x + wide and y < top + height and top < y + high
            assert is_in == (card in held), (block, card)


def test_opening_makes_room_and_closing_takes_it_back() -> None:
    graph = steps(4)
    for block in list(graph.blocks):
        graph = opened(graph, block, is_open=False)
    graph = edits.move(graph, arranged_in_blocks(graph))
    no_overlap(graph)
    wider = folded(graph, "block_2", is_open=True)
    no_overlap(wider)
    assert wider.positions["linear_3"] != graph.positions["linear_3"]
    both = folded(wider, "block_3", is_open=True)
    no_overlap(both)
    assert folded(both, "block_3", is_open=False) == wider
    assert folded(wider, "block_2", is_open=False) == graph


def test_a_frame_is_found_where_a_point_lies_in_it() -> None:
    graph, block = grouped(residual(), INSIDE)
    x, y = graph.positions["relu_1"]
    assert frame_at(graph, x, y) == block
    assert frame_at(graph, *graph.positions["output_1"]) == ""
    assert frame_at(residual(), x, y) == ""


def test_a_closed_block_stands_half_way_down_what_is_in_it() -> None:
    places = [(40, 0), (0, 200), (90, 60)]
    assert closed_place(places, "right") == (0, 100)
    assert closed_place(places, "down") == (45, 0)


def test_a_block_with_open_inputs_has_ports_for_them() -> None:
    graph = closed(residual())
    graph = edits.remove(graph, ("input_1",))
    assert len(shown(graph).inlets["block_1"]) == 2
    repeated = replace(graph.blocks["block_1"], repeats=1, name="Other")
    assert shown(with_block(graph, repeated)).graph.nodes["block_1"].name == "Other"


def test_what_is_in_a_closed_block_is_laid_out_for_cards_as_large_as_the_others() -> None:
    tall = arranged_in_blocks(closed(residual()), lambda _card: (140.0, 160.0), way="down")
    heights = sorted({tall[i][1] for i in ("linear_1", "relu_1", "add_1")})
    assert all(below - above >= 160.0 for above, below in pairwise(heights))
    assert len(heights) == 3
