"""Rows of a list that name layers: a square in the family's colour, the title, a note."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from studio.core.words import tr
from studio.ui.icons import pixmap
from studio.ui.theme import RADIUS, ROW_HEIGHT, SPACE_2, SPACE_3, Theme, font

ROW = Qt.ItemDataRole.UserRole
HEADING_HEIGHT = 32
REFUSED_HEIGHT = 44
SQUARE, SQUARE_RADIUS = 10, 2.5
FOLD = 12
DIMMED = 0.4
_MIDDLE = Qt.AlignmentFlag.AlignVCenter

Index: TypeAlias = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One row. Without a family it is a heading; with a `reason` it can be read, not taken.

    One with a `fold`, open or closed, shows or hides the rest of its family. `gives` is the
    shape that would come out; `help` is told of the row that is the current one. One with a
    `doubt` can be taken, though something speaks against it. A `tint` is the colour of a block.
    """

    key: str
    title: str
    family: str = ""
    note: str = ""
    reason: str = ""
    fold: Literal["", "open", "closed"] = ""
    gives: str = ""
    help: str = ""
    doubt: str = ""
    tint: str = ""

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        gives = tr("gives {shape}", shape=self.gives) if self.gives else ""
        parts = (self.title, self.reason or self.doubt or gives or self.note)
        return ", ".join(part for part in parts if part)


def list_item(row: LayerRow, tip: str = "") -> QListWidgetItem:
    """The row for a QListWidget; what is painted is also said to a screen reader."""
    item = QListWidgetItem(row.title)
    item.setData(ROW, row)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken())
    item.setToolTip(row.reason or row.doubt or tip)
    if not row.family:
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


class LayerRowDelegate(QStyledItemDelegate):
    """Paints a LayerRow."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: LayerRow = index.data(ROW)
        if not row.family:
            return QSize(0, HEADING_HEIGHT)
        return QSize(0, REFUSED_HEIGHT if row.reason or row.doubt else ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: LayerRow = index.data(ROW)
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.family:
            _paint_ground(painter, area, option.state)
            (_paint_fold if row.fold else _paint_row)(painter, area, row)
        else:
            _paint_heading(painter, area, row.title)
        painter.restore()


def _paint_heading(painter: QPainter, area: QRectF, title: str) -> None:
    painter.setFont(font("smallest", is_strong=True))
    painter.setPen(Theme.current().color("text_soft"))
    line = area.adjusted(SPACE_2, SPACE_2, 0, 0)
    painter.drawText(line, _MIDDLE | Qt.AlignmentFlag.AlignLeft, title)


def _paint_fold(painter: QPainter, area: QRectF, row: LayerRow) -> None:
    line = area.adjusted(SPACE_2, 0, -SPACE_2, 0)
    sign = pixmap("chevron-down" if row.fold == "open" else "chevron-right", "text_soft", FOLD)
    painter.drawPixmap(QPointF(line.left() - 1, line.center().y() - FOLD / 2), sign)
    painter.setFont(font("small"))
    painter.setPen(Theme.current().color("text_soft"))
    line = line.adjusted(SQUARE + SPACE_3, 0, 0, 0)
    painter.drawText(line, _MIDDLE | Qt.AlignmentFlag.AlignLeft, row.title)


def _paint_ground(painter: QPainter, area: QRectF, state: QStyle.StateFlag) -> None:
    is_chosen = bool(state & QStyle.StateFlag.State_Selected)
    if is_chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Theme.current().color("accent_soft" if is_chosen else "hover"))
        painter.drawRoundedRect(area, RADIUS, RADIUS)


def _paint_row(painter: QPainter, area: QRectF, row: LayerRow) -> None:
    theme = Theme.current()
    line = QRectF(area.left() + SPACE_2, area.top(), area.width() - 2 * SPACE_2, ROW_HEIGHT)
    square = QRectF(line.left(), line.center().y() - SQUARE / 2, SQUARE, SQUARE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(row.tint or f"family.{row.family}"))
    painter.setOpacity(DIMMED if row.reason else 1.0)
    painter.drawRoundedRect(square, SQUARE_RADIUS, SQUARE_RADIUS)
    painter.setOpacity(1.0)
    line = line.adjusted(SQUARE + SPACE_3, 0, 0, 0)
    taken = 0 if row.reason or row.doubt else _paint_aside(painter, line, row)
    painter.setFont(font())
    painter.setPen(theme.color("text_soft" if row.reason else "text"))
    _paint_words(painter, line.adjusted(0, 0, -taken, 0), row.title)
    if row.reason or row.doubt:
        painter.setFont(font("smallest"))
        painter.setPen(theme.color("text_soft" if row.reason else "attention_text"))
        low = QRectF(
            line.left(), line.bottom() - SPACE_2, line.width(), REFUSED_HEIGHT - ROW_HEIGHT
        )
        _paint_words(painter, low, row.reason or row.doubt)


def _paint_aside(painter: QPainter, line: QRectF, row: LayerRow) -> int:
    """At the right the shape that would come out, else the note; how much room it takes."""
    words = row.gives or row.note
    if not words:
        return 0
    painter.setFont(font("smallest", is_strong=bool(row.gives), is_tabular=True))
    painter.setPen(Theme.current().color("text_soft"))
    painter.drawText(line, _MIDDLE | Qt.AlignmentFlag.AlignRight, words)
    return painter.fontMetrics().horizontalAdvance(words) + SPACE_2


def _paint_words(painter: QPainter, line: QRectF, words: str) -> None:
    room = int(line.width())
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.drawText(line, _MIDDLE | Qt.AlignmentFlag.AlignLeft, shown)
