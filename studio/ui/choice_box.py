"""A small box over a part of the window: type a few letters, take a row with Enter.

It knows no graph: rows come from whoever asks.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from studio.core.words import tr
from studio.ui.controls import Rule, label
from studio.ui.layer_rows import LayerRow
from studio.ui.row_list import RowList
from studio.ui.theme import RADIUS, SPACE_2, Theme, font

BOX_WIDTH, LIST_HEIGHT, LEAST_HEIGHT = 360, 336, 64
FOOT_LINES = 3
SHADOW_BLUR, SHADOW_ALPHA = 24, 50

_KEYS_FOR_LIST = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
Finder: TypeAlias = Callable[[str], Sequence[LayerRow]]


class ChoiceBox(QFrame):
    """Rows that follow what is typed. It closes on Enter, Escape, or when left.

    Below the rows stands what the current one is for, or why it cannot be taken.

    Signals:
        chosen(key): the row of that key was taken.
        pointed(key): another row is the current one; "" for a heading, or when it closes.
        closed(): nothing more is wanted; sent after `chosen`, too.
        passed(is_onward): Tab or Shift+Tab, after `closed`: the keyboard wants to go on.
    """

    chosen = Signal(str)
    pointed = Signal(str)
    closed = Signal()
    passed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self.setProperty("card", "plain")
        self.setObjectName("quick_add")
        self.setFixedWidth(BOX_WIDTH)
        self._find: Finder = _nothing
        self.search = QLineEdit()
        self.search.setProperty("kind", "search")
        self.search.setFont(font())
        self.rows = RowList()
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setAccessibleName(tr("Matches"))
        self.nothing = label(tr("Nothing matches. Try fewer letters."), tone="soft", wraps=True)
        self.foot = label(size="small", tone="soft", wraps=True)
        self.foot.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.foot.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        self.foot.setFixedHeight(FOOT_LINES * self.foot.fontMetrics().lineSpacing())
        self._line = Rule()
        self._lay_out()
        self.search.textEdited.connect(self._on_text_edited)
        self.rows.row_clicked.connect(self._take)
        self.rows.current_changed.connect(self._on_current_changed)
        self.search.installEventFilter(self)
        # Else a click on a row would give the focus to what lies behind, and the box be left.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.search)
        self.hide()

    def ask(self, at: QPoint, words: str, find: Finder) -> None:
        """Opens at a point of the canvas; `find` gives the rows for what is typed."""
        self.hide()  # rows of what was asked before are no longer pointed at
        self._find = find
        self.search.clear()
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)
        self.setAccessibleName(words)
        self._fill("")
        self.rows.setFixedHeight(self._list_height())
        self.foot.setVisible(self._has_help())
        self._line.setVisible(self._has_help())
        self.adjustSize()
        self.move(self._inside(at))
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)
        self._on_current_changed()

    def close_box(self) -> None:
        """Closes; nothing is taken. It may lie on a page that is not the one in front."""
        if not self.isHidden():
            self._leave()
            self.closed.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        if (
            isinstance(event, QFocusEvent)
            and event.type() == QEvent.Type.FocusOut
            and event.reason() != Qt.FocusReason.ActiveWindowFocusReason
        ):
            self.close_box()
        return False

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        column.setSpacing(SPACE_2)
        for part in (self.search, self.rows, self.nothing, self._line, self.foot):
            column.addWidget(part)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(SHADOW_BLUR)
        shadow.setOffset(0, RADIUS / 2)
        tint = QColor(Theme.current().color("shadow"))
        tint.setAlpha(SHADOW_ALPHA)
        shadow.setColor(tint)
        self.setGraphicsEffect(shadow)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.close_box()
            if event.key() != Qt.Key.Key_Escape:
                self.passed.emit(event.key() == Qt.Key.Key_Tab)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.rows.current)
            return True
        if event.key() in _KEYS_FOR_LIST:
            self.rows.keyPressEvent(event)
            return True
        return False

    def _on_text_edited(self, text: str) -> None:
        self._fill(text)

    def _take(self, row: LayerRow | None) -> None:
        if row is None or not row.key or row.reason:
            return  # nothing, a heading, or what cannot be taken
        self._leave()
        self.chosen.emit(row.key)
        self.closed.emit()

    def _leave(self) -> None:
        self.hide()
        self.pointed.emit("")

    def _on_current_changed(self) -> None:
        """What is said of the row goes to the field, which has the focus, for screen readers."""
        row = self.rows.current
        self.foot.setText((row.reason or row.doubt or row.help) if row is not None else "")
        spoken = (row.spoken(), "" if row.reason else row.help) if row is not None else ()
        self.search.setAccessibleDescription(". ".join(part for part in spoken if part))
        if self.isVisible():
            self.pointed.emit(row.key if row is not None else "")

    def _fill(self, words: str) -> None:
        self.rows.show_rows(self._find(words))
        has_rows = bool(self.rows.rows)
        self.rows.setVisible(has_rows)
        self.nothing.setVisible(not has_rows)

    def _list_height(self) -> int:
        """As high as the rows, within bounds; it stays so while fewer match."""
        view = self.rows
        high = sum(view.sizeHintForRow(number) for number in range(len(view.rows)))
        return max(LEAST_HEIGHT, min(high + 2 * view.frameWidth(), LIST_HEIGHT))

    def _has_help(self) -> bool:
        """Rows that have something to tell keep a place for it, so that nothing jumps."""
        return any(row.help or row.reason or row.doubt for row in self.rows.rows)

    def _inside(self, at: QPoint) -> QPoint:
        """The whole box stays on the canvas."""
        room = self._ground.size() - self.size()
        return QPoint(max(0, min(at.x(), room.width())), max(0, min(at.y(), room.height())))


def _nothing(_words: str) -> Sequence[LayerRow]:
    return ()
