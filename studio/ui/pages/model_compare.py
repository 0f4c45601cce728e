"""Compare: a past run beside today's project, gathered here and shown in its view."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal, Slot

from studio.core.design.project import Project
from studio.core.run.comparison import NOTHING, Comparison, Difference, compared
from studio.core.run.results import RunRecord
from studio.core.run.wording import figure_words, headline, metric_title
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.pages.comparison_view import ComparisonView
from studio.ui.panels.run_choice import words_of_run


class Compare(QObject):
    """Fills a ComparisonView from the archive and the document.

    Signals:
        closed(): the drawing is wanted back.
    """

    closed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.view = ComparisonView()
        self._run = ""
        self._is_open = False
        self.view.run_wanted.connect(self.show_run)
        self.view.closed.connect(self.closed)
        context.document.changed.connect(self._on_changed)
        context.past.changed.connect(self._on_changed)

    @property
    def is_open(self) -> bool:
        """True while it is shown."""
        return self._is_open

    @property
    def reason(self) -> str:
        """Why nothing can be compared now, or ""."""
        return "" if self._context.past.records else tr("There is no run to compare with yet.")

    def open(self) -> None:
        """Begins with the run in use, or else the newest one."""
        self._is_open = True
        in_use = self._context.past.in_use
        records = self._context.past.records
        self._run = (in_use or records[-1]).run if records else ""
        self._show()
        self.view.table.setFocus()

    def close(self) -> None:
        """Ends."""
        self._is_open = False

    @Slot(str)
    def show_run(self, run: str) -> None:
        """Compares with another run."""
        self._run = run
        self._show()

    @Slot()
    def _on_changed(self, *_projects: object) -> None:
        if self._is_open:
            self._show()

    def _show(self) -> None:
        record = self._context.past.record(self._run)
        if record is None:
            self.closed.emit()
            return
        project = self._context.document.project
        found = compared(record.project, project)
        records = reversed(self._context.past.records)
        self.view.show_runs([(words_of_run(one), one.run) for one in records], self._run)
        title = tr("Run {number}", number=record.number)
        then = {node: how for node, how in found.nodes.items() if how != "added"}
        now = {node: how for node, how in found.nodes.items() if how != "removed"}
        self.view.show_drawings((title, record.project, then), (tr("Today"), project, now))
        self.view.state.set_text(_state(found))
        groups = (
            (tr("Scores"), tuple(self._scores(record, project))),
            (tr("Layers"), found.layers),
            (tr("Training"), found.training),
            (tr("Data"), found.data),
        )
        self.view.table.show_groups(title, groups)

    def _scores(self, record: RunRecord, project: Project) -> Iterator[Difference]:
        """Those of the run beside those of the newest run of what is drawn now, if there is one."""
        same = [
            one
            for one in self._context.past.records
            if one.figures and compared(one.project, project).is_empty
        ]
        today = same[-1] if same else None
        for part, then, now in (
            (tr("validation"), record.figures, today.figures if today else {}),
            (tr("test"), record.test, today.test if today else {}),
        ):
            key, value = headline(then)
            if value is not None:
                name = tr("{figure}, {part}", figure=metric_title(key), part=part)
                beside = figure_words(now[key]) if key in now else _untrained(today)
                yield Difference(name, figure_words(value), beside)


def _untrained(today: RunRecord | None) -> str:
    return NOTHING if today is not None else tr("not trained yet")


def _state(found: Comparison) -> str:
    if found.is_empty:
        return tr("Nothing differs.")
    parts = []
    if found.nodes:
        parts.append(tr("{count} {count|layer|layers}", count=len(found.nodes)))
    settings = len(found.training) + len(found.data)
    if settings:
        parts.append(tr("{count} {count|setting|settings}", count=settings))
    if not parts:
        parts.append(tr("only wires"))
    return tr("Different: {parts}", parts=", ".join(parts))
