"""Edits of the training settings, each a pure function from one TrainingSpec to the next."""

from dataclasses import replace

from studio.core.catalogue import LOSSES, METRICS, OPTIMIZERS
from studio.core.catalogue.entry import TaskKind
from studio.core.design.training import AUTO, TrainingSpec
from studio.core.params import Value


def with_setting(training: TrainingSpec, key: str, value: Value) -> TrainingSpec:
    """The same settings with one plain value changed (one of TRAINING_PARAMS)."""
    return replace(training, **{key: value})  # type: ignore[arg-type]


def with_optimizer(training: TrainingSpec, key: str) -> TrainingSpec:
    """Another optimizer with its own params. A learning rate nobody set becomes what suits it."""
    if key == training.optimizer:
        return training
    was_set = training.learning_rate != OPTIMIZERS[training.optimizer].learning_rate
    rate = training.learning_rate if was_set else OPTIMIZERS[key].learning_rate
    return replace(training, optimizer=key, optimizer_params={}, learning_rate=rate)


def with_optimizer_param(training: TrainingSpec, key: str, value: Value) -> TrainingSpec:
    """One of the optimizer's own values changed."""
    return replace(training, optimizer_params={**training.optimizer_params, key: value})


def with_schedule(training: TrainingSpec, key: str) -> TrainingSpec:
    """Another schedule of the learning rate, with its own params."""
    if key == training.schedule:
        return training
    return replace(training, schedule=key, schedule_params={})


def with_schedule_param(training: TrainingSpec, key: str, value: Value) -> TrainingSpec:
    """One of the schedule's own values changed."""
    return replace(training, schedule_params={**training.schedule_params, key: value})


def with_loss(training: TrainingSpec, key: str) -> TrainingSpec:
    """Another loss, or AUTO for what fits the target."""
    if key == training.loss:
        return training
    return replace(training, loss=key, loss_params={})


def with_loss_param(training: TrainingSpec, key: str, value: Value) -> TrainingSpec:
    """One of the loss's own values changed."""
    return replace(training, loss_params={**training.loss_params, key: value})


def with_metric(
    training: TrainingSpec, key: str, task: TaskKind, *, is_wanted: bool
) -> TrainingSpec:
    """A metric more or less; all that fit is the same as none chosen, and one always stays."""
    fitting = [metric.key for metric in METRICS.values() if task in metric.fits]
    chosen = set(training.metrics or fitting)
    chosen = chosen | {key} if is_wanted else chosen - {key}
    kept = tuple(metric for metric in fitting if metric in chosen)
    if not kept:
        return training
    return replace(training, metrics=() if len(kept) == len(fitting) else kept)


def losses_for(task: TaskKind | None) -> dict[str, str]:
    """The losses that fit, by key, with AUTO first: what a person can choose, in words."""
    fitting = [loss for loss in LOSSES.values() if task is None or task in loss.fits]
    return {AUTO: "", **{loss.key: loss.title for loss in fitting}}
