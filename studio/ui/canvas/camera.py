"""What is seen of the scene: zoom about a point, pan, fit, and the grid behind it all."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QNativeGestureEvent, QPainter, QPixmapCache, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGestureEvent, QGraphicsView, QPinchGesture, QWidget
from typing_extensions import override

from studio.core.design.graph import Graph
from studio.core.design.way import Way
from studio.ui.canvas.framing import Framing, framing_of
from studio.ui.canvas.geometry import (
    FIT_MARGIN,
    FIT_MOST,
    OPENING_LEAST,
    OPENING_WHOLE,
    fitting_zoom,
    zoomed,
)
from studio.ui.canvas.grid import DottedGrid
from studio.ui.canvas.motion import Motion
from studio.ui.canvas.scene import CanvasScene
from studio.ui.settings import DOWNWARDS, TO_THE_RIGHT, WHEEL_ZOOMS, Settings
from studio.ui.theme import FAST_MS, NORMAL_MS, Theme

FAR = 1.0e5  # the canvas has no end that a person would find
NOTCH = 120.0
ZOOM_PER_NOTCH = 1.15
CARD_CACHE_KILOBYTES = 65_536  # cards are painted once and kept as pictures


class Camera(QGraphicsView):
    """The view of the scene, without any editing.

    Signals:
        zoom_changed(zoom): 1.0 is life size.
        seen_changed(): another part of the scene is in sight.
    """

    zoom_changed = Signal(float)
    seen_changed = Signal()

    def __init__(self, picture: CanvasScene, parent: QWidget | None = None) -> None:
        super().__init__(picture, parent)
        self.picture = picture
        self._grid = DottedGrid()
        self._framing: Callable[[], None] | None = self.show_beginning
        self._framed: Graph | None = None
        self._flight = Motion(self)
        self._goal: tuple[QPointF, float] | None = None
        self._wheel_zooms = True
        self._way: Way = "right"
        self._settings: Settings | None = None
        self._floats: list[QWidget] = []
        self._guides: list[QWidget] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSceneRect(QRectF(-FAR, -FAR, 2 * FAR, 2 * FAR))
        for bar in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), CARD_CACHE_KILOBYTES))
        Theme.current().changed.connect(self.resetCachedContent)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        for moved in (self.horizontalScrollBar(), self.verticalScrollBar()):
            moved.valueChanged.connect(self.seen_changed)

    def keep_clear_of(self, widget: QWidget, *, goes_at_whole: bool = False) -> None:
        """What is framed does not lie under that, which floats on the canvas.

        One that `goes_at_whole` hides by itself where the whole network is in sight.
        """
        (self._guides if goes_at_whole else self._floats).append(widget)

    def obey(self, settings: Settings) -> None:
        """Follows what the person prefers of mouse and layout, now and after each change."""
        self._settings = settings
        settings.changed.connect(self._on_settings_changed)
        self._on_settings_changed()

    def _on_settings_changed(self) -> None:
        if self._settings is not None:
            self._wheel_zooms = self._settings.value("wheel") == WHEEL_ZOOMS
            self._way = "down" if self._settings.value("arrange") == DOWNWARDS else "right"
            self.picture.prefer_way(self._way)

    @property
    def preferred_way(self) -> Way:
        """Where a network leads that is laid out."""
        return self._way

    def prefer_way(self, way: Way) -> None:
        """Another way from now on, kept where the canvas follows settings."""
        self._way = way
        if self._settings is not None:
            self._settings.set_value("arrange", DOWNWARDS if way == "down" else TO_THE_RIGHT)

    @property
    def zoom(self) -> float:
        """1.0 is life size."""
        return float(self.transform().m11())

    def zoom_about(self, at: QPointF, factor: float) -> None:
        """Zooms so that what lies under a point of the canvas stays there."""
        self._land()
        self._framing = None
        self._zoom_about(at, zoomed(self.zoom, factor))

    def zoom_smoothly(self, at: QPointF, factor: float) -> None:
        """The same in a movement; a further step before its end adds to it."""
        is_same = self._goal is not None and self._goal[0] == at and self._flight.is_moving
        begun, goal = (
            self.zoom,
            zoomed(self._goal[1] if is_same and self._goal else self.zoom, factor),
        )
        below = self.viewportTransform().inverted()[0].map(at)
        self._land()
        self._framing, self._goal = None, (at, goal)

        def step(share: float) -> None:
            self._zoom_onto(at, below, begun * (goal / begun) ** share)

        self._flight.run(step, FAST_MS)

    def zoom_by(self, factor: float) -> None:
        """Zooms about the middle."""
        self.zoom_smoothly(QRectF(self.viewport().rect()).center(), factor)

    def zoom_to(self, zoom: float) -> None:
        """Zooms to a size, about the middle."""
        self._land()
        self.zoom_by(zoom / self.zoom)

    def pan_by(self, across: float, down: float) -> None:
        """Moves what is seen by pixels."""
        self._land()
        self._framing = None
        self._pan(across, down)

    def fit(self) -> None:
        """Shows the whole network; it stays whole while the window changes its size."""
        self.show_area(self.picture.content())
        self._framing, self._framed = self._fit_now, self.picture.graph

    def frame_again(self) -> None:
        """Cards have grown by their pictures: what was shown whole is shown whole again.

        Not after an edit: a network in work lies still under the hand.
        """
        if self._framing is not None and self._framed is self.picture.graph:
            self._framing()

    def show_area(self, area: QRectF) -> None:
        """Shows an area of the scene, as large as it can be up to life size."""
        self._framing = None
        framing = self._framing_of(area)
        self._fly(self._middle_for(area, framing), framing.zoom)

    def look_at(self, point: QPointF) -> None:
        """Brings a point of the scene to the middle at once."""
        self._land()
        self._framing = None
        self.centerOn(point)

    def _fit_now(self) -> None:
        content = self.picture.content()
        self._framed = self.picture.graph
        framing = self._framing_of(content)
        self._set_zoom(framing.zoom)
        self.centerOn(self._middle_for(content, framing))

    def _fly(self, middle: QPointF, zoom: float) -> None:
        """Goes to a middle and size in a movement, as if what is seen were cut out anew."""
        self._land()
        start, begun = self.seen.center(), self.zoom

        def step(share: float) -> None:
            self._set_zoom(1.0 / ((1.0 - share) / begun + share / zoom))
            self.centerOn(start + (middle - start) * share)

        self._flight.run(step, NORMAL_MS)

    def _land(self) -> None:
        """Ends a movement of the view where it is."""
        self._flight.stop()
        self._goal = None

    def show_beginning(self) -> None:
        """Shows the network large enough to read: its beginning where it does not fit."""
        content = self.picture.content()
        self._land()
        if self._framing_of(content).zoom >= OPENING_WHOLE:
            self._fit_now()
        else:
            self._set_zoom(self._reading_zoom(content))
            seen = self.seen
            left = content.left() - FIT_MARGIN / self.zoom
            self.centerOn(QPointF(left + seen.width() / 2, self._eye_level(content, seen)))
        self._framing, self._framed = self.show_beginning, self.picture.graph

    def show_node(self, node_id: str) -> None:
        """Brings a node to the middle, large enough to read; one in clear sight stays there."""
        area = self.picture.content((node_id,))
        self._land()
        if self.zoom >= FIT_MOST / 2 and self._is_in_clear_sight(area):
            return
        self._framing = None
        zoom = FIT_MOST if self.zoom < FIT_MOST / 2 else self.zoom
        self._fly(area.center(), zoom)

    def _is_in_clear_sight(self, area: QRectF) -> bool:
        """True where nothing that floats on the canvas, nor its border, is over an area."""
        place = self.on_canvas(area)
        floats = [one for one in (*self._floats, *self._guides) if not one.isHidden()]
        is_free = not any(one.geometry().intersects(place) for one in floats)
        return is_free and self.viewport().rect().contains(place)

    def on_canvas(self, area: QRectF) -> QRect:
        """Where an area of the scene is on the canvas."""
        return self.mapFromScene(area).boundingRect()

    @override
    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self._grid.paint(painter, QRectF(rect), self.zoom, self.picture.style_in_use)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._framing is not None:
            self._framing()
        self.seen_changed.emit()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms always; fingers on a trackpad pan; a wheel does what is preferred."""
        event.accept()
        held, turned = event.modifiers(), event.angleDelta()
        has_pixels = not event.pixelDelta().isNull()
        if held & Qt.KeyboardModifier.ControlModifier:
            self._zoom_by_wheel(event, is_smooth=not has_pixels)
        elif has_pixels:
            self.pan_by(event.pixelDelta().x(), event.pixelDelta().y())
        elif held & Qt.KeyboardModifier.ShiftModifier:
            self.pan_by(turned.x() or turned.y(), 0.0)
        elif self._wheel_zooms:
            self._zoom_by_wheel(event, is_smooth=True)
        else:
            self.pan_by(turned.x(), turned.y())

    def _zoom_by_wheel(self, event: QWheelEvent, *, is_smooth: bool) -> None:
        turned = event.angleDelta()
        factor = ZOOM_PER_NOTCH ** ((turned.y() or turned.x()) / NOTCH)
        zoom = self.zoom_smoothly if is_smooth else self.zoom_about
        zoom(event.position(), factor)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_about(event.position(), 1.0 + event.value())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self.zoom_about(pinch.centerPoint(), pinch.scaleFactor())
                return True
        return super().viewportEvent(event)

    def _framing_of(self, area: QRectF) -> Framing:
        is_whole = area.contains(self.picture.content())
        above = self._floats if is_whole else (*self._floats, *self._guides)
        floats = [QRectF(one.geometry()) for one in above if not one.isHidden()]
        return framing_of(area, QRectF(self.viewport().rect()), floats)

    def _middle_for(self, area: QRectF, framing: Framing) -> QPointF:
        """The point of the scene in the middle of the canvas where an area is framed so."""
        away = QRectF(self.viewport().rect()).center() - framing.middle
        return area.center() + away / framing.zoom

    @property
    def seen(self) -> QRectF:
        """The part of the scene that is in sight."""
        return self.viewportTransform().inverted()[0].mapRect(QRectF(self.viewport().rect()))

    def _reading_zoom(self, content: QRectF) -> float:
        """As large as its rows fit across, where they can be read then."""
        across = QRectF(content.left(), 0.0, content.width(), 1.0)
        ground = self.viewport().rect()
        return max(fitting_zoom(across, ground.width(), ground.height()), OPENING_LEAST)

    def _eye_level(self, content: QRectF, seen: QRectF) -> float:
        """The middle of the network; where it is higher than the canvas its top or first card."""
        if content.height() <= seen.height() or not self.picture.node_items:
            return content.center().y()
        first = min(self.picture.node_items.values(), key=lambda item: (item.x(), item.y()))
        top = content.top() - FIT_MARGIN / self.zoom + seen.height() / 2
        middle = first.y() + first.card.center().y()
        return top if middle < top + seen.height() / 4 else middle

    def _zoom_about(self, at: QPointF, zoom: float) -> None:
        self._zoom_onto(at, self.viewportTransform().inverted()[0].map(at), zoom)

    def _zoom_onto(self, at: QPointF, below: QPointF, zoom: float) -> None:
        """Zooms, with that point of the scene under that point of the canvas."""
        self._set_zoom(zoom)
        now_at = self.viewportTransform().map(below)
        self._pan(at.x() - now_at.x(), at.y() - now_at.y())

    def _set_zoom(self, zoom: float) -> None:
        if zoom != self.zoom:
            self.resetTransform()
            self.scale(zoom, zoom)
            self.picture.show_zoom(zoom)
            self.zoom_changed.emit(zoom)
            self.seen_changed.emit()

    def _pan(self, across: float, down: float) -> None:
        across_bar, down_bar = self.horizontalScrollBar(), self.verticalScrollBar()
        across_bar.setValue(across_bar.value() - round(across))
        down_bar.setValue(down_bar.value() - round(down))
