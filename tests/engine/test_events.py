"""The grammar of a run's events under every ending, with a recorder."""

import re
from dataclasses import replace

import pytest
import torch

from studio.core.problems import StudioError
from studio.core.run.control import RunControl
from studio.core.run.events import (
    CheckpointSaved,
    EpochDone,
    HealthSeen,
    Note,
    RunEnded,
    RunStarted,
    StepDone,
)
from studio.engine.loaders import Batches
from tests.builders import chain
from tests.engine.material import line, of, run_events, run_of, spirals, strokes

LETTERS = {
    RunStarted: "R",
    StepDone: "s",
    EpochDone: "E",
    HealthSeen: "h",
    CheckpointSaved: "c",
    Note: "n",
    RunEnded: ".",
}
GRAMMAR = re.compile(r"R[nc]*(s[snch]*E[nch]*)*(s[snch]*)?\.")


def record(events) -> str:
    return "".join(LETTERS[type(event)] for event in events)


def test_a_completed_run_has_every_epoch(tmp_path):
    events = run_of(spirals(epochs=3), tmp_path)
    assert GRAMMAR.fullmatch(record(events))
    assert [event.epoch for event in of(EpochDone, events)] == [1, 2, 3]
    start, end = events[0], events[-1]
    assert (start.run, start.device, start.epochs) == ("run-1", "cpu", 3)
    assert start.steps_per_epoch == 9  # 144 rows of training, 16 a batch
    assert end.outcome == "completed"
    assert end.best_epoch in {1, 2, 3}
    assert set(end.test) == {"loss", "accuracy", "f1"}
    assert {event.why for event in of(CheckpointSaved, events)} == {"best", "resume"}


def test_epochs_bring_the_figures_of_both_parts(tmp_path):
    first = of(EpochDone, run_of(line(epochs=1), tmp_path))[0]
    assert set(first.training) == set(first.validation) == {"loss", "rmse", "mae", "r2"}
    assert first.is_best
    assert first.samples_per_second > 0


@pytest.mark.parametrize("after", [1, 5, 9, 10, 14])
def test_a_stopped_run_ends_after_the_step_it_is_in(tmp_path, after):
    control, events = RunControl(), []
    for event in run_events(spirals(epochs=50), tmp_path, control):
        events.append(event)
        if len(of(StepDone, events)) == after:
            control.stop()
    assert GRAMMAR.fullmatch(record(events))
    assert events[-1].outcome == "stopped"
    assert len(of(EpochDone, events)) <= after // 9 + 1
    assert (tmp_path / "resume.safetensors").exists()
    assert (tmp_path / "last.safetensors").exists()


def test_stopped_before_the_first_step(tmp_path):
    control = RunControl()
    control.stop()
    events = run_of(spirals(), tmp_path, control=control)
    assert GRAMMAR.fullmatch(record(events))
    assert not of(StepDone, events)
    assert events[-1] == RunEnded("stopped")


def test_a_paused_run_is_kept_and_goes_on_unchanged(tmp_path):
    control, events = RunControl(), []
    for event in run_events(spirals(epochs=3), tmp_path / "paused", control):
        events.append(event)
        if isinstance(event, StepDone) and (event.epoch, event.step) == (2, 4):
            control.pause()
        elif isinstance(event, Note) and event.text == "Paused.":
            assert (tmp_path / "paused" / "resume.safetensors").exists()
            control.go_on()
    assert GRAMMAR.fullmatch(record(events))
    assert "Goes on." in [note.text for note in of(Note, events)]
    undisturbed = run_of(spirals(epochs=3), tmp_path / "whole")
    assert of(EpochDone, events) == of(EpochDone, undisturbed)


def test_a_paused_run_can_be_stopped(tmp_path):
    control, events = RunControl(), []
    for event in run_events(spirals(), tmp_path, control):
        events.append(event)
        if isinstance(event, StepDone):
            control.pause()
        elif isinstance(event, Note):
            control.stop()
    assert GRAMMAR.fullmatch(record(events))
    assert events[-1].outcome == "stopped"


def test_a_failed_run_says_so_once_and_last(tmp_path):
    task = line().with_training(optimizer="sgd", learning_rate=100.0)
    events = run_of(task, tmp_path)
    assert GRAMMAR.fullmatch(record(events))
    assert events[-1].outcome == "failed"
    assert events[-1].problem.is_error


