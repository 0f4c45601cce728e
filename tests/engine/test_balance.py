"""Rare classes: more weight in the training loss, or drawn more often; judged as they are."""

import numpy as np
import pytest
import torch

from studio.core.run.events import EpochDone, Note
from studio.engine.evaluate import evaluate
from studio.engine.run_state import RunState
from tests.builders import chain, table
from tests.engine.material import Task, arrays_of, line, of, run_of
from tests.engine.test_resume import stopped_at, weights


def unequal(rows: int = 400) -> Task:
    """One number that hardly tells two classes apart, of which one is rare."""
    draw = np.random.default_rng(8)
    kind = (np.arange(rows) % 20 == 0).astype(np.int64)
    inputs = (draw.normal(0, 1, (rows, 1)) + 1.5 * kind[:, None]).astype(np.float32)
    dataset = table(numbers=1, classes=2, rows=rows)
    project = chain(dataset, ("linear", {"out_features": 2}))
    made = Task(project, arrays_of(dataset, inputs, kind))
    return made.with_training(epochs=30, batch_size=16, learning_rate=0.05, device="cpu")


def rare_found(task: Task, folder) -> float:
    events = run_of(task, folder)
    assert events[-1].outcome == "completed"
    return evaluate(task.project, task.arrays, folder, "run-1", "training").per_class[1]["recall"]


@pytest.mark.parametrize("way", ["weights", "resample"])
def test_more_of_the_rare_class_is_found(tmp_path, way):
    task = unequal()
    plain = rare_found(task, tmp_path / "none")
    assert rare_found(task.with_training(balance=way), tmp_path / way) > plain + 0.3


def test_the_validation_loss_counts_all_rows_alike_and_a_note_says_so(tmp_path):
    task = unequal().with_training(balance="weights", epochs=1)
    events = run_of(task, tmp_path)
    assert any("count all rows alike" in note.text for note in of(Note, events))
    found = evaluate(task.project, task.arrays, tmp_path, "run-1", "validation")
    assert of(EpochDone, events)[0].validation["loss"] == pytest.approx(found.figures["loss"])
    plain = run_of(task.with_training(balance="none"), tmp_path / "plain")
    assert not any("count all rows alike" in note.text for note in of(Note, plain))


def test_weights_reach_the_loss_of_the_steps_alone():
    task = unequal().with_training(balance="weights")
    state = RunState(task.project, task.arrays, task.fitted)
    assert torch.allclose(state.loss.weight, torch.tensor(task.fitted.class_weights))
    assert state.loss.weight[1] > 5 * state.loss.weight[0]
    assert state.judges.each[0].plain_loss.weight is None


def test_resampling_is_for_classes_alone(tmp_path):
    task = line(epochs=1)
    first = run_of(task, tmp_path / "a")
    second = run_of(task.with_training(balance="resample"), tmp_path / "b")
    assert of(EpochDone, first) == of(EpochDone, second)


def test_a_resampled_run_goes_on_where_it_was(tmp_path):
    task = unequal().with_training(balance="resample", epochs=3)
    whole = run_of(task, tmp_path / "whole")
    stopped_at(task, tmp_path / "parted", 2, 3)
    rest = run_of(task, tmp_path / "parted", resume=tmp_path / "parted")
    assert rest[-1] == whole[-1]
    assert weights(tmp_path / "parted") == weights(tmp_path / "whole")
