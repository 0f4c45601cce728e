"""DataTable: the rows of a table under their tall heads, one column of them chosen."""

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)
from typing_extensions import override

from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
    TablePreview,
)
from studio.core.words import tr
from studio.ui.panels.column_head import ColumnHead
from studio.ui.panels.table_model import TableModel
from studio.ui.theme import ROW_HEIGHT, SPACE_2, Theme, font

NUMBERS_WIDTH = 56
NOTHING_SELECTED = (-1, -1)
_TO_THE_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_TO_THE_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class DataTable(QTableView):
    """The table of the Data page. Rows come from `rows`, a TableModel.

    Signals:
        column_chosen(name): the person chose a column, in the table or in its head.
    """

    column_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rows")
        self.setAccessibleName(tr("Rows"))
        self.rows = TableModel(self)
        self.head = ColumnHead(self)
        self._names: tuple[str, ...] = ()
        self._chosen = -1
        self._selected = NOTHING_SELECTED
        self.setHorizontalHeader(self.head)
        self.setModel(self.rows)
        self._dress()
        self.cells = _Cells(self)
        self.head.column_chosen.connect(self._on_head_chosen)
        Theme.current().changed.connect(self._on_theme_changed)

    @property
    def chosen(self) -> int:
        """The place of the chosen column; -1 for none."""
        return self._chosen

    @property
    def selected(self) -> tuple[int, int]:
        """Row and column of the selected cell."""
        return self._selected

    def show_dataset(
        self, dataset: DatasetSpec, *, is_read_anew: bool, are_known: bool = True
    ) -> None:
        """Shows columns as the person chose them, and other rows where they were read anew."""
        self._names = tuple(c.name for c in dataset.summary.columns) if dataset.summary else ()
        if is_read_anew:
            self.rows.show(dataset)
            self.scrollToTop()
        else:
            self.rows.show_kinds(dataset)
        self.head.show_dataset(dataset, are_known=are_known)

    def show_first_look(self, preview: TablePreview) -> None:
        """Rows as they are or as other import settings would read them, until all are read."""
        columns = tuple(
            ColumnSummary(name, "number" if _are_numbers(preview, place) else "text", "input")
            for place, name in enumerate(preview.columns)
        )
        choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
        summary = DatasetSummary("table", len(preview.rows), columns)
        found = DatasetSpec(columns=choices, summary=summary)
        self.show_dataset(found, is_read_anew=True, are_known=False)
        self.rows.take(0, preview)

    def choose(self, name: str, *, scrolls: bool = True) -> None:
        """Marks a column, and brings it into sight; none for a name that is not there."""
        self._chosen = self._names.index(name) if name in self._names else -1
        self.head.choose(name)
        if self._chosen >= 0 and scrolls:
            self.head.show_column(self._chosen)
        self.viewport().update()

    @override
    def event(self, event: QEvent) -> bool:
        """Ctrl+Home leads to the first row here, whatever it does elsewhere in the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_own = event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End)
            if is_own and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                event.accept()
                return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The first press of End goes there; Qt would only choose the first cell."""
        if event.key() == Qt.Key.Key_End and not self.currentIndex().isValid():
            self.setCurrentIndex(self.rows.index(0, max(0, self._chosen)))
        super().keyPressEvent(event)

    @override
    def currentChanged(
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and current.column() != self._chosen:
            self.column_chosen.emit(self._names[current.column()])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """All cells at once: each call out of Qt may wait for a thread that reads rows."""
        self.executeDelayedItemsLayout()
        wanted, painter = event.rect(), QPainter(self.viewport())
        rows = _shown_places(self.rowAt(wanted.top()), self.rowAt(wanted.bottom()), self._last_row)
        columns = _shown_places(
            self.columnAt(wanted.left()), self.columnAt(wanted.right()), len(self._names) - 1
        )
        places = [(c, self.columnViewportPosition(c), self.columnWidth(c)) for c in columns]
        for row in rows:
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            for column, left, width in places:
                self.cells.paint(painter, QRect(left, top, width, height), row, column)
        painter.end()

    @override
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        places = [(index.row(), index.column()) for index in self.selectedIndexes()]
        self._selected = places[0] if places else NOTHING_SELECTED

    def _dress(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setFont(font("small", is_tabular=True))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        numbers = self.verticalHeader()
        numbers.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        numbers.setDefaultSectionSize(ROW_HEIGHT)
        numbers.setFixedWidth(NUMBERS_WIDTH)
        numbers.setFont(font("smallest", is_tabular=True))
        numbers.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        numbers.setHighlightSections(False)
        numbers.setSectionsClickable(False)

    @property
    def _last_row(self) -> int:
        return self.rows.rowCount() - 1

    def _on_theme_changed(self) -> None:
        self.cells.take_colors()
        self.viewport().update()

    def _on_head_chosen(self, name: str) -> None:
        if name in self._names and self._names.index(name) != self._chosen:
            self.column_chosen.emit(name)


class _Cells:
    """Paints cells: missing values and ignored columns pale, the chosen column on its ground.

    What it asks for again and again is kept: hundreds of cells are painted at once.
    """

    def __init__(self, table: DataTable) -> None:
        self._table = table
        self._font = table.font()
        self._metrics = QFontMetrics(self._font)
        self._widest = self._metrics.horizontalAdvance("W")
        self.take_colors()

    def paint(self, painter: QPainter, area: QRect, row: int, column: int) -> None:
        """One cell."""
        table = self._table
        if (row, column) == table.selected:
            painter.fillRect(area, self._selected)
        elif column == table.chosen:
            painter.fillRect(area, self._chosen)
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, self._line)
        words, is_missing = table.rows.words_at(row, column)
        if words is None:
            return
        painter.setFont(self._font)
        painter.setPen(self._pale if is_missing or table.head.is_ignored(column) else self._ink)
        area.adjust(SPACE_2, 0, -SPACE_2, 0)
        side = _TO_THE_RIGHT if table.rows.is_number(column) else _TO_THE_LEFT
        painter.drawText(area, side, self.cut(words, column, area.width()))

    def cut(self, words: str, column: int, width: int) -> str:
        """The words where they surely have room, else as much of them as has."""
        if len(words) * self._widest <= width and words.isascii():
            return words
        middle = self._table.rows.holds_files(column)
        how = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        return self._metrics.elidedText(words, how, width)

    def take_colors(self) -> None:
        """Those of the theme as it is now."""
        color = Theme.current().color
        self._selected, self._chosen = color("accent_soft"), color("hover")
        self._line, self._pale, self._ink = color("line"), color("text_soft"), color("text")


def _shown_places(first: int, last: int, very_last: int) -> range:
    """The rows or columns between two places; beyond the last one there is -1."""
    return range(first, (last if last >= 0 else very_last) + 1) if first >= 0 else range(0)


def _are_numbers(preview: TablePreview, place: int) -> bool:
    kinds = {type(row[place]) for row in preview.rows} - {type(None)}
    return bool(kinds) and kinds <= {int, float}
