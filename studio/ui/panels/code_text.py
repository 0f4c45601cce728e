"""CodeText: code to read, with numbered lines; some of them are marked, and each can be chosen."""

from collections.abc import Sequence
from os.path import commonprefix

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget
from typing_extensions import override

from studio.core.words import tr
from studio.ui.panels.code_colors import CodeColors
from studio.ui.theme import SPACE_2, SPACE_3, Theme, font

LEAST_DIGITS = 2
MARK_WIDTH = 2
_CHOOSING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class CodeText(QPlainTextEdit):
    """Code that can be read, marked and copied, and not written.

    Signals:
        line_chosen(line): a line was clicked, or Enter was pressed in it; from 1.
    """

    line_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code.text")
        self.setAccessibleName(tr("Code of the network"))
        self.setProperty("kind", "code")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setFont(code_font())
        self.setTabChangesFocus(True)
        self._colors = CodeColors(self.document())
        self._marked: tuple[int, ...] = ()
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._on_update)
        Theme.current().changed.connect(self._mark)
        self._make_room()

    @property
    def marked(self) -> tuple[int, ...]:
        """The marked lines, from 1."""
        return self._marked

    def show_text(self, text: str) -> None:
        """Shows other code: only what differs is replaced, so nothing jumps and nothing blinks."""
        before = self.toPlainText()
        if before == text:
            return
        first, last = _alike(before, text)
        bar = self.verticalScrollBar()
        place = bar.value()
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(before[:first]))
        end = _units(before[: len(before) - last])
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text[first : len(text) - last])
        bar.setValue(place)

    def mark(self, lines: Sequence[int], *, scrolls: bool = True) -> None:
        """Marks these lines, and brings the first of them into sight where none of them is."""
        self._marked = tuple(lines)
        self._mark()
        self._numbers.update()
        if scrolls and lines and not any(self._is_seen(line) for line in lines):
            self._show_line(lines[0])

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draws what stands beside the lines that can be seen."""
        painter, theme = QPainter(self._numbers), Theme.current()
        painter.fillRect(event.rect(), theme.color("surface"))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        while block.isValid() and self._top(block) <= event.rect().bottom():
            number, top = block.blockNumber() + 1, self._top(block)
            is_marked = number in self._marked
            if is_marked:
                painter.fillRect(0, top, MARK_WIDTH, self._line_height(), theme.color("accent"))
            painter.setPen(theme.color("accent" if is_marked else "text_disabled"))
            room = QRect(0, top, self._numbers.width() - SPACE_2, self._line_height())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight, str(number))
            block = block.next()

    def numbers_width(self) -> int:
        """How wide the column of the numbers is."""
        digits = max(LEAST_DIGITS, len(str(self.blockCount())))
        return SPACE_3 + digits * self.fontMetrics().horizontalAdvance("0") + SPACE_2

    @override
    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        self._keep_in_sight(e.oldSize().height())
        room = self.contentsRect()
        self._numbers.setGeometry(room.left(), room.top(), self.numbers_width(), room.height())

    @override
    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        super().mouseReleaseEvent(e)
        is_click = e.button() == Qt.MouseButton.LeftButton
        if is_click and not self.textCursor().hasSelection():
            self._choose(self.cursorForPosition(e.position().toPoint()))

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        if e.key() in _CHOOSING:
            self._choose(self.textCursor())
            return
        super().keyPressEvent(e)

    def _choose(self, cursor: QTextCursor) -> None:
        self.line_chosen.emit(cursor.blockNumber() + 1)

    def _mark(self) -> None:
        marks = []
        for line in self._marked:
            one = QTextEdit.ExtraSelection()
            one.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            form = one.format
            form.setBackground(Theme.current().color("accent_soft"))
            form.setProperty(QTextFormat.Property.FullWidthSelection, True)
            one.format = form
            marks.append(one)
        self.setExtraSelections(marks)

    def _keep_in_sight(self, height: int) -> None:
        """A mark that could be seen at the former height can be seen at this one too."""
        was_seen = any(self._is_seen(line, height) for line in self._marked)
        if was_seen and not any(map(self._is_seen, self._marked)):
            self._show_line(self._marked[0])

    def _is_seen(self, line: int, height: int | None = None) -> bool:
        room = self.viewport().height() if height is None else height
        top = self._top(self.document().findBlockByNumber(line - 1))
        return 0 <= top <= room - self._line_height()

    def _show_line(self, line: int) -> None:
        """A third from above, so that what stands before it can be read too."""
        shown = self.viewport().height() // max(1, self._line_height())
        self.verticalScrollBar().setValue(max(0, line - 1 - shown // 3))

    def _top(self, block: QTextBlock) -> int:
        return round(self.blockBoundingGeometry(block).translated(self.contentOffset()).top())

    def _line_height(self) -> int:
        return self.fontMetrics().lineSpacing()

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)
        self._numbers.setFixedWidth(self.numbers_width())

    def _on_update(self, room: QRect, moved: int) -> None:
        if moved:
            self._numbers.scroll(0, moved)
        else:
            self._numbers.update(0, room.y(), self._numbers.width(), room.height())


class _Numbers(QWidget):
    """The column of line numbers; the text paints it."""

    def __init__(self, text: CodeText) -> None:
        super().__init__(text)
        self._text = text

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._text.numbers_width(), 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._text.paint_numbers(event)


def code_font() -> QFont:
    """Letters of one width, as large as all text."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setStyleHint(QFont.StyleHint.Monospace)
    made.setPixelSize(font("small").pixelSize())
    return made


def _alike(before: str, after: str) -> tuple[int, int]:
    """How many letters are the same at the beginning, and of the others how many at the end."""
    first = len(commonprefix([before, after]))
    rest = min(len(before), len(after)) - first
    last = len(commonprefix([before[::-1], after[::-1]]))
    return first, min(last, rest)


def _units(text: str) -> int:
    """How long Qt takes a text to be: letters beyond the first plane count twice."""
    return len(text.encode("utf-16-le")) // 2
