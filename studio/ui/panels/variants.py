"""VariantsView: a sample as it is, and ten ways in which the training part may show it."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.design.previews import SeriesPreview, Varied
from studio.core.words import tr
from studio.ui.controls import label
from studio.ui.panels.sound_drawing import drawing_of, paint_wave
from studio.ui.panels.thumbnail_model import Thumbnail, thumbnails_of
from studio.ui.theme import SPACE_1, SPACE_2, Theme, font

COLUMNS = 4
TILE_HEIGHT, WIDE_HEIGHT, CAPTION = 58, 44, 16
STRETCHES = 40
CORNER = 4


class VariantsView(QWidget):
    """Small tiles, the first of which is the sample as it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("variants")
        self.words = label("", size="small", tone="soft", wraps=True)
        self.tiles = _Tiles()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, SPACE_1, 0, SPACE_1)
        rows.setSpacing(SPACE_2)
        rows.addWidget(self.words)
        rows.addWidget(self.tiles)
        self.hide()

    def show_waiting(self) -> None:
        """The variants are being made; those before stay in sight."""
        self.words.setText(tr("Varying a sample…"))
        self.show()

    def show_variants(self, varied: Varied) -> None:
        """Other variants."""
        self.tiles.show_variants(varied)
        self.tiles.show()
        self.words.setText(tr("A sample as it is, and ten times as the network may see it:"))
        self.show()

    def show_trouble(self, words: str) -> None:
        """Why there are none; nothing at all for no words."""
        self.words.setText(words)
        self.tiles.hide()
        self.setVisible(bool(words))


class _Tiles(QWidget):
    """Pictures, first frames, waves or lines, four in a row."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("A sample and its variants"))
        self._pictures: tuple[Thumbnail, ...] = ()
        self._lines = SeriesPreview()
        self._font = font("smallest")
        Theme.current().changed.connect(self.update)

    def show_variants(self, varied: Varied) -> None:
        """Other variants, of whatever kind."""
        self._pictures = () if isinstance(varied, SeriesPreview) else thumbnails_of(varied)
        self._lines = varied if isinstance(varied, SeriesPreview) else SeriesPreview()
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        count = len(self._pictures) or len(self._lines.columns)
        lines = -(-count // COLUMNS)
        return QSize(220, lines * (self._height() + CAPTION + SPACE_1))

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        names = [one.name for one in self._pictures] or list(self._lines.columns)
        for place, name in enumerate(names):
            tile = self._tile(place)
            outline = QPainterPath()
            outline.addRoundedRect(tile, CORNER, CORNER)
            painter.fillPath(outline, theme.color("sunken"))
            painter.save()
            painter.setClipPath(outline)
            if self._pictures:
                _paint(painter, tile.toRect(), self._pictures[place])
            else:
                self._paint_line(painter, tile, place)
            painter.restore()
            painter.setPen(theme.color("text" if place == 0 else "text_soft"))
            room = QRectF(tile.left(), tile.bottom(), tile.width(), CAPTION)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)

    def _height(self) -> int:
        is_picture = any(one.frames for one in self._pictures)
        return TILE_HEIGHT if is_picture else WIDE_HEIGHT

    def _tile(self, place: int) -> QRectF:
        width = (self.width() - SPACE_1 * (COLUMNS - 1)) / COLUMNS
        row, column = divmod(place, COLUMNS)
        top = row * (self._height() + CAPTION + SPACE_1)
        return QRectF(column * (width + SPACE_1), top, width, self._height())

    def _paint_line(self, painter: QPainter, tile: QRectF, place: int) -> None:
        known = [v for line in self._lines.values for v in line if v is not None]
        if not known or len(self._lines.times) < 2:  # noqa: PLR2004 - a line has two ends
            return
        low, span = min(known), (max(known) - min(known)) or 1.0
        step = tile.width() / (len(self._lines.times) - 1)
        line = QPolygonF()
        for number, value in enumerate(self._lines.values[place]):
            if value is not None:
                y = tile.bottom() - SPACE_1 - (value - low) / span * (tile.height() - SPACE_2)
                line.append(QPointF(tile.left() + number * step, y))
        painter.setPen(QPen(Theme.current().color("accent" if place else "text_soft"), 1.2))
        painter.drawPolyline(line)


def _paint(painter: QPainter, tile: QRect, one: Thumbnail) -> None:
    """A picture, the frame in the middle of a clip, or a wave."""
    if one.frames:
        picture = one.frames[len(one.frames) // 2]
        size = picture.size().scaled(tile.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(tile.topLeft(), size)
        target.moveCenter(tile.center())
        painter.drawPixmap(target, picture)
    elif one.sound is not None:
        drawing = drawing_of(one.sound, STRETCHES)
        color = Theme.current().color("accent")
        paint_wave(painter, tile.toRectF().adjusted(0, 2, 0, -2), drawing, color)
