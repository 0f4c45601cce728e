"""A node on the canvas: the card with its ports. It paints a Face and knows no Graph."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QStaticText,
)
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from studio.core.catalogue.entry import LayerEntry
from studio.core.design.block import Inlet
from studio.core.design.way import Way
from studio.core.words import tr
from studio.ui.canvas.faces import Face
from studio.ui.canvas.geometry import (
    CARD_RADIUS,
    CARD_WIDTH,
    OPTIONAL_RADIUS,
    PORT_RADIUS,
    PORT_REACH,
    STRIPE_WIDTH,
    TEXT_LEFT,
    TEXT_WIDTH,
    Port,
    card_height,
    input_point,
    output_point,
)
from studio.ui.canvas.node_words import LINE, TITLE_LINE, far_title_of, lines_of
from studio.ui.canvas.style import GHOST_OPACITY, CanvasStyle

STACK = (7.0, 3.5)  # how far behind a block its next cards look out
DIMMED = 0.45  # the words of what is bypassed or muted
MAP_MOST = 0.18  # below this zoom a card is a spot of its family's colour
NO_DETAIL = 0.25  # and below this nothing
STRIPE_INSET = 10.0
STRIP_GAP = 4.0  # between a picture and the shape below it
CARD_Z, RAISED_Z = 2.0, 3.0


class NodeItem(QGraphicsRectItem):
    """A card. All that it paints is prepared in `show_face` and `restyle`."""

    def __init__(self, node_id: str, face: Face, style: CanvasStyle) -> None:
        super().__init__()
        self.node_id = node_id
        self.face = face
        self._style = style
        self._way: Way = "right"
        self._picture: QPixmap | None = None
        self._strip_height = 0.0
        self._is_chosen = self._is_hovered = False
        self._marked: Port | None = None
        self._marked_pen = style.port_offered
        self._lines: list[tuple[QPen, QFont, QPointF, QStaticText]] = []
        self._ports: list[tuple[QPointF, float]] = []
        self._far_title: tuple[QPointF, QStaticText] | None = None
        self._card = QRectF()
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setZValue(CARD_Z)
        self._has_words = True
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._prepare()

    @property
    def card(self) -> QRectF:
        """The card, from its own upper left corner."""
        return self._card

    @property
    def is_chosen(self) -> bool:
        """True where the card shows that it is selected."""
        return self._is_chosen

    def show_face(self, face: Face) -> None:
        """Shows another face; nothing is done where it is the same."""
        if face != self.face:
            self.face = face
            self._prepare()

    def lead(self, way: Way) -> None:
        """Has its ports at its sides, or in a drawing that leads down above and below."""
        if way != self._way:
            self._way = way
            self._prepare()

    def restyle(self, style: CanvasStyle) -> None:
        """Paints in another theme."""
        self._style = style
        self._prepare()

    def choose(self, is_chosen: bool) -> None:
        """Shows whether the node is selected."""
        if is_chosen != self._is_chosen:
            self._is_chosen = is_chosen
            self.setZValue(RAISED_Z if is_chosen else CARD_Z)
            self.update()

    def hover(self, is_hovered: bool) -> None:
        """Shows that the pointer is over the card."""
        if is_hovered != self._is_hovered:
            self._is_hovered = is_hovered
            self.update()

    def show_words(self, has_words: bool) -> None:
        """Shows all its words, or from afar a large title alone."""
        if has_words == self._has_words:
            return
        self._has_words = has_words
        mode = QGraphicsItem.CacheMode  # a picture is worth keeping of a card with its words only
        self.setCacheMode(mode.DeviceCoordinateCache if has_words else mode.NoCache)
        self._prepare_words()
        self.update()

    def mark_port(self, port: Port | None, *, is_refused: bool = False) -> None:
        """Lights up one port: as one that takes the edge, or as one that refuses it."""
        self._marked = port
        self._marked_pen = self._style.port_refused if is_refused else self._style.port_offered
        is_input = port is not None and port.side == "input"
        name = self.face.port_name(port.index) if port is not None and is_input else ""
        self.setToolTip(name or self.face.spoken())
        self.update()

    def show_picture(self, picture: QPixmap | None, height: float) -> bool:
        """Shows what a sample looks like there; True where the card grew or shrank for it.

        `height` is what the card grows by, the gap to the words below included.
        """
        height = height if picture is not None else 0.0
        is_resized = height != self._strip_height
        if picture is self._picture and not is_resized:
            return False
        self._picture, self._strip_height = picture, height
        if is_resized:
            self._prepare()
        self.update()
        return is_resized

    @property
    def picture_height(self) -> float:
        """What the card is higher by for its picture; 0 without one."""
        return self._strip_height

    @property
    def plain(self) -> QRectF:
        """The card as it would be without its picture."""
        return self._card.adjusted(0.0, 0.0, 0.0, -self._strip_height)

    @property
    def _output(self) -> QPointF:
        """The output port; on a card that leads down it lies below the picture."""
        point = output_point(self._way)
        return point + QPointF(0.0, self._strip_height) if self._way == "down" else point

    def point_of(self, port: Port) -> QPointF:
        """Where a port is, in the scene."""
        if port.side == "output":
            return self.pos() + self._output
        index = self._input_of(port)
        return self.pos() + input_point(index, self.face.inputs, self.face.needed, self._way)

    def port_at(self, point: QPointF) -> Port | None:
        """The port within reach of a point of the scene."""
        local = point - self.pos()
        near = [(_distance(local, where), port) for port, where in self._all_ports()]
        reachable = [found for found in near if found[0] <= PORT_REACH]
        return min(reachable, key=lambda found: found[0])[1] if reachable else None

    @override
    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self._card)
        return path

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._has_words:
            self._paint_from_afar(
                painter, option.levelOfDetailFromTransform(painter.worldTransform())
            )
            return
        style = self._style
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.shadow)
        painter.drawRoundedRect(self._card.translated(0.0, 1.5), CARD_RADIUS, CARD_RADIUS)
        if self.face.is_block:
            self._paint_stack(painter)
        painter.setPen(self._border)
        painter.setBrush(style.card)
        painter.drawRoundedRect(self._card, CARD_RADIUS, CARD_RADIUS)
        if self.face.state == "bypassed":
            self._paint_through(painter)
        if self.face.state != "on":
            painter.setOpacity(DIMMED)
        painter.fillRect(self._stripe, self._family)
        for pen, font, where, text in self._lines:
            painter.setPen(pen)
            painter.setFont(font)
            painter.drawStaticText(where, text)
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self._strip, self._picture, QRectF(self._picture.rect()))
        painter.setOpacity(1.0)
        painter.setBrush(style.card)
        painter.setPen(style.port_pen)
        for where, radius in self._ports:
            painter.drawEllipse(where, radius, radius)
        if self._marked is not None:
            self._paint_marked(painter)

    def _paint_through(self, painter: QPainter) -> None:
        """What comes in goes past, but for a gap with the word that says so, below the title."""
        painter.setPen(self._style.edge)
        painter.drawLine(self._through)
        _pen, _font, where, word = self._lines[1]
        painter.fillRect(QRectF(where, word.size()), self._style.card)

    def _paint_stack(self, painter: QPainter) -> None:
        """The edges of more cards behind it: there is something inside."""
        painter.setPen(self._style.tints[self.face.tint].line)
        painter.setBrush(self._style.card)
        for away in STACK:
            painter.drawRoundedRect(self._card.translated(away, away), CARD_RADIUS, CARD_RADIUS)

    def _paint_from_afar(self, painter: QPainter, zoom: float) -> None:
        if zoom < MAP_MOST:
            painter.fillRect(self._card, self._family)
            if self._is_chosen or self.face.is_faulty:
                painter.setPen(self._border)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self._card)
            return
        if self.face.is_block:
            painter.setPen(self._style.tints[self.face.tint].line)
            painter.setBrush(self._style.card)
            painter.drawRect(self._card.translated(STACK[0], STACK[0]))
        painter.setPen(self._border)
        painter.setBrush(self._style.card)
        painter.drawRect(self._card)
        painter.fillRect(self._broad_stripe, self._family)
        if zoom >= NO_DETAIL and self._far_title is not None:
            painter.setPen(self._style.text)
            painter.setFont(self._style.far_font)
            painter.drawStaticText(self._far_title[0], self._far_title[1])

    def _paint_marked(self, painter: QPainter) -> None:
        assert self._marked is not None
        painter.setPen(self._marked_pen)
        where = self.point_of(self._marked) - self.pos()
        painter.drawEllipse(where, PORT_RADIUS + 2, PORT_RADIUS + 2)

    @property
    def _border(self) -> QPen:
        if self._is_chosen:
            return self._style.chosen_pen
        if self.face.state == "muted":
            return self._style.muted_pen
        if self.face.is_faulty:
            return self._style.faulty_pen
        return self._style.hovered_pen if self._is_hovered else self._style.card_pen

    def _prepare(self) -> None:
        plain = card_height(self.face.inputs, self.face.needed, self._way)
        height = plain + self._strip_height
        above = TITLE_LINE + (LINE if self.face.badge else 0.0)
        below = LINE if self.face.shape else 0.0
        strip_top = (plain - above - below) / 2 + above + STRIP_GAP / 2
        self._strip = QRectF(TEXT_LEFT, strip_top, TEXT_WIDTH, self._strip_height - STRIP_GAP)
        self._card = QRectF(0.0, 0.0, CARD_WIDTH, height)
        self._stripe = QRectF(0.0, STRIPE_INSET, STRIPE_WIDTH, height - 2 * STRIPE_INSET)
        self._broad_stripe = QRectF(0.0, 0.0, 3 * STRIPE_WIDTH, height)
        face = self.face
        self._family = (
            self._style.tints[face.tint].strong if face.tint else self._style.family(face.family)
        )
        ends = input_point(0, face.inputs, face.needed, self._way), self._output
        self._through = QLineF(ends[0], ends[1])
        self._ports = [(where, self._radius(port)) for port, where in self._all_ports()]
        self._lines, self._far_title = [], None
        self._prepare_words()
        reach = PORT_RADIUS + 4
        self.setRect(self._card.adjusted(-reach, -reach, reach, reach))
        self.setToolTip(self.face.spoken())
        self.update()

    def _prepare_words(self) -> None:
        """Those that are seen: setting text is most of what a card costs."""
        height = self._card.height()
        if self._has_words and not self._lines:
            self._lines = lines_of(self.face, self._style, height, self._strip_height)
        elif not self._has_words and self._far_title is None:
            self._far_title = far_title_of(self.face.title, self._style, height)

    def _radius(self, port: Port) -> float:
        """What may stay open is smaller."""
        index = self._input_of(port)
        may_stay_open = port.side == "input" and index >= self.face.needed
        return OPTIONAL_RADIUS if may_stay_open else PORT_RADIUS

    def _input_of(self, port: Port) -> int:
        """Which input of the card is meant: that of a block is one of something inside it."""
        wanted = Inlet(port.node, port.index)
        groups = enumerate(self.face.inlets)
        return next((number for number, group in groups if wanted in group), port.index)

    def _all_ports(self) -> list[tuple[Port, QPointF]]:
        inputs, needed = self.face.inputs, self.face.needed
        ports = [
            (self._port(index), input_point(index, inputs, needed, self._way))
            for index in range(inputs)
        ]
        if self.face.has_output:
            ports.append((Port(self.face.exit or self.node_id, "output"), self._output))
        return ports

    def _port(self, index: int) -> Port:
        """An input as the network knows it: the first thing inside a block that it leads to."""
        if not self.face.inlets:
            return Port(self.node_id, "input", index)
        first = self.face.inlets[index][0]
        return Port(first.node, "input", first.port)


def ghost_of(entry: LayerEntry, style: CanvasStyle) -> NodeItem:
    """A pale card for a layer that is not placed yet."""
    face = Face(tr(entry.title), entry.family, entry.badge_of(entry.defaults()))
    ghost = NodeItem("", face, style)
    ghost.setOpacity(GHOST_OPACITY)
    ghost.setZValue(RAISED_Z)
    return ghost


def _distance(one: QPointF, other: QPointF) -> float:
    away = one - other
    return float((away.x() ** 2 + away.y() ** 2) ** 0.5)
