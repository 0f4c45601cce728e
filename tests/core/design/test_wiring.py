"""Every wire that a node could get, with what speaks against it."""

from studio.core.design import edits
from studio.core.design.block_wiring import connected
from studio.core.design.graph import Edge, Graph
from studio.core.design.replacing import replaced
from studio.core.design.report import examine
from studio.core.design.wiring import wires_into, wires_onward
from tests.builders import chain, images


def network():
    project = chain(images(), "conv2d", "relu", "flatten", "linear")
    graph, _add = edits.add_node(project.graph, "add", (440.0, 200.0))
    signals = {i: one.signal for i, one in examine(project).nodes.items() if one.signal}
    return graph, signals


def onward(node_id):
    graph, signals = network()
    return {choice.other: choice for choice in wires_onward(graph, node_id, signals)}


def test_what_fits_has_nothing_against_it():
    choice = onward("conv2d_1")["flatten_1"]
    assert choice.fits
    assert choice.edge == Edge("conv2d_1", "flatten_1")
    assert choice.instead_of == "relu_1"


def test_what_the_layer_could_not_work_with_is_a_doubt():
    choice = onward("conv2d_1")["linear_1"]
    assert "one line of numbers" in choice.doubt
    assert not choice.reason


def test_a_circle_is_a_reason():
    assert "circle" in onward("relu_1")["conv2d_1"].reason


def test_a_wire_that_is_there_is_no_choice():
    assert "relu_1" not in onward("conv2d_1")


def test_an_output_feeds_nothing_and_an_input_takes_nothing():
    graph, signals = network()
    assert list(wires_onward(graph, "output_1", signals)) == []
    assert list(wires_into(graph, "input_1", signals)) == []


def test_each_input_that_has_a_name_is_a_choice():
    graph, signals = network()
    graph, gru = edits.add_node(graph, "gru", (900.0, 0.0))
    found = [c for c in wires_onward(graph, "flatten_1", signals) if c.other == gru]
    assert [choice.edge.port for choice in found] == [0, 1, 2]
    assert all(choice.port_name for choice in found)


def test_of_a_layer_that_takes_many_the_next_input_is_meant():
    graph, signals = network()
    graph = edits.connect(graph, Edge("relu_1", "add_1"))
    found = {choice.other: choice for choice in wires_into(graph, "add_1", signals)}
    assert found["conv2d_1"].edge == Edge("conv2d_1", "add_1", 1)
    assert found["conv2d_1"].fits
    assert found["flatten_1"].doubt


def test_for_one_input_all_that_could_feed_it_are_told_the_nearest_first():
    graph, signals = network()
    found = [choice.other for choice in wires_into(graph, "flatten_1", signals, 0)]
    assert found[-1] == "input_1"
    assert set(found) == {"input_1", "conv2d_1", "linear_1", "add_1"}


def test_an_input_that_is_gone_by_then_gets_no_wire():
    graph = replaced(network()[0], "relu_1", "input")
    assert connected(graph, Edge("conv2d_1", "relu_1")) is graph
    assert connected(graph, Edge("linear_1", "flatten_1")) is graph  # nor does a circle
    assert any(edge.target == "add_1" for edge in connected(graph, Edge("relu_1", "add_1")).edges)


def test_what_closes_a_circle_is_found_once_and_not_for_each_wire(monkeypatch):
    graph, signals = network()
    asked = []
    reachable = Graph.followers
    monkeypatch.setattr(Graph, "followers", lambda *one: asked.append(one) or reachable(*one))
    refused = {one.other for one in wires_into(graph, "conv2d_1", signals) if one.reason}
    assert refused == {"relu_1", "flatten_1", "linear_1"}
    assert len(asked) == 1
