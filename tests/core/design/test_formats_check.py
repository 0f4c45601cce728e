"""What a format cannot carry is said by node, and only of nodes that are exported."""

from dataclasses import replace

import pytest

from studio.core.catalogue import LAYERS
from studio.core.design import formats_check
from studio.core.design.edits import add_node
from studio.core.design.formats_check import in_the_way
from tests.builders import chain, table


@pytest.fixture
def without_mish(monkeypatch):
    """As though ONNX had no words for Mish: what torch can carry grows from version to version."""
    mish = replace(LAYERS["mish"], cannot=("onnx",))
    monkeypatch.setattr(formats_check, "LAYERS", {**LAYERS, "mish": mish})


def test_a_network_of_plain_layers_leaves_in_every_format():
    found = in_the_way(chain(table(), "relu", ("linear", {"out_features": 3})).graph)
    assert set(found) == {"torchscript", "onnx", "pt2", "source", "bundle"}
    assert not any(found.values())


def test_a_node_is_named_that_a_format_cannot_carry(without_mish):
    graph = chain(table(), "mish", ("linear", {"out_features": 3})).graph
    found = in_the_way(graph)
    (problem,) = found["onnx"]
    assert graph.nodes[problem.place.key].layer == "mish"
    assert graph.nodes[problem.place.key].name in problem.message
    assert "ONNX" in problem.message
    assert not found["torchscript"]
    assert not found["bundle"]


def test_a_node_that_leads_nowhere_is_in_nobodys_way(without_mish):
    graph = chain(table(), "relu", ("linear", {"out_features": 3})).graph
    graph, _id = add_node(graph, "mish", (0.0, 0.0))
    assert not in_the_way(graph)["onnx"]
