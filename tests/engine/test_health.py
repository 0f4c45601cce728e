"""The health of the nodes of a run: what is seen, that it is true, and that it changes nothing."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from studio.core.design.block import Block
from studio.core.design.effective import effective_project, unrolled
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, HealthSeen
from studio.engine import health
from studio.engine.build import node_parts
from studio.engine.health import HealthWatch
from studio.engine.run_state import RunState
from studio.engine.trainer import train
from tests.builders import chain
from tests.engine.material import line, of, run_of, spirals, strokes


@pytest.fixture
def eager(monkeypatch):
    """Looks after every block of steps, from the first on."""
    for name in ("LEAST_GAP", "SPREAD"):
        monkeypatch.setattr(health, name, 0.0)
    monkeypatch.setattr(health, "SHARE", 1e9)


def trained(task, folder, *, watches_health=True):
    return list(
        train(
            task.project,
            task.arrays,
            RunControl(),
            fitted=task.fitted,
            run="run-1",
            folder=folder,
            watches_health=watches_health,
        )
    )


def looked_at(task, prepare=lambda parts: None):
    """What a look sees after one step of a fresh run; `prepare(parts)` changes weights first."""
    state = RunState(effective_project(task.project), task.arrays, task.fitted)
    prepare(node_parts(task.project.graph, state.model))
    state.begin_epoch()
    inputs = state.parts.training.take(torch.arange(16))
    targets = torch.as_tensor(state.parts.training.targets[:16])
    state.loss(state.model(*inputs), targets).backward()
    watch = HealthWatch(state, unrolled(task.project.graph))
    return state, watch.look()


def ids(project, layer):
    return [node.id for node in project.graph if node.layer == layer]


@pytest.mark.parametrize("task", [spirals, line, strokes])
def test_weights_and_figures_are_the_same_with_and_without(tmp_path, eager, task):
    watched = trained(task(epochs=2), tmp_path / "a")
    plain = trained(task(epochs=2), tmp_path / "b", watches_health=False)
    assert of(HealthSeen, watched)
    assert not of(HealthSeen, plain)
    assert of(EpochDone, watched) == of(EpochDone, plain)
    for name in ("best", "last"):
        one, other = (tmp_path / x / f"{name}.safetensors" for x in "ab")
        assert one.read_bytes() == other.read_bytes()


def test_dropout_and_batch_norm_go_on_as_if_nobody_had_looked(tmp_path, eager):
    task = spirals(epochs=2)
    layers = (("linear", {"out_features": 8}), "batch_norm", "relu", "dropout")
    project = chain(task.project.dataset, *layers, ("linear", {"out_features": 2}))
    task = task.with_graph(project.graph)
    trained(task, tmp_path / "a")
    trained(task, tmp_path / "b", watches_health=False)
    one, other = (tmp_path / x / "last.safetensors" for x in "ab")
    assert one.read_bytes() == other.read_bytes()


def test_every_layer_that_learns_tells_its_gradient_and_every_rectifier_its_dead_units():
    task = spirals()
    state, seen = looked_at(task)
    for node_id, part in node_parts(task.project.graph, state.model).items():
        learns = list(part.parameters())
        if learns:
            slope = torch.cat([p.grad.flatten() for p in learns]).norm()
            weight = torch.cat([p.detach().flatten() for p in learns]).norm()
            assert seen[node_id].slope == pytest.approx(float(slope / weight), rel=0.01)
    for node_id in ids(task.project, "relu"):
        assert 0.0 <= seen[node_id].dead < 1.0


def test_units_that_never_speak_are_counted_as_dead():
    def silence(parts):
        first = next(part for part in parts.values() if isinstance(part, nn.Linear))
        with torch.no_grad():
            first.weight[:8] = 0.0
            first.bias[:8] = -1.0
            first.bias[8:] = 9.0

    task = spirals()
    _state, seen = looked_at(task, silence)
    assert seen[ids(task.project, "relu")[0]].dead == pytest.approx(0.25)


def test_channels_of_pictures_are_units():
    def silence(parts):
        first = next(part for part in parts.values() if isinstance(part, nn.Conv2d))
        with torch.no_grad():
            first.weight[:] = 0.0
            first.bias[:] = 1.0
            first.bias[0] = -1.0

    task = strokes()
    state, seen = looked_at(task, silence)
    parts = node_parts(task.project.graph, state.model)
    filters = next(part for part in parts.values() if isinstance(part, nn.Conv2d)).out_channels
    assert seen[ids(task.project, "relu")[0]].dead == pytest.approx(1 / filters, abs=0.001)


def test_a_sigmoid_that_is_pushed_to_its_ends_is_saturated():
    def push(parts):
        with torch.no_grad():
            next(part for part in parts.values() if isinstance(part, nn.Linear)).bias[:] = 50.0

    task = spirals()
    layers = (("linear", {"out_features": 4}), "sigmoid", ("linear", {"out_features": 2}))
    task = task.with_graph(chain(task.project.dataset, *layers).graph)
    _state, seen = looked_at(task, push)
    assert seen[ids(task.project, "sigmoid")[0]].saturated == 1.0


def test_the_first_node_whose_values_are_no_numbers_is_named_and_no_other():
    def spoil(parts):
        second = [part for part in parts.values() if isinstance(part, nn.Linear)][1]
        with torch.no_grad():
            second.bias[0] = float("inf")

    task = spirals()
    _state, seen = looked_at(task, spoil)
    second = ids(task.project, "linear")[1]
    faulty = {node_id: one.fault for node_id, one in seen.items() if one.fault}
    assert faulty[second] == "weights"
    assert [i for i, fault in faulty.items() if fault == "values"] == []


def test_the_first_look_is_after_the_first_step(tmp_path, monkeypatch):
    monkeypatch.setattr(health, "LEAST_GAP", 3600.0)
    seen = of(HealthSeen, run_of(spirals(epochs=2), tmp_path))
    assert [(one.epoch, one.step) for one in seen] == [(1, 1)]


def test_the_looks_after_it_take_no_more_than_their_share(tmp_path, monkeypatch):
    """A clock that only looks move on: the next is due when enough time lies between them."""
    now = [0.0]
    monkeypatch.setattr(health, "perf_counter", lambda: now[0])
    task = spirals(epochs=200)
    watch = HealthWatch(
        RunState(effective_project(task.project), task.arrays, task.fitted),
        unrolled(task.project.graph),
    )
    monkeypatch.setattr(watch, "look", lambda: now.__setitem__(0, now[0] + 0.3) or {})
    assert len(list(watch.due())) == 1
    now[0] += 0.3 / health.SHARE - 0.1
    assert list(watch.due()) == []
    now[0] += 0.2
    assert len(list(watch.due())) == 1


def test_a_repeated_node_is_told_once_under_its_drawn_id():
    task = spirals()
    graph = task.project.graph
    members = (ids(task.project, "linear")[1], ids(task.project, "relu")[1])
    block = Block("twice", "Twice", members, repeats=2)
    state, seen = looked_at(task.with_graph(replace(graph, blocks={block.id: block})))
    assert len(node_parts(state.project.graph, state.model)) == len(graph)
    assert set(seen) <= set(graph.nodes)
    assert set(members) <= set(seen)
