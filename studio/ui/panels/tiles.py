"""How samples look in the gallery: a picture, frames that play, a wave over its frequencies."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QTimer,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPixmap, Qt
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from studio.ui.panels.class_list import rect_of, state_of
from studio.ui.panels.sound_drawing import (
    SoundDrawing,
    drawing_of,
    paint_spectrogram,
    paint_wave,
)
from studio.ui.panels.thumbnail_model import SIDE, Thumbnail, ThumbnailModel
from studio.ui.theme import SPACE_1, Theme, font

CAPTION = 18
CORNER = 4
STILL, STRIP = 112, 28
STRIP_FRAMES = 4
FRAME_MS = 120
SOUND_WIDTH, WAVE_HEIGHT, LEVELS_HEIGHT = 152, 40, 44
EDGE = 2


class TileDelegate(QStyledItemDelegate):
    """A tile with rounded corners, an outline when selected, and a caption."""

    size = QSize()

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._font = font("smallest")
        self._cell = 0

    def fill(self, width: int, spacing: int) -> None:
        """Makes the cells as wide as lets them fill the width; `spacing` stands behind each."""
        least = self.size.width() + 2 * SPACE_1
        columns = max(1, width // (least + spacing))
        self._cell = max(least, width // columns - spacing)

    @override
    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        around = self.size + QSize(2 * SPACE_1, CAPTION + 2 * SPACE_1)
        return around.expandedTo(QSize(self._cell, 0))

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, area = Theme.current(), rect_of(option)
        aside = (area.width() - self.size.width()) // 2
        tile = QRect(area.topLeft(), self.size).translated(aside, SPACE_1)
        model = self._view.model()
        assert isinstance(model, ThumbnailModel)
        one = model.thumbnail(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(tile, CORNER, CORNER)
        painter.setClipPath(outline)
        painter.fillPath(outline, theme.color("sunken"))
        if one is not None:
            self._paint_tile(painter, tile, one, index.row())
        painter.setClipping(False)
        if state_of(option) & QStyle.StateFlag.State_Selected:
            painter.setPen(theme.color("accent"))
            painter.drawPath(outline)
        painter.setPen(theme.color("text_soft"))
        painter.setFont(self._font)
        room = QRect(tile.left(), tile.bottom() + 1, tile.width(), CAPTION)
        words = painter.fontMetrics().elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def _paint_tile(self, painter: QPainter, tile: QRect, one: Thumbnail, row: int) -> None:
        raise NotImplementedError


class PictureDelegate(TileDelegate):
    """A picture; a pale square until it is here."""

    size = QSize(SIDE, SIDE)

    def _paint_tile(self, painter: QPainter, tile: QRect, one: Thumbnail, row: int) -> None:
        size = one.frames[0].deviceIndependentSize().toSize()
        painter.drawPixmap(tile.center() - QRect(QPoint(), size).center(), one.frames[0])


class ClipDelegate(TileDelegate):
    """A clip: its first frame over a strip of others. Under the pointer it plays."""

    size = QSize(STILL, STILL + STRIP + 2)

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._row, self._frame = -1, 0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_tick)
        view.viewport().installEventFilter(self)

    @property
    def playing(self) -> int:
        """The row of the clip that plays; -1 for none."""
        return self._row if self._timer.isActive() else -1

    def stop(self) -> None:
        """Nothing plays any longer."""
        self._play(-1)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            is_used = self._view.itemDelegate() is self
            here = self._view.indexAt(event.position().toPoint())
            self._play(here.row() if is_used else -1)
        elif event.type() == QEvent.Type.Leave:
            self._play(-1)
        return False

    def _play(self, row: int) -> None:
        """Plays that clip alone; none for -1, and where the person wants no motion."""
        if row == self._row:  # also while the view is taken apart
            return
        before, self._row, self._frame = self._row, row, 0
        if row >= 0 and Theme.current().has_motion:
            self._timer.start()
        else:
            self._timer.stop()
        self._update(before)

    def _on_tick(self) -> None:
        self._frame += 1
        self._update(self._row)

    def _update(self, row: int) -> None:
        model = self._view.model()
        if 0 <= row < model.rowCount():
            self._view.update(model.index(row, 0))

    def _paint_tile(self, painter: QPainter, tile: QRect, one: Thumbnail, row: int) -> None:
        if not one.frames:
            return
        now = self._frame % len(one.frames) if row == self.playing else 0
        _draw(painter, QRect(tile.topLeft(), QSize(STILL, STILL)), one.frames[now])
        width = STILL // STRIP_FRAMES
        for place, number in enumerate(_spread(one.frames)):
            left = tile.left() + place * width
            room = QRect(left, tile.top() + STILL + 2, width, STRIP)
            _draw(painter, room, one.frames[number])


class SoundDelegate(TileDelegate):
    """A sound: its wave, and below it which frequencies are in it, from left to right in time."""

    size = QSize(SOUND_WIDTH, WAVE_HEIGHT + LEVELS_HEIGHT)

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._drawings: WeakKeyDictionary[object, SoundDrawing] = WeakKeyDictionary()

    def _paint_tile(self, painter: QPainter, tile: QRect, one: Thumbnail, row: int) -> None:
        if one.sound is None:
            return
        drawing = self._drawings.get(one)
        if drawing is None:
            drawing = self._drawings[one] = drawing_of(one.sound, SOUND_WIDTH // 2)
        wave = QRect(tile.left(), tile.top(), tile.width(), WAVE_HEIGHT)
        levels = QRect(tile.left(), wave.bottom() + 1, tile.width(), LEVELS_HEIGHT)
        color = Theme.current().color("accent")
        paint_wave(painter, wave.toRectF().adjusted(0, EDGE, 0, -EDGE), drawing, color)
        paint_spectrogram(painter, levels, drawing)


def _spread(frames: Sequence[QPixmap]) -> list[int]:
    """Which frames stand in the strip: the first, the last, and some evenly between them."""
    count = min(STRIP_FRAMES, len(frames))
    last = len(frames) - 1
    return [round(place * last / max(1, count - 1)) for place in range(count)]


def _draw(painter: QPainter, room: QRect, picture: QPixmap) -> None:
    """The picture as large as fits, in the middle of the room."""
    size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(room.topLeft(), size)
    target.moveCenter(room.center())
    painter.drawPixmap(target, picture)
