"""SoundView: one sound, large: its wave and spectrogram over seconds, and a button to hear it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.design.previews import SoundClip
from studio.core.words import tr
from studio.ui.controls import Button, Elided, label
from studio.ui.panels.sound_drawing import SoundDrawing, drawing_of, paint_spectrogram, paint_wave
from studio.ui.player import Player
from studio.ui.theme import SPACE_1, SPACE_3, SPACE_4, Theme, font
from studio.ui.ticks import Tick, even_ticks

PICTURE_HEIGHT = 132
SIDE_WIDTH = 168
WAVE_SHARE = 0.42
SCALE_HEIGHT = 18
STRETCHES = 480
MOST_TICKS, TICK_ROOM = 6, 64


class SoundView(QFrame):
    """The chosen sound under the gallery; while none is chosen it says what to do."""

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sound")
        self.player = player
        self._clip: SoundClip | None = None
        self.name, self.facts = Elided(), label("", size="small", tone="soft", wraps=True)
        self.button = Button(tr("Play"), icon_name="play")
        self.button.setObjectName("sound.play")
        self.picture = _SoundPicture()
        side = QVBoxLayout()
        side.setSpacing(SPACE_1)
        side.addWidget(self.name)
        side.addWidget(self.facts)
        side.addStretch(1)
        side.addWidget(self.button)
        holder = QWidget()
        holder.setLayout(side)
        holder.setFixedWidth(SIDE_WIDTH)
        side.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        row.setSpacing(SPACE_4)
        row.addWidget(holder)
        row.addWidget(self.picture, 1)
        self.button.clicked.connect(self.toggle)
        player.changed.connect(self._show_button)
        self.show_clip(None)

    def show_clip(self, clip: SoundClip | None) -> None:
        """Shows another sound, or none; what is heard ends."""
        self.player.stop()
        self._clip = clip
        self.name.set_text(clip.name if clip else tr("No sound chosen"))
        self.facts.setText(_facts_of(clip) if clip else tr("Choose one above to see and hear it."))
        self.picture.show_clip(clip)
        self._show_button()

    def toggle(self) -> None:
        """Plays the sound, or stops it."""
        if self.player.is_playing:
            self.player.stop()
        elif self._clip is not None:
            self.player.play(self._clip.samples, self._clip.rate)
        self._show_button()

    def _show_button(self) -> None:
        is_playing = self.player.is_playing
        self.button.setText(tr("Stop") if is_playing else tr("Play"))
        self.button.set_icon("stop" if is_playing else "play")
        nothing = tr("Choose a sound first.") if self._clip is None else ""
        self.button.set_reason(self.player.reason or nothing)


class _SoundPicture(QWidget):
    """The wave above the spectrogram, with a scale of seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._clip: SoundClip | None = None
        self._drawing: SoundDrawing | None = None
        self._font = font("smallest", is_tabular=True)
        Theme.current().changed.connect(self.update)

    def show_clip(self, clip: SoundClip | None) -> None:
        """Another sound."""
        self._clip = clip
        self._drawing = drawing_of(clip, STRETCHES) if clip else None
        self.setAccessibleName(tr("Wave and frequencies of {name}", name=clip.name) if clip else "")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, PICTURE_HEIGHT)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), QPainter(self)
        room = self.rect().adjusted(0, 0, 0, -SCALE_HEIGHT)
        painter.fillRect(room, theme.color("sunken"))
        if self._drawing is None or self._clip is None:
            return
        wave = QRect(room.left(), room.top(), room.width(), round(room.height() * WAVE_SHARE))
        levels = QRect(wave.left(), wave.bottom() + 1, wave.width(), room.height() - wave.height())
        inner = wave.toRectF().adjusted(0, SPACE_1, 0, -SPACE_1)
        paint_wave(painter, inner, self._drawing, theme.color("accent"))
        paint_spectrogram(painter, levels, self._drawing)
        self._paint_scale(painter, room, self._clip.seconds)

    def _paint_scale(self, painter: QPainter, room: QRect, seconds: float) -> None:
        painter.setFont(self._font)
        painter.setPen(Theme.current().color("text_soft"))
        for moment, words in scale_of(seconds, room.width()):
            share = moment / (seconds or 1.0)
            width = painter.fontMetrics().horizontalAdvance(words)
            middle = room.left() + round(share * room.width())
            left = max(room.left(), min(middle - width // 2, room.right() - width))
            place = QRect(left, room.bottom() + 1, width + 1, SCALE_HEIGHT)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)


def scale_of(seconds: float, width: int) -> list[Tick]:
    """Round moments that have room beside each other on so many pixels."""
    count = max(2, min(MOST_TICKS, width // TICK_ROOM))
    ticks = even_ticks(0.0, seconds, count)
    return [(moment, tr("{seconds} s", seconds=number)) for moment, number in ticks]


def _facts_of(clip: SoundClip) -> str:
    seconds, rate = f"{clip.seconds:.2f}", f"{clip.rate / 1000:g}"
    facts = tr("{seconds} s, {rate} kHz", seconds=seconds, rate=rate)
    return tr("{label}\n{facts}", label=clip.label, facts=facts) if clip.label else facts
