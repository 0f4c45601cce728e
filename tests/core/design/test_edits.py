"""Every edit of a graph, and random walks over all of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY
from studio.core.design import clipboard, edits
from studio.core.design.graph import Edge, Graph
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.problems import StudioError
from tests.builders import chain, table


def test_a_new_node_is_named_and_numbered_after_its_layer() -> None:
    graph, first = edits.add_node(Graph(), "linear", (0, 0))
    graph, second = edits.add_node(graph, "linear", (0, 0))
    assert [graph.nodes[i].name for i in (first, second)] == ["Linear 1", "Linear 2"]


def test_the_number_of_a_deleted_node_is_free_again() -> None:
    graph, first = edits.add_node(Graph(), "linear", (0, 0))
    graph, _second = edits.add_node(graph, "linear", (0, 0))
    graph, again = edits.add_node(edits.remove(graph, (first,)), "linear", (0, 0))
    assert graph.nodes[again].name == "Linear 1"


def test_removing_a_node_takes_its_edges_along() -> None:
    graph = edits.remove(chain(table(), "linear", "relu").graph, ("linear_1",))
    assert graph.edges == (Edge("relu_1", "output_1"),)
    assert "linear_1" not in graph.positions


def test_remove_and_reconnect_joins_the_ends() -> None:
    graph = edits.remove_and_reconnect(chain(table(), "linear", "relu").graph, ("relu_1",))
    assert Edge("linear_1", "output_1") in graph.edges


def test_one_edge_for_an_input_the_new_one_replaces() -> None:
    graph = chain(table(), "linear", "relu").graph
    graph = edits.connect(graph, Edge("input_1", "relu_1"))
    assert [e.source for e in graph.incoming("relu_1")] == ["input_1"]


def test_inputs_of_a_layer_that_takes_many_close_up() -> None:
    graph = chain(table(), "linear", "relu").graph
    graph, add = edits.add_node(graph, "add", (0, 0))
    for port, source in enumerate(("input_1", "linear_1", "relu_1")):
        graph = edits.connect(graph, Edge(source, add, port))
    graph = edits.disconnect(graph, Edge("linear_1", add, 1))
    assert [(e.source, e.port) for e in graph.incoming(add)] == [("input_1", 0), ("relu_1", 1)]
    assert edits.port_count(graph, add) == 3


def test_insert_on_edge_keeps_the_port_of_a_concatenate() -> None:
    graph = chain(table(), "linear", "relu").graph
    graph, join = edits.add_node(graph, "concatenate", (0, 0))
    graph = edits.connect(graph, Edge("linear_1", join, 0))
    graph = edits.connect(graph, Edge("relu_1", join, 1))
    graph, new = edits.add_node(graph, "dropout", (0, 0))
    graph = edits.insert_on_edge(graph, Edge("linear_1", join, 0), new)
    assert [e.source for e in graph.incoming(join)] == [new, "relu_1"]


def test_insert_on_edge_never_makes_a_circle() -> None:
    graph = chain(table(), "linear", "relu").graph
    assert edits.insert_on_edge(graph, Edge("linear_1", "relu_1"), "output_1") == graph
    graph = edits.disconnect(graph, Edge("relu_1", "output_1"))
    graph, add = edits.add_node(graph, "add", (0, 0))
    graph = edits.connect(graph, Edge("relu_1", add, 0))
    assert edits.insert_on_edge(graph, Edge("linear_1", "relu_1"), add) == graph


def test_insert_layer_makes_room_for_itself() -> None:
    graph = chain(table(), "linear").graph
    graph = edits.insert_layer(graph, Edge("linear_1", "output_1"), "relu")
    left, middle, right = (graph.positions[i][0] for i in ("linear_1", "relu_1", "output_1"))
    width = edits.NODE_SIZE[0]
    assert left + width <= middle
    assert middle + width <= right


@pytest.mark.parametrize(
    ("edge", "word"),
    [
        (Edge("linear_1", "linear_1"), "itself"),
        (Edge("relu_1", "linear_1"), "circle"),
        (Edge("output_1", "linear_1"), "end"),
        (Edge("linear_1", "input_1"), "no input"),
        (Edge("linear_1", "relu_1", 5), "no input"),
    ],
)
def test_why_an_edge_may_not_be_drawn(edge: Edge, word: str) -> None:
    graph = chain(table(), "linear", "relu").graph
    problem = edits.why_not_connect(graph, edge)
    assert problem is not None
    assert word in problem.message


def test_a_param_out_of_range_is_refused_in_words() -> None:
    graph = chain(table(), "linear").graph
    with pytest.raises(StudioError, match="Units of Linear 1 should be a whole number"):
        edits.set_param(graph, "linear_1", "out_features", 0)


def test_rename_keeps_a_name_where_the_new_one_is_empty() -> None:
    graph = chain(table(), "linear").graph
    assert edits.rename(graph, "linear_1", "   ") is graph
    assert edits.rename(graph, "linear_1", " My \n layer ").nodes["linear_1"].name == "My layer"


def test_copied_nodes_come_back_with_their_edges_and_params() -> None:
    graph = chain(table(), ("linear", {"out_features": 9}), "relu").graph
    text = clipboard.copied(graph, ("linear_1", "relu_1"))
    again, new = clipboard.pasted(graph, text, (400, 400))
    assert len(new) == 2
    assert Edge(new[0], new[1]) in again.edges
    assert again.nodes[new[0]].params["out_features"] == 9
    assert again.positions[new[0]] == (400, 400)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "nodes",
        '{"format": "studio-nodes"}',
        "\ud800",
        json.dumps(
            {
                "format": "studio-nodes",
                "version": 1,
                "nodes": [],
                "edges": [{"source": "a", "target": "b", "port": 0}],
                "positions": {},
            }
        ),
        json.dumps(
            {
                "format": "studio-nodes",
                "version": 1,
                "nodes": [{"id": "os", "layer": "__import__", "name": "x", "params": {}}],
                "edges": [],
                "positions": {},
            }
        ),
        "[" * 100_000,
    ],
)
def test_hostile_clipboard_text_is_refused(text: str) -> None:
    with pytest.raises(StudioError):
        clipboard.pasted(Graph(), text, None)


STEPS = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 10**6), st.integers(0, 10**6)), max_size=40
)


def _walk(graph: Graph, kind: int, first: int, second: int) -> Graph:  # noqa: PLR0911 - a table
    layers = list(LAYERS)
    ids = list(graph.nodes)
    if kind == 0 or not ids:
        return edits.add_node(graph, layers[first % len(layers)], (second % 900, first % 700))[0]
    one, two = ids[first % len(ids)], ids[second % len(ids)]
    if kind in (1, 2, 3):
        edge = Edge(one, two, edits.free_port(graph, two) or 0)
        return graph if edits.why_not_connect(graph, edge) else edits.connect(graph, edge)
    if kind == 4:
        return edits.remove(graph, (one,))
    if kind == 5:
        return edits.remove_and_reconnect(graph, (one,))
    if kind == 6 and graph.edges:
        return edits.insert_layer(
            graph, graph.edges[first % len(graph.edges)], layers[second % len(layers)]
        )
    if kind == 7:
        return clipboard.pasted(graph, clipboard.copied(graph, ids[: 1 + first % 3]), None)[0]
    return edits.move(graph, {one: (float(first % 500), float(second % 500))})


@given(STEPS)
def test_random_walks_keep_the_invariants(steps: list[tuple[int, int, int]]) -> None:
    graph = Graph()
    for step in steps:
        graph = _walk(graph, *step)
        _check(graph)
    examine(Project(table(), graph))


def _check(graph: Graph) -> None:
    assert set(graph.positions) == set(graph.nodes)
    assert len(graph.order()) == len(graph), "a circle"
    inputs = [(e.target, e.port) for e in graph.edges]
    assert len(set(inputs)) == len(inputs), "two edges into one input"
    for node in graph:
        least, most = LAYERS[node.layer].arity
        ports = [e.port for e in graph.incoming(node.id)]
        assert all(port < most for port in ports)
        assert most != MANY or ports == list(range(len(ports)))
    assert graph_from_json(json.loads(json.dumps(graph_to_json(graph)))) == graph


def test_a_layer_put_into_an_edge_back_to_another_row_stands_at_its_beginning() -> None:
    graph, first = edits.add_node(Graph(), "relu", (600.0, 0.0))
    graph, second = edits.add_node(graph, "linear", (200.0, 200.0))
    edge = Edge(first, second)
    graph = edits.connect(graph, edge)
    after = edits.insert_layer(graph, edge, "flatten")
    assert after.positions == {**graph.positions, "flatten_1": (20.0, 200.0)}
    crowded, _ = edits.add_node(graph, "gelu", (40.0, 220.0))
    after = edits.insert_layer(crowded, edge, "flatten")
    assert after.positions["flatten_1"] == (200.0, 200.0)
    assert after.positions[second] == (380.0, 200.0)


def test_a_wire_goes_to_the_input_that_is_meant():
    graph, one = edits.add_node(Graph(), "input", (0, 0))
    graph, memory = edits.add_node(graph, "lstm", (200, 0))
    graph, joined = edits.add_node(graph, "add", (400, 0))
    assert edits.port_for(graph, memory, 0) == 0
    assert edits.port_for(graph, memory, 30) == 1
    graph = edits.connect(graph, Edge(one, memory, 0))
    assert edits.port_for(graph, memory, 0) is None
    graph = edits.connect(graph, Edge(one, memory, 1))
    assert edits.port_for(graph, memory, 30) is None
    graph = edits.connect(graph, Edge(one, joined, 0))
    assert edits.port_for(graph, joined, 0) == 1
