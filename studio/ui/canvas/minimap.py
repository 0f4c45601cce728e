"""The minimap: the whole network in a corner of the canvas, and which part of it is in sight."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.core.design.project import Project
from studio.core.words import tr
from studio.ui.canvas.camera import Camera
from studio.ui.controls import IconButton
from studio.ui.document import Document
from studio.ui.theme import CARD_RADIUS, SPACE_1, Theme

LEAST_NODES = 40
SIZE = QSize(208, 132)
MARGIN = 8.0
LEAST_CARD = 2.0  # on the screen, so that a card of a large network is still seen
DOT = 2.5
HIDE_SIZE = 20


class _Card(NamedTuple):
    area: QRectF
    tint: str
    family: str
    is_faulty: bool


class _Sketch(NamedTuple):
    """All that is drawn below the frame."""

    whole: QRectF = QRectF()
    cards: tuple[_Card, ...] = ()
    remarks: tuple[tuple[QRectF, str], ...] = ()


class Minimap(QWidget):
    """A picture of the cards, those with problems dotted red, under a frame around what is seen.

    A click goes there, a drag takes the view along. It is shown from 40 layers on, while not all
    of them are in sight.

    Signals:
        hidden(): the person does not want it.
    """

    hidden = Signal()

    def __init__(self, camera: Camera, document: Document) -> None:
        super().__init__(camera)
        self._camera, self._document = camera, document
        self._picture: QPixmap | None = None
        self._sketch = _Sketch()
        self._grasped_at: QPointF | None = None
        self._faulty: list[QPointF] = []
        self._is_wanted = True
        self.setObjectName("canvas.minimap")
        self.setAccessibleName(tr("Minimap"))
        self.setAccessibleDescription(tr("The whole network. Click to look at a place."))
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._hide = IconButton("close", tr("Hide the minimap"), size=HIDE_SIZE, parent=self)
        self._hide.setObjectName("canvas.minimap.hide")
        self._hide.move(SIZE.width() - HIDE_SIZE - SPACE_1, SPACE_1)
        self._hide.clicked.connect(self.hidden)
        camera.seen_changed.connect(self._on_seen_changed)
        document.changed.connect(self._on_changed)
        Theme.current().changed.connect(self._draw_anew)
        self._draw_anew()
        self._show_or_hide()

    def want(self, is_wanted: bool) -> None:
        """Shows it where there are enough nodes, or not at all."""
        self._is_wanted = is_wanted
        self._show_or_hide()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._drawn()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._camera.picture.style_in_use.band_pen)
        painter.setBrush(self._camera.picture.style_in_use.band)
        seen = self._on_map(self._camera.seen).intersected(
            QRectF(self.rect()).adjusted(1, 1, -1, -1)
        )
        painter.drawRoundedRect(seen, 2.0, 2.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._camera.picture.style_in_use.faulty_pen.color())
        for dot in self._faulty:
            painter.drawEllipse(dot, DOT, DOT)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = self._in_scene(event.position())
        middle = self._camera.seen.center()
        is_inside = self._camera.seen.contains(point)
        self._grasped_at = point - middle if is_inside else QPointF()
        self._camera.look_at(point - self._grasped_at)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grasped_at is not None:
            self._camera.look_at(self._in_scene(event.position()) - self._grasped_at)

    @override
    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grasped_at = None
        self._show_or_hide()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def _on_changed(self, _before: Project, _after: Project) -> None:
        if self._sketched() != self._sketch:
            self._draw_anew()
        self._show_or_hide()

    def _on_seen_changed(self) -> None:
        self._show_or_hide()
        self.update()

    def _draw_anew(self) -> None:
        self._sketch = self._sketched()
        self._picture = None
        self.update()

    def _sketched(self) -> _Sketch:
        """What would be drawn: most edits change nothing of it."""
        picture = self._camera.picture
        cards, places = picture.node_items, picture.cards_at_home()
        shown = [(i, cards[i].face) for i in places]
        return _Sketch(
            picture.content(),
            tuple(_Card(places[i], face.tint, face.family, face.is_faulty) for i, face in shown),
            tuple((one.area, one.remark.color) for one in picture.remarks.items.values()),
        )

    def _show_or_hide(self) -> None:
        has_enough = len(self._camera.picture.node_items) >= LEAST_NODES
        is_needed = has_enough and not self._camera.seen.contains(self._sketch.whole)
        # Not under the hand: it goes when it is let go.
        self.setVisible(self._is_wanted and (is_needed or self._grasped_at is not None))

    def _drawn(self) -> QPixmap:
        """The network without the frame, painted once for all places that can be seen."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(SIZE * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self._camera.picture.style_in_use
        painter.setPen(style.card_pen)
        painter.setBrush(style.card)
        half = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(half, CARD_RADIUS, CARD_RADIUS)
        self._draw_network(painter)
        painter.end()
        return picture

    def _draw_network(self, painter: QPainter) -> None:
        style = self._camera.picture.style_in_use
        painter.setPen(Qt.PenStyle.NoPen)
        for area, color in self._sketch.remarks:
            painter.setBrush(style.tints[color].paper)
            painter.drawRect(self._on_map(area))
        for card in self._sketch.cards:
            tint = style.tints[card.tint].strong if card.tint else style.family(card.family)
            painter.setBrush(tint)
            painter.drawRect(self._card(card.area))
        self._faulty = [
            self._card(one.area).center() for one in self._sketch.cards if one.is_faulty
        ]

    def _card(self, area: QRectF) -> QRectF:
        card = self._on_map(area)
        card.setWidth(max(card.width(), LEAST_CARD))
        card.setHeight(max(card.height(), LEAST_CARD))
        return card

    @property
    def _scale(self) -> float:
        across = (self.width() - 2 * MARGIN) / max(self._sketch.whole.width(), 1.0)
        down = (self.height() - 2 * MARGIN) / max(self._sketch.whole.height(), 1.0)
        return min(across, down)

    def _on_map(self, area: QRectF) -> QRectF:
        scale, middle = self._scale, QRectF(self.rect()).center()
        away = (area.topLeft() - self._sketch.whole.center()) * scale
        return QRectF(middle + away, area.size() * scale)

    def _in_scene(self, point: QPointF) -> QPointF:
        away = point - QRectF(self.rect()).center()
        return self._sketch.whole.center() + away / self._scale
