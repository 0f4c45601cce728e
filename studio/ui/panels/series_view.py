"""SeriesView: the columns of a time series over time, with a window, its horizon and the parts."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.design.dataset import DatasetSpec
from studio.core.design.previews import SeriesPreview
from studio.core.words import tr
from studio.ui.controls import Elided, Rule
from studio.ui.editors import Combo
from studio.ui.panels.series_plot import SeriesPlot
from studio.ui.scrolling import Scrolled
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_4
from studio.ui.time_scale import place_words

GROUP_WIDTH = 200


class SeriesView(QWidget):
    """A line of facts, the choice of a group, and below it one strip for each column.

    Signals:
        group_chosen(group): another group is to be shown.
    """

    group_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("series")
        self.facts = Elided(size="small", tone="soft")
        self.facts.setObjectName("series.facts")
        self.group = Combo()
        self.group.setObjectName("field.shown_group")
        self.group.setAccessibleName(tr("Group that is shown"))
        self.group.setFixedWidth(GROUP_WIDTH)
        self.plot = SeriesPlot()
        self._groups: tuple[str, ...] = ()
        self._lay_out()
        self.group.activated.connect(self._on_activated)
        self.group.hide()

    def show_waiting(self) -> None:
        """Another stretch is on its way."""
        self.facts.set_text(tr("Reading the series…"))

    def show_preview(self, dataset: DatasetSpec, preview: SeriesPreview) -> None:
        """Another stretch of a series."""
        self._show_groups(preview.groups)
        self.plot.show_preview(dataset, preview, _rows_of(dataset, self.group.currentText()))
        self.facts.set_text(_facts_of(preview))

    def show_trouble(self, words: str) -> None:
        """Why nothing is drawn."""
        self.plot.show_nothing()
        self.facts.set_text(words)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_2)
        head.setSpacing(SPACE_3)
        head.addWidget(self.facts, 1)
        head.addWidget(self.group)
        rows.addLayout(head)
        rows.addWidget(Rule())
        rows.addWidget(Scrolled(self.plot), 1)

    def _show_groups(self, groups: tuple[str, ...]) -> None:
        if groups != self._groups:
            self._groups = groups
            self.group.clear()
            self.group.addItems(list(groups))
        self.group.setVisible(bool(groups))

    def _on_activated(self, index: int) -> None:
        self.group_chosen.emit(self.group.itemText(index))


def _rows_of(dataset: DatasetSpec, group: str) -> int:
    """How many rows the group has; all of them where there are no groups."""
    rows = dataset.summary.rows if dataset.summary else 0
    column = dataset.found(dataset.series.group) if dataset.series else None
    if column is None or not group:
        return rows
    return dict(zip(column.categories, column.counts, strict=False)).get(group, rows)


def _facts_of(preview: SeriesPreview) -> str:
    if not preview.times:
        return tr("There are no rows to draw.")
    count = len(preview.columns)
    return tr(
        "{columns}, from {first} to {last}",
        columns=tr("{count} {count|column|columns}", count=count),
        first=place_words(preview.times[0], is_time=preview.is_time),
        last=place_words(preview.times[-1], is_time=preview.is_time),
    )
