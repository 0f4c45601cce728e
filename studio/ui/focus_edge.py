"""FocusEdge: a line around a part that has the keyboard and shows that nowhere by itself."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.ui.theme import Theme

LINE = 2
BY_KEY = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class FocusEdge(QWidget):
    """Lies over a widget while the keyboard came to it by key; the mouse goes through."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self._around = around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setObjectName("focus_edge")
        around.installEventFilter(self)
        Theme.current().changed.connect(self.update)
        self.hide()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            is_by_key = event.gotFocus() and event.reason() in BY_KEY
            self._cover()
            self.setVisible(is_by_key)
        elif event.type() == QEvent.Type.Resize:
            self._cover()
        return False

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(Theme.current().color("accent"), LINE))
        inside = LINE / 2
        painter.drawRect(QRectF(self.rect()).adjusted(inside, inside, -inside, -inside))

    def _cover(self) -> None:
        self.setGeometry(self._around.rect())
        self.raise_()
