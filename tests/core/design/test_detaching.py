"""Nodes are taken out of their wires, and the wires close behind them."""

from studio.core.design.detaching import detached
from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge, Graph


def chain(*layers: str) -> Graph:
    graph, previous = Graph(), ""
    for layer in layers:
        graph, added = add_node(graph, layer, (200.0 * len(graph), 0.0))
        graph = connect(graph, Edge(previous, added)) if previous else graph
        previous = added
    return graph


def test_what_fed_a_node_feeds_what_it_fed() -> None:
    graph = chain("input", "linear", "relu", "output")
    assert set(detached(graph, ("linear_1",)).edges) == {
        Edge("input_1", "relu_1"),
        Edge("relu_1", "output_1"),
    }


def test_several_nodes_keep_the_wires_among_themselves() -> None:
    graph = chain("input", "linear", "relu", "output")
    assert set(detached(graph, ("relu_1", "linear_1")).edges) == {
        Edge("linear_1", "relu_1"),
        Edge("input_1", "output_1"),
    }


def test_of_several_inputs_the_first_goes_on() -> None:
    graph = chain("input", "linear", "output")
    graph, _ = add_node(graph, "add", (0.0, 0.0))
    graph = connect(connect(graph, Edge("linear_1", "add_1", 0)), Edge("input_1", "add_1", 1))
    graph = connect(graph, Edge("add_1", "output_1"))
    after = detached(graph, ("add_1",))
    assert set(after.edges) == {Edge("input_1", "linear_1"), Edge("linear_1", "output_1")}


def test_an_end_is_only_cut_off() -> None:
    graph = chain("input", "linear", "output")
    assert detached(graph, ("output_1",)).edges == (Edge("input_1", "linear_1"),)
    assert detached(graph, ("input_1",)).edges == (Edge("linear_1", "output_1"),)


def test_without_wires_to_others_nothing_changes() -> None:
    graph = chain("input", "linear", "output")
    assert detached(graph, graph.nodes) is graph
    assert detached(graph, ("gone",)) is graph
