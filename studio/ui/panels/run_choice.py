"""RunChoice: which run evaluation and export take; the same choice on every page."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from studio.core.run.results import RunRecord
from studio.core.run.wording import headline_words
from studio.core.words import tr
from studio.ui.editors import Combo
from studio.ui.past_runs import PastRuns

WIDTH = 300


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
                self.setItemData(self.count() - 1, _hint(record), Qt.ItemDataRole.ToolTipRole)
        if in_use is not None:
            self.setCurrentIndex(self.findData(in_use.run))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self._past.use(str(self.itemData(index)))


def words_of_run(record: RunRecord) -> str:
    """A run as it stands in a list: its number, and the figure that stands for it and of what."""
    number, figure = tr("Run {number}", number=record.number), headline_words(record)
    return f"{number} · {figure}" if figure else number


def _hint(record: RunRecord) -> str:
    """Where the figure is from: others on the page are of the part that is chosen there."""
    return tr("The figure of its best epoch, {epoch}.", epoch=record.best_epoch)
