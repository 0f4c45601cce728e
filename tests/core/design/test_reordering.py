"""Nodes change places in their chain, and new ones go behind a node."""

from studio.core.design import edits
from studio.core.design.block_edits import grouped
from studio.core.design.graph import Edge
from studio.core.design.reordering import inserted_after, swapped, why_not_swap
from tests.builders import chain, table


def network():
    return chain(table(), "linear", "relu", "dropout").graph


def order(graph):
    return [graph.nodes[i].layer for i in graph.order()]


def test_a_node_changes_places_with_the_one_before_it():
    graph = network()
    after = swapped(graph, "dropout_1", -1)
    assert order(after) == ["input", "linear", "dropout", "relu", "output"]
    assert after.positions["dropout_1"] == graph.positions["relu_1"]
    assert len(after.edges) == len(graph.edges)
    assert swapped(after, "dropout_1", 1) == edits.move(graph, {}) or order(
        swapped(after, "dropout_1", 1)
    ) == order(graph)


def test_the_ends_of_a_network_stay_ends():
    graph = network()
    assert swapped(graph, "linear_1", -1) is graph
    assert "stays before" in why_not_swap(graph, "linear_1", -1).message
    assert "stays behind" in why_not_swap(graph, "dropout_1", 1).message
    assert why_not_swap(graph, "input_1", 1) is not None


def test_a_node_of_several_wires_says_why_it_stays():
    graph = edits.connect(network(), Edge("linear_1", "dropout_1"))
    graph, added = edits.add_node(graph, "add", (0.0, 0.0))
    graph = edits.connect(graph, Edge("linear_1", added))
    graph = edits.connect(graph, Edge("dropout_1", added, 1))
    reason = why_not_swap(graph, added, -1)
    assert "does not stand in a chain" in reason.message


def test_a_layer_put_behind_a_node_feeds_all_that_the_node_fed():
    graph = edits.connect(network(), Edge("linear_1", "output_1"))
    graph, side = edits.add_node(graph, "tanh", (400.0, 200.0))
    graph = edits.connect(graph, Edge("linear_1", side))
    after = inserted_after(graph, "linear_1", "batch_norm")
    assert {e.target for e in after.outgoing("linear_1")} == {"batch_norm_1"}
    assert {e.target for e in after.outgoing("batch_norm_1")} == {
        e.target for e in graph.outgoing("linear_1")
    }


def test_what_gives_nothing_on_is_not_put_behind_a_node():
    graph = network()
    assert inserted_after(graph, "linear_1", "output") is graph
    assert inserted_after(graph, "output_1", "relu") is graph


def test_a_node_does_not_move_over_the_border_of_its_block():
    graph, _block = grouped(network(), ("linear_1", "relu_1"), "Stem")
    assert swapped(graph, "relu_1", 1) is graph
    assert "not in the same block" in why_not_swap(graph, "relu_1", 1).message
    assert order(swapped(graph, "relu_1", -1))[1:3] == ["relu", "linear"]


def test_a_layer_put_behind_one_in_a_block_is_in_the_block():
    graph, block = grouped(network(), ("linear_1", "relu_1"), "Stem")
    after = inserted_after(graph, "linear_1", "batch_norm")
    assert "batch_norm_1" in after.blocks[block].members
