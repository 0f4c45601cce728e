"""Chart: a card that holds a CurvePlot, its legend that reads the cursor, and its log switch."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.run.wording import figure_words
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import figure, label
from studio.ui.lines import Line, Mark, Range
from studio.ui.panels.curves import CurvePlot
from studio.ui.theme import SPACE_1, SPACE_3, Theme, font

SWATCH_WIDTH, SWATCH_HEIGHT = 14, 12
SWATCH_STROKE = 2.0
LEAST_PLOT_HEIGHT = 96


class Chart(Card):
    """Curves of one figure over the epochs.

    Signals:
        cursor_moved(x): the person points at that epoch, or None.
    """

    cursor_moved = Signal(object)

    def __init__(
        self,
        title: str,
        theme: Theme,
        *,
        key: str,
        has_log: bool = False,
        place_words: str = "epoch {place}",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self.setObjectName(f"chart.{key}")
        self.plot = CurvePlot(theme)
        self.plot.setAccessibleName(title)
        self.plot.setMinimumHeight(LEAST_PLOT_HEIGHT)
        self.plot.cursor_moved.connect(self._on_cursor_moved)
        self._theme, self._place_words = theme, place_words
        self._lines: tuple[Line, ...] = ()
        self._marks: dict[str, _LegendMark] = {}
        self._legend = QHBoxLayout()
        self._legend.setSpacing(SPACE_3)
        self.epoch_words = figure(size="smallest", tone="soft")
        self._legend.addWidget(self.epoch_words)
        self.header.addLayout(self._legend)
        if has_log:
            self._add_log_switch(key)
        self.body.addWidget(self.plot, 1)
        self.waiting = label(size="small", tone="soft")
        self.waiting.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.waiting.hide()
        middle = QVBoxLayout(self.plot.viewport())
        middle.addWidget(self.waiting, 0, Qt.AlignmentFlag.AlignCenter)

    def show_lines(self, lines: Sequence[Line], span: Range, mark: Mark | None = None) -> None:
        """Draws these lines; those with a title stand in the legend."""
        self._lines = tuple(lines)
        self.plot.show_lines(lines, span, mark)
        self._show_legend()
        self.setAccessibleDescription("; ".join(self.values_in_words()))

    def say_while_empty(self, words: str) -> None:
        """What stands in the middle of the plot while no line has a point."""
        self.waiting.setText(words)
        self.waiting.setVisible(not any(len(line.xs) for line in self._lines))

    def values_in_words(self) -> list[str]:
        """The last value of each line in the legend, for those who do not see it."""
        return [
            tr("{title} {value}", title=line.title, value=figure_words(line.ys[-1]))
            for line in self._lines
            if line.title and line.ys
        ]

    def place_in_words(self, x: float) -> str:
        """What stands in the legend for a place under the cursor."""
        return tr(self._place_words, place=f"{x:.1f}")

    def show_cursor(self, x: float | None) -> None:
        """The cursor at x, and the values there in the legend; None takes both away."""
        self.plot.move_cursor(x)
        self._read(x)

    def _add_log_switch(self, key: str) -> None:
        self.log_switch = QPushButton(tr("Log scale"))
        self.log_switch.setObjectName(f"chart.{key}.log")
        self.log_switch.setProperty("kind", "quiet")
        self.log_switch.setProperty("size", "small")
        self.log_switch.setCheckable(True)
        self.log_switch.setFont(font("smallest"))
        self.log_switch.setToolTip(tr("Shows small losses as clearly as large ones."))
        self.log_switch.toggled.connect(self.plot.set_log)
        self.header.addWidget(self.log_switch)

    def _show_legend(self) -> None:
        wanted = {line.key: line for line in self._lines if line.title}
        for key in self._marks.keys() - wanted.keys():
            self._marks.pop(key).deleteLater()
        for key, line in wanted.items():
            if key not in self._marks:
                self._marks[key] = _LegendMark(self._theme)
                self._legend.addWidget(self._marks[key])
            self._marks[key].show_line(line)

    def _read(self, x: float | None) -> None:
        self.epoch_words.setText("" if x is None else self.place_in_words(x))
        for line in self._lines:
            if line.title:
                value = None if x is None else line.value_at(x)
                self._marks[line.key].show_value("" if value is None else figure_words(value))

    @Slot(object)
    def _on_cursor_moved(self, x: float | None) -> None:
        self._read(x)
        self.cursor_moved.emit(x)


class _LegendMark(QWidget):
    """A stroke of the line's colour, its name, and its value under the cursor."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_1)
        self._swatch = _Swatch(theme)
        self._name = label(size="smallest", tone="soft")
        self._value = figure(size="smallest", is_strong=True)
        for part in (self._swatch, self._name, self._value):
            row.addWidget(part)
        self._value.hide()

    def show_line(self, line: Line) -> None:
        """Another line."""
        self._name.setText(line.title)
        self._swatch.show_line(line)

    def show_value(self, words: str) -> None:
        """The value under the cursor, or nothing."""
        self._value.setText(words)
        self._value.setVisible(bool(words))


class _Swatch(QWidget):
    """A short piece of the line, solid or dashed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._line: Line | None = None
        self.setFixedSize(SWATCH_WIDTH, SWATCH_HEIGHT)
        theme.changed.connect(self.update)

    def show_line(self, line: Line) -> None:
        """Another line."""
        self._line = line
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._line is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._theme.color(self._line.token), SWATCH_STROKE)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self._line.stroke == "dashed":
            pen.setDashPattern([2.5, 1.5])
        painter.setPen(pen)
        middle = QRectF(self.rect()).center().y()
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
