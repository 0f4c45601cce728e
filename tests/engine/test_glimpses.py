"""What one real sample looks like inside a drawing, finished or not."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio import jobs
from studio.core.design import edits
from studio.core.design.block_edits import grouped, with_block, with_state
from studio.core.design.project import Project
from studio.core.run.control import RunControl
from studio.core.run.glimpse import Glimpses
from studio.engine import glimpses as engine
from studio.engine.glimpse_kinds import glimpse_of, picture_of
from studio.look import Looker, is_same_network

KINDS = {
    "classify-images": {"picture", "curve", "bars", "classes"},
    "recognize-images": {"picture", "maps", "bars", "classes"},
    "classify-rows": {"bars", "classes"},
    "classify-texts": {"words", "heat", "bars", "classes"},
    "classify-sounds": {"curve", "maps", "bars", "classes"},
    "forecast": {"curve", "bars"},
    "translate": {"words", "heat"},
    "recommend": {"bars", "curve"},
    "masks-unet": {"picture", "maps"},
}


@pytest.fixture
def looker() -> Looker:
    return Looker()


def look_at(project: Project, looker: Looker) -> Glimpses:
    return looker.look(project)


@pytest.mark.parametrize("key", KINDS)
def test_every_node_of_a_template_can_be_looked_into(key: str, looker: Looker) -> None:
    project = jobs.new_project(key)
    found = look_at(project, looker)
    assert set(found.nodes) == set(project.graph.nodes)
    assert {one.kind for one in found.nodes.values()} <= KINDS[key]
    assert found.run == ""
    report = jobs.check(project)
    for node_id, one in found.nodes.items():
        signal = report.nodes[node_id].signal
        assert signal is not None
        if one.kind not in ("classes", "words"):
            assert one.shape == signal.shape
        for plane in one.planes:
            assert len(plane.pixels) in (plane.height * plane.width, 3 * plane.height * plane.width)


def test_another_sample_looks_otherwise_and_the_places_go_round(looker: Looker) -> None:
    project = jobs.new_project("classify-images")
    first, second = looker.look(project, 0), looker.look(project, 1)
    assert first.nodes["input_1"] != second.nodes["input_1"]
    assert looker.look(project, first.count).nodes == first.nodes


def test_a_drawing_that_is_not_finished_is_shown_up_to_where_it_breaks(looker: Looker) -> None:
    project = jobs.new_project("recognize-images")
    order = project.graph.order()
    cut = order[len(order) // 2]
    graph = edits.remove(project.graph, (cut,))
    found = look_at(replace(project, graph=graph), looker)
    assert set(order[: len(order) // 2]) <= set(found.nodes)
    assert order[-1] not in found.nodes


def test_what_was_learnt_is_shown_while_the_drawing_is_that_of_the_run(
    looker: Looker, tmp_path: Path
) -> None:
    project = jobs.with_overrides(jobs.new_project("classify-images"), epochs=2)
    list(jobs.train(project, tmp_path, RunControl()))
    (record,) = jobs.runs(tmp_path)
    fresh = looker.look(project)
    learnt = looker.look(project, 0, record, tmp_path)
    assert learnt.run == record.run
    assert learnt.nodes["output_1"].high > fresh.nodes["output_1"].high
    told = jobs.tell(tmp_path, record.run, row=learnt.row - 1)
    assert told.classes[0][0] == learnt.nodes["output_1"].words[0]
    assert learnt.nodes["output_1"].lines[0][0] == pytest.approx(told.classes[0][1], abs=1e-5)
    wider = edits.set_param(project.graph, "linear_1", "out_features", 99)
    assert looker.look(replace(project, graph=wider), 0, record, tmp_path).run == ""


def test_only_what_changed_is_worked_out_again(
    looker: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = jobs.new_project("recognize-images")
    look_at(project, looker)
    made: list[str] = []
    real = engine.made
    monkeypatch.setattr(
        engine, "made", lambda node, call: (made.append(node.id), real(node, call))[1]
    )
    look_at(project, looker)
    assert not made
    last = [i for i in project.graph.order() if project.graph.nodes[i].layer == "linear"][-1]
    graph, added = edits.add_node(project.graph, "relu", (0.0, 0.0))
    edge = next(edge for edge in graph.edges if edge.target == last)
    look_at(replace(project, graph=edits.insert_on_edge(graph, edge, added)), looker)
    assert made == [added]


def test_random_numbers_of_a_run_beside_it_are_not_touched(looker: Looker) -> None:
    project = jobs.new_project("recognize-images")
    before = torch.get_rng_state()
    first = look_at(project, looker)
    assert torch.equal(torch.get_rng_state(), before)
    assert look_at(project, Looker()).nodes == first.nodes  # and its own begin with the seed


def test_blocks_that_are_repeated_and_layers_that_are_bypassed(looker: Looker) -> None:
    project = jobs.new_project("classify-images")
    graph = edits.set_param(project.graph, "linear_1", "out_features", 784)
    graph, block = grouped(graph, ("linear_1", "relu_1"), "Pair")
    graph = with_block(graph, replace(graph.blocks[block], repeats=3))
    once = look_at(project, looker).nodes
    thrice = look_at(replace(project, graph=graph), looker).nodes
    assert thrice["relu_1"].shape == (784,)
    assert thrice["relu_1"] != once["relu_1"]
    bypassed = with_state(project.graph, ("relu_1",), "bypassed")
    found = look_at(replace(project, graph=bypassed), looker).nodes
    assert found["relu_1"] == found["linear_1"]


def test_large_values_are_thinned_and_bad_ones_painted_as_the_lowest() -> None:
    large = torch.rand(1, 500, 300, 300)
    found = glimpse_of(large)
    assert found is not None
    assert len(found.planes) == 16
    assert all(max(plane.height, plane.width) <= 48 for plane in found.planes)
    bad = torch.tensor([[float("nan"), 1.0, float("inf"), 3.0, 2.0]])
    found = glimpse_of(bad)
    assert found is not None
    assert (found.low, found.high) == (1.0, 3.0)
    picture = picture_of(torch.rand(1, 3, 200, 100))
    assert picture is not None
    assert picture.planes[0].is_colored
    assert glimpse_of(torch.zeros(0, 3)) is None


@pytest.mark.parametrize("shape", [(1,), (1, 1), (1, 1, 1), (1, 1, 1, 1)])
def test_a_single_number_is_told_as_a_figure_whatever_its_shape(shape) -> None:
    """Such as what an embedding of size 1 gives for one category."""
    glimpse = glimpse_of(torch.full(shape, 0.25))
    assert glimpse is not None
    assert (glimpse.kind, glimpse.lines, glimpse.shape) == ("bars", ((0.25,),), shape[1:])


def test_the_same_network_is_known_wherever_its_cards_stand() -> None:
    project = jobs.new_project("classify-images")
    moved = edits.move(project.graph, {"relu_1": (0.0, 900.0)})
    assert is_same_network(project, replace(project, graph=moved))
    other = edits.set_param(project.graph, "linear_1", "out_features", 99)
    assert not is_same_network(project, replace(project, graph=other))
