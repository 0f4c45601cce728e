"""Where things lie on the canvas: grid, cards, ports, edges, zoom. Pure geometry, no item."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from studio.core.design.edits import NODE_SIZE
from studio.core.design.graph import Position
from studio.core.design.way import Way
from studio.ui.canvas.detours import Detour, bend_of, lead_around

GRID = 20
CARD_WIDTH, CARD_HEIGHT = (int(side) for side in NODE_SIZE)
CARD_RADIUS = 9.0
STRIPE_WIDTH = 4.0
TEXT_LEFT = 14.0
TEXT_WIDTH = CARD_WIDTH - TEXT_LEFT - 10.0
PORT_RADIUS = 5.0
OPTIONAL_RADIUS = 3.5
PORT_REACH = 11.0  # how far from its middle a port can still be grasped
EDGE_REACH = 7.0
ZOOM_LEAST, ZOOM_MOST = 0.05, 3.0
FIT_MARGIN = 24.0
OPENING_LEAST = 0.75  # at which every word of a card can be read
OPENING_WHOLE = 0.65  # worth it where input and output are seen together
FIT_STEP = 0.05  # whole pixels between the dots of the grid
FIT_MOST = 1.0  # a small network is not blown up to fill the canvas
FREE_STEPS = 15  # so many steps of the grid are looked at for a free place

_ROUND = 10.0  # corners of an edge that leads back

PortSide = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Port:
    """One end of an edge on a card: an input counts from 0, an output is always 0."""

    node: str
    side: PortSide
    index: int = 0


def snapped(position: Position) -> Position:
    """The nearest point of the grid."""
    return (round(position[0] / GRID) * GRID, round(position[1] / GRID) * GRID)


def card_height(inputs: int, needed: int | None = None, way: Way = "right") -> int:
    """How high a card is, so that all its ports lie on it."""
    if way == "down":
        return CARD_HEIGHT
    lowest = input_point(max(inputs, 1) - 1, inputs, needed).y()
    return max(CARD_HEIGHT, int(lowest) + GRID)


def card_rect(position: Position, inputs: int) -> QRectF:
    """The card in the scene."""
    return QRectF(position[0], position[1], CARD_WIDTH, card_height(inputs))


def centred(position: Position) -> Position:
    """Where a card is put so that its middle is at the position, on the grid."""
    return snapped((position[0] - CARD_WIDTH / 2, position[1] - CARD_HEIGHT / 2))


def output_point(way: Way = "right") -> QPointF:
    """The output port, from the card's upper left corner."""
    if way == "down":
        return QPointF(CARD_WIDTH / 2, CARD_HEIGHT)
    return QPointF(CARD_WIDTH, CARD_HEIGHT / 2)


def input_point(index: int, inputs: int, needed: int | None = None, way: Way = "right") -> QPointF:
    """An input port, from the card's upper left corner.

    One input lies level with the output, so that a chain of cards has straight edges; those
    beyond the `needed` ones, which may stay open, follow below.
    """
    level = inputs if needed is None else min(needed, inputs)
    if way == "down":
        return QPointF(_across(index, inputs, level), 0.0)
    first = max(float(GRID), CARD_HEIGHT / 2 - GRID / 2 * (level - 1))
    return QPointF(0.0, first + GRID * index)


def _across(index: int, inputs: int, level: int) -> float:
    """How far from the left an input at the top of a card is: all of them lie on it."""
    room = CARD_WIDTH - 2 * GRID
    apart = min(float(GRID), room / max(inputs - 1, 1))
    first = CARD_WIDTH / 2 - apart / 2 * (level - 1)
    return max(GRID, min(first, CARD_WIDTH - GRID - apart * (inputs - 1))) + apart * index


