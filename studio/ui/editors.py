"""What a value is typed, chosen or switched with. No editor knows what its value means."""

from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
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
from studio.ui.theme import EASING, FAST_MS, FIELD_HEIGHT, SMALL_ICON_SIZE, SPACE_2, Theme, font

TEXT_INSET = 10
TRACK = QSize(36, 20)
KNOB_INSET = 3
TITLE_LEAST = 140


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
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                             self._unit)

    def _unit_font_width(self) -> int:
        return int(len(self._unit) * font("smallest").pixelSize() * 0.6)


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
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        top = (self.height() - SMALL_ICON_SIZE) / 2
        painter.drawPixmap(QPointF(TEXT_INSET, top),
                           pixmap("search", "text_soft", SMALL_ICON_SIZE))
        if self._shortcut and not self.text() and not self.hasFocus():
            painter.setFont(font("smallest"))
            painter.setPen(Theme.current().color("text_soft"))
            painter.drawText(self.rect().adjusted(0, 0, -TEXT_INSET, 0),
                             Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                             self._shortcut)

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
            self.currentText(), Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        _paint_chevron(self)


class Opener(QPushButton):
    """Looks like a list to choose from, and opens something of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "field")
        self.setFont(font())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _paint_chevron(self)


class Switch(QAbstractButton):
    """Yes or no, as a switch that slides. Its words stand beside it and are its name."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(words)
        self.setFixedSize(TRACK.width() + 4, TRACK.height() + 4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._place = 0.0
        self._slide = QVariantAnimation(self)
        self._slide.setEasingCurve(QEasingCurve(EASING))
        self._slide.valueChanged.connect(self._on_slid)
        self.toggled.connect(self._on_toggled)
        Theme.current().changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return self.size()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2, 2, TRACK.width(), TRACK.height())
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.8, 0.8, -0.8, -0.8), 11.5, 11.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_between(theme.color("line_strong"), theme.color("accent"), self._place))
        if not self.isEnabled():
            painter.setBrush(theme.color("line"))
        painter.drawRoundedRect(track, TRACK.height() / 2, TRACK.height() / 2)
        self._paint_knob(painter, track)

    def _paint_knob(self, painter: QPainter, track: QRectF) -> None:
        size = TRACK.height() - 2 * KNOB_INSET
        way = TRACK.width() - size - 2 * KNOB_INSET
        painter.setBrush(Theme.current().color("surface"))
        painter.drawEllipse(QRectF(track.left() + KNOB_INSET + way * self._place,
                                   track.top() + KNOB_INSET, size, size))

    def _on_toggled(self, is_on: bool) -> None:
        duration = Theme.current().duration(FAST_MS) if self.isVisible() else 0
        self._slide.stop()
        if not duration:
            self._on_slid(float(is_on))
            return
        self._slide.setDuration(duration)
        self._slide.setStartValue(self._place)
        self._slide.setEndValue(float(is_on))
        self._slide.start()

    def _on_slid(self, place: float) -> None:
        self._place = place
        self.update()


class Tick(QAbstractButton):
    """A box to tick, with its words: one row of a list in which several may be chosen."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setText(words)
        self.setAccessibleName(words)
        self.setFont(font())
        self.setFixedHeight(FIELD_HEIGHT - 4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        Theme.current().changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 44, self.height())

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(self.rect(), 5, 5)
        box = QRectF(8.5, (self.height() - 16) / 2 + 0.5, 15, 15)
        edge = "accent" if self.isChecked() or self.hasFocus() else "line_strong"
        painter.setPen(QPen(theme.color(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(theme.color("accent" if self.isChecked() else "surface"))
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            painter.drawPixmap(QPointF(9, box.top() + 0.5), pixmap("check", "on_accent", 14))
        painter.setPen(theme.color("text" if self.isEnabled() else "text_disabled"))
        painter.drawText(self.rect().adjusted(34, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter,
                         self.text())


class Segments(QWidget):
    """A few options side by side, of which one holds: a view, a part of the data, a scale.

    Signals:
        chosen(key): a person chose another.
    """

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], name: str = "",
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._keys = [key for key, _words in options]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("segments", "true")
        for index, (_key, words) in enumerate(options):
            button = QPushButton(words)
            button.setCheckable(True)
            button.setProperty("kind", "segment")
            button.setFont(font("small", is_strong=True))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self._on_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def key(self) -> str:
        """The option that holds."""
        return self._keys[max(self._group.checkedId(), 0)]

    def show_key(self, key: str) -> None:
        """Shows another option as chosen; nothing is sent."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def button(self, key: str) -> QAbstractButton:
        """The button of an option, to disable it with a reason."""
        return self._group.button(self._keys.index(key))

    def _on_clicked(self, index: int) -> None:
        self.chosen.emit(self._keys[index])


class TitleEdit(QLineEdit):
    """A title that becomes a field when it is clicked; Escape gives up, Enter and leaving keep.

    Signals:
        renamed(text): a person gave another title.
    """

    renamed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
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
            self.clearFocus()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clearFocus()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

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
    painter.drawPixmap(QPointF(left, (widget.height() - SMALL_ICON_SIZE) / 2),
                       pixmap("chevron-down", role, SMALL_ICON_SIZE))


def _between(start: QColor, end: QColor, share: float) -> QColor:
    return QColor(
        round(start.red() + (end.red() - start.red()) * share),
        round(start.green() + (end.green() - start.green()) * share),
        round(start.blue() + (end.blue() - start.blue()) * share),
    )
