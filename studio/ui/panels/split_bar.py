"""SplitBar: the three parts of the data as one bar with two borders that can be moved."""

from dataclasses import replace
from typing import Literal, TypeAlias

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from studio.core.design.dataset import SplitSpec, split_counts
from studio.core.words import tr
from studio.ui.panels.column_words import count_of
from studio.ui.theme import RADIUS, SPACE_1, SPACE_2, SPACE_3, Theme, font

Border: TypeAlias = Literal["validation", "test"]

BAR_HEIGHT = 40
HANDLE_WIDTH = 16
GRIP_WIDTH, GRIP_HEIGHT, LINE_WIDTH = 8, 20, 2
LEAST_TRAINING = 10
STEPS: dict[int, int] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -5,
    Qt.Key.Key_PageUp: 5,
}
TITLES = {"training": "Training", "validation": "Validation", "test": "Test"}
GROUNDS = {"training": "training", "validation": "validation", "test": "text_soft"}
TINT = {"light": 0.16, "dark": 0.28}


def percents(split: SplitSpec) -> tuple[int, int, int]:
    """Training, validation and test in whole per cent, which add up to a hundred."""
    validation, test = round(split.validation * 100), round(split.test * 100)
    return 100 - validation - test, validation, test


def moved(split: SplitSpec, border: Border, to: int) -> SplitSpec:
    """The split with one border at `to` per cent from the left.

    The first border stands between training and validation, the second ("test") between
    validation and test. Moving one leaves the other where it is, and training keeps a tenth.
    """
    training, validation, test = percents(split)
    if border == "validation":
        to = min(max(to, LEAST_TRAINING), training + validation)
        return replace(split, validation=(training + validation - to) / 100)
    to = min(max(to, training), 100)
    return replace(split, validation=(to - training) / 100, test=(100 - to) / 100)


def border_of(split: SplitSpec, border: Border) -> int:
    """Where the border stands, in per cent from the left."""
    training, validation, _ = percents(split)
    return training if border == "validation" else training + validation


