"""Weights of single nodes begin, rest, are held small and shared as was set, export included."""

from dataclasses import replace

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from studio.core.catalogue import INITIALIZATIONS
from studio.core.design.learning import Learning
from studio.core.design.sharing import sharing, with_learning
from studio.core.problems import StudioError
from studio.core.run.events import RunEnded, RunStarted
from studio.engine.build import build, build_unfilled, parameter_count
from studio.engine.predict import Predictor
from studio.export.deployed import deployed
from tests.builders import chain, table
from tests.engine.material import run_of, spirals
from tests.engine.test_resume import state, stopped_at, weights

WIDE = ("linear", {"out_features": 4})
BASE = (WIDE, "relu", WIDE, ("linear", {"out_features": 3}))


def learning(project, **by_node):
    graph = project.graph
    for node_id, given in by_node.items():
        graph = with_learning(graph, node_id, given)
    return replace(project, graph=graph)


def made(project, seed=0):
    torch.manual_seed(seed)
    return build(project.graph, project.dataset)


@pytest.mark.parametrize("key", [key for key, entry in INITIALIZATIONS.items() if entry.torch])
def test_weights_begin_as_torch_draws_them(key):
    project = learning(chain(table(), *BASE), linear_2=Learning(start=key))
    model = made(project)
    own = made(chain(table(), *BASE))
    assert torch.equal(model.linear_1.weight, own.linear_1.weight)
    assert torch.equal(model.linear_2.bias, torch.zeros(4))
    torch.manual_seed(0)
    nn.Linear(model.linear_1.in_features, 4)  # draws as the two layers have drawn
    nn.Linear(4, 4)
    expected = torch.empty(4, 4)
    values = {k: v for k, v in INITIALIZATIONS[key].defaults().items() if k != "biases"}
    getattr(nn.init, INITIALIZATIONS[key].torch)(expected, **values)
    assert torch.equal(model.linear_2.weight, expected)


def test_biases_can_stay_as_the_layer_has_them():
    start = Learning(start="ones", start_params={"biases": "own"})
    model = made(learning(chain(table(), *BASE), linear_2=start))
    assert torch.equal(model.linear_2.bias, made(chain(table(), *BASE)).linear_2.bias)


def test_weights_of_too_few_directions_stay_as_they_are():
    project = chain(table(), WIDE, "batch_norm", ("linear", {"out_features": 3}))
    model = made(learning(project, batch_norm_1=Learning(start="orthogonal")))
    assert torch.equal(model.batch_norm_1.weight, torch.ones(4))


def test_a_model_that_is_to_be_filled_takes_no_random_numbers():
    project = learning(chain(table(), *BASE), linear_2=Learning(start="orthogonal"))
    before = torch.get_rng_state()
    build_unfilled(project.graph, project.dataset)
    assert torch.equal(torch.get_rng_state(), before)


def spirals_with(**by_node):
    task = spirals(epochs=3)
    wide, last = ("linear", {"out_features": 8}), ("linear", {"out_features": 2})
    project = chain(task.project.dataset, wide, "batch_norm", "relu", wide, wide, last)
    return task.with_graph(learning(project, **by_node).graph)


def kept(folder, name="last"):
    return safetensors.torch.load_file(folder / f"{name}.safetensors")


def test_frozen_nodes_keep_their_weights_and_running_figures(tmp_path):
    rest = Learning(is_frozen=True)
    task = spirals_with(linear_1=rest, batch_norm_1=rest)
    torch.manual_seed(task.project.training.seed)
    before = build(task.project.graph, task.project.dataset)
    assert parameter_count(before) == 72 + 72 + 18
    events = run_of(task, tmp_path)
    assert next(one for one in events if isinstance(one, RunStarted)).parameters == 162
    after = kept(tmp_path)
    for key, tensor in before.state_dict().items():
        is_frozen = key.startswith(("linear_1.", "batch_norm_1."))
        assert torch.equal(after[key], tensor) == is_frozen, key


