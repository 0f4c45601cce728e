"""OutlineTree: the rows of the outline as a tree, painted in two lines, named in place."""

from collections.abc import Iterable

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from typing_extensions import override

from studio.core.words import tr
from studio.ui.icons import pixmap
from studio.ui.layer_rows import SQUARE, SQUARE_RADIUS
from studio.ui.panels.outline_rows import OutlineRow
from studio.ui.panels.tree_rows import rewritten
from studio.ui.theme import RADIUS, SPACE_1, SPACE_2, Theme, font

ROW = Qt.ItemDataRole.UserRole
ROW_HIGH, INDENT = 44, 14
LINE = 18
UNFRAMED = "QTreeView, QTreeView:focus { border: 0; }"
SIGN = 12
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class OutlineTree(QTreeWidget):
    """Shows rows; which are chosen is the person's, and told by `itemSelectionChanged`.

    Signals:
        renamed(key, name): a row was named in place.
        clicked_alone(key): a row was clicked, not added to those selected.
    """

    renamed = Signal(str, str)
    clicked_alone = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[OutlineRow, ...] = ()
        self._items: dict[str, QTreeWidgetItem] = {}
        self.setObjectName("outline.tree")
        self.setAccessibleName(tr("Layers in order"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet(UNFRAMED)  # the current row shows where the keyboard is
        self.setHeaderHidden(True)
        self.setColumnCount(1)
        self.setIndentation(INDENT)
        self.setItemDelegate(_RowDelegate(self))
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setRootIsDecorated(False)
        Theme.current().changed.connect(self.viewport().update)

    @property
    def current_row(self) -> OutlineRow | None:
        """The row with the keyboard."""
        item = self.currentItem()
        return item.data(0, ROW) if item is not None else None

    def chosen_rows(self) -> tuple[OutlineRow, ...]:
        """The rows that are selected."""
        return tuple(item.data(0, ROW) for item in self.selectedItems())

    def show_rows(self, rows: tuple[OutlineRow, ...]) -> None:
        """Shows other rows; where only words differ, no row is made anew."""
        if not rewritten(self._rows, rows, lambda row: _fill(self._items[row.key], row)):
            self._rebuild(rows)
        self._rows = rows
        self.setRootIsDecorated(any(row.is_block for row in rows))

    def choose(self, keys: Iterable[str], current: str = "") -> None:
        """Selects these rows; nobody is told."""
        wanted = set(keys)
        self.blockSignals(True)
        try:
            for key, item in self._items.items():
                if item.isSelected() != (key in wanted):
                    item.setSelected(key in wanted)
            if current in self._items and self.currentItem() is not self._items[current]:
                self._make_current(self._items[current])
        finally:
            self.blockSignals(False)
        self.viewport().update()

    def name_in_place(self, key: str) -> None:
        """Opens the name of a row to be typed over."""
        self.editItem(self._items[key], 0)

    def turn_current(self) -> None:
        """Unfolds what the current row holds, or folds it."""
        item = self.currentItem()
        if item is not None:
            item.setExpanded(not item.isExpanded())

    def corner_of_current(self) -> QPoint | None:
        """The upper right of the current row, from the list's own corner."""
        item = self.currentItem()
        if item is None:
            return None
        return self.viewport().mapTo(self, self.visualItemRect(item).topRight())

    def take_name(self, key: str, name: str) -> None:
        """What was typed in place; the row itself waits for the document."""
        self.renamed.emit(key, name)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        item = self.itemAt(event.position().toPoint())
        is_alone = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if item is not None and is_alone and event.button() == Qt.MouseButton.LeftButton:
            self.clicked_alone.emit(item.data(0, ROW).key)

    @override
    def drawBranches(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The room before a row stays as it is when the row is selected; a block has a sign."""
        painter.fillRect(rect, Theme.current().color("surface"))
        row: OutlineRow = index.data(ROW)
        if row.is_block:
            is_open = self.isExpanded(index)
            sign = pixmap("chevron-down" if is_open else "chevron-right", "text_soft", SIGN)
            left = rect.right() - SIGN + 1
            painter.drawPixmap(left, rect.top() + SPACE_2, sign)

    def _make_current(self, item: QTreeWidgetItem) -> None:
        flags = self.selectionModel().SelectionFlag
        index = self.indexFromItem(item)
        self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        self.scrollToItem(item)

    def _rebuild(self, rows: tuple[OutlineRow, ...]) -> None:
        """Makes the items anew, with what was folded, selected and current as it was."""
        folded = {key for key, item in self._items.items() if not item.isExpanded()}
        chosen = {row.key for row in self.chosen_rows()}
        row = self.current_row
        before = self._rows.index(row) if row in self._rows and row is not None else -1
        self.blockSignals(True)
        self.clear()
        self._items = {}
        for one in rows:
            above = self._items.get(one.parent)
            item = QTreeWidgetItem(above) if above is not None else QTreeWidgetItem(self)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            _fill(item, one)
            item.setExpanded(one.key not in folded)
            item.setSelected(one.key in chosen)
            self._items[one.key] = item
        self.blockSignals(False)
        self._keep_current(row.key if row is not None else "", before, rows)

    def _keep_current(self, key: str, before: int, rows: tuple[OutlineRow, ...]) -> None:
        """The same row, or the one that stands where it stood: the keyboard is never lost."""
        if key not in self._items and before >= 0 and rows:
            key = rows[min(before, len(rows) - 1)].key
        if key in self._items:
            self.blockSignals(True)
            self._make_current(self._items[key])
            self.blockSignals(False)


def _fill(item: QTreeWidgetItem, row: OutlineRow) -> None:
    item.setData(0, ROW, row)
    item.setText(0, row.title)
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, row.spoken)
    item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, row.hint)
    item.setToolTip(0, f"{row.below}\n{row.hint}".strip() if row.hint else row.below)


class _RowDelegate(QStyledItemDelegate):
    """Paints a row: a square in the family's colour, name and shape, below it the wire."""

    def __init__(self, tree: OutlineTree) -> None:
        super().__init__(tree)
        self._tree = tree

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, ROW_HIGH)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: OutlineRow = index.data(ROW)
        area = QRectF(option.rect).adjusted(0, 1, -SPACE_1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_current = index == self._tree.currentIndex() and self._tree.hasFocus()
        _paint_ground(painter, area, option.state, is_current=is_current)
        _paint_words(painter, area.adjusted(SPACE_2, SPACE_1, -SPACE_2, -SPACE_1), row)
        painter.restore()

    @override
    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        field = QLineEdit(parent)
        field.setObjectName("outline.name")
        field.setAccessibleName(tr("Name"))
        return field

    @override
    def setModelData(
        self, editor: QWidget, model: object, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        assert isinstance(editor, QLineEdit)
        row: OutlineRow = index.data(ROW)
        self._tree.take_name(row.key, editor.text())


def _paint_ground(
    painter: QPainter, area: QRectF, state: QStyle.StateFlag, *, is_current: bool
) -> None:
    theme = Theme.current()
    is_chosen = bool(state & QStyle.StateFlag.State_Selected)
    painter.setPen(Qt.PenStyle.NoPen)
    if is_chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(theme.color("accent_soft" if is_chosen else "hover"))
        painter.drawRoundedRect(area, RADIUS, RADIUS)
    if is_current:
        painter.setPen(theme.color("accent"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def _paint_words(painter: QPainter, area: QRectF, row: OutlineRow) -> None:
    theme = Theme.current()
    upper = QRectF(area.left(), area.top(), area.width(), LINE)
    lower = QRectF(area.left(), upper.bottom(), area.width(), LINE)
    if row.family:
        square = QRectF(upper.left(), upper.center().y() - SQUARE / 2, SQUARE, SQUARE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"family.{row.family}"))
        painter.drawRoundedRect(square, SQUARE_RADIUS, SQUARE_RADIUS)
        upper.setLeft(square.right() + SPACE_2)
        lower.setLeft(upper.left())
    painter.setFont(font("small", is_strong=True))
    painter.setPen(theme.color("text_soft" if row.is_off else "text"))
    _elided(painter, upper, row.title, Qt.TextElideMode.ElideMiddle)
    painter.setFont(font("smallest", is_tabular=True))
    painter.setPen(theme.color("text_soft"))
    taken = 0
    if not row.is_wrong and not row.is_doubtful:
        painter.drawText(lower, _LEFT, row.shape)
        taken = painter.fontMetrics().horizontalAdvance(row.shape) + (SPACE_2 if row.shape else 0)
    doubt = "attention_text" if row.is_doubtful else "text_soft"
    painter.setPen(theme.color("problem_text" if row.is_wrong else doubt))
    _elided(painter, lower.adjusted(taken, 0, 0, 0), row.below, Qt.TextElideMode.ElideRight)


def _elided(painter: QPainter, area: QRectF, words: str, mode: Qt.TextElideMode) -> None:
    shown = painter.fontMetrics().elidedText(words, mode, int(area.width()))
    painter.drawText(area, _LEFT, shown)
