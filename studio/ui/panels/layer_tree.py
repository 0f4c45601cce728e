"""LayerTree: layers with figures beside them, those of a block below it and folded with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from typing_extensions import override

from studio.ui.family_square import square
from studio.ui.layer_rows import SQUARE
from studio.ui.panels.class_list import rect_of
from studio.ui.panels.tree_rows import rewritten
from studio.ui.theme import ROW_HEIGHT, SPACE_2, FontSize, Theme, font

KEY = Qt.ItemDataRole.UserRole
SHARE = Qt.ItemDataRole.UserRole + 1
INDENT = 12
BAR_HEIGHT = 3
MUCH = 0.2  # of a column: its bar is seen from afar
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TAKING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a layer in words, and its share of the whole from 0 to 1."""

    text: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A layer or a block: what it is called, the colour token of its square, a cell a column.

    `told` is what is wrong with it. A block starts as `is_open` says.
    """

    key: str
    name: str
    color: str
    cells: tuple[Cell, ...]
    parent: str = ""
    told: str = ""
    is_wrong: bool = False
    is_block: bool = False
    is_open: bool = True


class LayerTree(QTreeWidget):
    """Shows rows. What a person folded stays so while the block is there.

    Signals:
        node_wanted(node_id): a layer was taken with Enter, or clicked as the tree wants it.
        folded(): other rows are to be seen.
    """

    node_wanted = Signal(str)
    folded = Signal()

    def __init__(self, size: FontSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[TreeRow, ...] = ()
        self._items: dict[str, QTreeWidgetItem] = {}
        self._is_open: dict[str, bool] = {}
        self.setFont(font(size, is_tabular=True))
        self.setIconSize(QSize(SQUARE, SQUARE))
        self.setIndentation(INDENT)
        self.setItemDelegate(_RowDelegate(self))
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.itemExpanded.connect(lambda item: self._on_folded(item, is_open=True))
        self.itemCollapsed.connect(lambda item: self._on_folded(item, is_open=False))
        self.itemClicked.connect(self._on_clicked)
        Theme.current().changed.connect(self._on_theme_changed)

    def set_titles(self, titles: Sequence[str]) -> None:
        """A column for each; the first is as wide as there is room."""
        self.setHeaderLabels(list(titles))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(len(titles)):
            self.headerItem().setTextAlignment(column, _RIGHT if column else _LEFT)

    def show_rows(self, rows: Sequence[TreeRow]) -> None:
        """Shows other rows; where only words differ, no row is made anew."""
        wanted = tuple(rows)
        if not rewritten(self._rows, wanted, lambda row: _fill(self._items[row.key], row)):
            self._rebuild(wanted)
        self._rows = wanted

    @property
    def seen_rows(self) -> tuple[TreeRow, ...]:
        """The rows that no folded block hides."""
        hidden: set[str] = set()
        found = []
        for row in self._rows:
            if row.parent in hidden:
                hidden.add(row.key)
                continue
            found.append(row)
            if row.is_block and not self._items[row.key].isExpanded():
                hidden.add(row.key)
        return tuple(found)

    def item_of(self, key: str) -> QTreeWidgetItem:
        """The item of a node or block that is shown."""
        return self._items[key]

    def go_to(self, key: str) -> None:
        """Makes a row the current one; the blocks around it open."""
        if key in self._items:
            self.setCurrentItem(self._items[key])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in _TAKING and item is not None:
            self.take(item)
        else:
            super().keyPressEvent(event)

    def take(self, item: QTreeWidgetItem) -> None:
        """Wants a layer; opens or folds a block."""
        if item.childCount():
            item.setExpanded(not item.isExpanded())
        else:
            self.node_wanted.emit(item.data(0, KEY))

    def _rebuild(self, rows: tuple[TreeRow, ...]) -> None:
        before = self.currentItem()
        current = before.data(0, KEY) if before is not None else ""
        self.blockSignals(True)
        self.clear()
        self._items = {}
        for row in rows:
            item = QTreeWidgetItem()
            _fill(item, row)
            above = self._items.get(row.parent)
            if above is not None:
                above.addChild(item)
            else:
                self.addTopLevelItem(item)
            self._items[row.key] = item
        for row in rows:
            if row.is_block:
                self._items[row.key].setExpanded(self._is_open.get(row.key, row.is_open))
        self.setRootIsDecorated(any(row.is_block for row in rows))
        if current in self._items:
            self.setCurrentItem(self._items[current])
        self.blockSignals(False)

    def _on_folded(self, item: QTreeWidgetItem, *, is_open: bool) -> None:
        self._is_open[item.data(0, KEY)] = is_open
        self.folded.emit()

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        if item.childCount():
            self.take(item)

    def _on_theme_changed(self) -> None:
        for row in self._rows:
            _fill(self._items[row.key], row)


class _RowDelegate(QStyledItemDelegate):
    """A row of the usual height; below a figure a thin bar as long as its share of the column."""

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        share = index.data(SHARE)
        if not share:
            return
        area = rect_of(option).adjusted(SPACE_2, 0, -SPACE_2, 0)
        wide = max(1, round(area.width() * min(1.0, share)))
        bar = QRect(area.right() - wide + 1, area.bottom() - BAR_HEIGHT, wide, BAR_HEIGHT)
        painter.fillRect(bar, Theme.current().color("accent_soft" if share < MUCH else "accent"))


def _fill(item: QTreeWidgetItem, row: TreeRow) -> None:
    color = Theme.current().color
    item.setData(0, KEY, row.key)
    item.setIcon(0, square(row.color))
    said = f"{row.name}. {row.told}" if row.told else row.name
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, said)
    for column, cell in enumerate((Cell(row.name), *row.cells)):
        item.setText(column, cell.text)
        item.setToolTip(column, row.told or cell.text)
        soft = "text" if column == 0 else "text_soft"
        item.setForeground(column, color("problem_text" if row.is_wrong else soft))
        if column:
            item.setTextAlignment(column, _RIGHT)
            item.setData(column, SHARE, cell.share)
