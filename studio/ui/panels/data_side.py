"""DataSide: the right of the Data page: what is wrong, one column, the repairs, the variations."""

from typing import Literal, TypeAlias

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.core.words import tr
from studio.ui.controls import set_ground
from studio.ui.document import Document
from studio.ui.panels.column_facts import ColumnFacts
from studio.ui.panels.data_problems import DataProblems
from studio.ui.panels.network_offer import NetworkOffer
from studio.ui.panels.step_effect import StepEffect
from studio.ui.panels.steps import StepsPanel
from studio.ui.panels.variants import VariantsView
from studio.ui.scrolling import Scrolled
from studio.ui.switches import Segments
from studio.ui.theme import INSPECTOR_WIDTH, SPACE_3, SPACE_4

Tab: TypeAlias = Literal["problems", "column", "recipe", "augmentation"]
TABS: dict[Tab, str] = {
    "problems": "Checks",
    "column": "Column",
    "recipe": "Repairs",
    "augmentation": "Vary",
}


class DataSide(QWidget):
    """One of four cards at a time, under the offer of a network.

    Signals:
        tab_changed(key): another card is shown.
    """

    tab_changed = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data.side")
        self.setFixedWidth(INSPECTOR_WIDTH + SPACE_4)
        self.offer = NetworkOffer()
        self.problems = DataProblems(document)
        self.facts = ColumnFacts(document)
        self.recipe = StepsPanel(document, "recipe")
        self.augmentation = StepsPanel(document, "augmentation")
        self.effect, self.variants = StepEffect(), VariantsView()
        self.recipe.set_effect(self.effect)
        self.augmentation.set_effect(self.variants)
        self.tabs = Segments([(key, tr(words)) for key, words in TABS.items()], tr("Show"))
        self.tabs.setObjectName("field.side")
        self._pages: dict[Tab, QWidget] = {
            "problems": self.problems,
            "column": self.facts,
            "recipe": self.recipe,
            "augmentation": self.augmentation,
        }
        self._lay_out()
        self.tabs.chosen.connect(self._on_chosen)
        self.problems.counted.connect(self._on_counted)
        self._on_counted(self.problems.count)

    @property
    def tab(self) -> Tab:
        """The card that is shown."""
        return next(key for key in TABS if key == self.tabs.key)

    def show_tab(self, tab: Tab) -> None:
        """Shows another card."""
        self.tabs.show_key(tab)
        self._on_chosen(tab)

    def show_first(self) -> None:
        """For other data: what is wrong where something is, else the column."""
        self.show_tab("problems" if self.problems.count else "column")

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, SPACE_4, 0, SPACE_4)
        rows.setSpacing(SPACE_3)
        for part in (self.offer, self.tabs):
            part.setMaximumWidth(INSPECTOR_WIDTH)
            rows.addWidget(part)
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(_scrolling(page))
        rows.addWidget(self._stack, 1)

    def _on_chosen(self, key: str) -> None:
        self._stack.setCurrentIndex(list(TABS).index(key))  # type: ignore[arg-type]
        self.tab_changed.emit(key)

    def _on_counted(self, count: int) -> None:
        words = tr(TABS["problems"])
        button = self.tabs.button("problems")
        button.setText(tr("{title} {count}", title=words, count=count) if count else words)


def _scrolling(part: QWidget) -> Scrolled:
    content = QWidget()
    content.setFixedWidth(INSPECTOR_WIDTH)
    set_ground(content, "window")
    rows = QVBoxLayout(content)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(part)
    rows.addStretch(1)
    return Scrolled(content)
