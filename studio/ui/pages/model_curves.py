"""The curves in the Model page's drawer: of the run that trains, else of the newest run."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget
from typing_extensions import override

from studio.core.run.history import History
from studio.core.words import tr
from studio.ui.cards import EmptyState
from studio.ui.context import Context
from studio.ui.controls import ActionButton
from studio.ui.theme import SPACE_1, SPACE_3, SPACE_4


class CurvesOfRun(QStackedWidget):
    """Curves, or what to do to get some. They are made when there is a first run to draw."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._wanted = ""
        train = ActionButton(context.actions["train"], icon_name="play")
        self.empty = EmptyState(
            "trend",
            tr("Nothing has been trained yet"),
            tr("Train, and the loss of each epoch is drawn here while you go on editing."),
            button=train,
        )
        self.addWidget(self.empty)
        context.runs.updated.connect(self._show)
        context.past.changed.connect(self._on_past_changed)
        context.past.loaded.connect(self._on_loaded)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_newest()

    @Slot()
    def _on_past_changed(self) -> None:
        if not self._context.past.records and not self._context.runs.is_running:
            self._wanted = ""
            self.setCurrentWidget(self.empty)
        elif self.isVisible():
            self._show_newest()

    @Slot(str)
    def _on_loaded(self, run: str) -> None:
        history = self._context.past.history_of(run)
        if run == self._wanted and history is not None and not self._context.runs.is_running:
            self._show(history)

    def _show_newest(self) -> None:
        runs, records = self._context.runs, self._context.past.records
        if runs.is_running:
            if runs.history.training:
                self._show(runs.history)
        elif records:
            self._wanted = records[-1].run
            history = self._context.past.history_of(self._wanted)
            if history is not None:
                self._show(history)

    @Slot(object)
    def _show(self, history: History) -> None:
        # pyqtgraph and numpy take half a second to load: not before they are needed.
        from studio.ui.panels.live_curves import LiveCurves

        curves = self.findChild(LiveCurves)
        if curves is None:
            curves = LiveCurves(self._context.runs, self._context.theme)
            curves.setObjectName("model.curves")
            curves.lay_along(QBoxLayout.Direction.LeftToRight)
            curves.setContentsMargins(SPACE_4, SPACE_1, SPACE_4, SPACE_3)
            self.addWidget(curves)
        self.setCurrentWidget(curves)
        curves.show_history(history)
