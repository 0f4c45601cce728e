"""The templates by name: folded away below the questions, found by a word."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.design.template import FAMILIES, Family
from studio.core.design.templates import TEMPLATES, Template
from studio.core.words import tr
from studio.ui.controls import Button, label
from studio.ui.editors import SearchField
from studio.ui.pages.start_cards import ShortCard
from studio.ui.theme import SPACE_2

COLUMNS = 4
SEARCH_WIDTH = 260
# The families that are folded away, in their order.
FOLDED: tuple[Family, ...] = ("textbook", "by name")


class NamedTemplates(QWidget):
    """A button that opens the list, a field to search it, and a card for each template.

    Signals:
        card_pressed(card): one of its cards was pressed, a ShortCard.
    """

    card_pressed = Signal(object)

    def __init__(self, start: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = {
            key: self._card(template, start)
            for key, template in TEMPLATES.items()
            if template.family in FOLDED
        }
        self.toggle = Button("", "quiet", icon_name="samples")
        self.toggle.setObjectName("all-templates")
        self.search = SearchField(tr("Search templates"))
        self.search.setObjectName("search-templates")
        self.search.setFixedWidth(SEARCH_WIDTH)
        self.nothing = label(tr("No template has that word."), tone="soft", size="small")
        self._body = QWidget()
        self._grids = {family: QGridLayout() for family in FOLDED}
        self._titles = {
            family: label(tr(FAMILIES[family]), size="small", tone="soft") for family in FOLDED
        }
        self._lay_out()
        self.toggle.clicked.connect(self._on_toggled)
        self.search.textChanged.connect(self._on_searched)
        self._show(False)
        self._on_searched("")

    def _card(self, template: Template, start: Callable[[str], object]) -> ShortCard:
        made = ShortCard(
            tr(template.question),
            tr(template.title),
            tr(template.help),
            lambda: start(template.key),
            f"start.{template.key}",
        )
        made.pressed.connect(lambda: self.card_pressed.emit(made))
        return made

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(self.toggle)
        head.addStretch(1)
        head.addWidget(self.search)
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(SPACE_2)
        for family in FOLDED:
            grid = self._grids[family]
            grid.setSpacing(SPACE_2)
            for column in range(COLUMNS):
                grid.setColumnStretch(column, 1)
            inner.addWidget(self._titles[family])
            inner.addLayout(grid)
        inner.addWidget(self.nothing)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_2)
        rows.addLayout(head)
        rows.addWidget(self._body)

    def _show(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self.search.setVisible(is_open)
        count = len(self.cards)
        self.toggle.setText(
            tr("Fewer templates")
            if is_open
            else tr("All templates: {count} more, by name", count=count)
        )

    @Slot()
    def _on_toggled(self) -> None:
        is_open = self._body.isHidden()
        self._show(is_open)
        if is_open:
            self.search.setFocus()

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        """Lays the cards anew, so that what was found stands together."""
        words = text.casefold().split()
        found = {key for key in self.cards if all(word in _said(TEMPLATES[key]) for word in words)}
        for family, grid in self._grids.items():
            for card in self.cards.values():
                grid.removeWidget(card)
            keys = [key for key in self.cards if TEMPLATES[key].family == family]
            shown = [key for key in keys if key in found]
            for place, key in enumerate(shown):
                grid.addWidget(self.cards[key], place // COLUMNS, place % COLUMNS)
            for key in keys:
                self.cards[key].setVisible(key in found)
            self._titles[family].setVisible(bool(shown))
        self.nothing.setVisible(not found)


def _said(template: Template) -> str:
    """All words of a template, as they are searched."""
    words = (template.title, template.question, template.help)
    return " ".join([template.key, *(tr(one) for one in words)]).casefold()
