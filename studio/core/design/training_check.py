"""What can be wrong with the training settings, found before a run."""

from collections.abc import Iterator

from studio.core.catalogue import LOSSES, METRICS
from studio.core.catalogue.entry import LossEntry, MetricEntry, TaskKind
from studio.core.design.dataset import DatasetSpec
from studio.core.design.optimizer_check import optimizer_problems, schedule_problems
from studio.core.design.project import Project
from studio.core.design.training import AUTO, TRAINING_PARAMS, TrainingSpec
from studio.core.params import checked
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr


def training_problems(project: Project) -> Iterator[Problem]:
    """All that is wrong with the training settings for these data."""
    training = project.training
    yield from _values(training)
    yield from optimizer_problems(training)
    yield from schedule_problems(training)
    task = project.dataset.task()
    if task is not None:
        yield from _loss(training, _task_that_fits(training, project.dataset) or task)
        yield from _counts(training, project.dataset)
        yield from _metrics(training, task)
    yield from _early_stopping(training, project.dataset)


def _task_that_fits(training: TrainingSpec, dataset: DatasetSpec) -> TaskKind | None:
    """The first output's that the loss fits: outputs that it does not fit take the usual one."""
    entry = LOSSES.get(training.loss)
    tasks = (one.task for one in dataset.model_outputs())
    return next((task for task in tasks if entry is not None and task in entry.fits), None)


def loss_for(training: TrainingSpec, task: TaskKind) -> LossEntry:
    """The loss of the settings, or the first that fits the task where it is left to us."""
    if training.loss != AUTO and training.loss in LOSSES:
        return LOSSES[training.loss]
    return next(loss for loss in LOSSES.values() if task in loss.fits)


def metrics_for(training: TrainingSpec, task: TaskKind) -> tuple[MetricEntry, ...]:
    """The metrics of the settings, or all that fit the task where none was chosen."""
    chosen = tuple(METRICS[key] for key in training.metrics if key in METRICS)
    loss = loss_for(training, task)
    fitting = tuple(
        metric
        for metric in METRICS.values()
        if task in metric.fits
        and metric.aligned in (None, loss.aligns)
        and (loss.spreads or not metric.of_intervals)
    )
    return tuple(metric for metric in chosen if metric in fitting) or fitting


def _values(training: TrainingSpec) -> Iterator[Problem]:
    for param in TRAINING_PARAMS:
        given = {param.key: training.value(param.key)}
        _, problems = checked((param,), given, _field(param.key), tr("Training"))
        yield from problems


def _loss(training: TrainingSpec, task: TaskKind) -> Iterator[Problem]:
    suggested = loss_for(TrainingSpec(), task)
    entry = LOSSES.get(training.loss)
    if training.loss != AUTO and (entry is None or task not in entry.fits):
        yield Problem(
            tr(
                "The loss {loss} does not fit this target.",
                loss=tr(entry.title) if entry else training.loss[:60],
            ),
            tr("Use {loss}.", loss=tr(suggested.title)),
            place=_field("loss"),
            code="loss-does-not-fit",
            fix=Fix(
                "set_training",
                tr("Use {loss}", loss=tr(suggested.title)),
                {"key": "loss", "value": AUTO},
            ),
        )
    elif entry is not None:
        yield from checked(entry.params, training.loss_params, _field("loss"), tr(entry.title))[1]


def _counts(training: TrainingSpec, dataset: DatasetSpec) -> Iterator[Problem]:
    entry = LOSSES.get(training.loss)
    if entry is None or not entry.counts or dataset.summary is None:
        return
    targets = {choice.name for choice in dataset.targets()}
    for column in dataset.summary.columns:
        if column.name in targets and column.low is not None and column.low < 0:
            yield Problem(
                tr(
                    "{loss} expects counts, but {column} goes down to {low}.",
                    loss=tr(entry.title),
                    column=column.name,
                    low=f"{column.low:g}",
                ),
                tr("Use the suggested loss."),
                place=_field("loss"),
                code="not-counts",
                fix=Fix(
                    "set_training", tr("Use the suggested loss"), {"key": "loss", "value": AUTO}
                ),
            )


def _metrics(training: TrainingSpec, task: TaskKind) -> Iterator[Problem]:
    for key in training.metrics:
        metric = METRICS.get(key)
        if metric is None or task not in metric.fits:
            yield Problem(
                tr(
                    "The metric {metric} does not fit this target.",
                    metric=tr(metric.title) if metric else key[:60],
                ),
                tr("It is left out."),
                Severity.NOTE,
                _field("metrics"),
                "metric-does-not-fit",
            )


def _early_stopping(training: TrainingSpec, dataset: DatasetSpec) -> Iterator[Problem]:
    if training.patience and dataset.split.validation == 0:
        yield Problem(
            tr(
                "Early stopping looks at the validation part, but there is none: "
                "the training loss is used."
            ),
            tr("Give the validation part some rows on the Data page."),
            Severity.WARNING,
            _field("patience"),
            "no-validation-part",
        )


def _field(key: str) -> Place:
    return Place("field", key)
