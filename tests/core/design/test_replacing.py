"""Another layer in the place of a node: its wires, name and settings of the same meaning stay."""

import pytest

from studio.core.catalogue import LAYERS
from studio.core.design import edits
from studio.core.design.block_placing import placed
from studio.core.design.graph import Edge, Graph
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.ready_blocks import READY_BLOCKS, fragment
from studio.core.design.replacing import replaced
from studio.core.design.report import examine
from studio.core.design.sharing import sharing
from tests.builders import chain, images, with_graph


def network():
    settings = {"out_channels": 48, "kernel_size": (5, 5), "stride": (2, 2)}
    return chain(images(), ("conv2d", settings), "relu", "flatten", "linear")


def test_wires_and_place_stay_and_the_name_says_the_new_layer():
    graph = network().graph
    after = replaced(graph, "relu_1", "gelu")
    assert after.edges == graph.edges
    assert after.positions == graph.positions
    assert after.nodes["relu_1"].layer == "gelu"
    assert after.nodes["relu_1"].name == "GELU 1"


def test_a_name_that_a_person_gave_stays():
    graph = edits.rename(network().graph, "relu_1", "Bend")
    assert replaced(graph, "relu_1", "gelu").nodes["relu_1"].name == "Bend"


def test_settings_of_the_same_meaning_stay():
    after = replaced(network().graph, "conv2d_1", "conv_transpose2d")
    assert after.nodes["conv2d_1"].params == {
        "out_channels": 48,
        "kernel_size": (5, 5),
        "stride": (2, 2),
    }
    wide = replaced(chain(images(), ("linear", {"out_features": 7})).graph, "linear_1", "lstm")
    assert wide.nodes["linear_1"].params == {"hidden_size": 7}


def test_sizes_are_taken_along_to_another_number_of_directions():
    after = replaced(network().graph, "conv2d_1", "conv1d")
    assert after.nodes["conv2d_1"].params["kernel_size"] == (5,)


def test_what_means_something_else_stays_behind():
    after = replaced(network().graph, "conv2d_1", "max_pool2d")
    assert "kernel_size" not in after.nodes["conv2d_1"].params
    assert "out_channels" not in after.nodes["conv2d_1"].params


def test_a_layer_of_two_inputs_keeps_one_wire_and_gets_it_back_by_undo():
    graph = chain(images(), "relu", "gelu").graph
    graph, added = edits.add_node(graph, "add", (0.0, 300.0))
    for port, source in enumerate(("relu_1", "gelu_1")):
        graph = edits.connect(graph, Edge(source, added, port))
    after = replaced(graph, added, "tanh")
    assert after.incoming(added) == (Edge("relu_1", added),)
    back = replaced(after, added, "multiply")
    assert back.incoming(added) == (Edge("relu_1", added),)


def test_an_output_feeds_nothing():
    after = replaced(network().graph, "relu_1", "output")
    assert after.outgoing("relu_1") == ()
    assert after.incoming("relu_1") == (Edge("conv2d_1", "relu_1"),)


def test_those_that_shared_its_weights_have_their_own():
    project = chain(images(), ("conv2d", {"keep_size": True}), "conv2d")
    graph = sharing(project.graph, "conv2d_2", "conv2d_1")
    after = replaced(graph, "conv2d_1", "relu")
    assert after.nodes["conv2d_2"].learning.is_plain
    assert not examine(with_graph(project, after)).nodes["conv2d_2"].problems


def test_a_frozen_layer_begins_unfrozen_and_a_pretrained_one_frozen():
    after = replaced(network().graph, "conv2d_1", "picture_backbone")
    assert after.nodes["conv2d_1"].learning.is_frozen
    assert not replaced(after, "conv2d_1", "conv2d").nodes["conv2d_1"].learning.is_frozen


def test_the_same_layer_changes_nothing():
    graph = network().graph
    assert replaced(graph, "relu_1", "relu") is graph


def test_any_layer_can_take_the_place_of_any_other():
    graph = network().graph
    for node_id in graph.nodes:
        for layer in LAYERS:
            after = replaced(graph, node_id, layer)
            assert graph_from_json(graph_to_json(after)) == after


@pytest.mark.parametrize("layer", ["input", "relu", "linear"])
def test_a_block_around_it_still_comes_back_from_a_file(layer):
    """What the block knew of the inputs of the layer before is gone with them."""
    graph, block = placed(Graph(), fragment(READY_BLOCKS["residual"]))
    total = next(node.id for node in graph if node.layer == "add")
    after = replaced(graph, total, layer)
    assert graph_from_json(graph_to_json(after)) == after
    ports = [one.port for group in after.blocks[block].inlets for one in group if one.node == total]
    assert all(port < LAYERS[layer].arity[1] for port in ports)
