"""ExportPage: the trained model as a file that needs no Studio, and the proof that it is true."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio import jobs
from studio.core.words import tr
from studio.ui.cards import EmptyState
from studio.ui.context import Context
from studio.ui.controls import Button, label
from studio.ui.panels.export_card import SUFFIX, ExportCard
from studio.ui.panels.run_choice import RunChoice
from studio.ui.panels.usage import CodeCard, InputsCard
from studio.ui.theme import SPACE_3, SPACE_4, SPACE_6

KEY = "export"
TORCHSCRIPT = "torchscript"
MAIN_SHARE, SIDE_SHARE = 3, 2


class ExportPage(QWidget):
    """Arranges format, usage and inputs, and runs the export in the background."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page.export")
        self.setAccessibleName(tr("Export"))
        self._context = context
        self._suggested_for: Path | None = None
        self.choice = RunChoice(context.past)
        self.card = ExportCard(context.theme)
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
        self._stack.addWidget(content)
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
        columns = QHBoxLayout()
        columns.setSpacing(SPACE_4)
        main = QVBoxLayout()
        main.setSpacing(SPACE_4)
        main.addWidget(self.card)
        main.addWidget(self.code)
        main.addStretch(1)
        columns.addLayout(main, MAIN_SHARE)
        side = QVBoxLayout()
        side.addWidget(self.inputs)
        side.addStretch(1)
        columns.addLayout(side, SIDE_SHARE)
        rows.addLayout(columns, 1)

    def _listen(self) -> None:
        context = self._context
        context.past.changed.connect(self._on_past_changed)
        context.files.opened.connect(self._on_opened)
        context.document.file_changed.connect(self._suggest)
        self.card.export_wanted.connect(self._on_export_wanted)
        self.card.path.textChanged.connect(self._show_usage)

    @Slot()
    def _on_past_changed(self) -> None:
        record = self._context.past.in_use
        self._stack.setCurrentIndex(0 if record is None else 1)
        if record is not None:
            self._suggest()
            self.inputs.show_dataset(record.project.dataset)
            self._show_usage()

    @Slot()
    def _on_opened(self) -> None:
        self._context.background.cancel(KEY)
        self._suggested_for = None
        self.card.show_nothing()
        self._stack.setCurrentIndex(0)

    @Slot()
    def _suggest(self) -> None:
        """A file beside the project, unless the person has named another."""
        files, path = self._context.files, self._context.document.path
        folder = path.parent if path else Path.home()
        suggested = folder / f"{files.name}{SUFFIX}"
        if self._suggested_for is None or self.card.path.text() == str(self._suggested_for):
            self._suggested_for = suggested
            self.card.suggest(suggested)

    @Slot()
    def _show_usage(self) -> None:
        record = self._context.past.in_use
        if record is not None:
            self.code.show_usage(record.project.dataset, self.card.target.name)

    @Slot(object)
    def _on_export_wanted(self, path: Path) -> None:
        record = self._context.past.in_use
        if record is None:
            return
        self.card.show_working()
        self._context.background.run(
            jobs.export,
            self._context.past.folder,
            record.run,
            TORCHSCRIPT,
            path,
            done=self.card.show_result,
            failed=self.card.show_problem,
            key=KEY,
        )

    @Slot()
    def _on_go_clicked(self) -> None:
        self._context.navigation.go_to("train")
