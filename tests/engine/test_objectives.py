"""Optimizers and losses come out of their entries, and every one of them takes a step."""

import pytest
import torch
from torch import nn

from studio.core.catalogue import LOSSES, OPTIMIZERS
from studio.core.design.training import TrainingSpec
from studio.core.problems import StudioError
from studio.engine.objectives import loss_of, loss_weight, optimizer_of

CPU = torch.device("cpu")


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_takes_a_step(key):
    model = nn.Linear(3, 1)
    training = TrainingSpec(optimizer=key, learning_rate=0.01)
    optimizer = optimizer_of(training, model.parameters(), CPU)
    before = model.weight.detach().clone()
    model(torch.ones(2, 3)).sum().backward()
    optimizer.step()
    assert not torch.equal(model.weight, before)
    assert optimizer.param_groups[0]["lr"] == 0.01
    fused = bool(optimizer.param_groups[0].get("fused"))
    assert fused == ("cpu" in OPTIMIZERS[key].is_fused_on)


def test_what_cannot_be_fused_goes_the_plain_way(monkeypatch):
    class Picky(torch.optim.Adam):
        def __init__(self, parameters, *, fused=False, **arguments):
            if fused:
                raise RuntimeError("not for these parameters")
            super().__init__(parameters, **arguments)

    monkeypatch.setattr(torch.optim, "Adam", Picky)
    optimizer = optimizer_of(TrainingSpec(), nn.Linear(1, 1).parameters(), CPU)
    assert isinstance(optimizer, Picky)
    assert not optimizer.param_groups[0]["fused"]


def test_the_betas_and_other_values_arrive():
    given = {"beta1": 0.8, "beta2": 0.9, "eps": 1e-6, "weight_decay": 0.1}
    training = TrainingSpec(optimizer="adamw", optimizer_params=given)
    group = optimizer_of(training, nn.Linear(1, 1).parameters(), CPU).param_groups[0]
    assert group["betas"] == (0.8, 0.9)
    assert (group["eps"], group["weight_decay"]) == (1e-6, 0.1)


def test_nesterov_without_momentum_is_refused():
    training = TrainingSpec(optimizer="sgd", optimizer_params={"momentum": 0.0, "nesterov": True})
    with pytest.raises(StudioError, match="momentum above 0") as raised:
        optimizer_of(training, nn.Linear(1, 1).parameters(), CPU)
    assert raised.value.problem.place.key == "optimizer"


def test_a_network_without_weights_is_refused():
    with pytest.raises(StudioError, match="nothing that could be learnt"):
        optimizer_of(TrainingSpec(), nn.ReLU().parameters(), CPU)


def test_a_value_out_of_range_is_refused():
    with pytest.raises(StudioError, match="Beta 1"):
        optimizer_of(
            TrainingSpec(optimizer_params={"beta1": 7.0}), nn.Linear(1, 1).parameters(), CPU
        )


@pytest.mark.parametrize("key", LOSSES)
def test_every_loss_falls_towards_the_right_answer(key):
    loss = loss_of(TrainingSpec(loss=key), LOSSES[key].fits[0])
    if LOSSES[key].fits[0] == "classes":
        near, far, truth = torch.tensor([[9.0, 0.0]]), torch.tensor([[0.0, 9.0]]), torch.tensor([0])
    else:
        near, far, truth = torch.tensor([[1.1]]), torch.tensor([[3.0]]), torch.tensor([[1.0]])
    assert loss(near, truth) < loss(far, truth)


def scores(*best, classes=4):
    """Scores that are sure of the best token at each place of each text."""
    return 9.0 * torch.nn.functional.one_hot(torch.tensor(best), classes).float()


def test_padding_is_left_out_of_the_loss_of_texts():
    loss = loss_of(TrainingSpec(), "sequences")
    truths = torch.tensor([[2, 3, 0, 0], [1, 0, 0, 0]])
    right = scores([2, 3, 1, 1], [1, 3, 3, 3])
    wrong = scores([2, 2, 0, 0], [1, 0, 0, 0])
    assert loss(right, truths) < 0.01
    known = nn.functional.cross_entropy(wrong[0, :2], truths[0, :2], reduction="sum")
    known = known + nn.functional.cross_entropy(wrong[1, :1], truths[1, :1])
    assert loss(wrong, truths) == pytest.approx(float(known) / 3, rel=1e-5)
    assert loss(wrong, torch.zeros_like(truths)) == 0
    assert (loss_weight("sequences", truths), loss_weight("classes", truths)) == (3, 2)


def test_rare_classes_count_more_where_weights_are_given():
    outputs = torch.tensor([[2.0, 0.0], [2.0, 0.0]])
    truths = torch.tensor([0, 1])
    plain, weighed = (loss_of(TrainingSpec(), "classes", w) for w in ((), (0.5, 1.5)))
    each = nn.functional.cross_entropy(outputs, truths, reduction="none")
    assert plain(outputs, truths) == pytest.approx(float(each.mean()))
    assert weighed(outputs, truths) == pytest.approx(float((0.5 * each[0] + 1.5 * each[1]) / 2))
    assert loss_of(TrainingSpec(), "numbers", (0.5, 1.5))(outputs, outputs) == 0


def test_auto_is_what_fits_and_values_reach_the_loss():
    assert isinstance(loss_of(TrainingSpec(), "classes"), nn.CrossEntropyLoss)
    assert isinstance(loss_of(TrainingSpec(), "numbers"), nn.MSELoss)
    smooth = loss_of(
        TrainingSpec(loss="cross_entropy", loss_params={"label_smoothing": 0.25}), "classes"
    )
    assert smooth.label_smoothing == 0.25
