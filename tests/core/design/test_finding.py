"""Nodes are found by name, layer, setting and shape."""

import pytest

from studio.core.design.edits import rename
from studio.core.design.finding import found_nodes
from studio.core.design.report import examine
from tests.builders import chain, images


@pytest.fixture
def network():
    return chain(
        images(),
        ("conv2d", {"kernel_size": (5, 5)}),
        "relu",
        ("max_pool2d", {"kernel_size": (3, 3)}),
        ("dropout", {"p": 0.3}),
        "flatten",
        ("linear", {"out_features": 10}),
    )


def find(project, words):
    signals = {i: one.signal for i, one in examine(project).nodes.items() if one.signal}
    return found_nodes(project.graph, signals, words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dropout", ("dropout_1",)),
        ("3x3", ("max_pool2d_1",)),
        ("3 × 3", ("max_pool2d_1",)),
        ("0.3", ("dropout_1",)),
        ("0.", ()),
        ("32x24x24", ("conv2d_1", "relu_1")),
        ("24x24", ("conv2d_1", "relu_1")),
        ("4x24", ()),
        ("dense", ("linear_1",)),
        ("kernel 5x5", ("conv2d_1",)),
        ("Activation", ("relu_1",)),
        ("BatchNorm", ()),
        ("", ()),
    ],
)
def test_a_node_is_found_by_what_it_is_and_what_it_gives(network, words, expected):
    assert find(network, words) == expected


def test_names_are_found_and_hits_come_in_the_order_of_the_data(network):
    graph = rename(network.graph, "relu_1", "Head of the conv")
    assert found_nodes(graph, {}, "conv") == ("conv2d_1", "relu_1")
