"""Thumbnails: the pictures of a dataset by class, with how many each class has."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from studio.core.design.dataset import DatasetSpec
from studio.core.words import tr
from studio.ui.controls import Rule
from studio.ui.panels.column_words import count_of
from studio.ui.panels.thumbnail_model import SIDE, ThumbnailModel
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_3, Theme, font

CLASSES_WIDTH = 196
CLASS_ROW = 34
CAPTION = 18
CORNER = 4
BAR_HEIGHT = 3
LABEL_ROLE = int(Qt.ItemDataRole.UserRole)
COUNT_ROLE = LABEL_ROLE + 1


class Thumbnails(QWidget):
    """A list of classes beside the pictures of the chosen one, or of all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thumbnails")
        self.model = ThumbnailModel(self)
        self.classes = QListWidget()
        self.classes.setObjectName("classes")
        self.classes.setAccessibleName(tr("Classes"))
        self.classes.setFixedWidth(CLASSES_WIDTH)
        self.classes.setFrameShape(QFrame.Shape.NoFrame)
        self.classes.setItemDelegate(_ClassDelegate(self.classes))
        self.classes.currentItemChanged.connect(self._on_class_changed)
        self.pictures = _pictures_view(self.model)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (self.classes, Rule(is_vertical=True), self.pictures):
            row.addWidget(part)
        Theme.current().changed.connect(self._on_theme_changed)

    def show_dataset(self, dataset: DatasetSpec) -> None:
        """Shows another dataset, all of its classes."""
        self.model.show(dataset)
        rows = dataset.summary.rows if dataset.summary else 0
        pairs = list(zip(dataset.labels(), dataset.label_counts(), strict=True))
        self.classes.blockSignals(True)
        self.classes.clear()
        self._add(tr("All classes"), "", rows)
        for label, count in pairs:
            self._add(label, label, count)
        self.classes.setCurrentRow(0)
        self.classes.blockSignals(False)

    def _add(self, words: str, label: str, count: int) -> None:
        item = QListWidgetItem(words)
        item.setData(LABEL_ROLE, label)
        item.setData(COUNT_ROLE, count)
        item.setData(
            Qt.ItemDataRole.AccessibleTextRole,
            tr("{label}, 1 image", label=words)
            if count == 1
            else tr("{label}, {count} images", label=words, count=count),
        )
        self.classes.addItem(item)

    def _on_class_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.model.filter(str(item.data(LABEL_ROLE)))
            self.pictures.scrollToTop()

    def _on_theme_changed(self) -> None:
        self.classes.viewport().update()
        self.pictures.viewport().update()


def _pictures_view(model: ThumbnailModel) -> QListView:
    view = QListView()
    view.setObjectName("pictures")
    view.setAccessibleName(tr("Pictures"))
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setMovement(QListView.Movement.Static)
    view.setUniformItemSizes(True)
    view.setLayoutMode(QListView.LayoutMode.Batched)
    view.setBatchSize(2_000)
    view.setSpacing(SPACE_1)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setItemDelegate(_PictureDelegate(view))
    view.setModel(model)
    return view


class _PictureDelegate(QStyledItemDelegate):
    """A picture with its class below; a pale square until it is here."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._font = font("smallest")

    @override
    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(SIDE + 2 * SPACE_1, SIDE + CAPTION + 2 * SPACE_1)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, area = Theme.current(), _rect_of(option)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        square = QRect(area.topLeft() + QPoint(SPACE_1, SPACE_1), QSize(SIDE, SIDE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(square), CORNER, CORNER)
        painter.fillPath(outline, theme.color("sunken"))
        if isinstance(picture, QPixmap):
            painter.setClipPath(outline)
            size = picture.deviceIndependentSize().toSize()
            painter.drawPixmap(square.center() - QRect(QPoint(), size).center(), picture)
            painter.setClipping(False)
        if _state_of(option) & QStyle.StateFlag.State_Selected:
            painter.setPen(theme.color("accent"))
            painter.drawPath(outline)
        painter.setPen(theme.color("text_soft"))
        painter.setFont(self._font)
        room = QRect(square.left(), square.bottom() + 1, SIDE, CAPTION)
        label = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        words = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, SIDE)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


class _ClassDelegate(QStyledItemDelegate):
    """A class: its name, how many pictures it has, and that as a bar."""

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
        theme, area = Theme.current(), _rect_of(option)
        count = int(index.data(COUNT_ROLE))
        painter.save()
        if _state_of(option) & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.color("accent_soft"))
        elif _state_of(option) & QStyle.StateFlag.State_MouseOver:
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


def _rect_of(option: QStyleOptionViewItem) -> QRect:
    rect: QRect = option.rect
    return rect


def _state_of(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    state: QStyle.StateFlag = option.state
    return state
