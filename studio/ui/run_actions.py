"""RunActions: train, pause and stop, and the reason beside each that is not possible now."""

from PySide6.QtCore import QObject, Slot

from studio.core.run.events import RunEnded
from studio.core.words import tr
from studio.ui.actions import Actions
from studio.ui.document import Document
from studio.ui.files import Files
from studio.ui.navigation import Navigation
from studio.ui.run_controller import RunController


class RunActions(QObject):
    """Keeps the three actions true."""

    def __init__(
        self,
        actions: Actions,
        runs: RunController,
        document: Document,
        files: Files,
        navigation: Navigation,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions, self._runs = actions, runs
        self._document, self._files, self._navigation = document, files, navigation
        actions["train"].triggered.connect(self._on_train)
        actions["pause"].triggered.connect(self._on_pause)
        actions["stop"].triggered.connect(runs.stop)
        runs.state_changed.connect(self._show)
        runs.ended.connect(self._on_ended)
        document.changed.connect(self._show)
        files.opened.connect(self._on_opened)
        self._show()

    @Slot()
    def _show(self) -> None:
        runs, actions = self._runs, self._actions
        actions.set_reason("train", self._obstacle())
        idle = "" if runs.is_running else tr("Nothing is training.")
        stopping = tr("The run is stopping.") if runs.is_stopping else idle
        actions.set_reason("pause", stopping)
        actions.set_reason("stop", stopping)
        actions.set_words("pause", tr("Go on") if runs.is_paused else tr("Pause"))

    def _obstacle(self) -> str:
        if not self._files.is_open:
            return tr("Open data or a project first.")
        if self._runs.is_running:
            return tr("A run is going on.")
        obstacle = self._document.report.obstacle
        return obstacle.message if obstacle else ""

    @Slot()
    def _on_opened(self) -> None:
        self._navigation.unsay("run")  # it was about the project before
        self._show()

    @Slot()
    def _on_train(self) -> None:
        problem = self._runs.start()
        if problem is None:
            self._navigation.unsay("run")
            self._navigation.go_to("train")
        else:
            self._navigation.say_problem(problem)

    @Slot()
    def _on_pause(self) -> None:
        if self._runs.is_paused:
            self._runs.go_on()
        else:
            self._runs.pause()

    @Slot(object)
    def _on_ended(self, event: RunEnded) -> None:
        if event.problem is not None:
            self._navigation.say(
                str(event.problem), "problem", key="run", detail=event.problem.detail
            )
