"""DifferenceDelegate: a cell whose words that differ from what was wanted are marked."""

from typing import TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from studio.ui.theme import SPACE_1, Theme

PIECES = Qt.ItemDataRole.UserRole + 1
Pieces: TypeAlias = tuple[tuple[str, bool], ...]
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_UNDERLINE = 1.6
_DROP = 2.0


class DifferenceDelegate(QStyledItemDelegate):
    """As any cell; one with pieces underlines those that are not as wanted. Never colour alone."""

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        pieces: Pieces | None = index.data(PIECES)
        if not pieces:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        view = option.widget
        style = view.style() if isinstance(view, QWidget) else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        area = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, view)
        painter.save()
        painter.setFont(option.font)
        _paint(painter, area.adjusted(SPACE_1, 0, -SPACE_1, 0), pieces)
        painter.restore()


def _paint(painter: QPainter, area: QRect, pieces: Pieces) -> None:
    theme, metrics = Theme.current(), QFontMetricsF(painter.font())
    x, right = float(area.left()), float(area.right())
    for words, is_as_wanted in pieces:
        room = right - x
        if room <= 0:
            return
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.setPen(theme.color("text" if is_as_wanted else "problem"))
        place = QRect(int(x), area.top(), int(room) + 1, area.height())
        painter.drawText(place, _LEFT, shown)
        wide = metrics.horizontalAdvance(shown)
        if not is_as_wanted and shown.strip():
            start = x + metrics.horizontalAdvance(shown[: len(shown) - len(shown.lstrip())])
            y = area.center().y() + metrics.ascent() / 2 + _DROP
            painter.setPen(QPen(theme.color("problem"), _UNDERLINE))
            painter.drawLine(int(start), int(y), int(x + wide), int(y))
        x += wide
