"""KeyOverview: all keys over the window, by heading and searchable; Escape closes it."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from studio.core.words import tr
from studio.ui.actions import Actions
from studio.ui.controls import Elided, IconButton, label, put_away, set_ground
from studio.ui.editors import SearchField
from studio.ui.key_caps import KeyCap
from studio.ui.key_list import KeyLine, key_groups
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_4, SPACE_6, Theme

CARD_SIZE = (1040, 720)
MARGIN = 40
COLUMN_WIDTH = 300
ROW_HEIGHT, HEADING_ROWS = 26, 2
SHADE = 0.45


class KeyOverview(QWidget):
    """Covers its window while it is open. It is made anew from the tables each time."""

    def __init__(self, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._actions = actions
        self._came_from: QWidget | None = None
        self.setObjectName("keys")
        self.setAccessibleName(tr("All keys"))
        self.card = QFrame(self)
        self.card.setProperty("card", "plain")
        self.search = SearchField(tr("Search keys"))
        self.search.setObjectName("keys.search")
        self.leave = IconButton("close", tr("Close (Esc)"))
        self.nothing = label(tr("No key does that."), tone="soft")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self.search.textEdited.connect(self._on_typed)
        self.leave.clicked.connect(self.close_overview)
        window.installEventFilter(self)
        Theme.current().changed.connect(self.update)
        self.hide()

    @Slot()
    def open(self) -> None:
        """Opens over the window; asked once more, it closes."""
        if self.isVisible():
            self.close_overview()
            return
        self._came_from = QApplication.focusWidget()
        self.search.clear()
        self._cover()
        self._fill("")
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def close_overview(self) -> None:
        """Closes; the keyboard goes back to where it was."""
        self.hide()
        # The list that had the keyboard may have been made anew meanwhile.
        if self._came_from is not None and isValid(self._came_from):
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self._came_from = None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nothing below is reached by key; the arrows scroll."""
        bar = self._scroll.verticalScrollBar()
        steps = {
            Qt.Key.Key_Down: ROW_HEIGHT,
            Qt.Key.Key_Up: -ROW_HEIGHT,
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
        }
        if event.key() == Qt.Key.Key_Escape:
            self.close_overview()
        elif event.key() in steps:
            bar.setValue(bar.value() + steps[Qt.Key(event.key())])

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_overview()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        shade = Theme.current().color("shadow")
        shade.setAlphaF(SHADE)
        QPainter(self).fillRect(self.rect(), shade)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
            self._fill(self.search.text())
        return False

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACE_4)
        head.addWidget(label(tr("All keys"), size="heading", is_strong=True))
        head.addWidget(self.search, 1)
        head.addWidget(self.leave)
        rows = QVBoxLayout(self.card)
        rows.setContentsMargins(SPACE_6, SPACE_4, SPACE_4, SPACE_4)
        rows.setSpacing(SPACE_4)
        rows.addLayout(head)
        rows.addWidget(self.nothing)
        rows.addWidget(self._scroll, 1)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self._fill(text)

    def _cover(self) -> None:
        window = self.parentWidget()
        assert window is not None
        self.setGeometry(window.rect())
        wide = min(CARD_SIZE[0], self.width() - 2 * MARGIN)
        high = min(CARD_SIZE[1], self.height() - 2 * MARGIN)
        place = QRect(0, 0, wide, high)
        place.moveCenter(self.rect().center())
        self.card.setGeometry(place)

    def _fill(self, text: str) -> None:
        typed = text.casefold().split()
        groups = {
            heading: tuple(line for line in lines if line.matches(typed))
            for heading, lines in key_groups(self._actions).items()
        }
        found = {heading: lines for heading, lines in groups.items() if lines}
        self.nothing.setVisible(not found)
        old = self._scroll.takeWidget()
        if old is not None:
            put_away(old)
        self._scroll.setWidget(_columns(found, max(1, self.card.width() // COLUMN_WIDTH)))


def _columns(groups: dict[str, tuple[KeyLine, ...]], count: int) -> QWidget:
    """The groups in their order, broken into columns of about the same height."""
    content = QWidget()
    set_ground(content, "surface")
    row = QHBoxLayout(content)
    row.setContentsMargins(0, 0, SPACE_4, 0)
    row.setSpacing(SPACE_6 + SPACE_2)
    for part in _broken(groups, count):
        column = QVBoxLayout()
        column.setSpacing(0)
        for heading, lines in part:
            column.addWidget(_heading(heading))
            for line in lines:
                column.addWidget(_line(line))
            column.addSpacing(SPACE_4)
        column.addStretch(1)
        row.addLayout(column, 1)
    return content


def _broken(
    groups: dict[str, tuple[KeyLine, ...]], count: int
) -> Iterable[list[tuple[str, tuple[KeyLine, ...]]]]:
    whole = sum(len(lines) + HEADING_ROWS for lines in groups.values())
    columns: list[list[tuple[str, tuple[KeyLine, ...]]]] = [[] for _ in range(count)]
    filled = 0.0
    for heading, lines in groups.items():
        middle = filled + (len(lines) + HEADING_ROWS) / 2
        columns[min(count - 1, int(count * middle / whole))].append((heading, lines))
        filled += len(lines) + HEADING_ROWS
    return columns


def _heading(words: str) -> QWidget:
    made = label(words, size="small", tone="soft", is_strong=True)
    made.setFixedHeight(ROW_HEIGHT)
    return made


def _line(line: KeyLine) -> QWidget:
    made = QWidget()
    made.setFixedHeight(ROW_HEIGHT)
    made.setAccessibleName(f"{line.words}: {', '.join(line.keys)}")
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_1)
    row.addWidget(Elided(line.words), 1)
    for keys in line.keys:
        row.addWidget(KeyCap(keys))
    return made
