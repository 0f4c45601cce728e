"""Rail: the five stages at the left edge, each with a sign of how far it is."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.words import tr
from studio.ui.controls import IconButton, press_by_enter, set_ground
from studio.ui.icons import pixmap
from studio.ui.stages import STAGES, STATE_WORDS, Stage, StageState
from studio.ui.theme import ICON_SIZE, RADIUS, RAIL_WIDTH, SPACE_2, SPACE_3, Theme, font

STAGE_HEIGHT = 60
ICON_TOP = 11
WORD_TOP = 35
MARK_SIZE = 8
_MARKS = {"done": "good", "attention": "attention", "running": "accent"}


class StageButton(QAbstractButton):
    """One stage. A round mark is done, a triangle wants attention, a ring is running."""

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = stage
        self._state: StageState = ""
        self.setCheckable(True)
        self.setObjectName(f"stage.{stage.key}")
        self.setText(tr(stage.title))
        self.setFont(font("smallest"))
        self.setFixedSize(RAIL_WIDTH - 2 * SPACE_2, STAGE_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_state("", "")
        Theme.current().changed.connect(self.update)

    def show_state(self, state: StageState, reason: str) -> None:
        """Shows how far the stage is; the reason stands in the tooltip."""
        self._state = state
        words = tr(self.stage.title)
        if state:
            words = tr("{stage}, {state}", stage=words, state=tr(STATE_WORDS[state]))
        self.setAccessibleName(words)
        self.setAccessibleDescription(reason)
        self.setToolTip(reason or tr(self.stage.help))
        self.update()

    @property
    def state(self) -> StageState:
        """How far the stage is."""
        return self._state

    @override
    def sizeHint(self) -> QSize:
        return self.size()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, theme)
        ink = "accent" if self.isChecked() else "text_soft"
        ink = ink if self.isEnabled() else "text_disabled"
        left = (self.width() - ICON_SIZE) / 2
        painter.drawPixmap(QPointF(left, ICON_TOP), pixmap(self.stage.icon, ink))
        painter.setFont(font("smallest", is_strong=self.isChecked()))
        painter.setPen(theme.color(ink))
        painter.drawText(
            QRectF(0, WORD_TOP, self.width(), 16), Qt.AlignmentFlag.AlignCenter, self.text()
        )
        self._paint_mark(painter, theme, QPointF(left + ICON_SIZE + 6, ICON_TOP + 2))

    def _paint_ground(self, painter: QPainter, theme: Theme) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(theme.color("accent_soft"))
        elif self.underMouse():
            painter.setBrush(theme.color("hover"))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _paint_mark(self, painter: QPainter, theme: Theme, place: QPointF) -> None:
        if not self._state:
            return
        color = theme.color(_MARKS[self._state])
        half = MARK_SIZE / 2
        if self._state == "running":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 2))
            painter.drawEllipse(place, half - 0.5, half - 0.5)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        if self._state == "done":
            painter.drawEllipse(place, half - 0.5, half - 0.5)
        else:
            painter.drawPolygon(
                [
                    place + QPointF(0, -half),
                    place + QPointF(half + 0.5, half - 0.5),
                    place + QPointF(-half - 0.5, half - 0.5),
                ]
            )


class Rail(QWidget):
    """The stages below one another; at the foot the preferences.

    Signals:
        chosen(key): a person chose a stage.
        preferences_wanted(): a person asked for the preferences.
    """

    chosen = Signal(str)
    preferences_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "surface", "right")
        self.setFixedWidth(RAIL_WIDTH)
        self.setAccessibleName(tr("Stages"))
        self.buttons = {stage.key: StageButton(stage) for stage in STAGES}
        self._group = QButtonGroup(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_2, SPACE_3, SPACE_2, SPACE_3)
        rows.setSpacing(6)
        for button in self.buttons.values():
            self._group.addButton(button)
            rows.addWidget(button)
        rows.addStretch(1)
        self.preferences = IconButton("settings", tr("Preferences"))
        rows.addWidget(self.preferences, 0, Qt.AlignmentFlag.AlignHCenter)
        self._group.buttonClicked.connect(self._on_clicked)
        self.preferences.clicked.connect(self.preferences_wanted)

    def show_stage(self, key: str) -> None:
        """Shows which stage is in front; none on the start page."""
        button = next((b for k, b in self.buttons.items() if k == key), None)
        if button is not None:
            button.setChecked(True)
            return
        self._group.setExclusive(False)
        for other in self.buttons.values():
            other.setChecked(False)
        self._group.setExclusive(True)

    def _on_clicked(self, button: StageButton) -> None:
        self.chosen.emit(button.stage.key)
