"""The words on a card, set once: its name, what is set, the shape, and from afar the name alone."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPen, QStaticText

from studio.ui.canvas.faces import Face
from studio.ui.canvas.geometry import TEXT_LEFT, TEXT_WIDTH
from studio.ui.canvas.style import CanvasStyle
from studio.ui.counts import short

FAR_TEXT_LEFT = 20.0
TITLE_LINE, LINE = 18.0, 16.0
WORD_GAP = 8.0  # between the shape and the count of parameters
SMALL_DROP = 1.0  # so that both stand on one line


def lines_of(
    face: Face, style: CanvasStyle, height: float, strip: float = 0.0
) -> list[tuple[QPen, QFont, QPointF, QStaticText]]:
    """The lines of a card of that height, with a strip of it left free above the shape."""
    wanted = [
        (face.title, style.text, style.title_font, TITLE_LINE),
        (face.badge, style.soft, style.body_font, LINE),
        (face.shape, style.text, style.shape_font, LINE),
    ]
    shown = [line for line in wanted if line[0]]
    y = (height - strip - sum(line[3] for line in shown)) / 2
    lines = []
    for text, pen, wanted_font, line_height in shown:
        y += strip if text is face.shape else 0.0
        font = _fitting(text, wanted_font, style.small_font)
        lines.append((pen, font, QPointF(TEXT_LEFT, y), _static(text, font)))
        y += line_height
    weights = _weights(face, style)
    if weights is not None:
        lines.append(
            (
                style.soft,
                style.small_font,
                QPointF(TEXT_LEFT + TEXT_WIDTH - weights.size().width(), y - LINE + SMALL_DROP),
                weights,
            )
        )
    return lines


def _weights(face: Face, style: CanvasStyle) -> QStaticText | None:
    """The count of parameters, where there is room for it beside the shape."""
    if not face.weights:
        return None
    weights = _static(short(face.weights), style.small_font)
    taken = QFontMetricsF(style.shape_font).horizontalAdvance(face.shape) + WORD_GAP
    return weights if taken + weights.size().width() <= TEXT_WIDTH else None


def far_title_of(title: str, style: CanvasStyle, height: float) -> tuple[QPointF, QStaticText]:
    """The name alone, large, in the middle of a card of that height."""
    static = _static(title, style.far_font)
    return QPointF(FAR_TEXT_LEFT, (height - static.size().height()) / 2), static


def _fitting(text: str, wanted: QFont, small: QFont) -> QFont:
    """The font, or a smaller one where the text would be cut: size alone changes."""
    if QFontMetricsF(wanted).horizontalAdvance(text) <= TEXT_WIDTH:
        return wanted
    smaller = QFont(wanted)
    smaller.setPixelSize(small.pixelSize())
    return smaller


def _static(text: str, font: QFont) -> QStaticText:
    # In the middle: the number at the end tells one layer from the next.
    elided = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, TEXT_WIDTH)
    static = QStaticText(elided)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.prepare(font=font)
    return static
