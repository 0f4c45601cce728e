"""Scrolled: a scroll area that keyboards reach where it scrolls, with a ring, in the order seen."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget
from typing_extensions import override

from studio.ui.theme import RADIUS, Theme

RING = 2.0


class Scrolled(QScrollArea):
    """Holds one widget and scrolls it upwards and downwards.

    Tab stops at it only while there is something to scroll to, and then it shows a ring. What
    is put into its content later takes its turn where it stands, and not after all else.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self.ring = _Ring(self)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self.put_in_order)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        content.installEventFilter(self)
        self._due.start()

    def put_in_order(self) -> None:
        """Lets Tab go through the content as it is laid out."""
        content = self.widget()
        for before, after in pairwise(_stops(content) if content is not None else ()):
            if before.nextInFocusChain() is not after:
                QWidget.setTabOrder(before, after)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._due.start()
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.ring.setGeometry(self.rect())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.ring.raise_()
        self.ring.show()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.ring.hide()

    def _on_range_changed(self, _least: int, most: int) -> None:
        policy = Qt.FocusPolicy.TabFocus if most > 0 else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)


class _Ring(QWidget):
    """A line around the area that has the keyboard; clicks go through it."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(Theme.current().color("accent"), RING))
        inside = QRectF(self.rect()).adjusted(RING / 2, RING / 2, -RING / 2, -RING / 2)
        painter.drawRoundedRect(inside, RADIUS, RADIUS)


def _stops(widget: QWidget) -> Iterator[QWidget]:
    """What Tab stops at inside a widget, in the order of its layout."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    layout = widget.layout()
    if layout is not None:
        parts = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        yield from _stops_of_layout(layout, parts)


def _stops_of_layout(layout: QLayout, parts: Sequence[QWidget]) -> Iterator[QWidget]:
    """Of these parts and of the layouts in it, each at its place.

    No item of the layout is asked for (`itemAt`): Python would know it for as long as the
    layout lives, also when Qt has freed it and put something else into its memory.
    """
    places: dict[int, QWidget | QLayout] = {layout.indexOf(part): part for part in parts}
    for below in layout.children():
        if isinstance(below, QLayout):
            places[layout.indexOf(below)] = below
    for place in sorted(places.keys() - {-1}):
        one = places[place]
        if isinstance(one, QLayout):
            yield from _stops_of_layout(one, parts)
        else:
            yield from _stops(one)
