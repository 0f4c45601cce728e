"""Framing: how large an area is shown, and where, so that nothing that floats lies over it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from PySide6.QtCore import QPointF, QRectF

from studio.ui.canvas.geometry import FIT_MARGIN, fitting_zoom

CLEARANCE = 12.0  # between a card and what floats on the canvas


@dataclass(frozen=True, slots=True)
class Framing:
    """At which zoom, and which point of the canvas the middle of the area comes to."""

    zoom: float
    middle: QPointF


def framing_of(content: QRectF, canvas: QRectF, floats: Sequence[QRectF]) -> Framing:
    """As large as it can be, and of those as near to the middle of the canvas as it can be.

    `floats` lie on the canvas. Where they leave no room at all, they are passed over.
    """
    best = Framing(fitting_zoom(content, canvas.width(), canvas.height()), canvas.center())
    if not any(_placed(content, best).intersects(_around(one)) for one in floats):
        return best
    found = [
        Framing(fitting_zoom(content, room.width(), room.height()), room.center())
        for room in _rooms(canvas, floats)
    ]
    return max(found, key=lambda one: (one.zoom, -_away(one.middle, canvas)), default=best)


def _placed(content: QRectF, framing: Framing) -> QRectF:
    shown = QRectF(QPointF(), content.size() * framing.zoom)
    shown.moveCenter(framing.middle)
    return shown


def _around(one: QRectF) -> QRectF:
    return one.adjusted(-CLEARANCE, -CLEARANCE, CLEARANCE, CLEARANCE)


def _rooms(canvas: QRectF, floats: Sequence[QRectF]) -> Iterator[QRectF]:
    """What is left of the canvas where each is cut off with one of the four sides.

    The area keeps its usual margin to the border, and a smaller one to what floats.
    """
    less = FIT_MARGIN - CLEARANCE
    for sides in product(range(4), repeat=len(floats)):
        left, top, right, bottom = canvas.left(), canvas.top(), canvas.right(), canvas.bottom()
        for side, one in zip(sides, floats, strict=True):
            left = max(left, one.right() - less) if side == 0 else left
            top = max(top, one.bottom() - less) if side == 1 else top
            right = min(right, one.left() + less) if side == 2 else right  # noqa: PLR2004
            bottom = min(bottom, one.top() + less) if side == 3 else bottom  # noqa: PLR2004
        if right - left > 2 * FIT_MARGIN and bottom - top > 2 * FIT_MARGIN:
            yield QRectF(left, top, right - left, bottom - top)


def _away(point: QPointF, canvas: QRectF) -> float:
    return float((point - canvas.center()).manhattanLength())
