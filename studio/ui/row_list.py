"""RowList: rows that name layers, one of them the current one."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget
from typing_extensions import override

from studio.ui.layer_rows import ROW, Index, LayerRow, LayerRowDelegate

NOWHERE = QModelIndex()


class RowsModel(QAbstractListModel):
    """The rows; what is painted is also said to a screen reader."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[LayerRow, ...] = ()

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """All, in their order; setting them shows others."""
        return self._rows

    @rows.setter
    def rows(self, rows: Sequence[LayerRow]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        said: dict[int, object] = {
            ROW: row,
            Qt.ItemDataRole.DisplayRole: row.title,
            Qt.ItemDataRole.AccessibleTextRole: row.spoken(),
            Qt.ItemDataRole.ToolTipRole: row.reason or row.doubt,
        }
        return said.get(role)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or not self._rows[index.row()].family:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class RowList(QListView):
    """A view of such rows. A heading is never the current one.

    It holds no item of Qt for a row: those are freed by Qt while Python still knows them, which
    brings a program down that fills its list with every letter that is typed.

    Signals:
        current_changed(): another row is the current one, or none.
        row_clicked(LayerRow): the mouse was let go on a row that is no heading.
    """

    current_changed = Signal()
    row_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = RowsModel(self)
        self.setModel(self._model)
        self.setItemDelegate(LayerRowDelegate(self))
        self.setMouseTracking(True)
        self.clicked.connect(self._on_clicked)

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """What is shown, headings among it."""
        return self._model.rows

    @property
    def current(self) -> LayerRow | None:
        """The row that Enter would take."""
        number = self.currentIndex().row()
        return self._model.rows[number] if number >= 0 else None

    def show_rows(self, rows: Sequence[LayerRow]) -> None:
        """Other rows; the first that can be taken is the current one."""
        self._model.rows = rows
        first = next((n for n, row in enumerate(rows) if row.key), -1)
        if first >= 0:
            self.setCurrentIndex(self._model.index(first))
        else:
            self.current_changed.emit()
        self.scrollToTop()

    def area_of(self, number: int) -> QRect:
        """Where a row lies on the viewport."""
        return self.visualRect(self._model.index(number))

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def _on_clicked(self, index: QModelIndex) -> None:
        self.row_clicked.emit(self._model.rows[index.row()])
