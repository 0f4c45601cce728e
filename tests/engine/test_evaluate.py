"""A trained run is judged on its best weights, and answers raw rows without any data."""

import numpy as np
import pytest
import torch
from sklearn import metrics

from studio.core.problems import StudioError
from studio.engine import loaders
from studio.engine.evaluate import evaluate
from studio.engine.predict import Predictor
from tests.engine.material import line, run_of, strokes


def trained(task, folder):
    return task, run_of(task, folder)[-1]


def test_classes(tmp_path):
    task, end = trained(strokes(epochs=4), tmp_path)
    found = evaluate(task.project, task.arrays, tmp_path, "run-1")
    positions = task.arrays.parts["test"]
    assert found.figures == pytest.approx(dict(end.test), rel=1e-4)
    assert found.positions == tuple(positions)
    assert found.rows == tuple(task.arrays.rows[positions])
    assert found.truths == tuple(task.arrays.targets[0][positions])
    assert (
        np.array(found.matrix).tolist()
        == metrics.confusion_matrix(found.truths, found.answers).tolist()
    )
    assert sum(map(sum, found.matrix)) == len(positions)
    assert all(1 / 3 <= confidence <= 1 for confidence in found.confidences)
    recalls = metrics.recall_score(found.truths, found.answers, average=None)
    assert [row["recall"] for row in found.per_class] == pytest.approx(list(recalls))
    assert sum(row["support"] for row in found.per_class) == len(positions)


def test_numbers(tmp_path):
    task, end = trained(line(), tmp_path)
    found = evaluate(task.project, task.arrays, tmp_path, "run-1", "validation")
    positions = task.arrays.parts["validation"]
    assert found.part == "validation"
    assert found.figures["r2"] > 0.999
    assert found.answers == pytest.approx(task.arrays.targets[0][positions, 0], rel=1e-3)
    assert found.target_names == ("y0", "y1")
    assert not found.confidences
    assert end.test["r2"] > 0.999


def test_a_part_without_rows_is_a_problem(tmp_path):
    task, _ = trained(line(epochs=1), tmp_path)
    with pytest.raises(StudioError, match="no rows"):
        evaluate(task.project, task.arrays, tmp_path, "run-1", "elsewhere")


def test_a_run_without_weights_is_a_problem(tmp_path):
    task = line()
    with pytest.raises(StudioError):
        evaluate(task.project, task.arrays, tmp_path, "run-1")


def test_answers_are_probabilities_or_numbers_in_their_unit(tmp_path):
    images, _ = trained(strokes(epochs=1), tmp_path / "a")
    shares = Predictor(images.project, images.fitted, tmp_path / "a").answers(images.arrays.inputs)
    assert shares.dtype == np.float32
    assert shares.shape == (180, 3)
    assert shares.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    rows, _ = trained(line(), tmp_path / "b")
    numbers = Predictor(rows.project, rows.fitted, tmp_path / "b").answers(rows.arrays.inputs)
    assert np.abs(numbers - rows.arrays.targets[0]).max() < 0.01 * rows.arrays.targets[0].std()


def test_answers_do_not_depend_on_how_many_are_asked_at_once(tmp_path, monkeypatch):
    task, _ = trained(line(epochs=2), tmp_path)
    predictor = Predictor(task.project, task.fitted, tmp_path)
    whole = predictor.answers(task.arrays.inputs)
    monkeypatch.setattr(loaders, "MOST_ROWS", 7)
    assert np.allclose(predictor.answers(task.arrays.inputs), whole, rtol=1e-5)
    assert predictor.answers(task.arrays.inputs, np.arange(0)).shape == (0, 2)


def test_predicting_takes_no_random_numbers_from_a_run_beside_it(tmp_path):
    task, _ = trained(line(epochs=1), tmp_path)
    before = torch.get_rng_state()
    Predictor(task.project, task.fitted, tmp_path).answers(task.arrays.inputs)
    assert torch.equal(torch.get_rng_state(), before)
