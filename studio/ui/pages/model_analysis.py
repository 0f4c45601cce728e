"""Analyze: what an analysis of the drawing finds, gathered here and shown in its view."""

from PySide6.QtCore import QObject, Signal, Slot

from studio import jobs
from studio.core.design.doubts import doubts
from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.problems import Place, Problem, Severity
from studio.core.run.rehearsal import Rehearsal
from studio.core.run.wording import duration_words, figure_words
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.counts import counted, weights_in_bytes
from studio.ui.pages.analysis_rows import analysis_rows, analysis_titles
from studio.ui.panels.analysis import (
    AnalysisView,
    bytes_in_words,
    seconds_in_words,
)

JOB = "analysis"
MINUTE = 60.0
_ORDER = {severity: place for place, severity in enumerate(Severity)}


class Analysis(QObject):
    """Fills an AnalysisView: the drawing at once, what is measured when it is there.

    Signals:
        place_wanted(place): the person wants to see where a finding is.
        closed(): the drawing is wanted back.
    """

    place_wanted = Signal(object)
    closed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.view = AnalysisView()
        self._measured: Rehearsal | None = None
        self._measured_of: Project | None = None
        self._trouble: Problem | None = None
        self._is_open = self._is_measuring = False
        self.view.again_wanted.connect(self.measure)
        self.view.closed.connect(self.closed)
        self.view.node_wanted.connect(self._on_node_wanted)
        self.view.place_wanted.connect(self.place_wanted)
        self.view.fix_wanted.connect(self._on_fix_wanted)
        context.document.changed.connect(self._on_document_changed)
        context.runs.state_changed.connect(self._on_run_changed)

    @property
    def is_open(self) -> bool:
        """True while it is shown."""
        return self._is_open

    def open(self) -> None:
        """Begins: what the drawing says is there at once, and the measuring starts."""
        self._is_open = True
        self.measure()
        self.view.layers.setFocus()

    def close(self) -> None:
        """Ends: nothing is measured any longer."""
        self._is_open = self._is_measuring = False
        self._context.background.cancel(JOB)

    @Slot()
    def measure(self) -> None:
        """A real pass over one batch, where the network can be trained and nothing else runs."""
        project = self._context.document.project
        self._measured = self._measured_of = self._trouble = None
        self._is_measuring = not self._why_not()
        if self._is_measuring:
            self._context.background.run(
                jobs.rehearse,
                project,
                done=lambda found: self._on_measured(project, found),
                failed=self._on_failed,
                key=JOB,
            )
        self._show()

    def _why_not(self) -> str:
        if self._context.runs.is_running:
            return tr("Time and memory are measured when the run is over.")
        obstacle = self._context.document.report.obstacle
        if obstacle is not None:
            return tr("Time and memory can be measured once the errors are put right.")
        return ""

    def _on_measured(self, project: Project, found: Rehearsal) -> None:
        self._is_measuring = False
        self._measured, self._measured_of = found, project
        self._show()

    def _on_failed(self, problem: Problem) -> None:
        self._is_measuring, self._trouble = False, problem
        self._show()

    def _on_node_wanted(self, node_id: str) -> None:
        self.place_wanted.emit(Place("node", node_id))

    def _on_fix_wanted(self, problem: Problem) -> None:
        fix = problem.fix
        if fix is not None:
            self._context.document.apply(lambda project: apply_fix(project, fix), fix.label)

    @Slot(object, object)
    def _on_document_changed(self, _before: Project, _after: Project) -> None:
        if not self._is_open:
            return
        if self._is_measuring:  # it would be about another network
            self.measure()
        else:
            self._show()

    @Slot()
    def _on_run_changed(self) -> None:
        if self._is_open:
            self._show()

    def _show(self) -> None:
        document = self._context.document
        project, report = document.project, document.report
        measured = self._measured if self._measured_of is project else None
        self.view.state.setText(self._state(measured))
        self.view.again.set_reason(
            self._why_not() or (tr("It is being measured.") if self._is_measuring else "")
        )
        self._show_figures(measured, report.parameters)
        found = [*document.problems, *doubts(project), *(measured.problems if measured else ())]
        if self._trouble is not None:
            found.append(self._trouble)
        self.view.findings.show_problems(sorted(found, key=lambda one: _ORDER[one.severity]))
        rows = analysis_rows(project, report, measured.nodes if measured else {})
        self.view.layers.show_costs(analysis_titles(), tuple(rows))

    def _state(self, measured: Rehearsal | None) -> str:
        if self._is_measuring:
            return tr("A batch of the data runs through the network and back…")
        why = self._why_not()
        if why:
            return why
        if measured is not None and not measured.problems:
            return tr(
                "{device}: measured with {rows} {rows|row|rows} at once.",
                device=measured.device,
                rows=measured.rows,
            )
        if self._measured_of is not None and measured is None:
            return tr("The project has changed since it was measured.")
        return tr("It could not be measured; the findings say why.")

    def _show_figures(self, measured: Rehearsal | None, parameters: int) -> None:
        view = self.view
        view.parameters.show_figure(counted(parameters), weights_in_bytes(parameters))
        if measured is None or measured.problems:
            waits = tr("in a moment") if self._is_measuring else ""
            for card in (view.epoch, view.step, view.memory):
                card.show_figure("–", waits)
            return
        view.epoch.show_figure(
            _length(measured.seconds_an_epoch),
            tr("{count} {count|step|steps}", count=measured.steps),
        )
        view.step.show_figure(
            seconds_in_words(measured.seconds_a_step),
            tr("first loss {loss}", loss=figure_words(measured.loss)),
        )
        view.memory.show_figure(bytes_in_words(measured.memory), tr("at its fullest"))


def _length(seconds: float) -> str:
    """What was measured is told to two digits, what takes long as a person plans with it."""
    return (
        seconds_in_words(float(f"{seconds:.2g}")) if seconds < MINUTE else duration_words(seconds)
    )
