"""TrainingSettings: how the next run trains, in one row; the finer points fold out below it."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.catalogue import LOSSES, OPTIMIZERS
from studio.core.design import training_edits
from studio.core.design.project import Project
from studio.core.design.training import AUTO, TrainingSpec
from studio.core.design.training_check import loss_for
from studio.core.params import choice
from studio.core.problems import Place
from studio.core.words import tr
from studio.ui.controls import Button, label, set_ground
from studio.ui.document import Document
from studio.ui.fields import ChoiceField, Field, field_for
from studio.ui.panels.training_details import TrainingDetails
from studio.ui.panels.training_edits import PLAIN, Sender
from studio.ui.theme import SPACE_3, SPACE_4

ROW = {
    "optimizer": 10,
    "learning_rate": 9,
    "batch_size": 8,
    "epochs": 8,
    "loss": 13,
    "device": 12,
}  # each with its share of the width
LEAST_WITH_DEVICE = 1000
EDGE = 4  # px that what folds out keeps from its frame, whose corners are round
MOST_DETAILS = 0.42  # of the window's height
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
            tr(
                "The optimizer's own settings, how the learning rate moves, metrics, early "
                "stopping and the seed."
            )
        )
        self.details = TrainingDetails(document, frozenset(ROW))
        self._fold = _Fold(self.details)
        self._fold.hide()
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
            if self.more.isChecked():
                self.details.show_project(after)
            self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow the device is chosen in the top bar only, and nothing is cut."""
        super().resizeEvent(event)
        self.fields["device"].setVisible(event.size().width() >= LEAST_WITH_DEVICE)
        self._fit()

    def _fit(self) -> None:
        """The finer points as high as they are, but so that the run stays in sight."""
        wanted = self.details.sizeHint().height() + 2 * (EDGE + 1)
        self._fold.setFixedHeight(min(wanted, int(self.window().height() * MOST_DETAILS)))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_3)
        for key, share in ROW.items():
            field = field_for({"optimizer": OPTIMIZER, "loss": LOSS, **PLAIN}[key])
            self.fields[key] = field
            field.edited.connect(Sender(self._document, key, self).send)
            field.finished.connect(self._document.end_merge)
            row.addWidget(field, share)
        row.addWidget(_below_a_name(self.more))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_3)
        rows.addLayout(row)
        rows.addWidget(self._fold)

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
        if is_open:
            self.details.show_project(self._document.project)
            self.details.show_preview()
        self._fold.setVisible(is_open)
        self._fit()
        self.more.set_icon("chevron-up" if is_open else "chevron-down")


class _Fold(QScrollArea):
    """What folds out, as a card; where the window is low it scrolls within its frame."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("card", "plain")
        self.setViewportMargins(EDGE, EDGE, EDGE, EDGE)
        content.setProperty("card", "")
        set_ground(content, "surface")
        self.setWidget(content)


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
