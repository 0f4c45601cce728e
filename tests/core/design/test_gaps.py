"""A gap in a chain: the wire that closes it is offered where there is one, and only there."""

from dataclasses import replace

from studio.core.design import edits
from studio.core.design.fixes import apply_fix
from studio.core.design.graph import Edge
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.problems import Fix
from tests.builders import chain, table


def drawn() -> Project:
    """A network of two layers and what bends between them."""
    return chain(table(classes=3), "linear", "relu", ("linear", {"out_features": 3}))


def offered(project: Project, node_id: str) -> Fix | None:
    """What can be done at a node."""
    found = [p for p in examine(project).nodes[node_id].problems if p.code == "not-connected"]
    assert len(found) == 1
    return found[0].fix


def test_a_layer_taken_out_of_the_middle_leaves_a_gap_that_one_click_closes() -> None:
    project = drawn()
    project = replace(project, graph=edits.remove(project.graph, ("relu_1",)))
    fix = offered(project, "linear_2")
    assert fix is not None
    assert fix.label == "Connect it to Linear 1"
    fixed = apply_fix(project, fix)
    assert examine(fixed).can_train
    assert apply_fix(fixed, fix) == fixed


def test_nothing_is_offered_to_a_layer_that_was_just_dropped_beside_a_whole_network() -> None:
    project = drawn()
    graph, added = edits.add_node(project.graph, "relu", (0, 400))
    assert offered(replace(project, graph=graph), added) is None


def test_nothing_is_offered_where_two_could_lead_there() -> None:
    project = drawn()
    graph = edits.remove(project.graph, ("relu_1",))
    graph, added = edits.add_node(graph, "dropout", (0, 400))
    graph = edits.connect(graph, Edge("input_1", added))
    assert offered(replace(project, graph=graph), "linear_2") is None


def test_a_layer_is_not_wired_to_what_hangs_on_itself() -> None:
    project = drawn()
    graph = edits.remove(project.graph, ("output_1",), (Edge("input_1", "linear_1"),))
    fix = offered(replace(project, graph=graph), "linear_1")
    assert fix is not None
    assert fix.arguments["source"] == "input_1"


def long_way() -> Project:
    """Four layers in a row before the last."""
    layers = ("linear", "relu", "linear", "relu", ("linear", {"out_features": 3}))
    return chain(table(classes=3), *layers)


def test_a_gap_is_one_finding_and_not_one_for_each_layer_before_it() -> None:
    project = long_way()
    project = replace(project, graph=edits.remove(project.graph, ("relu_2",)))
    assert [p.code for p in examine(project).problems] == ["not-connected"]


def test_a_way_that_ends_is_told_at_its_end_with_how_much_is_lost() -> None:
    project = long_way()
    (last,) = project.graph.outgoing("relu_2")
    graph = edits.connect(edits.remove(project.graph, (), (last,)), Edge("input_1", "linear_3"))
    (said,) = [p for p in examine(replace(project, graph=graph)).problems if p.code == "left-out"]
    assert said.place.key == "relu_2"
    assert "with 3 layers before it" in said.message


def test_two_ways_that_end_are_told_each() -> None:
    project = long_way()
    graph = project.graph
    for source in ("relu_1", "relu_2"):
        graph, added = edits.add_node(graph, "relu", (0, 400))
        graph = edits.connect(graph, Edge(source, added))
    found = [p for p in examine(replace(project, graph=graph)).problems if p.code == "left-out"]
    assert {p.place.key for p in found} == {"relu_3", "relu_4"}
    assert all("before it" not in p.message for p in found)
