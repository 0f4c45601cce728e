"""Weights of single nodes: how they begin, rest, are held small or shared, through every edit."""

from dataclasses import replace

import pytest

from studio.core.catalogue import INITIALIZATIONS
from studio.core.design import clipboard, edits
from studio.core.design.fixes import apply_fix
from studio.core.design.graph import Edge
from studio.core.design.learning import PLAIN, Learning
from studio.core.design.report import examine
from studio.core.design.sharing import group_of, sharing, with_learning
from studio.core.design.storage import project_from_json, to_json
from tests.builders import chain, table

WIDE = ("linear", {"out_features": 4})


def twins():
    """Two Linear layers of the same size; the second shares the weights of the first."""
    project = chain(table(), WIDE, WIDE, ("linear", {"out_features": 3}))
    return replace(project, graph=sharing(project.graph, "linear_2", "linear_1"))


def codes(project):
    return [problem.code for problem in examine(project).problems]


def only(project, code):
    return next(problem for problem in examine(project).problems if problem.code == code)


def test_shared_weights_count_once():
    report = examine(twins())
    assert report.can_train
    assert report.nodes["linear_1"].weights == 20
    assert report.nodes["linear_2"].weights == 0
    assert report.parameters == 20 + 15


def test_learning_is_kept_in_the_project_and_only_where_set():
    project = twins()
    learning = Learning("normal", {"std": 0.1}, is_frozen=True, l1=0.1, l2=0.2)
    project = replace(project, graph=with_learning(project.graph, "linear_3", learning))
    data = to_json(project)
    assert project_from_json(data) == project
    nodes = {node["id"]: node for node in data["graph"]["nodes"]}
    assert "learning" not in nodes["linear_1"]
    assert nodes["linear_2"]["learning"]["shares"] == "linear_1"


@pytest.mark.parametrize("gone", [{"linear_1"}, {"linear_1", "linear_2"}])
def test_the_first_to_share_weights_inherits_them(gone):
    graph = twins().graph
    graph = sharing(graph, "linear_3", "linear_2")  # of the owner, whichever one is named
    assert graph.nodes["linear_3"].learning.shares == "linear_1"
    graph = with_learning(graph, "linear_1", Learning(l2=0.5))
    left = edits.remove(graph, gone)
    heir, *others = (node for node in left if node.layer == "linear")
    assert heir.learning == Learning(l2=0.5)
    assert all(node.learning == Learning(shares=heir.id) for node in others)


def test_a_node_that_takes_weights_brings_along_those_that_had_its_own():
    graph = twins().graph
    graph = sharing(graph, "linear_1", "linear_3")
    assert group_of(graph.nodes, "linear_2") == ("linear_3", "linear_1", "linear_2")
    assert sharing(graph, "linear_3", "linear_1") == graph  # it shares its own already
    assert sharing(graph, "linear_1", "").nodes["linear_1"].learning == PLAIN


def test_settings_of_nodes_with_the_same_weights_change_together():
    graph = edits.set_param(twins().graph, "linear_2", "bias", False)
    assert graph.nodes["linear_1"].params["bias"] is False
    assert graph.nodes["linear_2"].params["bias"] is False
    assert "bias" not in graph.nodes["linear_3"].params


def test_copies_share_as_what_was_copied_did():
    graph = with_learning(twins().graph, "linear_1", Learning(is_frozen=True))
    both, new = clipboard.pasted(graph, clipboard.copied(graph, ("linear_1", "linear_2")), None)
    assert both.nodes[new[0]].learning == Learning(is_frozen=True)
    assert both.nodes[new[1]].learning == Learning(shares=new[0])
    alone, (copy,) = clipboard.pasted(graph, clipboard.copied(graph, ("linear_2",)), None)
    assert alone.nodes[copy].learning.shares == "linear_1"
    elsewhere = chain(table(), ("linear", {"out_features": 3})).graph
    pasted, (copy,) = clipboard.pasted(elsewhere, clipboard.copied(graph, ("linear_2",)), None)
    assert pasted.nodes[copy].learning == PLAIN


@pytest.mark.parametrize(
    ("learning", "code"),
    [
        (Learning(start="by magic"), "unknown-start"),
        (Learning(start="normal", start_params={"std": -1.0}), "bad-value"),
        (Learning(start="uniform", start_params={"a": 1.0, "b": 0.5}), "bad-value"),
        (Learning(l1=-1.0), "bad-value"),
        (Learning(l2=float("inf")), "bad-value"),
        (Learning(shares="nobody"), "cannot-share"),
        (Learning(shares="linear_2"), "cannot-share"),
        (Learning(shares="relu_1"), "cannot-share"),
    ],
)
def test_what_cannot_be_is_said_at_the_node(learning, code):
    project = chain(table(), WIDE, "relu", ("linear", {"out_features": 3}))
    project = replace(project, graph=with_learning(project.graph, "linear_2", learning))
    problem = only(project, code)
    assert problem.place.key == "linear_2"
    assert problem.is_error
    if problem.fix:
        assert examine(apply_fix(project, problem.fix)).can_train


def test_other_settings_are_made_alike_with_one_click():
    project = twins()
    node = replace(project.graph.nodes["linear_2"], params={"out_features": 4, "bias": False})
    graph = replace(project.graph, nodes={**project.graph.nodes, "linear_2": node})
    project = replace(project, graph=graph)
    problem = only(project, "cannot-share")
    assert problem.fix.label == "Use the settings of Linear 1"
    assert examine(apply_fix(project, problem.fix)).can_train


def test_other_sizes_coming_in_cannot_share():
    project = chain(table(), ("linear", {"out_features": 3}), ("linear", {"out_features": 3}))
    graph = sharing(project.graph, "linear_2", "linear_1")
    problem = only(replace(project, graph=graph), "cannot-share")
    assert "another size" in problem.message
    assert codes(apply_fix(replace(project, graph=graph), problem.fix)) == []


def test_all_frozen_is_refused_with_a_way_out():
    project = twins()
    for node_id in ("linear_1", "linear_3"):
        learning = Learning(is_frozen=True)
        project = replace(project, graph=with_learning(project.graph, node_id, learning))
    problem = only(project, "all-frozen")
    assert examine(apply_fix(project, problem.fix)).can_train


def test_every_beginning_has_words_and_values_that_work():
    for key in INITIALIZATIONS:
        project = chain(table(), ("linear", {"out_features": 3}))
        graph = with_learning(project.graph, "linear_1", Learning(start=key))
        assert examine(replace(project, graph=graph)).can_train
        assert "Use it" in INITIALIZATIONS[key].help


def test_an_edge_or_a_move_keeps_what_was_set():
    graph = with_learning(twins().graph, "linear_1", Learning(is_frozen=True))
    graph = edits.move(graph, {"linear_1": (5.0, 5.0)})
    graph = edits.disconnect(graph, Edge("linear_1", "linear_2"))
    assert edits.rename(graph, "linear_1", "First").nodes["linear_1"].learning.is_frozen
