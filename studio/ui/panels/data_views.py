"""DataViews: the middle of the Data page: one of several views of the same data."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.core.design.dataset import DatasetSpec
from studio.core.words import tr
from studio.ui.controls import Elided, IconButton, Rule
from studio.ui.panels.data_table import DataTable
from studio.ui.panels.series_view import SeriesView
from studio.ui.panels.text_view import TextView
from studio.ui.panels.thumbnails import Thumbnails
from studio.ui.sample_words import recognized_words
from studio.ui.switches import Segments
from studio.ui.theme import SPACE_2, SPACE_3, font

ROWS, SAMPLES, TOKENS, TIME = "rows", "samples", "tokens", "time"
_TITLES = {ROWS: "Rows", TOKENS: "Tokens", TIME: "Over time"}
HEAD_HEIGHT, FOLD_SIZE = 44, 24


class DataViews(QFrame):
    """What was recognized in one line, the choice of a view, and the view.

    Signals:
        view_changed(key): another view is shown.
    """

    view_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "plain")
        self.table, self.thumbnails = DataTable(), Thumbnails()
        self.texts, self.series = TextView(), SeriesView()
        self.recognized = Elided(size="small")
        self.recognized.setObjectName("data.recognized")
        self.recognized.setFont(font("small", is_strong=True))
        self.fold = IconButton("chevron-left", tr("Hide file and settings"), size=FOLD_SIZE)
        self.fold.setObjectName("data.fold")
        self.choice = Segments(list(_TITLES.items()), tr("View"))
        self.choice.setObjectName("field.view")
        self._shown = ROWS
        self._pages: dict[str, QWidget] = {
            ROWS: self.table,
            SAMPLES: self.thumbnails,
            TOKENS: self.texts,
            TIME: self.series,
        }
        self._lay_out()
        self.choice.chosen.connect(self.show_view)

    @property
    def shown(self) -> str:
        """The key of the view that is shown."""
        return self._shown

    def show_dataset(self, dataset: DatasetSpec, *, is_read_anew: bool) -> None:
        """Another dataset, or other choices about it; offers the views that it has."""
        views = views_of(dataset)
        self.recognized.set_text(recognized_words(dataset))
        self.choice.setVisible(len(views) > 1)
        for key in _TITLES:
            self.choice.button(key).setVisible(key in views)
        if is_read_anew or self._shown not in views:
            self.show_view(views[-1])
        if is_read_anew:
            self.thumbnails.show_dataset(dataset)
        self.table.show_dataset(dataset, is_read_anew=is_read_anew)

    def show_fold(self, *, is_folded: bool) -> None:
        """Which way the button beside the words goes."""
        words = tr("Show file and settings") if is_folded else tr("Hide file and settings")
        self.fold.set_icon("chevron-right" if is_folded else "chevron-left")
        self.fold.setToolTip(words)
        self.fold.setAccessibleName(words)

    def show_view(self, key: str) -> None:
        """Shows one of the views."""
        self._shown = key
        if key in _TITLES:
            self.choice.show_key(key)
        self._stack.setCurrentWidget(self._pages[key])
        self.view_changed.emit(key)

    def _lay_out(self) -> None:
        head = QWidget()
        head.setFixedHeight(HEAD_HEIGHT)
        row = QHBoxLayout(head)
        row.setContentsMargins(SPACE_2, SPACE_2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_2)
        row.addWidget(self.fold)
        row.addWidget(self.recognized, 1)
        row.addWidget(self.choice)
        views = QWidget()
        self._stack = QStackedLayout(views)
        for page in self._pages.values():
            self._stack.addWidget(page)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(1, 1, 1, 1)
        rows.setSpacing(0)
        rows.addWidget(head)
        rows.addWidget(Rule())
        rows.addWidget(views, 1)


def views_of(dataset: DatasetSpec) -> tuple[str, ...]:
    """The views that a dataset has; the last is what a person wants to see first."""
    if dataset.summary is not None and dataset.summary.kind != "table":
        return (SAMPLES,)
    has_text = any(column.kind == "text" for column in dataset.inputs())
    views = (ROWS, TOKENS) if has_text and dataset.series is None else (ROWS,)
    return (*views, TIME) if dataset.series is not None else views
