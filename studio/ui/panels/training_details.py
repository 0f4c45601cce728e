"""TrainingDetails: the finer points of a run, with a curve of the learning rate it plans."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.catalogue import LOSSES, METRICS, OPTIMIZERS, SCHEDULES
from studio.core.catalogue.entry import Entry
from studio.core.design.dataset import TaskKind
from studio.core.design.project import Project
from studio.core.design.training import TrainingSpec
from studio.core.design.training_check import metrics_for
from studio.core.params import Param
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import label, put_away
from studio.ui.document import Document
from studio.ui.fields import Field, field_for
from studio.ui.panels.training_edits import Sender, detail_params, detail_value, schedule_params
from studio.ui.switches import Tick
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_4, Theme

if TYPE_CHECKING:
    from studio.ui.panels.schedule_preview import SchedulePreview

COLUMNS, SCHEDULE_COLUMNS = 6, 4
SWITCH_WIDTH = 150


class TrainingDetails(Card):
    """The finer points: what the chosen optimizer and loss bring, metrics, stopping, seed.

    Its fields are made when they are first seen. Later only those are made anew that another
    optimizer, loss or schedule brings: a field takes some milliseconds to make.
    """

    def __init__(self, document: Document, shown: frozenset[str]) -> None:
        super().__init__()
        self.setObjectName("training.details")
        self._document, self._shown = document, shown
        self.preview: SchedulePreview | None = None
        self._grid, self._schedule_grid = QGridLayout(), QGridLayout()
        self._schedule_row = QHBoxLayout()
        self.about = label("", size="small", tone="soft", wraps=True)
        for grid, columns in ((self._grid, COLUMNS), (self._schedule_grid, SCHEDULE_COLUMNS)):
            grid.setHorizontalSpacing(SPACE_3)
            grid.setVerticalSpacing(SPACE_3)
            for column in range(columns):
                grid.setColumnStretch(column, 1)
        self._lay_out()
        self.fields: dict[str, Field] = {}
        self.ticks: dict[str, Tick] = {}
        self._drawn_for: tuple[object, ...] = ()
        self._measured: TaskKind | None = None

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACE_3)
        left.addLayout(self._schedule_grid)
        left.addWidget(self.about)
        left.addStretch(1)
        self._schedule_row.setSpacing(SPACE_4)
        self._schedule_row.addLayout(left, SCHEDULE_COLUMNS)
        self._metrics = QVBoxLayout()
        self.body.setSpacing(SPACE_3)
        self.body.addLayout(self._grid)
        self.body.addLayout(self._schedule_row)
        self.body.addLayout(self._metrics)

    def show_project(self, project: Project) -> None:
        """The fields of the chosen optimizer, loss and schedule, with their values."""
        training, task = project.training, project.dataset.task()
        drawn_for = (training.optimizer, training.loss, training.schedule)
        if self._drawn_for != drawn_for:
            self._drawn_for = drawn_for
            self._draw_anew(project)
        if self._measured != task or not self.ticks:
            self._measured = task
            self._draw_metrics(task)
        for key, field in self.fields.items():
            field.show_value(detail_value(training, key, field.param))
        if "balance" in self.fields:
            why = "" if task == "classes" else tr("Only classes can be rare.")
            self.fields["balance"].set_reason(why)
        wanted = {metric.key for metric in metrics_for(training, task)} if task else set()
        for key, tick in self.ticks.items():
            tick.setChecked(key in wanted)
        self.about.setText(_about(training))
        if self.isVisible():
            self.show_preview()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.preview is not None:
            self.show_preview()  # the settings may have changed while another page was shown

    def show_preview(self) -> None:
        """The curve of the learning rate, made when it is first seen."""
        if self.preview is None:
            # pyqtgraph takes its time to import: not before there is something to draw.
            from studio.ui.panels.schedule_preview import SchedulePreview

            self.preview = SchedulePreview(Theme.current())
            self._schedule_row.addWidget(self.preview, COLUMNS - SCHEDULE_COLUMNS)
        self.preview.show_training(self._document.project.training)

    def _draw_anew(self, project: Project) -> None:
        params = detail_params(project, self._shown)
        of_schedule = schedule_params(project.training)
        wanted = {**params, **of_schedule}
        for key in [k for k, field in self.fields.items() if wanted.get(k) != field.param]:
            put_away(self.fields.pop(key))
        self.fields = {k: self.fields.get(k) or self._field(k, one) for k, one in wanted.items()}
        _fill(self._grid, [self.fields[key] for key in params], COLUMNS)
        _fill(self._schedule_grid, [self.fields[key] for key in of_schedule], SCHEDULE_COLUMNS)
        editors = [field.focusProxy() or field for field in self.fields.values()]
        for before, after in pairwise(editors):
            QWidget.setTabOrder(before, after)  # new ones stand between those that were there

    def _field(self, key: str, param: Param) -> Field:
        field = field_for(param)
        field.setObjectName(f"field.{key}")
        if param.kind == "switch":
            field.setMaximumWidth(SWITCH_WIDTH)
        field.edited.connect(Sender(self._document, key, field).send)
        field.finished.connect(self._document.end_merge)
        return field

    def _draw_metrics(self, task: TaskKind | None) -> None:
        while (item := self._metrics.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                put_away(widget)
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
            tick.clicked.connect(Sender(self._document, f"metric {key}", tick).send)
            row.addWidget(tick)
        row.addStretch(1)
        self._metrics.addWidget(box)


def _fill(grid: QGridLayout, fields: Sequence[Field], columns: int) -> None:
    """Those fields in that order; what stood there stays alive."""
    while grid.takeAt(0) is not None:
        pass
    for number, field in enumerate(fields):
        grid.addWidget(field, number // columns, number % columns)


def _about(training: TrainingSpec) -> str:
    """What is chosen, and when to use it."""
    chosen: tuple[Entry | None, ...] = (
        OPTIMIZERS.get(training.optimizer),
        LOSSES.get(training.loss),
        SCHEDULES.get(training.schedule),
    )
    return "\n".join(
        tr("{title}: {help}", title=tr(entry.title), help=tr(entry.help))
        for entry in chosen
        if entry is not None
    )
