"""What is wrong with a node, in words under its card, with the fix as a link."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QStaticText, QTextOption
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.canvas.style import CanvasStyle

NOTE_WIDTH = 172.0  # so that the notes of neighbours stand side by side
NOTE_GAP = 8.0
NOTE_RADIUS = 7.0
PADDING = 10.0
LINE_GAP = 4.0
UNDERLINE_RISE = 1.5
MARK_Z, NOTE_Z = 3.5, 4.0  # above the cards: words that nobody can read say nothing
READABLE = 0.85  # the size that the words keep on the screen however far away the card is
WORDS_LEAST = 0.35  # below this zoom a mark says that there is a Problem
MARK_SIZE = 18.0
MARK_MOST = 4.0  # times as large as life, in the scene


class NoteItem(QGraphicsRectItem):
    """The first Problem of a node. It is placed by the scene, below the card."""

    def __init__(self, node_id: str, problem: Problem, more: int, style: CanvasStyle) -> None:
        super().__init__()
        self.node_id = node_id
        self.problem = problem
        self._more = more
        self._style = style
        self._is_open = False
        self._card = QRectF()
        self._blocks: list[tuple[QFont, QPointF, QStaticText]] = []
        self._full = QRectF()
        self._has_blocks = False
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
        has_link = self._is_open and not self._link.isEmpty()
        return self.mapRectToScene(self._link) if has_link else QRectF()

    @property
    def is_open(self) -> bool:
        """True where it shows its words, not only a mark."""
        return self._is_open

    @property
    def words_size(self) -> QSizeF:
        """How large it is with its words, at life size."""
        self._lay_out_words()
        return self._full.size()

    def stand_at(self, card: QRectF) -> None:
        """Stands under a card of the scene with its words, at its upper corner as a mark."""
        self._card = card
        middle = QPointF(MARK_SIZE, MARK_SIZE) * self.scale() / 2
        self.setPos(
            card.bottomLeft() + QPointF(0.0, NOTE_GAP)
            if self._is_open
            else card.topRight() - middle
        )

    def open(self, zoom: float) -> None:
        """Shows its words, which keep a readable size from afar."""
        self._show_as(is_open=True, scale=readable_scale(zoom))

    def close(self, zoom: float) -> None:
        """Shows a mark alone; the words are its tooltip."""
        self._show_as(is_open=False, scale=min(max(1.0, 1.0 / zoom), MARK_MOST))

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setPen(self._outline)
        painter.setBrush(self._fill)
        painter.drawRoundedRect(self.rect(), self._radius, self._radius)
        painter.setPen(self._ink)
        if not self._is_open:
            painter.setFont(self._style.title_font)
            painter.drawStaticText(self._mark_at, self._mark)
            return
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
        self._outline = style.problem_line if problem.is_error else style.attention_line
        self._mark = style.mark
        size = self._mark.size()
        self._mark_at = QPointF((MARK_SIZE - size.width()) / 2, (MARK_SIZE - size.height()) / 2)
        self._has_blocks = False
        self.setToolTip("" if self._is_open else str(problem))
        self._take_room()

    def _lay_out_words(self) -> None:
        """Only of a note that shows them: most of many show a mark."""
        if self._has_blocks:
            return
        self._has_blocks = True
        style = self._style
        self._blocks, self._link, y = [], QRectF(), PADDING
        for text, font in self._texts():
            block = _wrapped(text, font)
            self._blocks.append((font, QPointF(PADDING, y), block))
            if font is style.link_font:
                wide = min(QFontMetricsF(font).horizontalAdvance(text), block.textWidth())
                self._link = QRectF(PADDING, y, wide, block.size().height())
            y += block.size().height() + LINE_GAP
        self._full = QRectF(0.0, 0.0, NOTE_WIDTH, y - LINE_GAP + PADDING)

    def _show_as(self, *, is_open: bool, scale: float) -> None:
        if is_open != self._is_open:
            self._is_open = is_open
            self.setToolTip("" if is_open else str(self.problem))
            self._take_room()
        self.setScale(scale)
        self.setZValue(NOTE_Z if is_open else MARK_Z)
        self.stand_at(self._card)

    def _take_room(self) -> None:
        if self._is_open:
            self._lay_out_words()
        self._radius = NOTE_RADIUS if self._is_open else MARK_SIZE / 2
        self.setRect(self._full if self._is_open else QRectF(0.0, 0.0, MARK_SIZE, MARK_SIZE))
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


def readable_scale(zoom: float) -> float:
    """How much larger than life the words are in the scene, to be read at that zoom."""
    return max(1.0, READABLE / zoom)


def _wrapped(text: str, font: QFont) -> QStaticText:
    block = QStaticText(text.replace(" × ", "\u00a0×\u00a0"))  # a shape stays in one line
    block.setTextFormat(Qt.TextFormat.PlainText)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    block.setTextOption(option)
    block.setTextWidth(NOTE_WIDTH - 2 * PADDING)
    block.prepare(font=font)
    return block