class SplitBar(QWidget):
    """Training, validation and test, as wide as their shares.

    Signals:
        chosen(split, merge_key): the person moved a border; steps of one key are one edit.
        left(): a border lost the focus: the next step is an edit of its own.
    """

    chosen = Signal(object, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("split")
        self.setAccessibleName(tr("Parts of the data"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.split = SplitSpec()
        self._rows = 0
        self._own_test = 0
        self.sample = tr("rows")  # what the parts are made of
        self._fonts = (font("small", is_strong=True), font("small", is_tabular=True))
        borders: tuple[Border, ...] = ("validation", "test")
        self.handles = {border: SplitHandle(self, border) for border in borders}
        Theme.current().changed.connect(self.update)

    def show_split(self, split: SplitSpec, rows: int, own_test: int = 0) -> None:
        """Shows how `rows` rows are dealt.

        `own_test` of them are the source's own test part, which stays as it is: then the
        split deals the rest, and its own test share is 0.
        """
        self.split, self._rows, self._own_test = split, rows, own_test
        self.handles["test"].setVisible(not own_test)
        self._place_handles()
        self._describe()
        self.update()

    def set_reason(self, reason: str) -> None:
        """Why the borders cannot be moved now; empty where they can."""
        for border, handle in self.handles.items():
            # The folds fix the validation part alone; a column fixes both borders.
            is_fixed = bool(reason) and (border == "validation" or self.split.method == "column")
            handle.setEnabled(not is_fixed)
            handle.setToolTip(reason if is_fixed else "")
            handle.setAccessibleDescription(reason if is_fixed else "")

    def drag(self, border: Border, x: float) -> None:
        """Shows the border under the pointer, without telling anyone yet."""
        share = 100 * x / max(1, self._width_of_shares())
        self.put_back(moved(self.split, border, round(share)))

    def put_back(self, split: SplitSpec) -> None:
        """Shows another split of the same rows."""
        self.show_split(split, self._rows, self._own_test)

    def counts(self) -> tuple[int, int, int]:
        """How many rows each part holds."""
        own = self._own_test
        training, validation, test = split_counts(
            max(self._rows - own, 0), self.split, has_own_test=own > 0
        )
        return training, validation, test + own

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, BAR_HEIGHT)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_handles()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.setClipPath(outline)
        for part, area in self._areas().items():
            painter.fillRect(area, _tinted(GROUNDS[part]))
            self._write(painter, part, area)

    def _areas(self) -> dict[str, QRectF]:
        ends = [0.0, *(self._x_of(border) for border in self.handles), float(self.width())]
        return {
            part: QRectF(left, 0, right - left, self.height())
            for part, left, right in zip(TITLES, ends, ends[1:], strict=False)
        }

    def _write(self, painter: QPainter, part: str, area: QRectF) -> None:
        place = list(TITLES).index(part)
        count = count_of(self.counts()[place])
        room = area.adjusted(SPACE_3, SPACE_1, -SPACE_2, -SPACE_1)
        half = room.height() / 2
        painter.setPen(Theme.current().color("text"))
        _write_fitting(painter, room.adjusted(0, 0, 0, -half), self._fonts[0], (tr(TITLES[part]),))
        _write_fitting(
            painter,
            room.adjusted(0, half, 0, 0),
            self._fonts[1],
            self.part_words(place, count),
        )

    def part_words(self, place: int, count: str) -> tuple[str, ...]:
        """What stands under a part's title, from the longest to the shortest.

        Whole groups cannot meet a share exactly, so of theirs no count is claimed.
        """
        share = self._shown_percents()[place]
        is_own = place == len(TITLES) - 1 and bool(self._own_test)
        if not is_own and (self.split.method == "group" or self.split.keeps_together):
            return (tr("about {percent} %", percent=share), tr("{percent} %", percent=share))
        percent = tr("{percent} %", percent=share)
        return (
            tr("{percent}, {count} {sample}", percent=percent, count=count, sample=self.sample),
            tr("{percent}, {count}", percent=percent, count=count),
            percent,
        )

    def _shown_percents(self) -> tuple[int, int, int]:
        if not self._own_test:
            return percents(self.split)
        _, validation, test = (round(100 * n / max(1, self._rows)) for n in self.counts())
        return 100 - validation - test, validation, test

    def _width_of_shares(self) -> float:
        return self.width() * (1 - self._own_test / max(1, self._rows))

    def _x_of(self, border: Border) -> float:
        return self._width_of_shares() * border_of(self.split, border) / 100

    def _place_handles(self) -> None:
        for border, handle in self.handles.items():
            handle.setGeometry(
                round(self._x_of(border)) - HANDLE_WIDTH // 2, 0, HANDLE_WIDTH, self.height()
            )

    def _describe(self) -> None:
        parts = [
            tr(
                "{part} {percent} %, {count} {sample}",
                part=tr(title),
                percent=percent,
                count=count,
                sample=self.sample,
            )
            for title, percent, count in zip(
                TITLES.values(), self._shown_percents(), self.counts(), strict=True
            )
        ]
        self.setAccessibleDescription("; ".join(parts))
        self.setToolTip("\n".join(parts))


class SplitHandle(QWidget):
    """One border of the bar: dragged with the mouse, moved by the arrow keys."""

    def __init__(self, bar: SplitBar, border: Border) -> None:
        super().__init__(bar)
        self._bar, self._border = bar, border
        self._start: SplitSpec | None = None
        self.setObjectName(f"split.{border}")
        self.setAccessibleName(
            tr("Border between training and validation")
            if border == "validation"
            else tr("Border between validation and test")
        )
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = self._bar.split

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is not None:
            self._bar.drag(self._border, self.mapToParent(event.position().toPoint()).x())

    @override
    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        start, self._start = self._start, None
        if start is not None and start != self._bar.split:
            self._bar.chosen.emit(self._bar.split, "")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._start is not None:
            self._bar.put_back(self._start)
            self._start = None
        elif event.key() in STEPS:
            self._step(STEPS[event.key()])
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._bar.left.emit()
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.width() / 2
        painter.setPen(QPen(theme.color("surface"), LINE_WIDTH))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
        grip = QRectF(
            middle - GRIP_WIDTH / 2, (self.height() - GRIP_HEIGHT) / 2, GRIP_WIDTH, GRIP_HEIGHT
        )
        painter.setPen(
            QPen(
                theme.color("accent" if self.hasFocus() else "text_soft"),
                2.0 if self.hasFocus() else 1.0,
            )
        )
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(grip, GRIP_WIDTH / 2, GRIP_WIDTH / 2)

    def _step(self, by: int) -> None:
        split = moved(self._bar.split, self._border, border_of(self._bar.split, self._border) + by)
        if split != self._bar.split:
            self._bar.put_back(split)
            self._bar.chosen.emit(split, f"split {self._border}")


def _write_fitting(painter: QPainter, room: QRectF, face: QFont, words: tuple[str, ...]) -> None:
    """The first of the words that fit; the last one cut, where none does."""
    painter.setFont(face)
    metrics = painter.fontMetrics()
    width = max(0, int(room.width()))  # Qt cuts by whole pixels
    fitting = next((w for w in words if metrics.horizontalAdvance(w) < width), words[-1])
    text = metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, width)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)


def _tinted(token: str) -> QColor:
    theme = Theme.current()
    share = TINT[theme.name]
    top, ground = theme.color(token), theme.color("surface")
    return QColor.fromRgbF(
        share * top.redF() + (1 - share) * ground.redF(),
        share * top.greenF() + (1 - share) * ground.greenF(),
        share * top.blueF() + (1 - share) * ground.blueF(),
    )
