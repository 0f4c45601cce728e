"""DataProblems: what is wrong with the data, in words, each with the edit that mends it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.core.design.alike import Alike, gathered
from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.problems import Fix, Problem, Severity
from studio.core.words import tr
from studio.ui.cards import Card, Note, NoteTone
from studio.ui.controls import Tag
from studio.ui.counts import to_mend
from studio.ui.document import Document
from studio.ui.panels.alike_note import AlikeNote

TONES: dict[Severity, NoteTone] = {
    Severity.ERROR: "problem",
    Severity.WARNING: "attention",
    Severity.NOTE: "accent",
}
MOST_SHOWN = 20
_LOST = frozenset({"no-file", "changed"})


class DataProblems(Card):
    """The problems of the data, errors first; a sentence where there are none.

    Signals:
        column_wanted(name): the person wants to see the column that a problem speaks of.
        file_wanted(): the data are gone or others, and the person wants to find them.
        counted(count): so many of them call for something.
    """

    column_wanted = Signal(str)
    file_wanted = Signal()
    counted = Signal(int)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(tr("What is wrong"), parent)
        self.setObjectName("data.problems")
        self._document = document
        self.count = 0
        self._count = Tag()
        self.header.addWidget(self._count)
        self._problems: tuple[Problem, ...] | None = None
        document.changed.connect(self.refresh)
        document.found_changed.connect(self._show)
        self._show()

    def refresh(self, before: Project, after: Project) -> None:
        """Shows what has changed."""
        if before.dataset is not after.dataset or before.training is not after.training:
            self._show()

    def take_found(self, problems: tuple[Problem, ...], left_out: int = 0) -> None:
        """What was found by looking at all rows, instead of what was found before."""
        self._document.take_found(problems, left_out)

    def _show(self) -> None:
        problems = self._document.data_problems
        if problems == self._problems:
            return
        self._problems = problems
        while (item := self.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in gathered(problems)[:MOST_SHOWN]:
            self.body.addWidget(self._all_of(one) if isinstance(one, Alike) else self._note(one))
        if not problems:
            self.body.addWidget(Note(tr("Nothing. The data can be learnt from."), "good"))
        self._show_count(problems)

    def _show_count(self, problems: tuple[Problem, ...]) -> None:
        count = self.count = to_mend(problems)
        self.counted.emit(count)
        self._count.setVisible(count > 0)
        self._count.setText(str(count))
        worst = problems[0].severity if problems else Severity.NOTE
        tone = TONES[worst]
        self._count.set_tone("plain" if tone == "accent" else tone)

    def _all_of(self, alike: Alike) -> AlikeNote:
        fix = alike.fix
        return AlikeNote(
            alike.message,
            TONES[alike.problems[0].severity],
            mend=(fix.label, lambda: self._apply(fix)),
            singles=[self._note(problem) for problem in alike.problems],
        )

    def _note(self, problem: Problem) -> Note:
        fix, column = problem.fix, problem.place.key
        if fix is not None:
            return Note(
                str(problem), TONES[problem.severity], link=fix.label, act=lambda: self._apply(fix)
            )
        if problem.place.kind == "column":
            return Note(
                str(problem),
                TONES[problem.severity],
                link=tr("Show {name}", name=column),
                act=lambda: self.column_wanted.emit(column),
            )
        if problem.code in _LOST:
            return Note(
                str(problem),
                TONES[problem.severity],
                link=tr("Find the data"),
                act=self.file_wanted.emit,
            )
        return Note(str(problem), TONES[problem.severity])

    def _apply(self, fix: Fix) -> None:
        self._document.apply(lambda project: apply_fix(project, fix), fix.label)
