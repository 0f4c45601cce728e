"""A small square in the colour of a family of layers, as an icon for lists and tables."""

import functools

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from studio.ui.layer_rows import SQUARE, SQUARE_RADIUS
from studio.ui.theme import Theme


def family_square(family: str) -> QIcon:
    """The square of a family in the theme of now."""
    return square(f"family.{family}")


def square(token: str) -> QIcon:
    """The square in any colour of the theme of now."""
    return _square(Theme.current().color(token).name())


@functools.cache
def _square(color: str) -> QIcon:
    picture = QPixmap(QSize(SQUARE, SQUARE) * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(0, 0, SQUARE, SQUARE, SQUARE_RADIUS, SQUARE_RADIUS)
    painter.end()
    return QIcon(picture)
