"""The dotted grid behind the cards. The dots are laid out once and only shifted when painted."""

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from studio.ui.canvas.geometry import GRID
from studio.ui.canvas.style import CanvasStyle

LEAST_DISTANCE = 14.0  # on the screen, between two dots


class DottedGrid:
    """Paints a dot at each crossing of the grid, at every second one where they would crowd."""

    def __init__(self) -> None:
        self._dots = QPolygonF()
        self._size = (0, 0)

    def paint(self, painter: QPainter, area: QRectF, zoom: float, style: CanvasStyle) -> None:
        """Covers an area of the scene."""
        painter.fillRect(area, style.canvas)
        step = _step(zoom)
        left, top = math.floor(area.left() / step), math.floor(area.top() / step)
        self._lay_out(math.ceil(area.width() / step) + 2, math.ceil(area.height() / step) + 2)
        painter.save()
        painter.translate(left * step, top * step)
        painter.scale(step, step)
        painter.setPen(style.dots)
        painter.drawPoints(self._dots)
        painter.restore()

    def _lay_out(self, columns: int, rows: int) -> None:
        if columns > self._size[0] or rows > self._size[1]:
            self._size = (max(columns, self._size[0]), max(rows, self._size[1]))
            self._dots = QPolygonF(
                [QPointF(x, y) for y in range(self._size[1]) for x in range(self._size[0])]
            )


def _step(zoom: float) -> float:
    step = float(GRID)
    while step * zoom < LEAST_DISTANCE:
        step *= 2
    return step
