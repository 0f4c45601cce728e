"""A frame with its title behind cards, or a note beside them, as it is drawn on the canvas."""

from typing import Literal, TypeAlias

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText, QTextOption
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from studio.core.design.block import Area, Remark
from studio.core.words import tr
from studio.ui.canvas.style import CanvasStyle

Corner: TypeAlias = Literal["top left", "top right", "bottom left", "bottom right"]

FRAME_RADIUS, NOTE_RADIUS = 12.0, 7.0
TITLE_HEIGHT = 36.0
PADDING = 14.0
NOTE_PADDING = 12.0
GRIP_SIZE, GRIP_REACH = 7.0, 9.0  # on the screen
EDGE_REACH = 5.0
FRAMES_Z, NOTES_Z = -2.0, 1.5  # frames lie behind the edges, notes above them
TITLE_LEAST = 0.7  # the size that a title keeps on the screen, however far away
TITLE_MOST = 5.0  # times as large as life, in the scene
TITLE_INSIDE_MOST = 1.15
NOTE_WORDS_LEAST = 0.35


class RemarkItem(QGraphicsRectItem):
    """One remark. It is placed and chosen by `Remarks`."""

    def __init__(self, remark: Remark, style: CanvasStyle) -> None:
        super().__init__()
        self.remark = remark
        self._style = style
        self._is_chosen = False
        self._zoom = 1.0
        self._size = QRectF()
        self.show_remark(remark)

    @property
    def area(self) -> QRectF:
        """What it takes in the scene, where it stands now."""
        return self._size.translated(self.pos())

    @property
    def title_area(self) -> QRectF:
        """Where a frame is grasped; all of a note."""
        if self.remark.kind == "note":
            return self.area
        high = TITLE_HEIGHT * self._title_scale
        return QRectF(self.x(), self.y() + self._title_foot - high, self._size.width(), high)

    def show_remark(self, remark: Remark) -> None:
        """Shows other words, another colour, or another place."""
        self.remark = remark
        self.setToolTip("" if remark.kind == "note" else remark.text)
        self.show_area(remark.area)

    def show_area(self, area: Area) -> None:
        """Stands elsewhere, or is larger or smaller, as it is dragged."""
        left, top, width, height = area
        self.setPos(left, top)
        self._size = QRectF(0.0, 0.0, width, height)
        self._prepare()

    def restyle(self, style: CanvasStyle) -> None:
        """Paints in another theme."""
        self._style = style
        self._prepare()

    def choose(self, is_chosen: bool) -> None:
        """Shows whether it is selected; then it has grips."""
        self._is_chosen = is_chosen
        self.update()

    def show_zoom(self, zoom: float) -> None:
        """Takes in how large it is seen: a title is readable from far away."""
        self._zoom = zoom
        self._prepare()

    def corner_at(self, point: QPointF) -> Corner | None:
        """The corner within reach of a point of the scene."""
        reach = GRIP_REACH / self._zoom
        for name, where in corners_of(self.area).items():
            away = where - point
            if max(abs(away.x()), abs(away.y())) <= reach:
                return name
        return None

    def is_at(self, point: QPointF) -> bool:
        """True where it is grasped: a frame by its title or its edge, not by what lies inside."""
        if self.title_area.contains(point):
            return True
        reach = EDGE_REACH / self._zoom
        inner = self.area.adjusted(reach, reach, -reach, -reach)
        outer = self.area.adjusted(-reach, -reach, reach, reach)
        is_frame = self.remark.kind == "frame"
        return is_frame and outer.contains(point) and not inner.contains(point)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        style, tint = self._style, self._style.tints[self.remark.color]
        is_frame = self.remark.kind == "frame"
        radius = FRAME_RADIUS if is_frame else NOTE_RADIUS
        painter.setPen(style.chosen_pen if self._is_chosen else tint.line)
        painter.setBrush(tint.ground if is_frame else tint.paper)
        painter.drawRoundedRect(self._size, radius, radius)
        if self._has_words:
            self._paint_words(painter)
        if self._is_chosen:
            self._paint_grips(painter)

    def _paint_words(self, painter: QPainter) -> None:
        painter.save()
        painter.setClipRect(self.title_area.translated(-self.pos()))
        painter.translate(self._words_at)
        painter.scale(self._title_scale, self._title_scale)
        painter.setPen(self._style.text if self.remark.text else self._style.soft)
        painter.setFont(self._font)
        painter.drawStaticText(QPointF(), self._words)
        painter.restore()

    def _paint_grips(self, painter: QPainter) -> None:
        side = GRIP_SIZE / self._zoom
        painter.setPen(self._style.chosen_pen)
        painter.setBrush(self._style.card)
        for where in corners_of(self._size).values():
            painter.drawRect(QRectF(where.x() - side / 2, where.y() - side / 2, side, side))

    @property
    def _title_scale(self) -> float:
        if self.remark.kind == "note":
            return 1.0
        return min(max(1.0, TITLE_LEAST / self._zoom), TITLE_MOST)

    @property
    def _title_foot(self) -> float:
        """From afar the title stands on the frame: in it there are the cards."""
        return TITLE_HEIGHT if self._title_scale <= TITLE_INSIDE_MOST else 0.0

    @property
    def _has_words(self) -> bool:
        return self.remark.kind == "frame" or self._zoom >= NOTE_WORDS_LEAST

    def _prepare(self) -> None:
        is_frame = self.remark.kind == "frame"
        self._font = self._style.heading_font if is_frame else self._style.body_font
        room = self._size.width() / self._title_scale
        if is_frame:
            self._words = _title(self.remark.text or tr("Frame"), self._font, room - 2 * PADDING)
            free = TITLE_HEIGHT - self._words.size().height()
            scale = self._title_scale
            self._words_at = (
                QPointF(PADDING, self._title_foot / scale - TITLE_HEIGHT + free / 2) * scale
            )
        else:
            text = self.remark.text or tr("Note")
            self._words = _paragraphs(text, self._font, room - 2 * NOTE_PADDING)
            self._words_at = QPointF(NOTE_PADDING, NOTE_PADDING)
        reach = GRIP_SIZE / self._zoom
        whole = self._size.united(self.title_area.translated(-self.pos()))
        self.setRect(whole.adjusted(-reach, -reach, reach, reach))
        # A frame in a frame lies above it.
        depth = 1.0 / (1.0 + self._size.width() * self._size.height())
        self.setZValue((FRAMES_Z if is_frame else NOTES_Z) + depth)
        self.update()


def corners_of(area: QRectF) -> dict[Corner, QPointF]:
    """The corners of an area, by name."""
    return {
        "top left": area.topLeft(),
        "top right": area.topRight(),
        "bottom left": area.bottomLeft(),
        "bottom right": area.bottomRight(),
    }


def _title(text: str, font: QFont, width: float) -> QStaticText:
    line = " ".join(text.split())
    elided = QFontMetricsF(font).elidedText(line, Qt.TextElideMode.ElideRight, max(width, 1.0))
    return _static(elided, font)


def _paragraphs(text: str, font: QFont, width: float) -> QStaticText:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    # A static text knows lines, not paragraphs, unless they are told apart as such.
    made = QStaticText(text.replace("\n", "\N{LINE SEPARATOR}"))
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextOption(option)
    made.setTextWidth(max(width, 1.0))
    made.prepare(font=font)
    return made


def _static(text: str, font: QFont) -> QStaticText:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(font=font)
    return made
