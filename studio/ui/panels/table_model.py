"""TableModel: the rows of a table for Qt's view, of which only what is looked at is ever read."""

from collections import OrderedDict
from typing import TypeAlias

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from studio.core.design.dataset import Cell, DatasetSpec, TablePreview
from studio.core.design.features import MEDIA_KINDS
from studio.core.words import tr

CHUNK = 200
LEAST_CHUNK = 20
MOST_CELLS = 100_000
MOST_CHUNKS = 100
MISSING = "–"
SHORTEST_FULL = 200
LONGEST_SURE = 12  # characters that the narrowest column shows

Index: TypeAlias = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class TableModel(QAbstractTableModel):
    """All rows of a table, read in chunks of `chunk` when the view comes to them.

    Signals:
        chunk_wanted(): `wanted` is the first row of a chunk that is looked at and not here.
    """

    chunk_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._numbers: frozenset[int] = frozenset()
        self._files: frozenset[int] = frozenset()
        self._rows = 0
        self._chunks: OrderedDict[int, TablePreview] = OrderedDict()
        self._refused: set[int] = set()
        self.wanted: int | None = None
        self.chunk = CHUNK

    def show(self, dataset: DatasetSpec) -> None:
        """Empties the table and shows another dataset's columns; its rows come in by and by."""
        self.beginResetModel()
        summary = dataset.summary
        columns = summary.columns if summary is not None else ()
        self._names = tuple(column.name for column in columns)
        # Rows of very many columns come in smaller chunks, so that they come as fast.
        self.chunk = max(LEAST_CHUNK, min(CHUNK, MOST_CELLS // max(1, len(columns))))
        self._rows = summary.rows if summary is not None and columns else 0
        self._chunks.clear()
        self._refused.clear()
        self.wanted = None
        self.endResetModel()
        self.show_kinds(dataset)

    def show_kinds(self, dataset: DatasetSpec) -> None:
        """Aligns numbers to the right, by the kinds that the person chose."""
        kinds = {c.name: c.kind for c in dataset.columns}
        places = [(place, kinds.get(name)) for place, name in enumerate(self._names)]
        self._numbers = frozenset(place for place, kind in places if kind == "number")
        self._files = frozenset(place for place, kind in places if kind in MEDIA_KINDS)
        self._tell(0, self._rows)

    def take(self, start: int, preview: TablePreview) -> None:
        """Shows rows that were read. One chunk stays away for good: it holds nothing."""
        if not preview.rows:
            self._refused.add(start)
        self._chunks[start] = preview
        while len(self._chunks) > MOST_CHUNKS:
            self._chunks.popitem(last=False)
        if self.wanted == start:
            self.wanted = None
        self._tell(start, len(preview.rows))

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._rows

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._names)

    @override
    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """As Qt makes one, but without asking back for the numbers of rows and columns."""
        is_there = 0 <= row < self._rows and 0 <= column < len(self._names)
        return self.createIndex(row, column) if is_there and not parent.isValid() else NOWHERE

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if index.column() in self._numbers
                else (Qt.AlignmentFlag.AlignLeft)
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        known, cell = self._cell(index.row(), index.column())
        if not known:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(cell)
        return shown(cell)

    def words_at(self, row: int, column: int) -> tuple[str | None, bool]:
        """What a cell shows, None while its row is not here, and whether it holds nothing.

        The same as by `data`, without the way through Qt: a view paints hundreds of cells.
        """
        known, cell = self._cell(row, column)
        return (shown(cell), cell is None) if known else (None, False)

    def is_number(self, column: int) -> bool:
        """True for a column of numbers, which stand to the right."""
        return column in self._numbers

    def holds_files(self, column: int) -> bool:
        """True for names of pictures, sounds or clips: their beginnings and ends tell most."""
        return column in self._files

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._names[section] if section < len(self._names) else None
        start, place = self._chunk_of(section)
        chunk = self._chunks.get(start)
        has_number = chunk is not None and place < len(chunk.row_numbers)
        return str(chunk.row_numbers[place] if chunk and has_number else section + 1)

    def _cell(self, row: int, column: int) -> tuple[bool, Cell]:
        start, place = self._chunk_of(row)
        chunk = self._chunks.get(start)
        if chunk is None:
            self._want(start)
            return False, None
        self._chunks.move_to_end(start)
        if place >= len(chunk.rows) or column >= len(chunk.rows[place]):
            return False, None
        return True, chunk.rows[place][column]

    def _chunk_of(self, row: int) -> tuple[int, int]:
        return row - row % self.chunk, row % self.chunk

    def _want(self, start: int) -> None:
        if start != self.wanted and start not in self._refused:
            self.wanted = start
            self.chunk_wanted.emit()

    def _tell(self, start: int, count: int) -> None:
        last = min(start + count, self._rows) - 1
        if last >= start and self._names:
            self.dataChanged.emit(self.index(start, 0), self.index(last, len(self._names) - 1))


def shown(cell: Cell) -> str:
    """A cell as a person reads it; a missing one as a dash."""
    if cell is None:
        return MISSING
    if isinstance(cell, bool):
        return tr("yes") if cell else tr("no")
    if isinstance(cell, float):
        return f"{cell:.10g}"
    text = str(cell)
    return text if len(text) <= SHORTEST_FULL else text[:SHORTEST_FULL] + "…"


def _tip(cell: Cell) -> str | None:
    if cell is None:
        return tr("Missing")
    return cell if isinstance(cell, str) and len(cell) > LONGEST_SURE else None