def test_nothing_to_learn_is_refused_before_a_run(tmp_path):
    rest = Learning(is_frozen=True)
    names = ("linear_1", "linear_2", "linear_3", "linear_4", "batch_norm_1")
    with pytest.raises(StudioError, match="frozen"):
        run_of(spirals_with(**dict.fromkeys(names, rest)), tmp_path)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "lbfgs", "rprop"])
def test_penalties_make_the_weights_of_their_node_smaller(tmp_path, optimizer):
    rate = {"lbfgs": 1.0}.get(optimizer, 0.05)
    sizes = {}
    for name, given in {"free": Learning(), "held": Learning(l1=0.02, l2=0.2)}.items():
        task = spirals_with(linear_2=given).with_training(optimizer=optimizer, learning_rate=rate)
        assert run_of(task, tmp_path / name)[-1].outcome == "completed"
        sizes[name] = float(kept(tmp_path / name)["linear_2.weight"].abs().sum())
    assert sizes["held"] < 0.8 * sizes["free"]


def test_a_penalty_is_the_gradient_of_what_it_adds_to_the_loss(tmp_path):
    given = {"optimizer": "sgd", "optimizer_params": {"momentum": 0.0}, "learning_rate": 0.1}
    task = spirals_with(linear_2=Learning(l1=0.03, l2=0.5)).with_training(**given)
    free = spirals_with().with_training(**given)
    torch.manual_seed(0)
    start = build(task.project.graph, task.project.dataset).linear_2.weight.detach()
    stopped_at(task, tmp_path / "held", 1, 1)
    stopped_at(free, tmp_path / "free", 1, 1)
    step = kept(tmp_path / "held")["linear_2.weight"] - kept(tmp_path / "free")["linear_2.weight"]
    assert torch.allclose(step, -0.1 * (0.03 * start.sign() + 0.5 * start), atol=1e-6)
    assert torch.equal(
        kept(tmp_path / "held")["linear_2.bias"], kept(tmp_path / "free")["linear_2.bias"]
    )


def shared():
    task = spirals_with(linear_2=Learning(l2=0.01))
    return task.with_graph(sharing(task.project.graph, "linear_3", "linear_2"))


def test_shared_weights_are_one_part_that_is_called_twice(tmp_path):
    task = shared()
    model = build(task.project.graph, task.project.dataset)
    assert "linear_3" not in dict(model.named_children())
    called = [node.target for node in model.graph.nodes if node.op == "call_module"]
    assert called.count("linear_2") == 2
    whole = run_of(task, tmp_path / "whole")
    assert "linear_3.weight" not in kept(tmp_path / "whole")
    assert isinstance(whole[-1], RunEnded)
    stopped_at(task, tmp_path / "parted", 2, 3)
    run_of(task, tmp_path / "parted", resume=tmp_path / "parted")
    assert weights(tmp_path / "parted") == weights(tmp_path / "whole")
    assert state(tmp_path / "parted") == state(tmp_path / "whole")


@pytest.mark.filterwarnings("ignore:.*instance-level annotations", "ignore:.*torch.jit")
def test_what_is_shared_and_frozen_is_exported_as_it_answers(tmp_path):
    task = shared()
    graph = with_learning(task.project.graph, "linear_1", Learning(is_frozen=True))
    task = task.with_graph(graph)
    run_of(task, tmp_path)
    raw = tuple(rows.take(np.arange(6)) for rows in task.arrays.inputs)
    answers = Predictor(task.project, task.fitted, tmp_path).answers(raw)
    scripted = torch.jit.script(deployed(task.project, task.fitted, tmp_path))
    with torch.inference_mode():
        assert np.allclose(scripted(*map(torch.from_numpy, raw)).numpy(), answers, atol=1e-6)
    assert (
        sum(p.numel() for p in scripted.parameters())
        == parameter_count(build(spirals_with().project.graph, task.project.dataset)) - 72
    )
