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
        return tuple(tick.text() for tick in self._ticks)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Those that are ticked."""
        return tuple(tick.text() for tick in self._ticks if tick.isChecked())

    def set_names(self, names: Sequence[str]) -> None:
        """Other names, none of them ticked."""
        for tick in self._ticks:
            self._rows.removeWidget(tick)
            tick.deleteLater()
        self._ticks = [Tick(name) for name in names]
        for tick in self._ticks:
            tick.clicked.connect(self._on_clicked)
            self._rows.addWidget(tick)

    def tick(self, names: Iterable[str]) -> None:
        """Shows these as ticked; nothing is sent."""
        wanted = set(names)
        for tick in self._ticks:
            tick.setChecked(tick.text() in wanted)

    def open_below(self, field: QWidget) -> None:
        """Shows it under the field and gives it the keyboard."""
        rows = min(len(self._ticks), MOST_SHOWN)
        height = rows * self._ticks[0].height() + 2 * SPACE_1 + 2
        wanted = max((tick.sizeHint().width() for tick in self._ticks), default=0)
        self.resize(max(field.width(), wanted + 2 * SPACE_1 + 16), height)
        self.move(field.mapToGlobal(QPoint(0, field.height() + SPACE_1)))
        self.show()
        self._ticks[0].setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def _on_clicked(self) -> None:
        self.ticked.emit(self.chosen)
