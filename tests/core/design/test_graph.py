"""Graph: order, reach and difference."""

from studio.core.design.edits import add_node, connect, move, remove, set_param
from studio.core.design.graph import Edge, Graph, difference
from tests.builders import chain, table


def test_order_puts_every_node_after_what_it_takes_from() -> None:
    graph = chain(table(), "linear", "relu", "linear").graph
    order = graph.order()
    assert all(order.index(e.source) < order.index(e.target) for e in graph.edges)


def test_order_leaves_a_circle_out() -> None:
    graph = chain(table(), "linear", "relu").graph
    looped = Graph(graph.nodes, (*graph.edges, Edge("relu_1", "linear_1", 1)), graph.positions)
    assert set(looped.order()) == {"input_1"}


def test_reaches_follows_edges_forwards_only() -> None:
    graph = chain(table(), "linear", "relu").graph
    assert graph.reaches("input_1", "output_1")
    assert not graph.reaches("output_1", "input_1")
    assert graph.reaches("relu_1", "relu_1")


def test_difference_names_what_a_view_must_draw_anew() -> None:
    before = chain(table(), "linear", "relu").graph
    after, added = add_node(before, "dropout", (0, 300))
    after = set_param(after, "linear_1", "out_features", 7)
    after = move(after, {"relu_1": (440, 80)})
    after = remove(after, ("output_1",))
    after = connect(after, Edge("relu_1", added))
    found = difference(before, after)
    assert found.added == (added,)
    assert found.removed == ("output_1",)
    assert found.changed == ("linear_1",)
    assert found.moved == ("relu_1",)
    assert found.added_edges == (Edge("relu_1", added),)
    assert found.removed_edges == (Edge("relu_1", "output_1"),)


def test_a_move_keeps_nodes_and_edges_the_same_values() -> None:
    before = chain(table(), "linear").graph
    after = move(before, {"linear_1": (5, 5)})
    assert after.nodes is before.nodes
    assert after.edges is before.edges
