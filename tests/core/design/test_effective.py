"""The network that is really trained: repeats, and layers that are left out."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY
from studio.core.design import edits
from studio.core.design.arrange_blocks import arranged_in_blocks
from studio.core.design.block_edits import (
    grouped,
    opened,
    ungrouped,
    unrolled_count,
    with_block,
    with_state,
)
from studio.core.design.clipboard import copied, pasted
from studio.core.design.drawing import Drawing
from studio.core.design.effective import Origin, effective, effective_project, unrolled
from studio.core.design.graph import Edge, Graph
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.learning import Learning
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.sharing import sharing, with_learning
from studio.core.design.shown import shown
from studio.core.design.writing_out import written_out
from studio.core.problems import StudioError
from tests.builders import chain, table

INSIDE = ("linear_1", "relu_1", "add_1")


def residual(width: int = 4) -> Graph:
    """Four numbers, a step with a way past it, and a head of three classes."""
    drawing = Drawing()
    start = drawing.input()
    first = drawing.add("linear", start, out_features=width)
    bent = drawing.add("relu", first)
    total = drawing.add("add", start, bent)
    drawing.output(drawing.add("linear", total, out_features=3))
    return drawing.graph()


def repeated(times: int, graph: Graph | None = None, inside: tuple[str, ...] = INSIDE) -> Graph:
    graph, block = grouped(graph or residual(), inside, "Step")
    return with_block(graph, replace(graph.blocks[block], repeats=times))


def test_what_has_nothing_special_is_itself() -> None:
    graph, block = grouped(residual(), INSIDE)
    graph = opened(graph, block, is_open=False)
    assert effective(graph) is graph
    project = Project(table(), graph)
    assert effective_project(project) is project


def test_a_repeated_block_stands_behind_itself() -> None:
    found = effective(repeated(3))
    assert list(found.nodes)[4:-2] == [f"{i}__{n}" for n in (2, 3) for i in INSIDE]
    assert {e.source for e in found.edges if e.target == "add_1__3"} == {"add_1__2", "relu_1__3"}
    assert Edge("add_1__3", "linear_2") in found.edges
    assert found.nodes["linear_1__2"].name == "Linear 1 (2)"
    assert unrolled(repeated(3)).origin("relu_1__3") == Origin("relu_1", 3)


def test_copies_have_weights_of_their_own() -> None:
    once, thrice = examine(Project(table(), residual())), examine(Project(table(), repeated(3)))
    assert once.can_train
    assert thrice.can_train
    assert thrice.nodes["linear_1"].weights == 3 * once.nodes["linear_1"].weights == 60
    assert thrice.parameters == once.parameters + 40
    assert thrice.nodes["linear_1"].copies == 3
    assert set(thrice.nodes) == set(once.nodes)


def test_blocks_in_blocks_are_repeated_as_often_as_both_say() -> None:
    graph, inner = grouped(residual(), ("linear_1", "relu_1"))
    graph = with_block(graph, replace(graph.blocks[inner], repeats=2))
    graph = repeated(3, graph)
    found = unrolled(graph)
    assert len(found.of_drawn()["linear_1"]) == 6
    assert unrolled_count(graph) == len(found.graph) == 18
    assert examine(Project(table(), graph)).nodes["linear_1"].weights == 6 * 20


def test_what_is_shared_within_a_copy_is_shared_within_each() -> None:
    drawing = Drawing()
    start = drawing.input()
    first = drawing.add("linear", start, out_features=4)
    second = drawing.again(first, drawing.add("relu", first))
    drawing.output(drawing.add("linear", second, out_features=3))
    graph = repeated(2, drawing.graph(), ("linear_1", "relu_1", "linear_2"))
    found = effective(graph)
    assert found.nodes["linear_2"].learning.shares == "linear_1"
    assert found.nodes["linear_2__2"].learning.shares == "linear_1__2"
    assert examine(Project(table(), graph)).parameters == 2 * 20 + 15


def test_what_shares_weights_from_outside_goes_on_doing_so() -> None:
    graph, other = edits.add_node(residual(), "linear", (0, 400), {"out_features": 4})
    graph = edits.connect(graph, Edge("input_1", other))
    graph = sharing(graph, "linear_1", other)
    found = effective(repeated(2, graph))
    assert found.nodes["linear_1__2"].learning.shares == other


def test_a_bypassed_layer_passes_on_what_comes_in() -> None:
    project = chain(
        table(), ("linear", {"out_features": 9}), "relu", ("linear", {"out_features": 3})
    )
    graph = with_state(project.graph, ("linear_1", "relu_1"), "bypassed")
    assert effective(graph).edges == (Edge("input_1", "linear_2"), Edge("linear_2", "output_1"))
    report = examine(replace(project, graph=graph))
    assert report.can_train
    assert report.parameters == 15
    assert report.nodes["relu_1"].signal == report.nodes["input_1"].signal
    assert report.nodes["linear_1"].weights == 0


def test_a_muted_layer_goes_with_all_that_hangs_on_it_alone() -> None:
    graph = with_state(residual(), ("linear_1",), "muted")
    found = unrolled(graph)
    assert found.muted == {"linear_1", "relu_1"}
    # Of the two things that were added one is left, and it passes.
    assert set(found.graph.edges) == {Edge("input_1", "linear_2"), Edge("linear_2", "output_1")}
    assert examine(Project(table(), graph)).can_train


def test_of_many_inputs_a_muted_one_is_missing() -> None:
    graph, third = edits.add_node(residual(), "linear", (0, 400), {"out_features": 4})
    graph = edits.connect(graph, Edge("input_1", third))
    graph = edits.connect(graph, Edge(third, "add_1", 2))
    found = effective(with_state(graph, ("linear_1",), "muted"))
    assert [(e.source, e.port) for e in found.incoming("add_1")] == [("input_1", 0), (third, 1)]


def test_a_bypassed_owner_hands_its_weights_on() -> None:
    graph, other = edits.add_node(residual(), "linear", (0, 400), {"out_features": 4})
    graph = edits.connect(graph, Edge("input_1", other))
    graph = with_learning(graph, "linear_1", Learning(l1=0.5))
    graph = sharing(graph, other, "linear_1")
    found = effective(with_state(graph, ("linear_1",), "bypassed"))
    assert found.nodes[other].learning == Learning(l1=0.5)


def test_everything_muted_is_no_network_and_no_failure() -> None:
    graph = with_state(residual(), residual().nodes, "muted")
    assert len(effective(graph)) == 0
    assert not examine(Project(table(), graph)).can_train


def halving(times: int) -> Graph:
    """Four numbers as a picture of two by two, halved so many times."""
    drawing = Drawing()
    picture = drawing.add("reshape", drawing.input(), shape=(1, 2, 2))
    half = drawing.add("relu", drawing.add("max_pool2d", picture))
    drawing.output(drawing.add("linear", drawing.add("flatten", half), out_features=3))
    return repeated(times, drawing.graph(), ("max_pool2d_1", "relu_1"))


def test_what_is_wrong_with_a_later_copy_is_told_of_the_drawn_node() -> None:
    assert examine(Project(table(), halving(1))).can_train
    report = examine(Project(table(), halving(3)))
    (said,) = [p for p in report.problems if p.is_error]
    assert said.place.key == "max_pool2d_1"
    assert said.message.startswith("In repetition 2: ")
    assert said in report.nodes["max_pool2d_1"].problems


def test_what_is_wrong_with_every_copy_is_said_once() -> None:
    graph = repeated(3, residual(width=5))
    report = examine(Project(table(), graph))
    (said,) = [p for p in report.problems if p.is_error]
    assert said.place.key == "add_1"
    assert "repetition" not in said.message


def test_a_block_that_cannot_be_repeated_any_more_says_why() -> None:
    graph, other = edits.add_node(repeated(2), "linear", (0, 400), {"out_features": 3})
    graph = edits.connect(graph, Edge("relu_1", other))
    report = examine(Project(table(), graph))
    (said,) = [p for p in report.problems if p.code == "cannot-repeat"]
    assert "out of it come 2" in said.message
    assert said.place.key == "linear_1"
    assert not report.can_train


def test_opening_a_block_asks_for_nothing_new() -> None:
    graph = repeated(3)
    assert effective(opened(graph, "block_1", is_open=False)) is effective(graph)
    first = examine(Project(table(), graph))
    assert examine(Project(table(), opened(graph, "block_1", is_open=False))).nodes == first.nodes


STEPS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 10**6), st.integers(0, 10**6)), max_size=25
)
KINDS = [key for key, entry in LAYERS.items() if entry.end != "input"][:40]


def _walk(graph: Graph, kind: int, first: int, second: int) -> Graph:  # noqa: PLR0911 - a table
    ids, blocks = list(graph.nodes), list(graph.blocks)
    one, two = ids[first % len(ids)], ids[second % len(ids)]
    if kind == 0:
        return edits.add_node(graph, KINDS[first % len(KINDS)], (0, 0))[0]
    if kind in (1, 2):
        edge = Edge(one, two, edits.free_port(graph, two) or 0)
        return graph if edits.why_not_connect(graph, edge) else edits.connect(graph, edge)
    if kind in (3, 4):
        return _tried(graph, lambda: grouped(graph, ids[first % len(ids) :][: 1 + second % 4])[0])
    if kind == 5:
        state = ("on", "bypassed", "muted")[second % 3]
        return with_state(graph, (one,), state)  # type: ignore[arg-type]
    if kind == 6:
        return edits.remove(graph, (one,)) if len(ids) > 3 else graph
    if not blocks:
        return graph
    block = graph.blocks[blocks[first % len(blocks)]]
    if kind == 7:
        return ungrouped(graph, block.id)
    if kind == 8 and len(graph) < 60:
        return pasted(graph, copied(graph, ids[: 1 + second % 6]), None)[0]
    return _tried(graph, lambda: with_block(graph, replace(block, repeats=1 + second % 3)))


def _tried(graph: Graph, edit: object) -> Graph:
    try:
        return edit()  # type: ignore[no-any-return, operator]
    except StudioError:
        return graph


@given(STEPS)
def test_whatever_is_drawn_the_network_is_sound(steps: list[tuple[int, int, int]]) -> None:
    graph = residual()
    for step in steps:
        graph = _walk(graph, *step)
    assert graph_from_json(json.loads(json.dumps(graph_to_json(graph)))) == graph
    found = unrolled(graph)
    network = found.graph
    assert effective(network) is network
    assert graph_from_json(graph_to_json(network)) == network
    assert len(network.order()) == len(network)
    for node in network:
        ports = [e.port for e in network.incoming(node.id)]
        assert LAYERS[node.layer].arity[1] != MANY or ports == list(range(len(ports)))
        assert found.origin(node.id).node in graph.nodes
    report = examine(Project(table(), graph))
    assert set(report.nodes) == set(graph.nodes)
    assert all(p.place.key in graph.nodes for p in report.problems if p.place.kind == "node")
    if not found.hindered and all(node.state == "on" for node in graph):
        assert len(network) == unrolled_count(graph)


def test_what_only_feeds_a_muted_layer_is_not_told_to_lead_nowhere() -> None:
    graph = with_state(residual(), ("relu_1",), "muted")
    report = examine(Project(table(), graph))
    assert report.can_train
    assert not [p for p in report.problems if p.code == "left-out"]
    graph, _loose = edits.add_node(graph, "relu", (0, 400))
    graph = edits.connect(graph, Edge("input_1", "relu_2"))
    (said,) = [p for p in examine(Project(table(), graph)).problems if p.code == "left-out"]
    assert said.place.key == "relu_2"


@pytest.mark.parametrize("is_open", [True, False])
def test_repeats_that_are_drawn_are_the_same_network(is_open: bool) -> None:
    graph, inner = grouped(residual(), ("linear_1", "relu_1"))
    graph = with_block(graph, replace(graph.blocks[inner], repeats=2))
    graph = opened(repeated(3, graph), "block_2", is_open=is_open)
    graph = edits.move(graph, arranged_in_blocks(graph))
    drawn, made = written_out(graph, "block_2")
    assert len(made) == 3
    assert [drawn.blocks[i].name for i in made] == ["Step", "Step 2", "Step 3"]
    one, other = effective(graph), effective(drawn)
    assert sorted(n.layer for n in one) == sorted(n.layer for n in other)
    assert len(one.edges) == len(other.edges)
    before, after = (examine(Project(table(), found)) for found in (graph, drawn))
    assert after.can_train
    assert after.parameters == before.parameters
    assert drawn.outgoing("add_1")[0].target == "linear_3"
    assert graph_from_json(graph_to_json(drawn)) == drawn
    cards = shown(drawn).graph.positions
    assert len(set(cards.values())) == len(cards)
    assert drawn.positions["output_1"][0] > graph.positions["output_1"][0]


def test_what_is_not_repeated_is_drawn_already() -> None:
    graph, block = grouped(residual(), INSIDE)
    assert written_out(graph, block) == (graph, (block,))


def test_repeats_that_have_become_too_many_are_told() -> None:
    graph, inner = grouped(residual(), ("relu_1",), "Bend")
    graph, outer = grouped(graph, INSIDE)
    many = {i: replace(graph.blocks[i], repeats=1000) for i in (inner, outer)}
    graph = replace(graph, blocks=many)
    report = examine(Project(table(), graph))
    assert {p.code for p in report.problems if p.is_error} == {"cannot-repeat"}
    assert len(effective(graph)) == len(graph)
