"""UsageCard: what an exported model takes and gives, and the lines that load it."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QWidget,
)
from typing_extensions import override

from studio.core.design.dataset import DatasetSpec
from studio.core.run.usage import (
    Language,
    answers_of,
    example,
    gives,
    inputs_of,
    lines_of,
    takes,
)
from studio.core.run.usage import Slot as InputSlot
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import Button, label, set_ground
from studio.ui.switches import Segments
from studio.ui.theme import SPACE_2, SPACE_3, font

CODE_LINES = 7
LEAST_WIDTH = 320
IN_CPP = "torchscript"  # the format whose lines there are in two languages


class InputsCard(Card):
    """The order of inputs and answers, which every caller of the model must keep."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What goes in, what comes out"), parent)
        self.setObjectName("export.inputs")
        self.setMinimumWidth(LEAST_WIDTH)
        self._scroll = _AsHighAsNeeded()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body.addWidget(self._scroll, 1)

    def show_dataset(self, dataset: DatasetSpec) -> None:
        """The inputs and answers of a model for these data."""
        content = QWidget()
        set_ground(content, "surface")
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, SPACE_3, 0)
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_2)
        grid.setColumnStretch(2, 1)
        self._add(grid, tr("In: {type}", type=takes(dataset)), inputs_of(dataset))
        self._add(grid, tr("Out: {type}", type=gives(dataset)), answers_of(dataset))
        grid.setRowStretch(grid.rowCount(), 1)
        self._scroll.setWidget(content)

    def _add(self, grid: QGridLayout, title: str, slots: tuple[InputSlot, ...]) -> None:
        row = grid.rowCount()
        head = label(title, size="small", is_strong=True)
        head.setContentsMargins(0, SPACE_3 if row > 1 else 0, 0, 0)
        grid.addWidget(head, row, 0, 1, 3)
        for number, slot in enumerate(slots, start=row + 1):
            place = label(slot.place, size="small", tone="soft")
            place.setFont(font("small", is_tabular=True))
            grid.addWidget(place, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(slot.name, size="small"), number, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(slot.meaning, size="small", tone="soft", wraps=True), number, 2)


class _AsHighAsNeeded(QScrollArea):
    """No higher than what it holds; scrolls where there is less room."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @override
    def sizeHint(self) -> QSize:
        content = self.widget()
        layout = content.layout() if content else None
        if layout is None:
            return super().sizeHint()
        width = max(self.viewport().width(), layout.minimumSize().width())
        return QSize(LEAST_WIDTH, layout.totalHeightForWidth(width) + 2 * self.frameWidth())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # lines break elsewhere


class CodeCard(Card):
    """A few lines that load the file and ask it once, in Python or C++, to copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("How to load it"), parent)
        self.setObjectName("export.code")
        self._dataset = DatasetSpec()
        self._file_name = ""
        self._format = IN_CPP
        self.language = Segments([("python", "Python"), ("c++", "C++")], tr("Language"))
        self.copy = Button(tr("Copy"), icon_name="copy")
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        self.code.setAccessibleName(tr("Code"))
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(font("small").pixelSize())
        self.code.setFont(fixed)
        self.code.setFixedHeight(CODE_LINES * self.code.fontMetrics().lineSpacing() + 24)
        self.header.addWidget(self.language)
        self.header.addWidget(self.copy)
        self.body.addWidget(self.code, 1)
        self.language.chosen.connect(self._on_language_chosen)
        self.copy.clicked.connect(self._on_copy_clicked)

    def show_usage(self, dataset: DatasetSpec, file_name: str, format: str = "torchscript") -> None:
        """The lines for this file."""
        self._dataset, self._file_name, self._format = dataset, file_name, format
        self.language.setVisible(format == IN_CPP)
        self._on_language_chosen()

    @Slot()
    def _on_language_chosen(self) -> None:
        language: Language = "c++" if self.language.key == "c++" else "python"
        if self._format == IN_CPP:
            self.code.setPlainText(example(self._dataset, self._file_name, language))
        else:
            self.code.setPlainText(lines_of(self._dataset, self._file_name, self._format))
        self.copy.setText(tr("Copy"))

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.code.toPlainText())
        self.copy.setText(tr("Copied"))
