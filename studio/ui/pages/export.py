"""ExportPage: the trained model as a file that needs no Studio, and the proof that it is true."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio import jobs
from studio.core.catalogue.formats import FORMATS
from studio.core.design.formats_check import in_the_way
from studio.core.problems import Problem
from studio.core.run.results import RunRecord
from studio.core.words import tr
from studio.ui.cards import EmptyState
from studio.ui.context import Context
from studio.ui.controls import Button, label
from studio.ui.panels.export_card import ExportCard, size_words
from studio.ui.panels.format_tiles import FormatTiles
from studio.ui.panels.run_choice import RunChoice
from studio.ui.panels.usage import CodeCard, InputsCard
from studio.ui.scrolling import Scrolled
from studio.ui.theme import SPACE_3, SPACE_4, SPACE_6

KEY = "export"
MAIN_SHARE, SIDE_SHARE = 3, 2


class ExportPage(QWidget):
    """Arranges format, usage and inputs, and runs the export in the background."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page.export")
        self.setAccessibleName(tr("Export"))
        self._context = context
        self._suggested: dict[str, Path] = {}
        self._obstacles: Mapping[str, tuple[Problem, ...]] = {}
        self.choice = RunChoice(context.past)
        self.tiles = FormatTiles()
        self.cards = {key: ExportCard(context.theme, entry) for key, entry in FORMATS.items()}
        self.card = next(iter(self.cards.values()))
        self.inputs = InputsCard()
        self.code = CodeCard()
        go = Button(tr("Go to Train"))
        go.clicked.connect(self._on_go_clicked)
        self.empty = EmptyState(
            "export",
            tr("Nothing to export yet"),
            tr(
                "Train the network first. Then it can leave as one file that takes raw values and "
                "gives answers."
            ),
            button=go,
        )
        self._lay_out()
        self._listen()
        self._on_past_changed()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        self._stack = QStackedWidget()
        content = QWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(Scrolled(content))
        outer.addWidget(self._stack)
        rows = QVBoxLayout(content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_4)
        head = QHBoxLayout()
        head.setSpacing(SPACE_3)
        head.addWidget(self.choice)
        head.addWidget(
            label(tr("The weights of its best epoch are exported."), size="small", tone="soft")
        )
        head.addStretch(1)
        rows.addLayout(head)
        rows.addWidget(self.tiles)
        columns = QHBoxLayout()
        columns.setSpacing(SPACE_4)
        main = QVBoxLayout()
        main.setSpacing(SPACE_4)
        for card in self.cards.values():
            main.addWidget(card)
        main.addWidget(self.code)
        main.addStretch(1)
        columns.addLayout(main, MAIN_SHARE)
        side = QVBoxLayout()
        side.addWidget(self.inputs)
        side.addStretch(1)
        columns.addLayout(side, SIDE_SHARE)
        rows.addLayout(columns, 1)
        for card in self.cards.values():  # only now: without a parent it would be a window
            card.setVisible(card is self.card)

    def _listen(self) -> None:
        context = self._context
        context.past.changed.connect(self._on_past_changed)
        context.files.opened.connect(self._on_opened)
        context.document.file_changed.connect(self._suggest)
        self.tiles.chosen.connect(self._on_chosen)
        for card in self.cards.values():
            card.export_wanted.connect(self._on_export_wanted)
            card.path.textChanged.connect(self._show_usage)
            card.ended.connect(self._show_states)

    @Slot()
    def _on_past_changed(self) -> None:
        record = self._context.past.in_use
        self._stack.setCurrentIndex(0 if record is None else 1)
        if record is not None:
            self._suggest()
            self.inputs.show_dataset(record.project.dataset)
            self._show_obstacles(record)
            self._show_usage()

    @Slot()
    def _on_opened(self) -> None:
        self._context.background.cancel(KEY)
        self._suggested = {}
        for card in self.cards.values():
            card.show_nothing()
        self._stack.setCurrentIndex(0)

    @Slot()
    def _suggest(self) -> None:
        """A file beside the project, unless the person has named another."""
        files, path = self._context.files, self._context.document.path
        folder = path.parent if path else Path.home()
        for key, card in self.cards.items():
            ending = f" {key}" if card.entry.is_folder else card.entry.suffix
            suggested = folder / f"{files.name}{ending}"
            if key not in self._suggested or card.path.text() == str(self._suggested[key]):
                self._suggested[key] = suggested
                card.suggest(suggested)

    def _show_obstacles(self, record: RunRecord) -> None:
        found = in_the_way(record.project.graph)
        for key, card in self.cards.items():
            card.show_obstacles(found[key])
        self._obstacles = found
        self._show_states()

    @Slot()
    def _show_states(self) -> None:
        """On each tile what became of its format."""
        self.tiles.show_obstacles(self._obstacles)
        for key, card in self.cards.items():
            if card.proven_size:
                words = tr("proven, {size}", size=size_words(card.proven_size))
                self.tiles.tiles[key].show_state(words, is_good=True)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        self.card = self.cards[key]
        for card in self.cards.values():
            card.setVisible(card is self.card)
        self._show_usage()

    @Slot()
    def _show_usage(self) -> None:
        record = self._context.past.in_use
        if record is not None:
            key = self.card.entry.key
            self.code.show_usage(record.project.dataset, self.card.target.name, key)

    @Slot(object)
    def _on_export_wanted(self, path: Path) -> None:
        record = self._context.past.in_use
        if record is None:
            return
        card = self.card
        card.show_working()
        self._context.background.run(
            jobs.export,
            self._context.past.folder,
            record.run,
            card.entry.key,
            path,
            card.settings,
            done=card.show_result,
            failed=card.show_problem,
            key=KEY,
        )

    @Slot()
    def _on_go_clicked(self) -> None:
        self._context.navigation.go_to("train")
