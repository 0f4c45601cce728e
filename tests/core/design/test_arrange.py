"""Automatic layout: nothing overlaps, nothing runs back, branches stand about their neighbours."""

from collections.abc import Callable, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.design.arrange import GAP_ACROSS, GAP_DOWN, GRID, NODE_SIZE, arranged
from studio.core.design.columns import MOST_BENDS
from studio.core.design.graph import Edge, Graph, Node, Position

Size = tuple[float, float]
WIDTH, HEIGHT = NODE_SIZE


def drawing(count: int, wires: Sequence[tuple[int, int] | tuple[int, int, int]]) -> Graph:
    nodes = {f"n{i}": Node(f"n{i}", "relu", f"Node {i}") for i in range(count)}
    edges = [(*wire, 0) if len(wire) == 2 else wire for wire in wires]
    return Graph(nodes, tuple(Edge(f"n{a}", f"n{b}", port) for a, b, port in edges))


@st.composite
def drawings(draw: st.DrawFn, *, with_circles: bool) -> Graph:
    count = draw(st.integers(1, 14))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    pairs = draw(st.lists(ends, max_size=24))
    if not with_circles:
        names = draw(st.permutations(range(count)))
        pairs = [(names[min(pair)], names[max(pair)]) for pair in pairs if len(set(pair)) == 2]
    ports: dict[int, int] = {}
    wires = []
    for source, target in pairs:
        ports[target] = ports.get(target, -1) + 1
        wires.append((source, target, ports[target]))
    return drawing(count, wires)


def sizes_of(graph: Graph, data: st.DataObject) -> Callable[[str], Size]:
    """Any sizes, in quarters of a unit, which sums keep exactly."""
    lengths = st.integers(120, 1600).map(lambda quarters: quarters / 4)
    sizes = {i: data.draw(st.tuples(lengths, lengths)) for i in graph.nodes}
    return sizes.__getitem__


def assert_tidy(graph: Graph, places: dict[str, Position], size_of: Callable[[str], Size]) -> None:
    assert set(places) == set(graph.nodes)
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in places.values())
    for one, other in combinations(places, 2):
        across = _distance(places[one][0], size_of(one)[0], places[other][0], size_of(other)[0])
        down = _distance(places[one][1], size_of(one)[1], places[other][1], size_of(other)[1])
        assert across >= GAP_ACROSS or down >= GAP_DOWN, (one, other)


def _distance(start: float, length: float, other: float, others_length: float) -> float:
    """The free space between two stretches; negative where they overlap."""
    return max(other - start - length, start - other - others_length)


@given(drawings(with_circles=True), st.data())
@settings(max_examples=200)
def test_any_drawing_is_placed_on_the_grid_without_overlap(
    graph: Graph, data: st.DataObject
) -> None:
    size_of = sizes_of(graph, data)
    assert_tidy(graph, dict(arranged(graph, size_of)), size_of)


@given(drawings(with_circles=False), st.data())
@settings(max_examples=200)
def test_no_edge_runs_back(graph: Graph, data: st.DataObject) -> None:
    size_of = sizes_of(graph, data)
    places = arranged(graph, size_of)
    for edge in graph.edges:
        right_side = places[edge.source][0] + size_of(edge.source)[0]
        assert places[edge.target][0] >= right_side + GAP_ACROSS


@given(drawings(with_circles=False), st.data())
@settings(max_examples=100)
def test_downwards_nothing_overlaps_and_no_edge_runs_back_up(
    graph: Graph, data: st.DataObject
) -> None:
    size_of = sizes_of(graph, data)
    below = {
        i: data.draw(st.integers(0, 400).map(lambda quarters: quarters / 4)) for i in graph.nodes
    }

    def taken(node_id: str) -> Size:
        width, height = size_of(node_id)
        return height + below[node_id], width

    places = arranged(graph, size_of, below.__getitem__, way="down")
    assert_tidy(graph, {i: (y, x) for i, (x, y) in places.items()}, taken)
    for edge in graph.edges:
        foot = places[edge.source][1] + taken(edge.source)[0]
        assert places[edge.target][1] >= foot + GAP_ACROSS


@given(drawings(with_circles=True))
def test_the_same_drawing_gives_the_same_places(graph: Graph) -> None:
    places = arranged(graph)
    again = arranged(Graph(dict(graph.nodes), tuple(graph.edges), places))
    assert again == places
    assert min(x for x, _y in places.values()) == 0
    assert min(y for _x, y in places.values()) == 0


def test_an_empty_drawing_has_no_places() -> None:
    assert arranged(Graph()) == {}


