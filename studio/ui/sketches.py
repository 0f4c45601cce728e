"""Sketches: the small drawings on the cards of the start page, in the theme's own colours."""

import math
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.ui.theme import Theme

WIDTH, HEIGHT = 96, 64
STEEP = 8.0


class Sketch(QWidget):
    """One drawing, by its name."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draw, self._left = _SKETCHES[name]
        self.setFixedSize(WIDTH, HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        Theme.current().changed.connect(self.update)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-self._left, 0)
        self._draw(_Pencil(painter))


class CurveSketch(QWidget):
    """The loss of a run as a line without axes."""

    def __init__(self, points: Sequence[float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points = _evened(tuple(point for point in points if math.isfinite(point)))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        Theme.current().changed.connect(self.update)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pencil = _Pencil(painter)
        area = QRectF(self.rect()).adjusted(2, 4, -2, -4)
        if len(self._points) > 1:
            pencil.curve(area, self._points)
        else:
            pencil.dashes(area)


def _evened(points: tuple[float, ...]) -> tuple[float, ...]:
    """Logarithms where the first points would make all others a flat line."""
    if points and min(points) > 0 and max(points) > STEEP * min(points):
        return tuple(math.log(point) for point in points)
    return points


class _Pencil:
    """Draws simple things in the colours of the theme."""

    def __init__(self, painter: QPainter) -> None:
        self.painter = painter

    def color(self, token: str, share: float = 1.0) -> QColor:
        color = Theme.current().color(token)
        color.setAlphaF(share)
        return color

    def fill(self, token: str, share: float = 1.0) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.color(token, share))

    def stroke(
        self,
        token: str,
        width: float = 1.6,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
    ) -> None:
        pen = QPen(self.color(token), width, style)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def box(self, area: tuple[float, float, float, float], radius: float = 3) -> None:
        self.painter.drawRoundedRect(QRectF(*area), radius, radius)

    def dot(self, x: float, y: float, radius: float = 3) -> None:
        self.painter.drawEllipse(QPointF(x, y), radius, radius)

    def curve(self, area: QRectF, points: Sequence[float]) -> None:
        low, high = min(points), max(points)
        spread = (high - low) or 1.0
        line = QPainterPath()
        for index, point in enumerate(points):
            x = area.left() + area.width() * index / (len(points) - 1)
            y = area.bottom() - area.height() * (point - low) / spread
            line.lineTo(x, y) if index else line.moveTo(x, y)
        below = QPainterPath(line)
        below.lineTo(area.bottomRight())
        below.lineTo(area.bottomLeft())
        self.painter.fillPath(below, self.color("accent", 0.10))
        self.stroke("accent")
        self.painter.drawPath(line)

    def dashes(self, area: QRectF) -> None:
        self.stroke("line_strong", 1.2, Qt.PenStyle.DashLine)
        middle = area.center().y()
        self.painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))


def _rows(pencil: _Pencil) -> None:
    tones = ("accent", "validation", "accent", "good")
    for row, tone in enumerate(tones):
        top = 6 + row * 14
        for column, wide in enumerate((18, 14, 22)):
            pencil.fill("line_strong", 0.55)
            pencil.box((6 + column * 22, top + 2, wide - 4, 5), 2.5)
        pencil.fill(tone)
        pencil.box((74, top, 16, 9), 4.5)


def _number(pencil: _Pencil) -> None:
    pencil.fill("line_strong")
    for x, y in (
        (10, 48),
        (20, 50),
        (27, 38),
        (38, 41),
        (46, 29),
        (57, 32),
        (66, 20),
        (78, 22),
        (86, 11),
    ):
        pencil.dot(x, y, 2.6)
    pencil.stroke("accent", 2)
    pencil.painter.drawLine(QPointF(8, 54), QPointF(88, 10))


def _images(pencil: _Pencil) -> None:
    for column, token in enumerate(("accent", "validation", "good")):
        left = 4 + column * 31
        pencil.fill("line_strong", 0.30)
        pencil.box((left, 19, 26, 26), 4)
        pencil.fill(token)
        _SHAPES[column](pencil, left + 13, 32)


def _circle(pencil: _Pencil, x: float, y: float) -> None:
    pencil.dot(x, y, 7)


def _square(pencil: _Pencil, x: float, y: float) -> None:
    pencil.box((x - 6, y - 6, 12, 12), 2)


def _triangle(pencil: _Pencil, x: float, y: float) -> None:
    pencil.painter.drawPolygon([QPointF(x, y - 8), QPointF(x + 8, y + 6), QPointF(x - 8, y + 6)])


def _photos(pencil: _Pencil) -> None:
    pencil.fill("line_strong", 0.30)
    pencil.box((8, 8, 52, 48), 5)
    pencil.fill("good", 0.85)
    pencil.painter.drawPolygon(
        [QPointF(12, 50), QPointF(30, 26), QPointF(42, 40), QPointF(48, 34), QPointF(57, 50)]
    )
    pencil.fill("validation")
    pencil.dot(46, 20, 5)
    for row, share in enumerate((1.0, 0.45, 0.25)):
        pencil.fill("accent", share)
        pencil.box((68, 17 + row * 12, 22 * (1.0, 0.5, 0.3)[row], 6), 3)


def _own_data(pencil: _Pencil) -> None:
    pencil.stroke("line_strong", 1.4, Qt.PenStyle.DashLine)
    pencil.box((8, 6, 80, 52), 7)
    pencil.stroke("accent", 2)
    pencil.painter.drawLine(QPointF(48, 18), QPointF(48, 42))
    pencil.painter.drawPolyline([QPointF(38, 33), QPointF(48, 43), QPointF(58, 33)])


def _network(pencil: _Pencil) -> None:
    pencil.stroke("edge", 1.6)
    for start, end in (((34, 18), (54, 32)), ((34, 46), (54, 32))):
        way = QPainterPath(QPointF(*start))
        way.cubicTo(QPointF(start[0] + 12, start[1]), QPointF(end[0] - 12, end[1]), QPointF(*end))
        pencil.painter.drawPath(way)
    for (left, top), token in (
        ((6, 10), "family.convolution"),
        ((6, 38), "family.pooling"),
        ((54, 24), "family.activation"),
    ):
        pencil.fill("surface")
        pencil.box((left, top, 30, 17), 4)
        pencil.stroke("line_strong", 1.2)
        pencil.box((left, top, 30, 17), 4)
        pencil.fill(token)
        pencil.box((left, top + 3, 3, 11), 1.5)


_Drawing = Callable[[_Pencil], None]
_SHAPES = (_circle, _square, _triangle)
# Each with the room at its left, so that all of them stand above the words.
_SKETCHES: Mapping[str, tuple[_Drawing, float]] = {
    "rows": (_rows, 6),
    "number": (_number, 7),
    "images": (_images, 4),
    "photos": (_photos, 8),
    "own-data": (_own_data, 7),
    "network": (_network, 5),
}
