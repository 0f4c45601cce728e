"""RunStrip: device and *Train* in the top bar; during a run its progress, *Pause* and *Stop*."""

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget
from typing_extensions import override

from studio.core.design.training import TRAINING_PARAMS
from studio.core.run.history import History
from studio.core.run.wording import duration_words
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.controls import ActionButton, Elided
from studio.ui.editors import Combo
from studio.ui.theme import SPACE_2, SPACE_3, Theme, font

PILL_HEIGHT = 24
PILL_INSET = 12
PILL_WIDEST = 260
DEVICE_WIDTH = 168
LEAST_REASON, REASON_WIDTH = 96, 320
_DEVICE = next(param for param in TRAINING_PARAMS if param.key == "device")


class ProgressPill(QWidget):
    """Words about a run on a ground that fills from the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._share = "", 0.0
        self.setFixedHeight(PILL_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._font = font("smallest", is_strong=True, is_tabular=True)
        self.setFont(self._font)
        Theme.current().changed.connect(self.update)

    def show_progress(self, words: str, share: float) -> None:
        """Shows how far the run is, from 0 to 1."""
        self._share = share
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.setToolTip(words)
            self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self._words)
        return QSize(wide + 2 * PILL_INSET + 2, PILL_HEIGHT)  # an advance is rounded down

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), PILL_WIDEST), PILL_HEIGHT)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), PILL_HEIGHT / 2, PILL_HEIGHT / 2)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), theme.color("accent_soft"))
        done = theme.color("accent")
        done.setAlphaF(0.18)
        painter.fillRect(QRectF(0, 0, self.width() * self._share, PILL_HEIGHT), done)
        painter.setPen(theme.color("accent"))
        room = self.width() - 2 * PILL_INSET
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)


class RunStrip(QStackedWidget):
    """The same place on every stage: start a run, or watch and end it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.reason = Elided(tone="soft", size="small", least=LEAST_REASON)
        self.device = Combo()
        self.pill = ProgressPill()
        self.addWidget(self._idle())
        self.addWidget(self._running())
        context.runs.state_changed.connect(self._on_state_changed)
        context.runs.updated.connect(self._on_updated)
        context.document.changed.connect(self._on_document_changed)
        context.actions.changed.connect(self._show_reason)
        context.devices.found.connect(self._show_devices)
        context.files.opened.connect(self._show_reason)
        self.device.activated.connect(self._on_device_chosen)
        self._show_devices()
        self._show_reason()

    def _idle(self) -> QWidget:
        idle = QWidget()
        row = QHBoxLayout(idle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_3)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.reason.setMaximumWidth(REASON_WIDTH)
        self.device.setAccessibleName(tr("Device"))
        self.device.setToolTip(tr("What computes the next run"))
        self.device.setFixedWidth(DEVICE_WIDTH)
        row.addStretch(1)
        row.addWidget(self.reason, 10)
        row.addWidget(self.device)
        train = ActionButton(self._context.actions["train"], "filled", icon_name="play")
        train.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(train)
        return idle

    def _running(self) -> QWidget:
        running = QWidget()
        row = QHBoxLayout(running)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        actions = self._context.actions
        self.pause = ActionButton(actions["pause"], icon_name="pause")
        self.stop = ActionButton(actions["stop"], icon_name="stop")
        self.stop.set_icon("stop", "problem")
        row.addStretch(1)
        row.addWidget(self.pill)
        row.addWidget(self.pause)
        row.addWidget(self.stop)
        return running

    @Slot()
    def _on_state_changed(self) -> None:
        runs = self._context.runs
        self.setCurrentIndex(1 if runs.is_running else 0)
        self.pause.setText(tr("Go on") if runs.is_paused else tr("Pause"))
        self.pause.set_icon("play" if runs.is_paused else "pause")
        self._on_updated(runs.history)

    @Slot(object)
    def _on_updated(self, history: History) -> None:
        self.pill.show_progress(self._words(history), history.progress)

    def _words(self, history: History) -> str:
        if self._context.runs.is_stopping:
            return tr("Stopping…")
        if not history.epochs:
            return tr("Preparing the run…")
        epoch = tr("Epoch {epoch} of {epochs}", epoch=max(history.epoch, 1), epochs=history.epochs)
        if self._context.runs.is_paused:
            return tr("{epoch} · paused", epoch=epoch)
        left = history.seconds_left
        if left is None:
            return epoch
        return tr("{epoch} · {left} left", epoch=epoch, left=duration_words(left))

    @Slot(object, object)
    def _on_document_changed(self) -> None:
        self._show_device()

    def _show_devices(self) -> None:
        self.device.clear()
        reasons = self._context.devices.reasons()
        for key, words in self._context.devices.titles().items():
            if key not in reasons:
                self.device.addItem(words, key)
        self._show_device()

    def _show_device(self) -> None:
        chosen = self.device.findData(self._context.document.project.training.device)
        self.device.setCurrentIndex(max(chosen, 0))

    def _show_reason(self) -> None:
        action = self._context.actions["train"]
        is_shown = not action.isEnabled() and self._context.files.is_open
        self.reason.set_text(action.statusTip() if is_shown else "")
        self.device.setVisible(self._context.files.is_open)

    def _on_device_chosen(self, index: int) -> None:
        key = self.device.itemData(index)
        self._context.document.apply(
            lambda project: replace(project, training=replace(project.training, device=key)),
            tr("Change {setting}", setting=tr(_DEVICE.label)),
        )
