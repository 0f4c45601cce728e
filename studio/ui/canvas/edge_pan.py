"""Pans the canvas while something is dragged at its border, faster the nearer."""

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Signal

BORDER = 28.0
FASTEST = 18.0  # pixels a tick
TICK_MS = 16


class EdgePan(QObject):
    """Follows a pointer that drags.

    Signals:
        moved(across, down): what is seen is to move by so many pixels.
    """

    moved = Signal(float, float)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._way = QPointF()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def follow(self, pointer: QPointF, area: QRectF) -> None:
        """The pointer is elsewhere: near the border it pans on until it is not."""
        self._way = QPointF(
            _speed(pointer.x(), area.left(), area.right()),
            _speed(pointer.y(), area.top(), area.bottom()),
        )
        if self._way.isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Nothing is dragged any more."""
        self._timer.stop()

    def _on_tick(self) -> None:
        self.moved.emit(self._way.x(), self._way.y())


def _speed(at: float, low: float, high: float) -> float:
    """Greater than 0 at the low end: what is seen moves away from there."""
    near_low, near_high = low + BORDER - at, at - (high - BORDER)
    inwards = min(max(near_low, 0.0), BORDER) - min(max(near_high, 0.0), BORDER)
    return FASTEST * inwards / BORDER
