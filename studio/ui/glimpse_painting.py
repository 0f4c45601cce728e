"""What a sample looks like behind a layer, painted: pictures, maps, curves, words, classes."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QTextLayout,
    QTextOption,
)

from studio.core.run.glimpse import Glimpse, Plane
from studio.core.run.wording import figure_words
from studio.core.words import tr
from studio.ui.theme import Theme, font

SHARPNESS = 2.0  # pixels for a unit, so that a card can be looked at from near
RADIUS = 4.0
GAP = 2.0
SMALLEST_MAP = 17.0
TONES = 256
LINE_WIDTH = 1.4
CLASS_LINE = 14.0
PERCENT_WIDTH = 34.0
BAR_GAP = 0.25
INSET = 3.0
_GREYS = [QColor(tone, tone, tone).rgb() for tone in range(TONES)]
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def pixmap_of(glimpse: Glimpse, size: QSizeF) -> QPixmap:
    """The glimpse in a frame of that size, in the theme of now."""
    pixmap = QPixmap((size * SHARPNESS).toSize())
    pixmap.setDevicePixelRatio(SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, QRectF(QPointF(), size), glimpse)
    painter.end()
    pixmap.setDevicePixelRatio(1.0)  # whoever draws it gives it its place
    return pixmap


def paint(painter: QPainter, area: QRectF, glimpse: Glimpse) -> None:
    """Paints a glimpse into an area."""
    theme = Theme.current()
    if glimpse.kind != "classes":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(area, RADIUS, RADIUS)
    inner = area.adjusted(INSET, INSET, -INSET, -INSET)
    match glimpse.kind:
        case "picture":
            _fit(painter, inner, image_of(glimpse.planes[0], is_photo=True))
        case "maps":
            _maps(painter, inner, glimpse.planes)
        case "heat":
            painter.drawImage(inner, image_of(glimpse.planes[0]))
        case "curve":
            _curves(painter, inner, glimpse.lines)
        case "bars" if len(glimpse.lines[0]) > 1:
            _bars(painter, inner, glimpse.lines[0])
        case "bars":
            _words(painter, inner, figure_words(glimpse.lines[0][0]))
        case "words":
            _words(painter, inner, " ".join(glimpse.words))
        case "classes":
            _classes(painter, area, glimpse)


def image_of(plane: Plane, *, is_photo: bool = False) -> QImage:
    """The picture of a plane: colours as they are, single values from pale to the accent.

    Those of a photo go from black to white, as it was taken.
    """
    if plane.is_colored:
        stride, kind = 3 * plane.width, QImage.Format.Format_RGB888
        return QImage(plane.pixels, plane.width, plane.height, stride, kind).copy()
    kind = QImage.Format.Format_Indexed8
    image = QImage(plane.pixels, plane.width, plane.height, plane.width, kind).copy()
    image.setColorTable(_GREYS if is_photo else _tones())
    return image


def _tones() -> list[int]:
    theme = Theme.current()
    low, high = theme.color("surface"), theme.color("accent")
    return [_between(low, high, tone / (TONES - 1)).rgb() for tone in range(TONES)]


def _between(low: QColor, high: QColor, share: float) -> QColor:
    """From pale to the accent, and for the last third on to the darkest (or brightest) of it."""
    knee = 2 / 3
    if share <= knee:
        return _mixed(low, high, share / knee)
    far = high.darker(220) if low.lightnessF() > high.lightnessF() else high.lighter(150)
    return _mixed(high, far, (share - knee) / (1 - knee))


def _mixed(low: QColor, high: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * share,
        low.greenF() + (high.greenF() - low.greenF()) * share,
        low.blueF() + (high.blueF() - low.blueF()) * share,
    )


def _fit(painter: QPainter, area: QRectF, image: QImage) -> None:
    size = QSizeF(image.size()).scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(QPointF(), size)
    target.moveCenter(area.center())
    painter.drawImage(target, image)


def _maps(painter: QPainter, area: QRectF, planes: Sequence[Plane]) -> None:
    """All maps as large as they fit, or as many of the smallest size as there is room for."""
    lines, side, across = 1, 0.0, 1
    for lines in range(1, len(planes) + 1):
        side = (area.height() - (lines - 1) * GAP) / lines
        across = max(1, int((area.width() + GAP) / (side + GAP)))
        below = (area.height() - lines * GAP) / (lines + 1)
        if across * lines >= len(planes) or below < SMALLEST_MAP:
            break
    shown = min(len(planes), across * lines)
    across = ceil(shown / lines)  # six are three below three, not five and one
    wide = across * (side + GAP) - GAP
    left = area.left() + (area.width() - wide) / 2
    for place, plane in enumerate(planes[:shown]):
        line, column = divmod(place, across)
        where = QPointF(left + column * (side + GAP), area.top() + line * (side + GAP))
        _fit(painter, QRectF(where, QSizeF(side, side)), image_of(plane))


def _curves(painter: QPainter, area: QRectF, lines: Sequence[Sequence[float]]) -> None:
    low = min(min(line) for line in lines)
    high = max(max(line) for line in lines)
    reach = (high - low) or 1.0
    tokens = ("accent", "validation", "good")
    for line, token in zip(lines, tokens, strict=False):
        step = area.width() / max(1, len(line) - 1)
        points = [
            QPointF(area.left() + step * x, area.bottom() - (y - low) / reach * area.height())
            for x, y in enumerate(line)
        ]
        painter.setPen(QPen(Theme.current().color(token), LINE_WIDTH))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))


def _bars(painter: QPainter, area: QRectF, values: Sequence[float]) -> None:
    """A bar for each number, up from zero or down."""
    low, high = min(0.0, *values), max(0.0, *values)
    reach = (high - low) or 1.0
    zero = area.bottom() + low / reach * area.height()
    step = area.width() / len(values)
    painter.setPen(Qt.PenStyle.NoPen)
    for place, value in enumerate(values):
        painter.setBrush(Theme.current().color("accent" if value >= 0 else "validation"))
        tall = abs(value) / reach * area.height()
        top = zero - tall if value >= 0 else zero
        painter.drawRect(QRectF(area.left() + place * step, top, step * (1 - BAR_GAP), tall))


def _words(painter: QPainter, area: QRectF, words: str) -> None:
    """As many whole lines as there is room for, from the first word on; the rest is an ellipsis."""
    painter.setPen(Theme.current().color("text"))
    painter.setFont(font("smallest"))
    metrics = QFontMetricsF(painter.font())
    high = metrics.height()
    lines = _lines(words, painter.font(), area.width(), max(1, int(area.height() // high)))
    top = area.top() + (area.height() - high * len(lines)) / 2
    for place, line in enumerate(lines):
        row = QRectF(area.left(), top + place * high, area.width(), high)
        said = metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(row, int(Qt.AlignmentFlag.AlignCenter), said)


def _lines(words: str, wanted: QFont, width: float, most: int) -> list[str]:
    """The text in lines that are no wider; the last of so many holds all that is left."""
    layout = QTextLayout(words, wanted)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    found: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start = line.textStart()
        if len(found) == most - 1:
            found.append(words[start:])
            break
        found.append(words[start : start + line.textLength()].rstrip())
    layout.endLayout()
    return found


def _classes(painter: QPainter, area: QRectF, glimpse: Glimpse) -> None:
    """The surest classes, each with a bar as long as it is probable."""
    theme = Theme.current()
    painter.setFont(font("smallest", is_tabular=True))
    metrics = QFontMetricsF(painter.font())
    count = min(len(glimpse.words), int(area.height() // CLASS_LINE))
    pairs = list(zip(glimpse.words, glimpse.lines[0], strict=True))[:count]
    for place, (word, share) in enumerate(pairs):
        line = QRectF(area.left(), area.top() + place * CLASS_LINE, area.width(), CLASS_LINE - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_soft"))
        bar = QRectF(line)
        bar.setWidth(max(2.0, line.width() * share))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setPen(theme.color("text"))
        room = line.adjusted(INSET, 0, -PERCENT_WIDTH, 0)
        said = metrics.elidedText(word, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(_LEFT), said)
        percent = tr("{percent} %", percent=round(100 * share))
        painter.drawText(line.adjusted(0, 0, -INSET, 0), int(_RIGHT), percent)
