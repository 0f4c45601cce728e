"""What is switched, ticked, or chosen among a few, painted here in the look of the program."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QEasingCurve,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)
from typing_extensions import override

from studio.ui.icons import pixmap
from studio.ui.theme import EASING, FAST_MS, ROW_HEIGHT, Theme, font

TRACK = QSize(36, 20)
KNOB_INSET = 3


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
        painter.drawEllipse(
            QRectF(
                track.left() + KNOB_INSET + way * self._place, track.top() + KNOB_INSET, size, size
            )
        )

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
        self.setFixedHeight(ROW_HEIGHT)
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
        painter.drawText(
            self.rect().adjusted(34, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, self.text()
        )


class Segments(QWidget):
    """A few options side by side, of which one holds: a view, a part of the data, a scale.

    Signals:
        chosen(key): a person chose another.
    """

    chosen = Signal(str)

    def __init__(
        self, options: Sequence[tuple[str, str]], name: str = "", parent: QWidget | None = None
    ) -> None:
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


def _between(start: QColor, end: QColor, share: float) -> QColor:
    return QColor(
        round(start.red() + (end.red() - start.red()) * share),
        round(start.green() + (end.green() - start.green()) * share),
        round(start.blue() + (end.blue() - start.blue()) * share),
    )
