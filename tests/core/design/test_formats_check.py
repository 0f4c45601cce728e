"""What a format cannot carry is said by node, and only of nodes that are exported."""

from studio.core.design.edits import add_node
from studio.core.design.formats_check import in_the_way
from tests.builders import chain, table


def test_a_network_of_plain_layers_leaves_in_every_format():
    found = in_the_way(chain(table(), "relu", ("linear", {"out_features": 3})).graph)
    assert set(found) == {"torchscript", "onnx", "pt2", "source", "bundle"}
    assert not any(found.values())


def test_a_node_is_named_that_a_format_cannot_carry():
    graph = chain(table(), "rrelu", ("linear", {"out_features": 3})).graph
    found = in_the_way(graph)
    (problem,) = found["onnx"]
    assert graph.nodes[problem.place.key].layer == "rrelu"
    assert graph.nodes[problem.place.key].name in problem.message
    assert "ONNX" in problem.message
    assert not found["torchscript"]
    assert not found["bundle"]


def test_a_node_that_leads_nowhere_is_in_nobodys_way():
    graph = chain(table(), "relu", ("linear", {"out_features": 3})).graph
    graph, _id = add_node(graph, "rrelu", (0.0, 0.0))
    assert not in_the_way(graph)["onnx"]
