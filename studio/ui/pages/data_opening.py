"""OpeningLook: the first rows of what is being opened, until all of it is read or it is left."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QStackedLayout

from studio.core.design.dataset import ColumnSummary, TablePreview
from studio.core.patience import Progress
from studio.core.words import tr
from studio.ui.opening import Opening
from studio.ui.pages.waiting import Waiting
from studio.ui.panels.data_table import DataTable


class OpeningLook(QObject):
    """Fills the strip and a table of its own; what was open before stays as it is behind it."""

    def __init__(
        self,
        opening: Opening,
        waiting: Waiting,
        stack: QStackedLayout,
        show_open: Callable[[], object],
    ) -> None:
        """`show_open` brings what is open to the front again."""
        super().__init__(waiting)
        self._waiting, self._stack, self._show_open = waiting, stack, show_open
        self.table = DataTable()
        self.table.setObjectName("data.first_rows")
        self.table.setAccessibleName(tr("First rows"))
        stack.addWidget(self.table)
        self._known = 0
        opening.began.connect(self._on_began)
        opening.looked.connect(self._on_looked)
        opening.told.connect(self._on_told)
        opening.ended.connect(self._on_ended)
        if opening.look is not None:  # this page was made only now
            self._on_began(opening.words)
            self._on_looked(opening.look)

    @property
    def is_shown(self) -> bool:
        """True while the first rows are in front."""
        return self._stack.currentWidget() is self.table

    @Slot(str)
    def _on_began(self, words: str) -> None:
        self._known = 0
        self._waiting.show_waiting(words)

    @Slot(object)
    def _on_looked(self, look: TablePreview) -> None:
        self.table.show_first_look(look)
        self._stack.setCurrentWidget(self.table)
        self._waiting.show_waiting(tr("Reading the rest…"))

    @Slot(object)
    def _on_told(self, news: object) -> None:
        if not self.is_shown:
            return
        if isinstance(news, Progress):
            words = tr("Reading the rest… {share}", share=f"{news.share:.0%}")
            self._waiting.show_progress(words, news.share)
        elif isinstance(news, ColumnSummary):
            self._on_known(news)

    def _on_known(self, column: ColumnSummary) -> None:
        self.table.head.fill(column)
        self._known += 1
        count = self.table.rows.columnCount()
        if self._known < count:
            words = tr("Looking at the columns… {done} of {count}", done=self._known, count=count)
            self._waiting.show_progress(words, self._known / count)
        else:
            self._waiting.show_waiting(tr("Finding out what each column is for…"))

    @Slot()
    def _on_ended(self) -> None:
        self._waiting.show_nothing()
        if self.is_shown:
            self._show_open()
