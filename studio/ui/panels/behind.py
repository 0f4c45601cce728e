"""RowsBehind: the raw rows or pictures behind a cell or a point, with truth and answer."""

from collections.abc import Sequence
from typing import TypeAlias

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
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
from studio.core.run.differences import marked
from studio.core.run.mistakes import answer_words
from studio.core.run.results import Evaluation
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import label
from studio.ui.panels.behind_samples import BehindSamples
from studio.ui.panels.differences import PIECES, DifferenceDelegate, Pieces
from studio.ui.theme import ROW_HEIGHT, SPACE_6, Theme, font

PICTURE = 64
PICTURE_CELL = QSize(112, 116)
WIDEST_COLUMN, LEAST_COLUMN, LEAST_TEXT = 180, 56, 112
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
    """A table for rows, a wall of thumbnails for pictures.

    Signals:
        row_chosen(place): a row of the table was chosen, by its place in the evaluation.
    """

    row_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Rows"), parent)
        self.setObjectName("rows_behind")
        self._theme = theme
        self.remark = label(size="small", tone="soft")
        self.header.addWidget(self.remark)
        self._model = _BehindModel(theme)
        self.table = _table(self._model)
        self.table.setItemDelegate(DifferenceDelegate(self.table))
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
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
        if self._model.is_text:  # of what is left beside row number and share
            text_columns = self._model.columnCount() - 2
            room = self.table.viewport().width() - 2 * (LEAST_COLUMN + SPACE_6)
            widest = max(LEAST_TEXT, room // max(1, text_columns))
        for column in range(self._model.columnCount()):
            texts = [str(self._model.headerData(column, Qt.Orientation.Horizontal) or "")]
            texts += [
                str(self._model.index(row, column).data() or "")
                for row in range(min(SIZED_ROWS, self._model.rowCount()))
            ]
            wide = max(metrics.horizontalAdvance(text) for text in texts) + CELL_ROOM
            self.table.setColumnWidth(column, min(max(wide, LEAST_COLUMN), widest))

    @Slot(QModelIndex, QModelIndex)
    def _on_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.row_chosen.emit(self._model.place_of(current.row()))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.table.viewport().update()


class _BehindModel(QAbstractTableModel):
    """The rows as words: what is known of each answer, and the columns of the data."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._heads: tuple[str, ...] = ()
        self._rows: list[tuple[Cell, ...]] = []
        self._strong = font(is_strong=True, is_tabular=True)
        self._figures: Sequence[int] = ()  # columns of words that are figures
        self._places: list[int] = []
        self._strong_column = ANSWER_COLUMN
        self._texts: tuple[int, int] | None = None  # columns of what was wanted and written

    def show_samples(
        self, evaluation: Evaluation, places: Sequence[int], samples: TablePreview
    ) -> None:
        """Other rows."""
        self.beginResetModel()
        is_text = bool(evaluation.true_texts)
        table = _text_table if is_text else _answer_table
        self._heads, self._rows, self._places = table(evaluation, places, samples)
        self._strong_column = len(self._heads) - 2 if is_text else ANSWER_COLUMN
        self._figures = (
            FIGURE_COLUMNS
            if evaluation.task == "numbers"
            else (len(self._heads) - 1 if is_text else SURE_COLUMN,)
        )
        self._texts = (len(self._heads) - 3, len(self._heads) - 2) if is_text else None
        self.endResetModel()

    @property
    def is_text(self) -> bool:
        """True where texts were asked for."""
        return self._texts is not None

    def place_of(self, row: int) -> int:
        """Where a row stands in the evaluation."""
        return self._places[row]

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
            case _ if role == PIECES:
                return self._pieces(index)
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
                return self._strong if index.column() == self._strong_column else None
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

    def _pieces(self, index: AnyIndex) -> Pieces | None:
        """Of what was written, which words differ from what was wanted."""
        if self._texts is None or index.column() != self._texts[1]:
            return None
        wanted, written = (str(self._rows[index.row()][column]) for column in self._texts)
        return marked(written, wanted)


_Table: TypeAlias = tuple[tuple[str, ...], list[tuple[Cell, ...]], list[int]]


def _answer_table(evaluation: Evaluation, places: Sequence[int], samples: TablePreview) -> _Table:
    """Row number, truth, answer and sureness, then the columns of the data as they are."""
    by_number = dict(zip(samples.row_numbers, samples.rows, strict=True))
    found = [place for place in places if evaluation.rows[place] in by_number]
    rows = [
        (number, *answer_words(evaluation, place), *by_number[number])
        for place in found
        for number in (evaluation.rows[place],)
    ]
    last = tr(LAST_HEADS[evaluation.task])
    return (tr("Row"), tr("True"), tr("Answer"), last, *samples.columns), rows, found


def _text_table(evaluation: Evaluation, places: Sequence[int], samples: TablePreview) -> _Table:
    """What was read, what was wanted of it, and what was written."""
    by_number = dict(zip(samples.row_numbers, samples.rows, strict=True))
    found = [place for place in places if evaluation.rows[place] in by_number]
    asked = {evaluation.output, *evaluation.target_names}
    read = [n for n, name in enumerate(samples.columns) if name not in asked]
    rows: list[tuple[Cell, ...]] = []
    for place in found:
        number = evaluation.rows[place]
        source = tuple(by_number[number][column] for column in read)
        rows.append((number, *source, *answer_words(evaluation, place)))
    heads = [samples.columns[column] for column in read]
    last = tr(LAST_HEADS[evaluation.task])
    return (tr("Row"), *heads, tr("Wanted"), tr("Written"), last), rows, found


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
