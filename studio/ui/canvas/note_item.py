"""What is wrong with a node, in words under its card, with the fix as a link."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QStaticText, QTextOption
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.canvas.node_item import LOW_DETAIL
from studio.ui.canvas.style import CanvasStyle

NOTE_WIDTH = 220.0
NOTE_GAP = 8.0
NOTE_RADIUS = 7.0
PADDING = 10.0
LINE_GAP = 4.0
UNDERLINE_RISE = 1.5
NOTE_Z = 1.5


class NoteItem(QGraphicsRectItem):
    """The first Problem of a node. It is placed by the scene, below the card."""

    def __init__(self, node_id: str, problem: Problem, more: int, style: CanvasStyle) -> None:
        super().__init__()
        self.node_id = node_id
        self.problem = problem
        self._more = more
        self._style = style
        self._blocks: list[tuple[QFont, QPointF, QStaticText]] = []
        self._link = QRectF()
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setZValue(NOTE_Z)
        self._prepare()

    def show_problem(self, problem: Problem, more: int) -> None:
        """Shows another Problem."""
        if (problem, more) != (self.problem, self._more):
            self.problem, self._more = problem, more
            self._prepare()

    def restyle(self, style: CanvasStyle) -> None:
        """Paints in another theme."""
        self._style = style
        self._prepare()

    @property
    def link(self) -> QRectF:
        """Where the fix is offered, in the scene; empty where there is none."""
        return self.mapRectToScene(self._link) if not self._link.isEmpty() else QRectF()

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem,
              widget: QWidget | None = None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._fill)
        painter.drawRoundedRect(self.rect(), NOTE_RADIUS, NOTE_RADIUS)
        if option.levelOfDetailFromTransform(painter.worldTransform()) < LOW_DETAIL:
            return
        painter.setPen(self._ink)
        for font, where, text in self._blocks:
            painter.setFont(font)
            painter.drawStaticText(where, text)
        if not self._link.isEmpty():  # a static text draws its own underline in the wrong place
            line = self._link.bottom() - UNDERLINE_RISE
            painter.drawLine(QPointF(self._link.left(), line), QPointF(self._link.right(), line))

    def _prepare(self) -> None:
        style, problem = self._style, self.problem
        self._fill = style.problem_card if problem.is_error else style.attention_card
        self._ink = style.problem if problem.is_error else style.attention
        self._blocks, self._link, y = [], QRectF(), PADDING
        for text, font in self._texts():
            block = _wrapped(text, font)
            self._blocks.append((font, QPointF(PADDING, y), block))
            if font is style.link_font:
                wide = min(QFontMetricsF(font).horizontalAdvance(text), block.textWidth())
                self._link = QRectF(PADDING, y, wide, block.size().height())
            y += block.size().height() + LINE_GAP
        self.setRect(QRectF(0.0, 0.0, NOTE_WIDTH, y - LINE_GAP + PADDING))
        self.update()

    def _texts(self) -> list[tuple[str, QFont]]:
        style, problem = self._style, self.problem
        texts = [(problem.message, style.body_font)]
        if problem.fix is not None:
            texts.append((problem.fix.label, style.link_font))
        elif problem.hint:
            texts.append((problem.hint, style.body_font))
        if self._more:
            texts.append((tr("and {count} more", count=self._more), style.small_font))
        return texts


def _wrapped(text: str, font: QFont) -> QStaticText:
    block = QStaticText(text)
    block.setTextFormat(Qt.TextFormat.PlainText)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    block.setTextOption(option)
    block.setTextWidth(NOTE_WIDTH - 2 * PADDING)
    block.prepare(font=font)
    return block
