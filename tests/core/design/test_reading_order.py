"""Chains are read to their end before the next one begins."""

from studio.core.design import edits
from studio.core.design.graph import Edge, Graph
from studio.core.design.reading_order import reading_order
from tests.builders import chain, table


def test_two_chains_are_read_one_after_the_other():
    graph = chain(table(), "linear", "relu", "dropout", "linear", "relu").graph
    cut = edits.remove(graph, ("dropout_1",))
    assert reading_order(cut) == (
        "input_1",
        "linear_1",
        "relu_1",
        "linear_2",
        "relu_2",
        "output_1",
    )
    assert cut.order() != reading_order(cut)


def test_a_node_stands_behind_all_that_it_takes_from():
    graph = chain(table(), "linear", "relu", "add").graph
    graph, side = edits.add_node(graph, "tanh", (0.0, 200.0))
    graph = edits.connect(graph, Edge("linear_1", side))
    graph = edits.connect(graph, Edge(side, "add_1", 1))
    order = reading_order(graph)
    assert sorted(order) == sorted(graph.nodes)
    for edge in graph.edges:
        assert order.index(edge.source) < order.index(edge.target)
    assert order.index("add_1") == order.index("output_1") - 1


def test_a_circle_is_told_last():
    graph = chain(table(), "linear", "relu").graph
    nodes, edges = dict(graph.nodes), (*graph.edges, Edge("relu_1", "linear_1"))
    assert reading_order(Graph(nodes, edges, graph.positions))[0] == "input_1"
    assert set(reading_order(Graph(nodes, edges, graph.positions))) == set(nodes)
