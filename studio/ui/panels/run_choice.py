"""RunChoice: which run evaluation and export take; the same choice on every page."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from studio.core.run.results import RunRecord
from studio.core.run.wording import figure_words, headline, metric_title
from studio.core.words import tr
from studio.ui.editors import Combo
from studio.ui.past_runs import PastRuns

WIDTH = 280


class RunChoice(Combo):
    """The runs that kept weights, newest first."""

    def __init__(self, past: PastRuns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("field.run")
        self.setAccessibleName(tr("Run"))
        self.setFixedWidth(WIDTH)
        self._past = past
        self.activated.connect(self._on_activated)
        past.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Shows the runs as they are now."""
        in_use = self._past.in_use
        self.clear()
        for record in reversed(self._past.records):
            if record.has_weights:
                self.addItem(words_of_run(record), record.run)
        if in_use is not None:
            self.setCurrentIndex(self.findData(in_use.run))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self._past.use(str(self.itemData(index)))


def words_of_run(record: RunRecord) -> str:
    """A run as it stands in a list: its number and the figure that stands for it."""
    key, value = headline(record.figures)
    if value is None:
        return tr("Run {number}", number=record.number)
    return tr(
        "Run {number} · {name} {value}",
        number=record.number,
        name=metric_title(key),
        value=figure_words(value),
    )
