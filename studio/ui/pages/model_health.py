"""The health of a run on the drawing: marks on the cards, more of the selected node beside it."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot

from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.problems import Problem
from studio.core.run.events import NodeHealth
from studio.core.run.health import (
    MEASURES,
    WELL,
    HealthHistory,
    Level,
    Verdict,
    measures_in_words,
    verdict,
)
from studio.core.run.history import History
from studio.core.words import tr
from studio.ui.canvas.card_marks import CardMarks, HealthSign
from studio.ui.canvas.scene import CanvasScene
from studio.ui.context import Context
from studio.ui.panels.node_health import Measured, NodeHealthView

_RANK: Mapping[Level, int] = {"good": 0, "doubtful": 1, "bad": 2}


class HealthOfRun(QObject):
    """Follows the run that trains, else the newest that was played again."""

    def __init__(
        self, context: Context, scene: CanvasScene, marks: CardMarks, view: NodeHealthView
    ) -> None:
        super().__init__(scene)
        self._context, self._scene = context, scene
        self._marks, self._view = marks, view
        self._history = History()
        self._trained: Project | None = None
        self._looks = -1
        context.runs.started.connect(self._on_started)
        context.runs.updated.connect(self._on_updated)
        context.past.loaded.connect(self._on_loaded)
        context.past.changed.connect(self._on_past_changed)
        context.document.changed.connect(self._on_document_changed)
        context.document.replaced.connect(self._on_replaced)
        context.selection.changed.connect(self._show_node)
        view.fix_wanted.connect(self._on_fix_wanted)

    @property
    def health(self) -> HealthHistory:
        """What was seen of the nodes that are shown."""
        return self._history.health

    def show_history(self, history: History, trained: Project) -> None:
        """Shows how the nodes were in a run of that project."""
        if history is self._history and len(history.health) == self._looks:
            return
        self._history, self._trained = history, trained
        self._looks = len(history.health)
        self._show()

    @Slot()
    def _on_started(self) -> None:
        self._forget()

    @Slot(object)
    def _on_updated(self, history: History) -> None:
        trained = self._context.runs.run_project
        if trained is not None:
            self.show_history(history, trained)

    @Slot()
    def _on_past_changed(self) -> None:
        """The newest run is played again where none was seen to train."""
        records = self._context.past.records
        if records and self._trained is None and not self._context.runs.is_running:
            newest = records[-1].run
            if self._context.past.history_of(newest) is not None:
                self._on_loaded(newest)

    @Slot(str)
    def _on_loaded(self, run: str) -> None:
        """A past run was played again; the newest one is shown while nothing trains."""
        past, runs = self._context.past, self._context.runs
        history, record = past.history_of(run), past.record(run)
        is_newest = bool(past.records) and past.records[-1].run == run
        if history is None or record is None or runs.is_running or not is_newest:
            return
        if len(history.health):
            self.show_history(history, record.project)

    @Slot()
    def _on_replaced(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._history, self._trained, self._looks = History(), None, -1
        self._show()

    @Slot(object, object)
    def _on_document_changed(self, before: Project, after: Project) -> None:
        if before.graph.nodes is not after.graph.nodes or before.graph.blocks != after.graph.blocks:
            self._show()

    def _known(self) -> dict[str, NodeHealth]:
        """What was seen of the nodes that are still the same layers."""
        if self._trained is None:
            return {}
        then, now = self._trained.graph.nodes, self._context.document.project.graph.nodes
        return {
            node_id: health
            for node_id, health in self.health.latest.items()
            if node_id in now and node_id in then and now[node_id].layer == then[node_id].layer
        }

    def _verdicts(self) -> dict[str, Verdict]:
        project, known = self._context.document.project, self._known()
        return {i: verdict(project, project.graph.nodes[i], known) for i in known}

    def _show(self) -> None:
        known, cards = self._known(), self._scene.view.cards
        signs: dict[str, HealthSign] = {}
        for node_id, found in self._verdicts().items():
            card = cards.get(node_id, node_id)
            former = signs.get(card)
            if former is None or _RANK[found.level] > _RANK[former.level]:
                signs[card] = HealthSign(found.level, _words(found, known[node_id]))
        self._marks.show_health(signs)
        self._show_node()

    @Slot()
    def _show_node(self) -> None:
        node_id = self._context.selection.only or ""
        known = self._known().get(node_id)
        if known is None:
            self._view.show_health("", (), None)
            return
        project = self._context.document.project
        found = verdict(project, project.graph.nodes[node_id], self.health.latest)
        figures = dict(measures_in_words(known))
        measured = [
            Measured(tr(title), figures[tr(title)], self.health.curve(node_id, key), key != "slope")
            for key, title in MEASURES.items()
            if tr(title) in figures
        ]
        self._view.show_health(self._history.run, measured, found.problem)

    def _on_fix_wanted(self, problem: Problem) -> None:
        fix = problem.fix
        if fix is not None:
            self._context.document.apply(lambda project: apply_fix(project, fix), fix.label)


def _words(found: Verdict, known: NodeHealth) -> str:
    """What is told where the pointer rests on a card."""
    if found is not WELL and found.problem is not None:
        return found.problem.message
    said = ", ".join(f"{name} {figure}" for name, figure in measures_in_words(known))
    return tr("Learns well: {said}", said=said) if said else tr("Learns well")
