"""ClassList: the classes of a dataset, each with how many samples it has, one of them chosen."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from studio.core.design.dataset import DatasetSpec
from studio.core.design.usable import unread_rows
from studio.core.words import tr
from studio.ui.panels.column_words import count_of
from studio.ui.sample_words import counted_rows, readable_words
from studio.ui.theme import SPACE_2, SPACE_3, Theme, font

CLASSES_WIDTH = 196
CLASS_ROW = 34
BAR_HEIGHT = 3
LABEL_ROLE = int(Qt.ItemDataRole.UserRole)
COUNT_ROLE = LABEL_ROLE + 1


class ClassList(QListWidget):
    """All classes, then each one.

    Signals:
        label_chosen(label): another class was chosen; empty for all.
    """

    label_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classes")
        self.setAccessibleName(tr("Classes"))
        self.setFixedWidth(CLASSES_WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_ClassDelegate(self))
        self.currentItemChanged.connect(self._on_current_changed)
        Theme.current().changed.connect(self._on_theme_changed)

    def show_dataset(self, dataset: DatasetSpec) -> None:
        """Shows the classes of another dataset, all of them chosen."""
        rows = (dataset.summary.rows if dataset.summary else 0) - len(unread_rows(dataset))
        pairs = list(zip(dataset.labels(), dataset.label_counts(), strict=True))
        self.blockSignals(True)
        self.clear()
        self._add(dataset, tr("All classes"), "", rows)
        self.item(0).setToolTip(readable_words(dataset))
        for label, count in pairs:
            self._add(dataset, label, label, count)
        self.setCurrentRow(0)
        self.blockSignals(False)

    def _add(self, dataset: DatasetSpec, words: str, label: str, count: int) -> None:
        item = QListWidgetItem(words)
        item.setData(LABEL_ROLE, label)
        item.setData(COUNT_ROLE, count)
        said = tr("{label}, {count}", label=words, count=counted_rows(dataset, count))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
        self.addItem(item)

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.label_chosen.emit(str(item.data(LABEL_ROLE)))

    def _on_theme_changed(self) -> None:
        self.viewport().update()


class _ClassDelegate(QStyledItemDelegate):
    """A class: its name, how many samples it has, and that as a bar."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._font, self._figures = font(), font("small", is_tabular=True)

    @override
    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(CLASSES_WIDTH, CLASS_ROW)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, area = Theme.current(), rect_of(option)
        count = int(index.data(COUNT_ROLE))
        painter.save()
        if state_of(option) & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.color("accent_soft"))
        elif state_of(option) & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.color("hover"))
        room = area.adjusted(SPACE_3, 0, -SPACE_3, -BAR_HEIGHT)
        painter.setFont(self._figures)
        figures = count_of(count)
        painter.setPen(theme.color("text_soft"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, figures)
        width = room.width() - painter.fontMetrics().horizontalAdvance(figures) - SPACE_2
        painter.setFont(self._font)
        painter.setPen(theme.color("text"))
        name = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, width
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        if index.row():
            _paint_share(painter, area, count / _largest(index))
        painter.restore()


def rect_of(option: QStyleOptionViewItem) -> QRect:
    """Where an item is to be painted."""
    rect: QRect = option.rect
    return rect


def state_of(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    """Whether an item is selected, hovered, focused."""
    state: QStyle.StateFlag = option.state
    return state


def _paint_share(painter: QPainter, area: QRect, share: float) -> None:
    theme = Theme.current()
    room = area.adjusted(SPACE_3, 0, -SPACE_3, 0)
    bar = QRect(room.left(), area.bottom() - BAR_HEIGHT - 1, room.width(), BAR_HEIGHT)
    painter.fillRect(bar, theme.color("sunken"))
    bar.setWidth(max(1, round(bar.width() * share)))
    painter.fillRect(bar, theme.color("accent"))


def _largest(index: QModelIndex | QPersistentModelIndex) -> int:
    model = index.model()
    return max(1, *(int(model.index(i, 0).data(COUNT_ROLE)) for i in range(1, model.rowCount())))