def test_a_listener_that_leaves_finds_the_best_weights_on_the_disk(tmp_path):
    events = run_events(spirals(), tmp_path)
    for event in events:
        if isinstance(event, EpochDone):
            break
    assert not (tmp_path / "best.safetensors").exists()
    events.close()
    assert (tmp_path / "best.safetensors").exists()


def test_early_stopping_ends_the_run_and_says_so(tmp_path):
    task = line(epochs=200).with_training(learning_rate=3.0, patience=4)
    events = run_of(task, tmp_path)
    epochs = of(EpochDone, events)
    assert events[-1].outcome == "completed"
    assert len(epochs) < 200
    assert not any(epoch.is_best for epoch in epochs[-4:])
    assert epochs[-5].is_best
    assert events[-1].best_epoch == epochs[-5].epoch
    assert any("4 epochs" in note.text for note in of(Note, events))


def test_long_runs_are_reported_about_a_thousand_times(tmp_path):
    task = line(rows=100, epochs=1000).with_training(batch_size=20)  # 3 steps an epoch
    steps = of(StepDone, run_of(task, tmp_path))
    assert 990 <= len(steps) <= 1100


def test_a_last_batch_of_one_row_is_left_out_and_said(tmp_path):
    events = run_of(line(rows=200, epochs=2).with_training(batch_size=7), tmp_path)  # 120 = 17*7+1
    assert events[0].steps_per_epoch == 17
    assert any("single row" in note.text for note in of(Note, events))


def test_no_validation_part_means_the_training_loss_counts(tmp_path):
    task = line(epochs=3)
    parts = {**task.arrays.parts, "validation": task.arrays.parts["test"][:0]}
    events = run_of(replace(task, arrays=replace(task.arrays, parts=parts)), tmp_path)
    epochs = of(EpochDone, events)
    assert all(not epoch.validation for epoch in epochs)
    best = min(epochs, key=lambda epoch: epoch.training["loss"])
    assert events[-1].best_epoch == best.epoch


def test_an_empty_training_part_is_refused(tmp_path):
    task = line()
    parts = {**task.arrays.parts, "training": task.arrays.parts["test"][:0]}
    with pytest.raises(StudioError, match="training part has no rows"):
        run_of(replace(task, arrays=replace(task.arrays, parts=parts)), tmp_path)


@pytest.mark.parametrize("training", [{"batch_size": 1}, {}])
def test_batch_normalization_of_single_rows_is_refused(tmp_path, training):
    task = spirals().with_training(**training)
    task = task.with_graph(
        chain(task.project.dataset, "batch_norm", ("linear", {"out_features": 2})).graph
    )
    if not training:  # one row to learn from
        parts = {**task.arrays.parts, "training": task.arrays.parts["training"][:1]}
        task = replace(task, arrays=replace(task.arrays, parts=parts))
    with pytest.raises(StudioError, match="each batch has one row"):
        run_of(task, tmp_path)


@pytest.mark.parametrize(("size", "is_refused"), [(1, True), (2, False)])
def test_batch_normalization_of_one_image_needs_more_than_one_pixel(tmp_path, size, is_refused):
    task = strokes(rows=20, epochs=1).with_training(batch_size=1)
    layers = (
        ("adaptive_avg_pool2d", {"output_size": (size, size)}),
        "batch_norm",
        "flatten",
        ("linear", {"out_features": 3}),
    )
    task = task.with_graph(chain(task.project.dataset, *layers).graph)
    if is_refused:
        with pytest.raises(StudioError, match="each batch has one row"):
            run_of(task, tmp_path)
    else:
        assert run_of(task, tmp_path)[-1].outcome == "completed"


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 99 bytes"),
    ],
)
def test_full_memory_is_said_in_words(tmp_path, monkeypatch, error):
    monkeypatch.setattr(Batches, "order", raising(error))
    with pytest.raises(StudioError, match="not enough memory") as raised:
        run_of(spirals(), tmp_path)
    assert raised.value.problem.place.key == "batch_size"


def test_other_errors_are_not_dressed_up(tmp_path, monkeypatch):
    monkeypatch.setattr(Batches, "order", raising(RuntimeError("a fault")))
    with pytest.raises(RuntimeError, match="a fault"):
        run_of(spirals(), tmp_path)


def raising(error):
    def fail(*_arguments):
        raise error

    return fail


def test_events_differ_by_what_happened_and_not_by_how_long_it_took():
    assert StepDone(1, 1, 0.5, 0.1, 3.0) == StepDone(1, 1, 0.5, 0.1, 9.0)
    assert StepDone(1, 1, 0.5, 0.1) != StepDone(1, 1, 0.6, 0.1)
