"""StatusBar: problems, what the data are, what the network costs, what the machine is doing."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio.core.design.dataset import DatasetSpec
from studio.core.design.project import Project
from studio.core.design.report import Report
from studio.core.run.wording import count_words
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.controls import Button, Elided, figure, label, set_ground, set_property
from studio.ui.counts import to_mend
from studio.ui.document import Document
from studio.ui.load import Load, memory_bytes
from studio.ui.sample_words import form_words, readable_words
from studio.ui.theme import SPACE_4, SPACE_6, STATUS_HEIGHT, font

EVERY_MS = 2000
MEGABYTE = 1_000_000


class StatusBar(QWidget):
    """What is permanent below every page.

    Signals:
        problems_wanted(): a person wants to see the problems.
    """

    problems_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._load = context, Load()
        set_ground(self, "surface", "top")
        self.setFixedHeight(STATUS_HEIGHT)
        self.problems = Button("", "status", icon_name="check")
        self.problems.setObjectName("status.problems")
        self.problems.setFont(font("small"))
        self.data = Elided(tone="soft", size="small")
        self.data.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.network = label(size="small", tone="soft")
        self.busy = label(size="small", tone="soft")
        self.machine = figure(size="small", tone="soft")
        self.machine.setToolTip(tr("Processor and memory that Studio uses"))
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)
        self.problems.clicked.connect(self.problems_wanted)
        context.document.changed.connect(self._on_changed)
        context.document.found_changed.connect(self._show)
        context.files.opened.connect(self._show)
        context.opening.began.connect(self.busy.setText)
        context.opening.ended.connect(self.busy.clear)
        self._show()
        self._on_tick()

    def watch(self, is_watching: bool) -> None:
        """Looks at the machine every two seconds, or no longer."""
        if is_watching:
            self._timer.start(EVERY_MS)
        else:
            self._timer.stop()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, 0, SPACE_4, 0)
        row.setSpacing(SPACE_6)
        row.addWidget(self.problems)
        row.addWidget(self.data)
        row.addWidget(self.network)
        row.addStretch(1)
        row.addWidget(self.busy)
        row.addWidget(self.machine)

    @Slot(object, object)
    def _on_changed(self, _before: Project, _after: Project) -> None:
        self._show()

    def _show(self) -> None:
        is_open, project = self._context.files.is_open, self._context.document.project
        for part in (self.problems, self.data, self.network):
            part.setVisible(is_open)
        if is_open:
            report = self._context.document.report
            self._show_problems(self._context.document)
            self.data.set_text(data_words(project.dataset, self._context.document.left_out))
            self.network.setText(network_words(project, report))

    def _show_problems(self, document: Document) -> None:
        problems = document.problems
        count = to_mend(problems)
        errors = sum(1 for problem in problems if problem.is_error)
        tone = "attention" if count else "good"
        words = problem_words(count, to_mend(document.data_problems))
        self.problems.setText(words)
        self.problems.set_icon("warning" if count else "check", f"{tone}_text")
        self.problems.setAccessibleName(words)
        self.problems.setToolTip(
            tr("{count} of them forbid training", count=errors)
            if errors
            else tr("Nothing forbids training")
        )
        set_property(self.problems, "tone", tone)

    def _on_tick(self) -> None:
        share = tr("CPU {percent} %", percent=round(self._load.processor_share() * 100))
        memory = memory_bytes()
        held = tr("{size} MB", size=count_words(memory / MEGABYTE)) if memory else ""
        self.machine.setText("    ".join(part for part in (share, held) if part))


def problem_words(count: int, in_data: int) -> str:
    """How many call for something, and where, so that it agrees with what the pages count."""
    if not count:
        return tr("No problems")
    if 0 < in_data < count:
        return tr("{count} problems: {data} in the data", count=count, data=in_data)
    return tr("{count} {count|problem|problems}", count=count)


def data_words(dataset: DatasetSpec, left_out: int = 0) -> str:
    """The data in a line: ``712 images · 160 × 160 pixels, colour · 2 classes``."""
    summary = dataset.summary
    if summary is None:
        return tr("No data yet")
    parts = [
        readable_words(dataset, left_out),
        form_words(dataset)
        or tr("{count} {count|column|columns}", count=count_words(len(summary.columns))),
    ]
    if dataset.task() == "classes":
        parts.append(tr("{count} {count|class|classes}", count=len(dataset.labels())))
    return " · ".join(parts)


def network_words(project: Project, report: Report) -> str:
    """The network in a line: ``7 nodes · 10 144 parameters``."""
    if not project.graph:
        return tr("No network yet")
    nodes = tr("{count} {count|node|nodes}", count=len(project.graph))
    return tr(
        "{nodes} · {count} {count|parameter|parameters}",
        nodes=nodes,
        count=count_words(report.parameters),
    )
