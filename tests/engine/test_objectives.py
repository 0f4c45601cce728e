"""Losses come out of their entries, and every one of them falls towards the right answer."""

import pytest
import torch
from torch import nn

from studio.core.catalogue import LOSSES
from studio.core.design.training import TrainingSpec
from studio.engine.objectives import loss_of, loss_weight


@pytest.mark.parametrize("key", LOSSES)
def test_every_loss_falls_towards_the_right_answer(key):
    loss = loss_of(TrainingSpec(loss=key), LOSSES[key].fits[0])
    if LOSSES[key].fits[0] == "sequences":
        near, far, truth = scores([0, 2, 2, 3]), scores([3, 3, 1, 1]), torch.tensor([[2, 3]])
    elif LOSSES[key].compares:
        pair = torch.tensor([[0.1]]), torch.tensor([[0.9]])
        near, far = pair if LOSSES[key].compares == "distance" else pair[::-1]
        truth = torch.tensor([1])
    elif LOSSES[key].fits[0] == "classes":
        near, far, truth = torch.tensor([[9.0, 0.0]]), torch.tensor([[0.0, 9.0]]), torch.tensor([0])
    elif LOSSES[key].spreads:
        near, far, truth = torch.tensor([[1.1, 0.0]]), torch.tensor([[3.0, 0.0]]), torch.ones(1, 1)
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
