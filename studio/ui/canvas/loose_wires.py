"""The curve of a wire that is not drawn yet: just as it will be once it is."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from studio.ui.canvas.scene import LARGE, CanvasScene
from studio.ui.canvas.spans import curve_of, lane_of


def preview_of(picture: CanvasScene, start: QPointF, end: QPointF) -> QPainterPath:
    """From an output to an input, past the cards in between; of too many none is looked at."""
    items = set(picture.node_items.values())
    near = [] if len(items) > LARGE else items
    cards = [item.card.translated(item.pos()) for item in near]
    return curve_of(start, end, picture.way, lane_of(cards, start, end, picture.way))
