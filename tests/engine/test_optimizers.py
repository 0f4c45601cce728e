"""Every optimizer comes out of its entry, takes steps, and is the same after a resume."""

import pytest
import torch
from torch import nn

from studio.core.catalogue import OPTIMIZERS
from studio.core.design.training import TrainingSpec
from studio.core.problems import StudioError
from studio.core.run.events import EpochDone
from studio.engine.optimizers import optimizers_of
from tests.builders import chain
from tests.engine.material import of, run_of, spirals
from tests.engine.test_resume import state, stopped_at, weights

CPU = torch.device("cpu")
DENSE = {name for name in vars(torch.optim) if name[0].isupper()} - {"Optimizer", "SparseAdam"}
SETTINGS = {
    "adam": {"amsgrad": True},
    "sgd": {"momentum": 0.8, "dampening": 0.2},
    "nadam": {"decoupled_weight_decay": True, "weight_decay": 0.01},
    "radam": {"decoupled_weight_decay": True, "weight_decay": 0.01},
    "asgd": {"t0": 5.0},
    "adagrad": {"initial_accumulator_value": 0.1},
    "rmsprop": {"momentum": 0.5, "centered": True},
}


def one(training, model):
    return optimizers_of(training, model, CPU)[0]


def test_every_optimizer_of_torch_for_dense_weights_is_offered():
    assert {entry.torch for entry in OPTIMIZERS.values()} == DENSE


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_takes_a_step(key):
    model = nn.Linear(3, 2)
    optimizer = one(TrainingSpec(optimizer=key, learning_rate=0.01), model)
    before = model.weight.detach().clone()

    def look():
        optimizer.zero_grad()
        loss = (model(torch.ones(2, 3)) - 5).square().sum()
        loss.backward()
        return loss.detach()

    first = float(look())
    for _ in range(5):
        optimizer.step(look)
    assert not torch.equal(model.weight, before)
    assert float(look()) < first
    assert optimizer.param_groups[0]["lr"] == 0.01
    fused = bool(optimizer.param_groups[0].get("fused"))
    assert fused == ("cpu" in OPTIMIZERS[key].is_fused_on)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_our_defaults_are_torchs_where_they_should_be(key):
    entry = OPTIMIZERS[key]
    group = one(TrainingSpec(optimizer=key), nn.Linear(3, 3)).param_groups[0]
    plain = (
        getattr(torch.optim, entry.torch)(nn.Linear(3, 3).parameters())
        if key != "muon"
        else (torch.optim.Muon([nn.Parameter(torch.zeros(3, 3))]))
    )
    own = {"lr", "fused", "foreach", "momentum", "line_search_fn", "max_iter", "max_eval"}
    own |= {"history_size", "adjust_lr_fn", "params", "param_names"}
    theirs = plain.param_groups[0]
    assert {k: v for k, v in group.items() if k not in own} == {
        k: v for k, v in theirs.items() if k not in own
    }


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_run_that_goes_on_equals_one_that_never_stopped(tmp_path, key):
    entry = OPTIMIZERS[key]
    task = spirals(epochs=3)
    layers = (("linear", {"out_features": 12}), "relu", ("dropout", {"p": 0.2}))
    project = chain(task.project.dataset, *layers, ("linear", {"out_features": 2}))
    task = task.with_graph(project.graph).with_training(
        optimizer=key, optimizer_params=SETTINGS.get(key, {}), learning_rate=entry.learning_rate
    )
    whole = run_of(task, tmp_path / "whole")
    stopped_at(task, tmp_path / "parted", 2, 4)
    rest = run_of(task, tmp_path / "parted", resume=tmp_path / "parted")
    assert weights(tmp_path / "parted") == weights(tmp_path / "whole")
    assert state(tmp_path / "parted") == state(tmp_path / "whole")
    assert of(EpochDone, rest) == of(EpochDone, whole)[1:]
    assert rest[-1] == whole[-1]


def test_muon_takes_matrices_and_leaves_the_rest_to_adamw():
    model = nn.Sequential(nn.Embedding(9, 4), nn.Conv1d(3, 3, 1), nn.Linear(4, 4))
    muon, others = optimizers_of(TrainingSpec(optimizer="muon"), model, CPU)
    assert isinstance(muon, torch.optim.Muon)
    assert [p.shape for p in muon.param_groups[0]["params"]] == [(4, 4)]
    assert isinstance(others, torch.optim.AdamW)
    assert len(others.param_groups[0]["params"]) == 4
    assert others.param_groups[0]["weight_decay"] == 0.1
    alone = optimizers_of(TrainingSpec(optimizer="muon"), nn.Conv1d(3, 3, 1), CPU)
    assert [type(one) for one in alone] == [torch.optim.AdamW]


def test_what_cannot_be_fused_goes_the_plain_way(monkeypatch):
    class Picky(torch.optim.Adam):
        def __init__(self, parameters, *, fused=False, **arguments):
            if fused:
                raise RuntimeError("not for these parameters")
            super().__init__(parameters, **arguments)

    monkeypatch.setattr(torch.optim, "Adam", Picky)
    optimizer = one(TrainingSpec(), nn.Linear(1, 1))
    assert isinstance(optimizer, Picky)
    assert not optimizer.param_groups[0]["fused"]


def test_pairs_and_other_values_arrive():
    given = {"beta1": 0.8, "beta2": 0.9, "eps": 1e-6, "weight_decay": 0.1}
    group = one(TrainingSpec(optimizer="adamw", optimizer_params=given), nn.Linear(1, 1))
    assert group.param_groups[0]["betas"] == (0.8, 0.9)
    assert group.param_groups[0]["eps"] == 1e-6
    rprop = one(
        TrainingSpec(optimizer="rprop", optimizer_params={"eta_minus": 0.4, "step_most": 3.0}),
        nn.Linear(1, 1),
    )
    assert rprop.param_groups[0]["etas"] == (0.4, 1.2)
    assert rprop.param_groups[0]["step_sizes"] == (1e-6, 3.0)
    plain = {"line_search_fn": "none"}
    lbfgs = one(TrainingSpec(optimizer="lbfgs", optimizer_params=plain), nn.Linear(1, 1))
    assert lbfgs.param_groups[0]["line_search_fn"] is None


@pytest.mark.parametrize("given", [{"momentum": 0.0}, {"momentum": 0.9, "dampening": 0.1}])
def test_nesterov_is_refused_where_it_cannot_be(given):
    training = TrainingSpec(optimizer="sgd", optimizer_params={**given, "nesterov": True})
    with pytest.raises(StudioError, match="momentum above 0") as raised:
        one(training, nn.Linear(1, 1))
    assert raised.value.problem.place.key == "optimizer"


def test_a_network_without_weights_is_refused():
    with pytest.raises(StudioError, match="nothing that could be learnt"):
        one(TrainingSpec(), nn.ReLU())
    with pytest.raises(StudioError, match="nothing that could be learnt"):
        one(TrainingSpec(), nn.Linear(1, 1).requires_grad_(False))


def test_a_value_out_of_range_is_refused():
    with pytest.raises(StudioError, match="Beta 1"):
        one(TrainingSpec(optimizer_params={"beta1": 7.0}), nn.Linear(1, 1))
