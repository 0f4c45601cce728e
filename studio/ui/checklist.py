"""Checklist: a list of names to tick that opens below a field."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui.controls import set_ground
from studio.ui.switches import Tick
from studio.ui.theme import SPACE_1

MOST_SHOWN = 10


class Checklist(QFrame):
    """Opens below a widget; Escape or a click elsewhere closes it.

    Signals:
        ticked(names): a person ticked or unticked one; all that are ticked now, a tuple.
        closed(): it is closed again.
    """

    ticked = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._names: tuple[str, ...] = ()
        self._chosen: set[str] = set()
        self._ticks: list[Tick] = []
        self.setProperty("card", "popup")
        content = QWidget()
        set_ground(content, "surface")
        self._rows = QVBoxLayout(content)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_1, SPACE_1, SPACE_1, SPACE_1)
        outer.addWidget(self._scroll)

    @property
    def names(self) -> tuple[str, ...]:
        """All that can be ticked."""
        return self._names

    @property
    def chosen(self) -> tuple[str, ...]:
        """Those that are ticked."""
        return tuple(name for name in self._names if name in self._chosen)

    def set_names(self, names: Sequence[str]) -> None:
        """Other names, none of them ticked."""
        self._names, self._chosen = tuple(names), set()
        for tick in self._ticks:
            self._rows.removeWidget(tick)
            tick.deleteLater()
        self._ticks = []
        if self.isVisible():
            self._fill()

    def tick(self, names: Iterable[str]) -> None:
        """Shows these as ticked; nothing is sent."""
        self._chosen = set(names)
        for tick in self._ticks:
            tick.setChecked(tick.text() in self._chosen)

    def open_below(self, field: QWidget) -> None:
        """Shows it under the field and gives it the keyboard."""
        self._fill()
        rows = min(len(self._ticks), MOST_SHOWN)
        height = rows * self._ticks[0].height() + 2 * SPACE_1 + 2
        wanted = max((tick.sizeHint().width() for tick in self._ticks), default=0)
        self.resize(max(field.width(), wanted + 2 * SPACE_1 + 16), height)
        self.move(field.mapToGlobal(QPoint(0, field.height() + SPACE_1)))
        self.show()
        self._ticks[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self) -> None:
        """Not before they are looked at: a table may have thousands of columns."""
        if self._ticks:
            return
        for name in self._names:
            tick = Tick(name)
            tick.setChecked(name in self._chosen)
            tick.clicked.connect(self._on_clicked)
            self._rows.addWidget(tick)
            self._ticks.append(tick)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def _on_clicked(self) -> None:
        self._chosen = {tick.text() for tick in self._ticks if tick.isChecked()}
        self.ticked.emit(self.chosen)
