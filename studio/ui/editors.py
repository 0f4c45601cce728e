"""What a value is typed in or chosen with. No editor knows what its value means."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)
from typing_extensions import override

from studio.ui.icons import pixmap
from studio.ui.lent_focus import LentFocus
from studio.ui.theme import FIELD_HEIGHT, SMALL_ICON_SIZE, SPACE_2, Theme, font

TEXT_INSET = 10
TITLE_LEAST = 176


class Entry(QLineEdit):
    """One line to type in. Up, down and the wheel (where it has the focus) ask for a step.

    Signals:
        stepped(direction): +1 or -1.
    """

    stepped = Signal(int)

    def __init__(self, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self.setFont(font(is_tabular=True))
        room = self._unit_font_width() + SPACE_2 if unit else 0
        self.setTextMargins(0, 0, room, 0)

    @override
    def event(self, event: QEvent) -> bool:
        return super().event(event) if not _is_of_project(event, self) else False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(direction)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() or not event.angleDelta().y():
            event.ignore()  # the page scrolls, and no value changes by accident
            return
        self.stepped.emit(1 if event.angleDelta().y() > 0 else -1)
        event.accept()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._unit:
            painter = QPainter(self)
            painter.setFont(font("smallest"))
            painter.setPen(Theme.current().color("text_soft"))
            area = self.rect().adjusted(0, 0, -TEXT_INSET, 0)
            painter.drawText(
                area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._unit
            )

    def _unit_font_width(self) -> int:
        return int(len(self._unit) * font("smallest").pixelSize() * 0.6)


def _is_of_project(event: QEvent, field: QLineEdit) -> bool:
    """True for undo or redo where nothing was typed in the field: a step of the project is meant.

    A line asks for these keys to itself even where it has nothing to undo.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.matches(QKeySequence.StandardKey.Undo):
        is_mine = field.isUndoAvailable()
    elif event.matches(QKeySequence.StandardKey.Redo):
        is_mine = field.isRedoAvailable()
    else:
        return False
    event.setAccepted(is_mine)
    return not is_mine


class SearchField(QLineEdit):
    """A field to search with: a glass at the left, the shortcut that leads here at the right."""

    def __init__(self, words: str, shortcut: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shortcut = shortcut
        self.setProperty("kind", "search")
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self.setClearButtonEnabled(False)
        self.setTextMargins(SMALL_ICON_SIZE + 6, 0, 0, 0)

    @override
    def event(self, event: QEvent) -> bool:
        return super().event(event) if not _is_of_project(event, self) else False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        top = (self.height() - SMALL_ICON_SIZE) / 2
        painter.drawPixmap(QPointF(TEXT_INSET, top), pixmap("search", "text_soft", SMALL_ICON_SIZE))
        if self._shortcut and not self.text() and not self.hasFocus():
            painter.setFont(font("smallest"))
            painter.setPen(Theme.current().color("text_soft"))
            painter.drawText(
                self.rect().adjusted(0, 0, -TEXT_INSET, 0),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                self._shortcut,
            )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)


class Combo(QComboBox):
    """A list to choose from. The wheel changes nothing unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font())
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContentsOnFirstShow)
        self.view().setTextElideMode(Qt.TextElideMode.ElideRight)

    @override
    def showPopup(self) -> None:
        """The list has room for its longest words, however narrow the box is."""
        words = self.view().sizeHintForColumn(0) + 3 * TEXT_INSET
        screen = self.screen().availableGeometry().width()
        self.view().setMinimumWidth(min(words, screen // 2))
        super().showPopup()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.width() - SMALL_ICON_SIZE - 3 * TEXT_INSET
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        _paint_chevron(self)


class Opener(QPushButton):
    """Looks like a list to choose from, and opens something of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "field")
        self.setAutoDefault(True)  # for Enter
        self.setFont(font())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _paint_chevron(self)


class TitleEdit(QLineEdit):
    """A title that becomes a field when it is clicked; Escape gives up, Enter and leaving keep.

    Signals:
        renamed(text): a person gave another title.
        left(): it is done; the keyboard is where it came from.
    """

    renamed = Signal(str)
    left = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self._lent = LentFocus(self)
        self.setAccessibleName(name)
        self.setProperty("kind", "title")
        self.setFont(font("heading", is_strong=True))
        self.editingFinished.connect(self._on_finished)
        self.textChanged.connect(self._on_text_changed)

    def show_title(self, text: str) -> None:
        """Shows a title; nothing is sent."""
        self._kept = text
        if self.text() != text:
            self.setText(text)
        self.setCursorPosition(0)

    @override
    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self.text() or " ") + 26
        return QSize(wide, FIELD_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), TITLE_LEAST), FIELD_HEIGHT)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._kept)
            self._leave()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._leave()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def _leave(self) -> None:
        self._lent.hand_back()
        self.left.emit()

    def _on_text_changed(self) -> None:
        self.updateGeometry()

    def _on_finished(self) -> None:
        given = self.text().strip()
        if given and given != self._kept:
            self._kept = given
            self.renamed.emit(given)
        else:
            self.setText(self._kept)


def _paint_chevron(widget: QWidget) -> None:
    painter = QPainter(widget)
    role = "text_soft" if widget.isEnabled() else "text_disabled"
    left = widget.width() - SMALL_ICON_SIZE - TEXT_INSET
    painter.drawPixmap(
        QPointF(left, (widget.height() - SMALL_ICON_SIZE) / 2),
        pixmap("chevron-down", role, SMALL_ICON_SIZE),
    )
