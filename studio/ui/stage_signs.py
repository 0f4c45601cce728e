"""StageSigns: keeps the rail's marks true, and the actions that lead to stages."""

from PySide6.QtCore import QObject, Slot

from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.rail import Rail
from studio.ui.stages import STAGES, Stage, state_of


class StageSigns(QObject):
    """Looks again whenever the project, the run or the past runs are others."""

    def __init__(self, context: Context, rail: Rail, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._rail = context, rail
        context.document.changed.connect(self._show)
        context.files.opened.connect(self._show)
        context.runs.state_changed.connect(self._show)
        context.past.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        closed = "" if self._context.files.is_open else tr("Open data or a project first.")
        for stage in STAGES:
            self._show_stage(stage, closed)
        untrained = "" if self._context.past.in_use else tr("Train the network first.")
        self._context.actions.set_reason("export", closed or untrained)

    def _show_stage(self, stage: Stage, closed: str) -> None:
        context, button = self._context, self._rail.buttons[stage.key]
        button.setEnabled(not closed)
        context.actions.set_reason(f"page_{stage.key}", closed)
        if closed:
            button.show_state("", closed)
            return
        state, reason = state_of(
            stage.key,
            context.document.project,
            context.document.report,
            is_running=context.runs.is_running,
            has_model=context.past.in_use is not None,
        )
        button.show_state(state, reason)
