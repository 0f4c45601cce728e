"""Sender: what a person gives in one field of the training settings becomes an edit."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from studio.core.catalogue import LOSSES, OPTIMIZERS, SCHEDULES
from studio.core.design import training_edits
from studio.core.design.project import Project
from studio.core.design.training import TRAINING_PARAMS, TrainingSpec
from studio.core.design.training_check import metrics_for
from studio.core.params import Param, Value, choice
from studio.core.words import tr
from studio.ui.document import Document
from studio.ui.switches import Tick

Change = Callable[[TrainingSpec], TrainingSpec]
PLAIN = {param.key: param for param in TRAINING_PARAMS}
SCHEDULE = choice(
    "schedule",
    "Learning rate over time",
    TrainingSpec().schedule,
    {key: entry.title for key, entry in SCHEDULES.items()},
    help="How the learning rate moves as the run goes on.",
)


class Sender(QWidget):
    """Turns what a person gave in one field into an edit of the document."""

    def __init__(self, document: Document, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._document, self._key = document, key

    @Slot(object)
    def send(self, value: Value) -> None:
        """Changes the setting; what is typed in one go is one step of undo."""
        task = self._document.project.dataset.task()
        kind, _, key = self._key.rpartition(" ")
        if kind == "metric":
            if task is not None:
                self._apply(
                    lambda training: training_edits.with_metric(
                        training, key, task, is_wanted=bool(value)
                    )
                )
                _redraw(self._document, self.parentWidget(), key)
            return
        change = _CHANGES.get(self._key) or _CHANGES.get(kind) or training_edits.with_setting
        self._apply(lambda training: change(training, key, value))

    def _apply(self, change: Change) -> None:
        self._document.apply(
            lambda project: replace(project, training=change(project.training)),
            tr("Change the training"),
            f"training {self._key}",
        )


def _redraw(document: Document, tick: QWidget | None, key: str) -> None:
    """The last metric stays chosen: a click on it is taken back."""
    project = document.project
    task = project.dataset.task()
    if isinstance(tick, Tick) and task is not None:
        tick.setChecked(key in {metric.key for metric in metrics_for(project.training, task)})


def _with_optimizer(training: TrainingSpec, _key: str, value: Value) -> TrainingSpec:
    return training_edits.with_optimizer(training, str(value))


def _with_loss(training: TrainingSpec, _key: str, value: Value) -> TrainingSpec:
    return training_edits.with_loss(training, str(value))


def _with_schedule(training: TrainingSpec, _key: str, value: Value) -> TrainingSpec:
    return training_edits.with_schedule(training, str(value))


_CHANGES: Mapping[str, Callable[[TrainingSpec, str, Value], TrainingSpec]] = {
    "optimizer": _with_optimizer,
    "loss": _with_loss,
    "of optimizer": training_edits.with_optimizer_param,
    "of loss": training_edits.with_loss_param,
    "schedule": _with_schedule,
    "of schedule": training_edits.with_schedule_param,
}


def detail_params(project: Project, shown: frozenset[str]) -> dict[str, Param]:
    """The params of the finer points; those of an entry carry whose they are in their key."""
    training = project.training
    optimizer = OPTIMIZERS.get(training.optimizer)
    loss = LOSSES.get(training.loss)
    found = {f"of optimizer {p.key}": p for p in (optimizer.params if optimizer else ())}
    found |= {f"of loss {p.key}": p for p in (loss.params if loss else ())}
    found |= {key: PLAIN[key] for key in PLAIN if key not in shown}
    return dict(sorted(found.items(), key=lambda item: item[1].kind == "switch"))


def schedule_params(training: TrainingSpec) -> dict[str, Param]:
    """The choice of a schedule and the params of the one that is chosen."""
    entry = SCHEDULES.get(training.schedule)
    found = {f"of schedule {p.key}": p for p in (entry.params if entry else ())}
    return {SCHEDULE.key: SCHEDULE, **found}


def detail_value(training: TrainingSpec, key: str, param: Param) -> Value:
    """The value of a field of the finer points."""
    kind, _, name = key.rpartition(" ")
    if not kind:
        return training.value(name)
    given = {
        "of optimizer": training.optimizer_params,
        "of loss": training.loss_params,
        "of schedule": training.schedule_params,
    }[kind]
    return given.get(name, param.default)
