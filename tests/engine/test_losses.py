"""Every loss is torch's own value for our targets, and answers are decoded as it trained them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from studio.core.catalogue import LOSSES, losses
from studio.core.design import edits
from studio.core.design.answers import ModelOutput
from studio.core.design.fixes import apply_fix
from studio.core.design.report import examine
from studio.core.design.training import TrainingSpec
from studio.core.run.events import RunEnded
from studio.core.run.mistakes import answer_words
from studio.data.arrays import FittedOutput
from studio.engine.checkpoints import read_fitted
from studio.engine.decoding import Shares, decoding_of
from studio.engine.evaluate import evaluate
from studio.engine.objectives import loss_of
from studio.engine.predict import Predictor
from studio.export.deployed import deployed
from tests.builders import chain, table
from tests.engine.material import line, run_of, spirals

FOR_CLASSES = [key for key, entry in LOSSES.items() if "classes" in entry.fits]
CLASSES = [key for key in FOR_CLASSES if not LOSSES[key].compares]
PAIRS = [key for key in FOR_CLASSES if LOSSES[key].compares]
FOR_NUMBERS = [key for key, entry in LOSSES.items() if "numbers" in entry.fits]
NUMBERS = [key for key in FOR_NUMBERS if not LOSSES[key].spreads]
# Classes of torch.nn that no target of ours fits; the module of the entries says why.
LEFT_OUT = {
    "BCELoss",
    "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
    "AdaptiveLogSoftmaxWithLoss",
    "LinearCrossEntropyLoss",
}
SCORES = torch.tensor([[2.0, -1.0, 0.5], [0.3, 0.2, -3.0], [-4.0, 1.0, 1.5]])
TRUTHS = torch.tensor([0, 1, 0])
ONE_HOT = functional.one_hot(TRUTHS, 3).float()


def made(key, task="classes", weights=(), units=((), ()), **params):
    return loss_of(TrainingSpec(loss=key, loss_params=params), task, weights, units)


def torchs(key, **settings):
    return getattr(nn, LOSSES[key].torch)(**settings)


def test_every_loss_of_torch_is_there_or_it_is_said_why_not():
    known = {name for name in dir(nn) if name.endswith("Loss")}
    assert known - {entry.torch for entry in LOSSES.values()} == LEFT_OUT
    assert all(name in losses.__doc__ for name in LEFT_OUT)


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
        "margin_ranking": torchs("margin_ranking", margin=1.0)(
            torch.tensor([2.0, 2.0, 0.2, 0.2, -4.0, -4.0]),
            torch.tensor([-1.0, 0.5, 0.3, -3.0, 1.0, 1.5]),
            torch.ones(6),
        ),
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


def test_the_loss_of_distances_is_torchs():
    distances, truths = torch.tensor([[0.2], [0.7], [-0.4], [3.0]]), torch.tensor([1, 0, 0, 0])
    wanted = nn.HingeEmbeddingLoss(margin=1.5)
    signs = torch.tensor([1.0, -1.0, -1.0, -1.0])
    value = float(wanted(distances.abs()[:, 0], signs))
    assert made("hinge_embedding", margin=1.5)(distances, truths) == pytest.approx(value)
    turned = made("hinge_embedding", margin=1.5, same="first")(distances, 1 - truths)
    assert turned == pytest.approx(value)


def test_the_loss_of_likeness_is_torchs():
    torch.manual_seed(3)
    first, second, truths = torch.randn(6, 4), torch.randn(6, 4), torch.tensor([1, 0, 0, 1, 0, 0])
    signs = truths * 2.0 - 1.0
    value = float(nn.CosineEmbeddingLoss(margin=0.2)(first, second, signs))
    likeness = functional.cosine_similarity(first, second).unsqueeze(1)
    assert made("cosine_embedding", margin=0.2)(likeness, truths) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("full", [False, True])
def test_the_gaussian_loss_is_torchs(full):
    torch.manual_seed(4)
    outputs, targets = torch.randn(5, 6), torch.randn(5, 3)
    spread = functional.softplus(outputs[:, 3:])
    value = nn.GaussianNLLLoss(full=full)(outputs[:, :3], targets, spread)
    assert made("gaussian_nll", "numbers", full=full)(outputs, targets) == pytest.approx(
        float(value), rel=1e-5
    )
    far = made("gaussian_nll", "numbers")(torch.full((2, 2), -1e9), torch.zeros(2, 1))
    assert torch.isfinite(far)


def pairs_project(key, **params):
    """Two lines of numbers compared: one number comes out."""
    torch.manual_seed(0)
    project = chain(table(numbers=4, classes=2), ("linear", {"out_features": 1}))
    return replace(project, training=TrainingSpec(loss=key, loss_params=params))


@pytest.mark.parametrize("key", PAIRS)
def test_a_loss_of_pairs_wants_one_number_and_two_classes(key):
    project = pairs_project(key)
    assert not [p for p in examine(project).problems if p.is_error]
    more = chain(table(numbers=4, classes=3), ("linear", {"out_features": 1}))
    codes = {p.code for p in examine(replace(more, training=project.training)).problems}
    assert "not-two-classes" in codes
    wide = chain(table(numbers=4, classes=2), ("linear", {"out_features": 2}))
    wide = replace(wide, training=project.training)
    problem = next(p for p in examine(wide).problems if p.code == "wrong-outputs")
    assert "how near two are" in problem.message
    assert not [p for p in examine(apply_fix(wide, problem.fix)).problems if p.is_error]


@pytest.mark.parametrize(("key", "same"), [(key, s) for key in PAIRS for s in ("first", "second")])
def test_pairs_are_told_apart_at_the_border_of_their_loss(key, same):
    margin = 0.5
    known = FittedOutput(ModelOutput("k", "classes", ("k",), ("a", "b"), ("k",), (2,)))
    decode = decoding_of(known, LOSSES[key], {"margin": margin, "same": same})
    is_distance = LOSSES[key].compares == "distance"
    border = margin / 2 if is_distance else (1 + margin) / 2
    alike, apart = (border - 0.1, border + 0.1) if is_distance else (border + 0.1, border - 0.1)
    said = torch.jit.script(decode)(torch.tensor([[border], [alike], [apart]]))
    assert torch.allclose(said.sum(dim=1), torch.ones(3))
    assert torch.allclose(said[0], torch.full((2,), 0.5))
    place = 1 if same == "second" else 0
    assert said[1:].argmax(dim=1).tolist() == [place, 1 - place]


def test_pairs_are_learnt_judged_and_answered(tmp_path):
    task = spirals(epochs=3).with_training(loss="hinge_embedding")
    task = replace(task, project=one_unit(task.project, 1))
    assert run_of(task, tmp_path)[-1].outcome == "completed"
    predictor = Predictor(task.project, task.fitted, tmp_path)
    answers = predictor.answers(task.arrays.inputs)
    assert answers.shape == (len(task.arrays), 2)
    found = evaluate(task.project, task.arrays, tmp_path, "run-1")
    rows = answers[task.arrays.parts["test"]]
    assert found.answers == tuple(rows.argmax(axis=1).astype(float).tolist())
    truths = np.asarray(found.truths)
    assert found.figures["accuracy"] == pytest.approx(float((rows.argmax(axis=1) == truths).mean()))


def test_an_interval_is_learnt_judged_and_answered(tmp_path):
    task = line(epochs=30).with_training(loss="gaussian_nll", loss_params={"interval": 0.8})
    task = replace(task, project=one_unit(task.project, 4))  # two targets, each with its spread
    assert not [p for p in examine(task.project).problems if p.is_error]
    assert run_of(task, tmp_path)[-1].outcome == "completed"
    known = read_fitted(tmp_path).outputs[0]
    assert known.interval == 0.8
    first, second = known.target_names
    assert known.answer_names[2:] == (
        f"{first}: low",
        f"{second}: low",
        f"{first}: high",
        f"{second}: high",
    )
    answers = Predictor(task.project, task.fitted, tmp_path).answers(task.arrays.inputs)
    middle, low, high = answers[:, :2], answers[:, 2:4], answers[:, 4:]
    assert (low < middle).all()
    assert (middle < high).all()
    found = evaluate(task.project, task.arrays, tmp_path, "run-1")
    places = task.arrays.parts["test"]
    truths = task.arrays.targets[0][places]
    inside = ((low[places] <= truths) & (truths <= high[places])).mean()
    assert found.figures["covered"] == pytest.approx(float(inside))
    gaps = np.square(middle[places] - truths).mean()
    assert found.figures["rmse"] == pytest.approx(float(np.sqrt(gaps)), rel=1e-3)
    ends = zip(low[places, 0].tolist(), high[places, 0].tolist(), strict=True)
    assert found.intervals == tuple(ends)
    assert " ± " in answer_words(found, 0)[1]
    assert [set(figures) >= {"covered", "rmse"} for figures in found.per_target] == [True, True]


def one_unit(project, count):
    """The project with so many numbers at the end."""
    last = [node.id for node in project.graph if node.layer == "linear"][-1]
    return replace(project, graph=edits.set_param(project.graph, last, "out_features", count))


EVERY = [(key, task) for key, entry in LOSSES.items() for task in entry.fits]


@pytest.mark.parametrize(("key", "task"), EVERY)
def test_a_step_with_each_loss_helps_for_each_target_that_it_fits(key, task):
    """Scores that are learnt alone, for answers of the shape that the loss wants."""
    torch.manual_seed(1)
    targets, shape = TARGETS[task]
    if LOSSES[key].compares:
        targets, shape = torch.tensor([1, 0, 1]), (3, 1)
    if LOSSES[key].spreads:
        shape = (3, 4)
    units = ((0.5,), (0.5,)) if task in ("numbers", "images") else ((), ())
    if key != "ctc" and task == "sequences":
        shape = (3, 3, 5)  # else there are more steps than tokens
    loss = made(key, task, units=units)
    answers = (0.4 * torch.rand(shape) + 0.2).requires_grad_()
    before = loss(answers, targets)
    (slope,) = torch.autograd.grad(before, answers)
    assert torch.isfinite(slope).all()
    assert slope.abs().sum() > 0
    assert loss(answers.detach() - 0.02 * slope, targets) < before


TARGETS = {
    "classes": (torch.tensor([0, 2, 1]), (3, 3)),
    "numbers": (torch.tensor([[1.0, 2.0], [0.0, 3.0], [2.0, 1.0]]), (3, 2)),
    "sequences": (torch.tensor([[2, 3, 0], [1, 2, 3], [3, 0, 0]]), (3, 9, 5)),
    "masks": (torch.tensor([[[0, 1], [2, 255]]] * 3, dtype=torch.uint8), (3, 3, 2, 2)),
    "images": (torch.tensor([[[[9, 90], [200, 255]]]] * 3, dtype=torch.uint8), (3, 1, 2, 2)),
}
