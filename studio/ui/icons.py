"""Line icons from resources/icons, tinted by the theme and sharp on every screen."""

import functools

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from studio import assets
from studio.ui.theme import ICON_SIZE, SMALL_ICON_SIZE, Theme

RATIOS = (1.0, 2.0)
INK = b"currentColor"


def icon(name: str, role: str = "text", gap: int = 0) -> QIcon:
    """The icon of that name in the colour of a theme token; disabled, it is paler.

    `gap` is room at its right, for words that follow. It does not follow a change of the
    theme: ask again on `Theme.changed`.
    """
    theme = Theme.current()
    return _icon(name, theme.color_name(role), theme.color_name("text_disabled"), gap)


def pixmap(name: str, role: str = "text", size: int = ICON_SIZE, ratio: float = 2.0) -> QPixmap:
    """The icon as a picture, for those who paint it themselves."""
    return _pixmap(name, Theme.current().color_name(role), size, ratio)


@functools.cache
def _icon(name: str, color: str, disabled: str, gap: int) -> QIcon:
    made = QIcon()
    for size in (SMALL_ICON_SIZE, ICON_SIZE):
        for ratio in RATIOS:
            made.addPixmap(_pixmap(name, color, size, ratio, gap))
            made.addPixmap(_pixmap(name, disabled, size, ratio, gap), QIcon.Mode.Disabled)
    return made


@functools.lru_cache(maxsize=1024)
def _pixmap(name: str, color: str, size: int, ratio: float, gap: int = 0) -> QPixmap:
    drawn = QPixmap(QSize(size + gap, size) * ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _drawing(name, color).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


@functools.lru_cache(maxsize=512)
def _drawing(name: str, color: str) -> QSvgRenderer:
    source = assets.path("icons", f"{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(source.replace(INK, QColor(color).name().encode())))
