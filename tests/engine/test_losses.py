"""Every loss is torch's own value for our targets, and answers are decoded as it trained them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from studio.core.catalogue import LOSSES
from studio.core.design.training import TrainingSpec
from studio.core.run.events import RunEnded
from studio.engine.decoding import Shares, decoding_of
from studio.engine.evaluate import evaluate
from studio.engine.objectives import loss_of
from studio.engine.predict import Predictor
from studio.export.deployed import deployed
from tests.engine.material import line, run_of, spirals

CLASSES = [key for key, entry in LOSSES.items() if "classes" in entry.fits]
NUMBERS = [key for key, entry in LOSSES.items() if "numbers" in entry.fits]
SCORES = torch.tensor([[2.0, -1.0, 0.5], [0.3, 0.2, -3.0], [-4.0, 1.0, 1.5]])
TRUTHS = torch.tensor([0, 1, 0])
ONE_HOT = functional.one_hot(TRUTHS, 3).float()


def made(key, task="classes", weights=(), units=((), ()), **params):
    return loss_of(TrainingSpec(loss=key, loss_params=params), task, weights, units)


def torchs(key, **settings):
    return getattr(nn, LOSSES[key].torch)(**settings)


def test_each_loss_of_classes_is_what_torch_says():
    said = functional.log_softmax(SCORES, dim=1)
    smooth = ONE_HOT * 0.9 + 0.1 / 3
    right_first = torch.tensor([[0, -1, -1], [1, -1, -1], [0, -1, -1]])
    expected = {
        "cross_entropy": torchs("cross_entropy")(SCORES, TRUTHS),
        "nll": torchs("nll")(said, TRUTHS),
        "bce": torchs("bce")(SCORES, ONE_HOT),
        "multi_margin": torchs("multi_margin")(SCORES, TRUTHS),
        "multi_label_margin": torchs("multi_label_margin")(SCORES, right_first),
        "multi_label_soft_margin": torchs("multi_label_soft_margin")(SCORES, ONE_HOT),
        "soft_margin": torchs("soft_margin")(SCORES, ONE_HOT * 2 - 1),
        "kl_div": torchs("kl_div", reduction="batchmean")(said, smooth),
    }
    assert set(expected) == set(CLASSES)
    for key, value in expected.items():
        assert made(key)(SCORES, TRUTHS) == pytest.approx(float(value), rel=1e-5), key


def test_log_softmax_that_is_drawn_changes_nothing():
    said = functional.log_softmax(SCORES, dim=1)
    assert made("nll")(said, TRUTHS) == pytest.approx(float(made("nll")(SCORES, TRUTHS)), rel=1e-5)


@pytest.mark.parametrize("key", [key for key in CLASSES if LOSSES[key].weighs_classes])
def test_rare_classes_count_more_in_each_loss_that_says_so(key):
    plain = made(key)
    heavy = made(key, weights=(1.0, 9.0, 1.0))
    first, second = (float(plain(SCORES[n : n + 1], TRUTHS[n : n + 1])) for n in (0, 1))
    both = float(heavy(SCORES[:2], TRUTHS[:2]))
    total = 2.0 if key == "multi_margin" else 10.0  # torch divides that one by the rows
    assert both == pytest.approx((first + 9.0 * second) / total, rel=1e-5)


@pytest.mark.parametrize("key", CLASSES)
def test_each_loss_of_classes_can_be_learnt_with(key):
    torch.manual_seed(0)
    scores = torch.zeros(3, 3, requires_grad=True)
    loss, params = made(key), []
    for _ in range(60):
        value = loss(scores, TRUTHS)
        (slope,) = torch.autograd.grad(value, scores)
        scores = (scores - 2.0 * slope).detach().requires_grad_()
        params.append(float(value.detach()))
    assert params[-1] < params[0]
    assert torch.equal(scores.argmax(dim=1), TRUTHS)


@pytest.mark.parametrize("key", NUMBERS)
def test_each_loss_of_numbers_is_least_at_the_right_number(key):
    loss = made(key, "numbers", units=((4.0,), (2.0,)))
    truth = torch.tensor([[0.5]])
    values = [float(loss(torch.tensor([[x]]), truth)) for x in (-3.0, 0.0, 0.5, 1.0, 3.0)]
    assert min(values) == values[2]
    assert all(np.isfinite(values))


def test_the_poisson_loss_is_torchs_in_the_units_of_the_count():
    outputs, targets = torch.tensor([[0.5], [-0.25]]), torch.tensor([[1.0], [-2.0]])
    loss = made("poisson", "numbers", units=((4.0,), (2.0,)), full=True)
    plain = nn.PoissonNLLLoss(log_input=False, full=True, eps=0.0)
    assert loss(outputs, targets) == pytest.approx(
        float(plain(outputs * 2 + 4, (targets * 2 + 4).clamp(min=0))), rel=1e-5
    )


def test_an_answer_that_is_no_count_is_drawn_upwards():
    outputs = torch.tensor([[-9.0]], requires_grad=True)
    made("poisson", "numbers", units=((0.0,), (1.0,)))(outputs, torch.tensor([[3.0]])).backward()
    assert torch.isfinite(outputs.grad).all()
    assert outputs.grad < -1


def test_shares_are_probabilities_even_where_all_say_no():
    shares = Shares()(torch.tensor([[-200.0, -199.0], [3.0, 0.0]]))
    assert torch.allclose(shares.sum(dim=1), torch.ones(2))
    assert shares[0, 1] > shares[0, 0] > 0
    yes = torch.sigmoid(torch.tensor([3.0, 0.0]))
    assert torch.allclose(shares[1], yes / yes.sum())


@pytest.mark.parametrize("key", CLASSES)
def test_evaluation_and_export_decode_as_the_loss_trained(tmp_path: Path, key):
    task = spirals(epochs=2).with_training(loss=key)
    assert isinstance(run_of(task, tmp_path)[-1], RunEnded)
    predictor = Predictor(task.project, task.fitted, tmp_path)
    raw = tuple(rows.take(np.arange(5)) for rows in task.arrays.inputs)
    answers = predictor.answers(raw)
    scores = torch.cat(list(predictor.outputs(raw)))
    wanted = decoding_of(predictor.fitted.outputs[0], LOSSES[key])(scores)
    assert np.allclose(answers, wanted.numpy())
    assert np.allclose(answers.sum(axis=1), 1.0, atol=1e-6)
    is_own = LOSSES[key].decoding == "alone"
    assert np.allclose(answers, torch.softmax(scores, dim=1).numpy(), atol=1e-6) != is_own
    with torch.inference_mode():
        shipped = deployed(task.project, task.fitted, tmp_path)(
            *(torch.from_numpy(one) for one in raw)
        )
    assert np.allclose(answers, shipped.numpy(), atol=1e-6)
    found = evaluate(task.project, task.arrays, tmp_path, "run-1")
    assert all(0.5 - 1e-6 <= one <= 1.0 for one in found.confidences)


def test_a_count_comes_out_in_its_own_unit(tmp_path):
    task = line(epochs=30).with_training(loss="poisson", learning_rate=0.05)
    end = run_of(task, tmp_path)[-1]
    assert np.isfinite(end.test["loss"])
