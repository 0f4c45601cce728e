"""Drawings of a sound: its wave and its spectrogram, in the colours of the theme."""

import functools
import math
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from studio.core.design.previews import SoundClip
from studio.ui.theme import Theme

MOST_LOOKED_AT = 96  # values in each stretch of a wave: enough for its outline
MOST_FRAMES = 360
LOUDNESS_RANGE = 80.0  # decibels below the loudest that are shown
SHADES = 256
QUIETEST = 0.5  # half a pixel: silence is a line too
_MIDDLE = 0.55  # where on the scale of shades the accent stands


@dataclass(frozen=True, slots=True, eq=False)
class SoundDrawing:
    """What is painted of a sound: lows and highs of its wave from -1 to 1, and a picture."""

    lows: tuple[float, ...]
    highs: tuple[float, ...]
    levels: bytes
    bins: int
    frames: int


def drawing_of(clip: SoundClip, stretches: int) -> SoundDrawing:
    """The wave in so many stretches, and the spectrogram as shades from 0 to 255."""
    values = memoryview(clip.samples).cast("f")
    lows, highs = [], []
    for stretch in range(min(stretches, len(values))):
        start = stretch * len(values) // stretches
        end = max(start + 1, (stretch + 1) * len(values) // stretches)
        part = values[start : end : max(1, (end - start) // MOST_LOOKED_AT)].tolist()
        lows.append(max(-1.0, min(part)))
        highs.append(min(1.0, max(part)))
    shades, frames = _shades_of(clip)
    return SoundDrawing(tuple(lows), tuple(highs), shades, clip.bins, frames)


def spectrogram(drawing: SoundDrawing) -> QImage:
    """The spectrogram, high frequencies at the top; a null image where there is none."""
    if not drawing.levels:
        return QImage()
    image = QImage(
        drawing.levels,
        drawing.frames,
        drawing.bins,
        drawing.frames,
        QImage.Format.Format_Indexed8,
    )
    image.setColorTable(list(_shade_table(Theme.current().name)))
    return image.convertToFormat(QImage.Format.Format_RGB32)


def paint_wave(painter: QPainter, area: QRectF, drawing: SoundDrawing, color: QColor) -> None:
    """The outline of the wave, filled, around the middle of the area."""
    count = len(drawing.lows)
    if not count:
        return
    middle, half = area.center().y(), area.height() / 2
    step = area.width() / count
    painter.setPen(QPen(color, max(1.0, step * 0.8)))
    lines = []
    for place, (low, high) in enumerate(zip(drawing.lows, drawing.highs, strict=True)):
        x = area.left() + (place + 0.5) * step
        top, bottom = middle - high * half, middle - low * half
        lines.append(QLineF(x, top - QUIETEST, x, max(bottom, top) + QUIETEST))
    painter.drawLines(lines)


def paint_spectrogram(painter: QPainter, area: QRect, drawing: SoundDrawing) -> None:
    """The spectrogram over the whole area."""
    image = spectrogram(drawing)
    if not image.isNull():
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, image)


def _shades_of(clip: SoundClip) -> tuple[bytes, int]:
    """A shade for each bin and frame, rows from the highest bin down; frames are thinned."""
    if not (clip.bins and clip.frames and clip.levels):
        return b"", 0
    levels = memoryview(clip.levels).cast("f")
    step = math.ceil(clip.frames / MOST_FRAMES)
    rows = [
        levels[bin_ * clip.frames : (bin_ + 1) * clip.frames : step].tolist()
        for bin_ in reversed(range(clip.bins))
    ]
    loudest = max(max(row) for row in rows)
    quietest = max(loudest - LOUDNESS_RANGE, min(min(row) for row in rows))
    scale = (SHADES - 1) / ((loudest - quietest) or 1.0)
    return bytes(
        max(0, min(SHADES - 1, int((value - quietest) * scale))) for row in rows for value in row
    ), len(rows[0])


@functools.lru_cache(maxsize=4)
def _shade_table(_theme: str) -> tuple[int, ...]:
    """From the ground over the accent to the text: the loudest stand out in both themes."""
    theme = Theme.current()
    stops = (theme.color("sunken"), theme.color("accent"), theme.color("validation"))
    return tuple(_between(stops, place / (SHADES - 1)).rgb() for place in range(SHADES))


def _between(stops: tuple[QColor, QColor, QColor], share: float) -> QColor:
    low, high, part = (
        (stops[0], stops[1], share / _MIDDLE)
        if share < _MIDDLE
        else (stops[1], stops[2], (share - _MIDDLE) / (1 - _MIDDLE))
    )
    return QColor(
        round(low.red() + (high.red() - low.red()) * part),
        round(low.green() + (high.green() - low.green()) * part),
        round(low.blue() + (high.blue() - low.blue()) * part),
    )
