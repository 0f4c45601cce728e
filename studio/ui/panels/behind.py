"""RowsBehind: the raw rows or pictures behind a cell or a point, with truth and answer."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QTableView,
    QWidget,
)
from typing_extensions import override

from studio.core.design.dataset import Cell, ImagePreview, TablePreview
from studio.core.design.previews import Preview, SoundPreview, VideoPreview
from studio.core.run.mistakes import answer_words
from studio.core.run.results import Evaluation
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import label
from studio.ui.panels.behind_samples import BehindSamples
from studio.ui.theme import ROW_HEIGHT, Theme, font

PICTURE = 64
PICTURE_CELL = QSize(112, 116)
WIDEST_COLUMN, LEAST_COLUMN = 180, 56
SIZED_ROWS = 50
CELL_ROOM = 34
MISSING = "–"
ANSWER_COLUMN, SURE_COLUMN = 2, 3
FIGURE_COLUMNS = (1, 2, 3)
LAST_HEADS = {
    "classes": "Sure",
    "numbers": "Off by",
    "sequences": "Right",
    "masks": "Right",
    "images": "Off by",
}
FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}
AnyIndex = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class RowsBehind(Card):
    """A table for rows, a wall of thumbnails for pictures."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Rows"), parent)
        self.setObjectName("rows_behind")
        self._theme = theme
        self.remark = label(size="small", tone="soft")
        self.header.addWidget(self.remark)
        self._model = _BehindModel(theme)
        self.table = _table(self._model)
        self.pictures = _pictures()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.pictures)
        self.samples = BehindSamples()
        self._stack.addWidget(self.samples)
        self._nothing = label("", tone="soft")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self._nothing)
        self.body.addWidget(self._stack, 1)
        theme.changed.connect(self._on_theme_changed)

    def show_nothing(self, title: str, words: str) -> None:
        """There are no such rows."""
        self.show_title(title, "")
        self._nothing.setText(words)
        self._stack.setCurrentWidget(self._nothing)

    def leave(self) -> None:
        """Silence and stillness."""
        self.samples.leave()

    def show_title(self, title: str, remark: str) -> None:
        """What the rows have in common, and how many there are."""
        self.title.setText(title)
        self.remark.setText(remark)
        self.setAccessibleName(title)

    def show_samples(self, evaluation: Evaluation, places: Sequence[int], samples: Preview) -> None:
        """The samples at these places of the evaluation."""
        if isinstance(samples, SoundPreview | VideoPreview):
            self.samples.show_samples(evaluation, places, samples)
            self._stack.setCurrentWidget(self.samples)
            return
        if isinstance(samples, ImagePreview):
            self._show_pictures(evaluation, places, samples)
            self._stack.setCurrentWidget(self.pictures)
            return
        self._model.show_samples(evaluation, places, samples)
        self._fit_columns()
        self._stack.setCurrentWidget(self.table)

    def _show_pictures(
        self, evaluation: Evaluation, places: Sequence[int], samples: ImagePreview
    ) -> None:
        self.pictures.clear()
        for number, place in enumerate(places[: len(samples.pixels)]):
            truth, answer, sure = answer_words(evaluation, place)
            words = (
                truth if truth == answer else tr("{truth} → {answer}", truth=truth, answer=answer)
            )
            item = QListWidgetItem(QIcon(_picture(samples, number)), f"{words}\n{sure}")
            item.setToolTip(samples.names[number] if samples.names else "")
            item.setSizeHint(PICTURE_CELL)
            self.pictures.addItem(item)

    def _fit_columns(self) -> None:
        """Widths from the first rows only: all rows of a long table would take seconds."""
        metrics = self.table.fontMetrics()
        # Whole sentences want to be read: few columns are given more room.
        widest = max(WIDEST_COLUMN, self.table.width() // (self._model.columnCount() or 1))
        for column in range(self._model.columnCount()):
            texts = [str(self._model.headerData(column, Qt.Orientation.Horizontal) or "")]
            texts += [
                str(self._model.index(row, column).data() or "")
                for row in range(min(SIZED_ROWS, self._model.rowCount()))
            ]
            wide = max(metrics.horizontalAdvance(text) for text in texts) + CELL_ROOM
            self.table.setColumnWidth(column, min(max(wide, LEAST_COLUMN), widest))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.table.viewport().update()


class _BehindModel(QAbstractTableModel):
    """Row number, truth, answer and sureness, then the columns of the data as they are."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._heads: tuple[str, ...] = ()
        self._rows: list[tuple[Cell, ...]] = []
        self._strong = font(is_strong=True, is_tabular=True)
        self._figures: Sequence[int] = ()  # columns of words that are figures

    def show_samples(
        self, evaluation: Evaluation, places: Sequence[int], samples: TablePreview
    ) -> None:
        """Other rows."""
        self.beginResetModel()
        by_number = dict(zip(samples.row_numbers, samples.rows, strict=True))
        last = LAST_HEADS[evaluation.task]
        self._figures = FIGURE_COLUMNS if evaluation.task == "numbers" else (SURE_COLUMN,)
        self._heads = (tr("Row"), tr("True"), tr("Answer"), tr(last), *samples.columns)
        self._rows = [
            (number, *answer_words(evaluation, place), *by_number[number])
            for place in places
            if (number := evaluation.rows[place]) in by_number
        ]
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._heads)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        value = self._rows[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return MISSING if value is None else str(value)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = (
                    Qt.AlignmentFlag.AlignRight
                    if isinstance(value, int | float) or index.column() in self._figures
                    else Qt.AlignmentFlag.AlignLeft
                )
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole:
                return self._strong if index.column() == ANSWER_COLUMN else None
            case Qt.ItemDataRole.ForegroundRole:
                return self._theme.color("text_soft") if index.column() == 0 else None
        return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        is_head = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        return self._heads[section] if is_head else None


def _table(model: QAbstractTableModel) -> QTableView:
    view = QTableView()
    view.setObjectName("rows_behind.table")
    view.setAccessibleName(tr("Rows"))
    view.setModel(model)
    view.setShowGrid(False)
    view.setFont(font("small", is_tabular=True))
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    view.horizontalHeader().setFont(font("small"))
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    view.horizontalHeader().setHighlightSections(False)
    return view


def _pictures() -> QListWidget:
    view = QListWidget()
    view.setObjectName("rows_behind.pictures")
    view.setAccessibleName(tr("Pictures"))
    view.setViewMode(QListWidget.ViewMode.IconMode)
    view.setResizeMode(QListWidget.ResizeMode.Adjust)
    view.setMovement(QListWidget.Movement.Static)
    view.setIconSize(QSize(PICTURE, PICTURE))
    view.setUniformItemSizes(True)
    view.setWordWrap(True)
    view.setFont(font("smallest"))
    return view


def _picture(samples: ImagePreview, number: int) -> QPixmap:
    image = QImage(
        samples.pixels[number],
        samples.width,
        samples.height,
        samples.width * samples.channels,
        FORMATS[samples.channels],
    )
    smooth = max(samples.width, samples.height) > PICTURE
    return QPixmap.fromImage(image.copy()).scaled(
        PICTURE * 2,
        PICTURE * 2,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation
        if smooth
        else Qt.TransformationMode.FastTransformation,
    )