def test_a_chain_is_one_straight_line() -> None:
    places = arranged(drawing(5, [(i, i + 1) for i in range(4)]))
    assert [places[f"n{i}"] for i in range(5)] == [(180.0 * i, 0.0) for i in range(5)]


def test_a_fork_is_centred_on_its_branches_and_a_join_too() -> None:
    places = arranged(drawing(6, [(0, 1), (1, 2), (1, 3), (2, 4, 0), (3, 4, 1), (4, 5)]))
    branches = [places["n2"][1], places["n3"][1]]
    assert branches[0] < branches[1]
    for middle in ("n0", "n1", "n4", "n5"):
        assert abs(places[middle][1] - sum(branches) / 2) <= GRID / 2


def test_three_branches_stand_evenly() -> None:
    places = arranged(drawing(5, [(0, 1), (0, 2), (0, 3), (1, 4, 0), (2, 4, 1), (3, 4, 2)]))
    upper, middle, lower = (places[f"n{i}"][1] for i in (1, 2, 3))
    assert middle - upper == lower - middle
    assert places["n0"][1] == places["n4"][1] == middle


def test_an_edge_past_a_layer_has_free_way() -> None:
    places = arranged(drawing(5, [(0, 1), (1, 2), (2, 3, 0), (0, 3, 1), (3, 4)]))
    start, goal = places["n0"][1] + HEIGHT / 2, places["n3"][1] + HEIGHT / 2
    for passed in ("n1", "n2"):
        top = places[passed][1]
        assert not top <= start <= top + HEIGHT
        assert not top <= goal <= top + HEIGHT


def test_chains_that_were_drawn_crosswise_are_untangled() -> None:
    crosswise = [(0, 3), (1, 2), (2, 5), (3, 4), (4, 6, 0), (5, 6, 1)]
    places = arranged(drawing(7, crosswise))
    upper = [places[i][1] < places[j][1] for i, j in (("n0", "n1"), ("n3", "n2"), ("n4", "n5"))]
    assert len(set(upper)) == 1


def test_what_goes_into_the_first_port_stands_above() -> None:
    places = arranged(drawing(4, [(0, 2, 1), (1, 2, 0), (2, 3)]))
    assert places["n1"][1] < places["n0"][1]


def test_a_tree_is_drawn_without_crossings() -> None:
    scrambled = [(0, 2), (0, 1), (1, 6), (2, 3), (1, 4), (2, 5), (3, 8), (6, 7), (5, 9)]
    graph = drawing(10, scrambled)
    assert _crossings(graph, arranged(graph)) == 0


def _crossings(graph: Graph, places: object) -> int:
    assert isinstance(places, dict)
    pairs = combinations([(places[e.source], places[e.target]) for e in graph.edges], 2)
    return sum(
        one[0][0] == other[0][0]
        and one[1][0] == other[1][0]
        and (one[0][1] - other[0][1]) * (one[1][1] - other[1][1]) < 0
        for one, other in pairs
    )


def test_parts_that_nothing_joins_stand_below_one_another_lone_nodes_last() -> None:
    places = arranged(drawing(7, [(1, 2), (4, 5)]))
    assert places["n1"] == (0.0, 0.0)
    assert places["n4"][0] == 0.0
    assert places["n4"][1] > places["n1"][1] + HEIGHT
    lone = [places[i] for i in ("n0", "n3", "n6")]
    assert lone == [(0.0, lone[0][1]), (180.0, lone[0][1]), (360.0, lone[0][1])]
    assert lone[0][1] > places["n4"][1] + HEIGHT


def test_a_circle_is_cut_at_one_edge() -> None:
    graph = drawing(4, [(0, 1), (1, 2), (2, 1, 1), (2, 3), (3, 3, 1)])
    places = arranged(graph)
    back = [e for e in graph.edges if places[e.target][0] <= places[e.source][0]]
    assert {(e.source, e.target) for e in back} == {("n2", "n1"), ("n3", "n3")}


@pytest.mark.parametrize("far", [5, 40])
def test_a_drawing_of_500_layers_is_tidy(far: int) -> None:
    """With wires that pass few layers, and with more bends than are drawn one by one."""
    skips = [(i, i + far, 1) for i in range(0, 499 - far, 8)]
    bends = len(skips) * (far - 1)
    assert (bends > MOST_BENDS) == (far == 40)
    graph = drawing(500, [*((i, i + 1) for i in range(499)), *skips])
    places = dict(arranged(graph))
    assert_tidy(graph, places, lambda _node_id: NODE_SIZE)
    assert all(places[e.target][0] > places[e.source][0] for e in graph.edges)
