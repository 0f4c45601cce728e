"""The start page: what the program does, what a person may want to do, and what was done last."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from studio.core.design.templates import TEMPLATES
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.controls import Button, label
from studio.ui.pages.start_cards import QuestionCard, RecentCard, ShortCard
from studio.ui.pages.start_named import FOLDED, NamedTemplates
from studio.ui.recent import RecentProject, look_at
from studio.ui.scrolling import Scrolled
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_4, SPACE_6

WIDEST = 1000
COLUMNS, MORE_COLUMNS = 3, 4
RECENT_COLUMNS = 4
MOST_RECENT = 8
KEY = "recent"
_SKETCH_OF = {
    "classify-rows": "rows",
    "predict-number": "number",
    "classify-images": "images",
    "recognize-images": "photos",
}


class StartPage(QWidget):
    """Shown while nothing is open."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._recent = QGridLayout()
        self._recent_title = label(tr("Recent projects"), size="heading", is_strong=True)
        self._lay_out()
        context.settings.recent_changed.connect(self._refresh)
        context.opening.began.connect(self._on_began)
        context.opening.ended.connect(self._on_ended)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _lay_out(self) -> None:
        content = QWidget()
        content.setMaximumWidth(WIDEST)
        rows = QVBoxLayout(content)
        rows.setContentsMargins(SPACE_6, SPACE_6 + SPACE_4, SPACE_6, SPACE_6)
        rows.setSpacing(SPACE_3)
        rows.addWidget(
            label(
                tr("Build, train and ship neural networks without writing code"),
                size="title",
                is_strong=True,
                wraps=True,
            )
        )
        rows.addWidget(
            label(
                tr("Everything stays on this machine. What you export runs without Studio."),
                tone="soft",
            )
        )
        rows.addSpacing(SPACE_6)
        rows.addWidget(label(tr("What do you want to do?"), size="heading", is_strong=True))
        rows.addWidget(self._questions())
        rows.addLayout(self._more_questions())
        self.named = NamedTemplates(self._context.opening.start_template)
        self.named.card_pressed.connect(self._on_named_pressed)
        rows.addWidget(self.named)
        rows.addSpacing(SPACE_4)
        rows.addLayout(self._recent_head())
        self._recent.setSpacing(SPACE_3)
        rows.addLayout(self._recent)
        rows.addSpacing(SPACE_4)
        rows.addWidget(
            label(
                tr(
                    "Or drop a table, a folder of pictures or sounds, texts, a database or a "
                    "project anywhere in this window."
                ),
                tone="soft",
                size="small",
            )
        )
        rows.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolling(content))

    def _questions(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_3)
        opening, cards = self._context.opening, []
        for key, sketch in _SKETCH_OF.items():
            template = TEMPLATES[key]
            cards.append(
                QuestionCard(
                    tr(template.question),
                    tr(template.help),
                    sketch,
                    _calling(opening.start_template, template.key),
                    f"start.{template.key}",
                )
            )
        cards.append(
            QuestionCard(
                tr("What is in my data?"),
                tr(
                    "Opens a table, pictures, sounds, texts or a series of your own, and "
                    "suggests a network that fits."
                ),
                "own-data",
                self._offer_own_data,
                "start.own-data",
            )
        )
        cards.append(
            QuestionCard(
                tr("What if I draw it myself?"),
                tr("Starts with an empty canvas: drag layers onto it and connect them."),
                "network",
                opening.start_empty,
                "start.network",
            )
        )
        self._own_data = cards[-2]
        self._asked: QuestionCard | ShortCard = self._own_data
        for index, card in enumerate(cards):
            card.pressed.connect(self._on_card_pressed)
            grid.addWidget(card, index // COLUMNS, index % COLUMNS)
            grid.setColumnStretch(index % COLUMNS, 1)
        count = grid.rowCount()  # a low window scrolls, and takes nothing off the cards
        box.setFixedHeight(count * self._own_data.maximumHeight() + (count - 1) * SPACE_3)
        return box

    def _more_questions(self) -> QGridLayout:
        """The other questions, small."""
        grid = QGridLayout()
        grid.setSpacing(SPACE_2)
        asked = [t for t in TEMPLATES.values() if t.family not in FOLDED]
        others = [t for t in asked if t.key not in _SKETCH_OF]
        for index, template in enumerate(others):
            card = ShortCard(
                tr(template.question),
                tr(template.title),
                tr(template.help),
                _calling(self._context.opening.start_template, template.key),
                f"start.{template.key}",
            )
            card.pressed.connect(self._on_card_pressed)
            grid.addWidget(card, index // MORE_COLUMNS, index % MORE_COLUMNS)
            grid.setRowMinimumHeight(index // MORE_COLUMNS, card.maximumHeight())
            grid.setColumnStretch(index % MORE_COLUMNS, 1)
        return grid

    def _recent_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(self._recent_title)
        head.addStretch(1)
        open_one = Button(tr("Open a project…"), icon_name="folder")
        open_one.setObjectName("start.open")
        open_one.clicked.connect(self._context.actions["open"].trigger)
        head.addWidget(open_one)
        return head

    def _offer_own_data(self) -> None:
        """A table is a file and images are a folder: no one dialog of the system takes both."""
        menu = QMenu(self)
        menu.setObjectName("start.own-data.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key in ("open_data", "open_folder", "open_database"):
            menu.addAction(self._context.actions[key])
        menu.setActiveAction(menu.actions()[0])
        menu.popup(self._own_data.mapToGlobal(self._own_data.rect().bottomLeft()))

    @Slot()
    def _on_card_pressed(self) -> None:
        card = self.sender()
        if isinstance(card, QuestionCard | ShortCard):
            self._asked = card

    @Slot(object)
    def _on_named_pressed(self, card: ShortCard) -> None:
        self._asked = card

    @Slot(str)
    def _on_began(self, text: str) -> None:
        """The card that was asked says that it works; for what was dropped, that of own data."""
        self._asked.show_working(text)

    @Slot()
    def _on_ended(self) -> None:
        self._asked.show_working("")
        self._asked = self._own_data

    def _refresh(self) -> None:
        paths = self._context.settings.recent[:MOST_RECENT]
        if paths:
            self._context.background.run(look_at, paths, done=self._show_recent, key=KEY)
        else:
            self._show_recent(())

    def _show_recent(self, projects: tuple[RecentProject, ...]) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if not projects:
            self._recent.addWidget(_nothing_yet(), 0, 0, 1, RECENT_COLUMNS)
        for index, project in enumerate(projects):
            card = RecentCard(
                project,
                time.time(),
                self._context.opening.open_project,
                self._context.settings.forget,
            )
            self._recent.addWidget(card, index // RECENT_COLUMNS, index % RECENT_COLUMNS)
        for column in range(RECENT_COLUMNS):
            self._recent.setColumnStretch(column, 1)


def _calling(act: Callable[[str], object], key: str) -> Callable[[], object]:
    return lambda: act(key)


def _scrolling(content: QWidget) -> Scrolled:
    middle = QWidget()
    row = QHBoxLayout(middle)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(content, 100)
    row.addStretch(1)
    return Scrolled(middle)


def _nothing_yet() -> QWidget:
    return label(
        tr("Nothing yet. Projects that you save appear here, with the curve of their last run."),
        tone="soft",
        wraps=True,
    )