def edge_path(start: QPointF, end: QPointF, lane: float | Detour | None = None) -> QPainterPath:
    """The curve of an edge: level at both ends, straight where the ports are level.

    `lane` is how far down an edge that leads back to the left passes between two rows, or how
    one that leads on passes the cards in its way.
    """
    path = QPainterPath(start)
    reach = (end.x() - start.x()) / 2
    bend = bend_of(reach)
    if isinstance(lane, Detour):
        lead_around(path, start, end, lane)
    elif lane is not None and reach < 0:
        _lead_back(path, start, end, lane)
    elif start.y() == end.y() and reach >= 0:
        path.lineTo(end)
    else:
        path.cubicTo(QPointF(start.x() + bend, start.y()), QPointF(end.x() - bend, end.y()), end)
    return path


def _lead_back(path: QPainterPath, start: QPointF, end: QPointF, lane: float) -> None:
    """Out to the right, along the lane to the left, and into the port, with round corners."""
    right, left = start.x() + GRID, end.x() - GRID
    corners = [
        QPointF(right, start.y()),
        QPointF(right, lane),
        QPointF(left, lane),
        QPointF(left, end.y()),
    ]
    for before, corner, after in zip([start, *corners], corners, [*corners[1:], end], strict=False):
        path.lineTo(_towards(corner, before))
        path.quadTo(corner, _towards(corner, after))
    path.lineTo(end)


def _towards(corner: QPointF, other: QPointF) -> QPointF:
    """A point near a corner, on the way to another; never further than half of it."""
    way = other - corner
    length = abs(way.x()) + abs(way.y())  # the way is level or upright
    return corner + way * (min(_ROUND, length / 2) / length) if length else corner


def free_lane(cards: Iterable[QRectF], start: QPointF, end: QPointF) -> float | None:
    """How far down an edge can lead back between two rows of cards: the lowest free stretch.

    None where it does not lead back, or where no stretch is free all the way.
    """
    if end.x() >= start.x():
        return None
    left, right = end.x() - GRID, start.x() + GRID
    upper, lower = sorted((start.y(), end.y()))
    between = sorted(
        (card.top(), card.bottom())
        for card in cards
        if card.right() > left and card.left() < right
        if card.bottom() > upper and card.top() < lower
    )
    found, foot = None, upper
    for top, bottom in between:
        if top - foot >= GRID:
            found = (top + foot) / 2
        foot = max(foot, bottom)
    return found


def zoomed(zoom: float, factor: float) -> float:
    """The zoom after a step, within its bounds."""
    return min(max(zoom * factor, ZOOM_LEAST), ZOOM_MOST)


def bounds(rects: Iterable[QRectF]) -> QRectF:
    """The smallest rectangle around all; empty for none."""
    joined = QRectF()
    for rect in rects:
        joined = joined.united(rect)
    return joined


def fitting_zoom(content: QRectF, width: float, height: float) -> float:
    """The zoom at which the content fills the canvas with a margin."""
    if content.isEmpty():
        return FIT_MOST
    across = (width - 2 * FIT_MARGIN) / content.width()
    down = (height - 2 * FIT_MARGIN) / content.height()
    even = int(min(across, down) / FIT_STEP) * FIT_STEP
    return min(max(even, ZOOM_LEAST), FIT_MOST)


def free_position(wanted: Position, taken: Iterable[Position]) -> Position:
    """The wanted place on the grid, or the next one below to the right where a card lies."""
    occupied = set(taken)
    place = snapped(wanted)
    while place in occupied:
        place = (place[0] + GRID, place[1] + GRID)
    return place


def free_area(wanted: QRectF, taken: Iterable[QRectF]) -> QRectF:
    """The area, or the nearest of its size by whole steps that lies on none of those taken.

    It is the wanted one where nothing within `FREE_STEPS` steps is free.
    """
    reach = FREE_STEPS * GRID
    near = [one for one in taken if one.intersects(wanted.adjusted(-reach, -reach, reach, reach))]
    steps = range(-FREE_STEPS, FREE_STEPS + 1)
    ways = sorted(((x, y) for x in steps for y in steps), key=lambda way: way[0] ** 2 + way[1] ** 2)
    for across, down in ways:
        area = wanted.translated(across * GRID, down * GRID)
        if not any(area.intersects(one) for one in near):
            return area
    return wanted
