"""Figures against scikit-learn, and in the unit of the target."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn import metrics

from studio.core.design.project import Project
from studio.data.arrays import FittedOutput
from studio.engine.metrics import Scorer
from tests.builders import images, table
from tests.engine.kinds import pairs
from tests.engine.material import line

DRAW = np.random.default_rng(5)


def scorer_of(classes: int, shares):
    truths = DRAW.choice(classes, 400, p=shares)
    dataset = counted(table(numbers=1, classes=classes), np.bincount(truths))
    return Scorer(Project(dataset), FittedOutput(dataset.model_outputs()[0])), truths


def counted(dataset, counts):
    *inputs, target = dataset.summary.columns
    target = replace(target, counts=tuple(counts.tolist()))
    return replace(dataset, summary=replace(dataset.summary, columns=(*inputs, target)))


def test_several_classes():
    scorer, truths = scorer_of(3, (0.6, 0.3, 0.1))
    outputs = DRAW.normal(size=(400, 3)) + 1.5 * np.eye(3)[truths]
    figures = scorer.figures(torch.tensor(outputs), torch.tensor(truths))
    answers = outputs.argmax(axis=1)
    assert figures["accuracy"] == pytest.approx(metrics.accuracy_score(truths, answers))
    assert figures["f1"] == pytest.approx(metrics.f1_score(truths, answers, average="macro"))


@pytest.mark.parametrize(("shares", "rarer"), [((0.9, 0.1), 1), ((0.2, 0.8), 0)])
def test_two_classes_are_judged_by_the_rarer_one(shares, rarer):
    scorer, truths = scorer_of(2, shares)
    outputs = DRAW.normal(size=(400, 2)) + np.eye(2)[truths]
    figures = scorer.figures(torch.tensor(outputs), torch.tensor(truths))
    answers = outputs.argmax(axis=1)
    assert figures["f1"] == pytest.approx(metrics.f1_score(truths, answers, pos_label=rarer))


@pytest.mark.parametrize(("counts", "f1"), [((5, 95), 0.8), ((95, 5), 2 / 3)])
def test_images_know_their_rarer_class_too(counts, f1):
    dataset = images(classes=2)
    spec = counted(dataset, np.array(counts))
    fitted = FittedOutput(spec.model_outputs()[0])
    answers = torch.eye(2)[torch.tensor([0, 1, 0, 0])]
    figures = Scorer(Project(spec), fitted).figures(answers, torch.tensor([0, 1, 1, 0]))
    assert figures["f1"] == pytest.approx(f1)


def test_numbers_are_judged_in_their_own_unit():
    task = line()
    known = task.fitted.outputs[0]
    fitted = replace(known, target_offsets=(1e6, 0.0), target_scales=(100.0, 1.0))
    truths = DRAW.normal(size=(50, 2))
    answers = truths + DRAW.normal(size=(50, 2))
    figures = Scorer(task.project, fitted).figures(torch.tensor(answers), torch.tensor(truths))
    scale = np.array([100.0, 1.0])
    ours, theirs = truths * scale, answers * scale
    assert figures["mae"] == pytest.approx(metrics.mean_absolute_error(ours, theirs), rel=1e-4)
    assert figures["rmse"] == pytest.approx(
        np.sqrt(metrics.mean_squared_error(ours, theirs)), rel=1e-4
    )
    assert figures["r2"] == pytest.approx(metrics.r2_score(ours, theirs), rel=1e-4)


def test_one_of_several_numbers_is_judged_alone():
    task = line()
    scorer = Scorer(task.project, task.fitted.outputs[0])
    truths, answers = torch.rand(30, 2), torch.rand(30, 2)
    each = [scorer.figures(answers, truths, target)["mae"] for target in range(2)]
    assert sum(each) / 2 == pytest.approx(scorer.figures(answers, truths)["mae"])
    assert each[0] != each[1]


def test_texts_are_judged_by_their_tokens_and_as_a_whole():
    task = pairs()
    scorer = Scorer(task.project, task.fitted.outputs[0])
    truths = torch.tensor([[5, 6, 3, 0, 0], [7, 3, 0, 0, 0], [5, 5, 5, 5, 3]])
    answers = torch.tensor([[5, 6, 3, 9, 9], [7, 4, 3, 0, 0], [5, 5, 5, 5, 3]])
    outputs = torch.nn.functional.one_hot(answers, 16).float()
    assert torch.equal(scorer.kept(outputs), answers)
    figures = scorer.figures(scorer.kept(outputs), truths)
    assert figures == pytest.approx({"token_accuracy": 9 / 10, "exact": 2 / 3})


def test_a_figure_that_cannot_be_had_is_left_out():
    task = line()
    scorer = Scorer(task.project, task.fitted.outputs[0])
    one = torch.zeros(1, 2)
    assert set(scorer.figures(one, one)) == {"rmse", "mae"}
    assert scorer.figures(torch.empty(0, 2), torch.empty(0, 2)) == {}


def test_only_the_chosen_figures_are_made():
    task = line().with_training(metrics=("mae",))
    scorer = Scorer(task.project, task.fitted.outputs[0])
    assert set(scorer.figures(torch.zeros(3, 2), torch.ones(3, 2))) == {"mae"}
