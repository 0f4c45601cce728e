"""SchedulePreview: a small curve of the learning rate over the epochs of the next run."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.catalogue import SCHEDULES
from studio.core.design.rate_plan import planned_rates
from studio.core.design.training import TrainingSpec
from studio.core.run.wording import figure_words
from studio.core.words import tr
from studio.ui.controls import label
from studio.ui.lines import Line
from studio.ui.panels.curves import CurvePlot
from studio.ui.theme import SPACE_1, Theme

HEIGHT = 104


class SchedulePreview(QWidget):
    """Draws what the schedule plans; it is drawn anew when a setting changes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training.preview")
        self.plot = CurvePlot(theme)
        self.plot.setFixedHeight(HEIGHT)
        self.plot.setAccessibleName(tr("Planned learning rate"))
        self.words = label("", size="small", tone="soft")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_1)
        rows.addWidget(self.words)
        rows.addWidget(self.plot)

    def show_training(self, training: TrainingSpec) -> None:
        """Draws the plan of these settings."""
        xs, ys = planned_rates(training)
        entry = SCHEDULES.get(training.schedule)
        self.plot.show_lines(
            [
                Line("ground", "", "training", xs[:1], [0.0] * len(xs[:1])),
                Line("rate", tr("Learning rate"), "training", xs, ys),
            ],
            (0.0, float(max(1, training.epochs))),
        )
        if entry is not None and entry.watches_loss:
            self.words.setText(tr("Learning rate by epoch: falls as the losses come"))
            return
        self.words.setText(
            tr(
                "Learning rate by epoch, from {first} to {last}",
                first=figure_words(ys[0]) if ys else "–",
                last=figure_words(ys[-1]) if ys else "–",
            )
        )
