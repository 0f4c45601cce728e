"""After an edit only what it changed is worked out anew, and all is said as if from scratch."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.catalogue import LAYERS
from studio.core.design import shape_flow
from studio.core.design.edits import add_node, connect, move, remove, rename, set_param
from studio.core.design.graph import Edge, Graph
from studio.core.design.picture_networks import resnet18, resnet152
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.shape_flow import LAST, OUTCOMES
from studio.core.problems import StudioError
from tests.builders import chain, images, table
from tests.calls import INNER_LAYERS, values_of

PICTURES = images(3, 16, 16, classes=4)
SERIES = table(numbers=6, classes=3)
STARTS = (
    Project(PICTURES, resnet18(PICTURES)),
    chain(SERIES, "linear", ("reshape", {"shape": (8, 8)}), "lstm", "relu", "flatten"),
)


def again(project: Project) -> Project:
    """The same, as a value of which no report is remembered; its nodes are the very same."""
    return replace(project, graph=replace(project.graph, nodes=dict(project.graph.nodes)))


@st.composite
def edited(draw: st.DrawFn, graph: Graph) -> Graph:
    """The graph after one edit of any kind."""
    node = graph.nodes[draw(st.sampled_from(sorted(graph.nodes)))]
    other = draw(st.sampled_from(sorted(graph.nodes)))
    kind = draw(st.sampled_from(["rename", "set", "wire", "cut", "add", "delete"]))
    params = LAYERS[node.layer].params
    if kind == "rename":
        return rename(graph, node.id, draw(st.text("abc", min_size=1, max_size=4)))
    if kind == "set" and params:
        param = draw(st.sampled_from(params))
        return set_param(graph, node.id, param.key, draw(values_of(param)))
    if kind == "cut" and graph.edges:
        gone = draw(st.sampled_from(graph.edges))
        return replace(graph, edges=tuple(edge for edge in graph.edges if edge != gone))
    if kind == "add":
        return add_node(graph, draw(st.sampled_from(INNER_LAYERS)), (0.0, 0.0))[0]
    if kind == "delete" and len(graph) > 3:
        return remove(graph, [node.id])
    try:
        return connect(graph, Edge(other, node.id, draw(st.integers(0, 2))))
    except StudioError:
        return graph


@pytest.mark.parametrize("start", STARTS, ids=["pictures", "table"])
@settings(max_examples=15)
@given(data=st.data())
def test_after_any_edits_the_report_is_that_from_scratch(start: Project, data) -> None:
    seen = [start]
    for _ in range(data.draw(st.integers(1, 6))):
        before = data.draw(st.sampled_from(seen))  # an earlier one: an edit was undone
        seen.append(replace(before, graph=data.draw(edited(before.graph))))
        incremental = examine(seen[-1])
        OUTCOMES.clear()
        LAST.clear()
        assert examine(again(seen[-1])) == incremental


def test_an_edit_asks_only_the_nodes_that_it_concerns(monkeypatch) -> None:
    project = Project(PICTURES, resnet152(PICTURES))
    examine(project)
    asked = []

    def counted(call, edges, given=None):
        asked.append(call.node.id)
        return worked_out(call, edges, given)

    worked_out = shape_flow.worked_out
    monkeypatch.setattr(shape_flow, "worked_out", counted)
    inner = [node.id for node in project.graph if node.layer == "batch_norm"][70]
    examine(replace(project, graph=rename(project.graph, inner, "Middle")))
    assert set(asked) == {"input_1", inner}


def test_no_more_is_remembered_than_was_agreed(monkeypatch) -> None:
    monkeypatch.setattr(shape_flow, "MOST_OUTCOMES", 20)
    OUTCOMES.clear()
    project = Project(PICTURES, resnet18(PICTURES))
    assert examine(project) == examine(again(project))
    assert len(OUTCOMES) <= 20


def test_the_last_network_is_walked_once_for_all_who_ask() -> None:
    project = chain(table(classes=3), "linear", "relu")
    first = shape_flow.shape_flow(project.graph, project.dataset)
    assert (
        shape_flow.shape_flow(move(project.graph, {"relu_1": (9.0, 9.0)}), project.dataset) is first
    )
    graph = set_param(project.graph, "linear_1", "out_features", 7)
    assert shape_flow.shape_flow(graph, project.dataset).signals["relu_1"].shape == (7,)
    assert shape_flow.shape_flow(project.graph, project.dataset) == first
