"""TrainingSettings: how the next run trains, in one row; the finer points fold out below it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.catalogue import LOSSES, METRICS, OPTIMIZERS
from studio.core.design import training_edits
from studio.core.design.project import Project
from studio.core.design.training import AUTO, TRAINING_PARAMS, TrainingSpec
from studio.core.design.training_check import loss_for, metrics_for
from studio.core.params import Param, Value, choice
from studio.core.problems import Place
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import Button, label
from studio.ui.document import Document
from studio.ui.fields import ChoiceField, Field, field_for
from studio.ui.switches import Tick
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_4

COLUMNS = 6
PLAIN = {param.key: param for param in TRAINING_PARAMS}
ROW = {
    "optimizer": 10,
    "learning_rate": 9,
    "batch_size": 8,
    "epochs": 8,
    "loss": 13,
    "device": 12,
}  # each with its share of the width
SWITCH_WIDTH = 150
LEAST_WITH_DEVICE = 1000
OPTIMIZER = choice(
    "optimizer",
    "Optimizer",
    TrainingSpec().optimizer,
    {key: entry.title for key, entry in OPTIMIZERS.items()},
    help="How the weights are moved after each batch.",
)
LOSS = choice(
    "loss",
    "Loss",
    AUTO,
    {AUTO: "Suggested"},
    help="What the training makes small. The suggested one fits the target.",
)
Change = Callable[[TrainingSpec], TrainingSpec]


class TrainingSettings(QWidget):
    """Draws the training settings from the catalogue, and sends each change as an edit."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.setAccessibleName(tr("Training settings"))
        self._document = document
        self.fields: dict[str, Field] = {}
        self.more = Button(tr("More"), icon_name="chevron-down")
        self.more.setObjectName("training.more")
        self.more.setCheckable(True)
        self.more.setAccessibleDescription(
            tr("The optimizer's own settings, metrics, early stopping and the seed.")
        )
        self.details = _Details(document)
        self.details.hide()
        self._lay_out()
        self.more.toggled.connect(self._on_more_toggled)
        document.changed.connect(self._on_changed)
        self.refresh(None, document.project)

    def show_devices(self, titles: Mapping[str, str], reasons: Mapping[str, str]) -> None:
        """Which devices can be chosen, and why the others cannot."""
        field = self.fields["device"]
        assert isinstance(field, ChoiceField)
        field.set_choices(titles, reasons)

    def show_place(self, place: Place) -> None:
        """Puts the keyboard into the field of a Problem."""
        if place.kind != "field":
            return
        if place.key not in self.fields:
            self.more.setChecked(True)
        field = self.fields.get(place.key) or self.details.fields.get(place.key)
        if field is not None:
            field.show()
            field.setFocus()

    def refresh(self, before: Project | None, after: Project) -> None:
        """Shows the settings of `after` where they differ from those of `before`."""
        if before is None or before.dataset is not after.dataset:
            self._show_losses(after)
        if (
            before is None
            or before.training is not after.training
            or (before.dataset is not after.dataset)
        ):
            self._show_values(after)
            self.details.show_project(after)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow the device is chosen in the top bar only, and nothing is cut."""
        super().resizeEvent(event)
        self.fields["device"].setVisible(event.size().width() >= LEAST_WITH_DEVICE)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_3)
        for key, share in ROW.items():
            field = field_for({"optimizer": OPTIMIZER, "loss": LOSS, **PLAIN}[key])
            self.fields[key] = field
            field.edited.connect(_Sender(self._document, key, self).send)
            field.finished.connect(self._document.end_merge)
            row.addWidget(field, share)
        row.addWidget(_below_a_name(self.more))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_3)
        rows.addLayout(row)
        rows.addWidget(self.details)

    def _show_losses(self, project: Project) -> None:
        task = project.dataset.task()
        words = {key: tr(title) for key, title in training_edits.losses_for(task).items()}
        suggested = tr(loss_for(TrainingSpec(), task).title) if task else ""
        words[AUTO] = tr("{loss} (auto)", loss=suggested) if task else tr("Suggested")
        chosen = project.training.loss
        if chosen in LOSSES and chosen not in words:
            words[chosen] = tr(LOSSES[chosen].title)
        field = self.fields["loss"]
        assert isinstance(field, ChoiceField)
        field.set_choices(words, {})

    def _show_values(self, project: Project) -> None:
        training = project.training
        self.fields["optimizer"].show_value(training.optimizer)
        self.fields["loss"].show_value(training.loss)
        for key in ROW:
            if key in PLAIN:
                self.fields[key].show_value(training.value(key))

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        self.refresh(before, after)

    @Slot(bool)
    def _on_more_toggled(self, is_open: bool) -> None:
        self.details.setVisible(is_open)
        self.more.set_icon("chevron-up" if is_open else "chevron-down")


class _Details(Card):
    """The finer points: what the chosen optimizer and loss bring, metrics, stopping, seed."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("training.details")
        self._document = document
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_3)
        self._grid.setVerticalSpacing(SPACE_3)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.body.addLayout(self._grid)
        self.fields: dict[str, Field] = {}
        self.ticks: dict[str, Tick] = {}
        self._drawn_for: tuple[object, ...] = ()

    def show_project(self, project: Project) -> None:
        """The fields of the chosen optimizer and loss, with their values."""
        training, task = project.training, project.dataset.task()
        if self._drawn_for != (training.optimizer, training.loss, task):
            self._drawn_for = (training.optimizer, training.loss, task)
            self._draw_anew(project)
        for key, field in self.fields.items():
            field.show_value(_detail_value(training, key, field.param))
        if "balance" in self.fields:
            why = "" if task == "classes" else tr("Only classes can be rare.")
            self.fields["balance"].set_reason(why)
        wanted = {metric.key for metric in metrics_for(training, task)} if task else set()
        for key, tick in self.ticks.items():
            tick.setChecked(key in wanted)

    def _draw_anew(self, project: Project) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.fields = {}
        for number, (key, param) in enumerate(_detail_params(project).items()):
            field = field_for(param)
            field.setObjectName(f"field.{key}")
            if param.kind == "switch":
                field.setMaximumWidth(SWITCH_WIDTH)
            field.edited.connect(_Sender(self._document, key, field).send)
            field.finished.connect(self._document.end_merge)
            self.fields[key] = field
            self._grid.addWidget(field, number // COLUMNS, number % COLUMNS)
        self._add_metrics(project)

    def _add_metrics(self, project: Project) -> None:
        task = project.dataset.task()
        self.ticks = {
            metric.key: Tick(tr(metric.title)) for metric in METRICS.values() if task in metric.fits
        }
        if not self.ticks:
            return
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(label(tr("Metrics"), size="small", tone="soft"))
        for key, tick in self.ticks.items():
            tick.setObjectName(f"field.metrics.{key}")
            tick.setToolTip(tr(METRICS[key].help))
            tick.clicked.connect(_Sender(self._document, f"metric {key}", tick).send)
            row.addWidget(tick)
        row.addStretch(1)
        self._grid.addWidget(box, self._grid.rowCount(), 0, 1, COLUMNS)


class _Sender(QWidget):
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


_CHANGES: Mapping[str, Callable[[TrainingSpec, str, Value], TrainingSpec]] = {
    "optimizer": _with_optimizer,
    "loss": _with_loss,
    "of optimizer": training_edits.with_optimizer_param,
    "of loss": training_edits.with_loss_param,
}


def _detail_params(project: Project) -> dict[str, Param]:
    """The params of the finer points; those of an entry carry whose they are in their key."""
    training = project.training
    optimizer = OPTIMIZERS.get(training.optimizer)
    loss = LOSSES.get(training.loss)
    found = {f"of optimizer {p.key}": p for p in (optimizer.params if optimizer else ())}
    found |= {f"of loss {p.key}": p for p in (loss.params if loss else ())}
    found |= {key: PLAIN[key] for key in PLAIN if key not in ROW}
    return dict(sorted(found.items(), key=lambda item: item[1].kind == "switch"))


def _detail_value(training: TrainingSpec, key: str, param: Param) -> Value:
    kind, _, name = key.rpartition(" ")
    if not kind:
        return training.value(name)
    given = training.optimizer_params if kind == "of optimizer" else training.loss_params
    return given.get(name, param.default)


def _below_a_name(button: Button) -> QWidget:
    """The button at the height of the editors, which have their names above."""
    box = QWidget()
    rows = QVBoxLayout(box)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(SPACE_4 // 4)
    rows.addWidget(label(" ", size="small"))
    rows.addWidget(button)
    rows.addStretch(1)
    return box
