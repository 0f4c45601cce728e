"""PlainWords: what the curves say, in sentences, each with the change that answers it."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.problems import Fix, Problem, Severity
from studio.core.words import tr
from studio.ui.cards import Card, Note, NoteTone
from studio.ui.controls import label
from studio.ui.theme import SPACE_2

TONES: dict[Severity, NoteTone] = {
    Severity.ERROR: "problem",
    Severity.WARNING: "attention",
    Severity.NOTE: "good",
}
SHOWN_PLACES = ("node", "column", "field", "edge")
Remedy = Callable[[Problem], Fix | None]


class PlainWords(Card):
    """Says what it is told; notes are made anew only when the words are others.

    Signals:
        fix_wanted(fix): a person wants the change that a sentence offers.
        place_wanted(place): a person wants to see where the trouble is.
    """

    fix_wanted = Signal(object)
    place_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("In plain words"), parent)
        self.setObjectName("plain_words")
        self._shown: tuple[tuple[Problem, Fix | None], ...] | None = None
        self._notes = QVBoxLayout()
        self._notes.setSpacing(SPACE_2)
        self.state = label(size="small", tone="soft", wraps=True)
        self.body.addLayout(self._notes)
        self.body.addWidget(self.state)
        self.body.addStretch(1)

    def say(self, problems: tuple[Problem, ...], remedy: Remedy, state: str) -> None:
        """Shows these sentences, and below them where the run is."""
        self.state.setText(state)
        wanted = tuple((problem, remedy(problem)) for problem in problems)
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._notes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for problem, fix in wanted:
            self._notes.addWidget(self._note(problem, fix))

    def _note(self, problem: Problem, fix: Fix | None) -> Note:
        tone = TONES[problem.severity]
        place = problem.place
        if fix is None and place.kind in SHOWN_PLACES and place.key:
            return Note(
                str(problem), tone, link=tr("Show where"), act=lambda: self.place_wanted.emit(place)
            )
        if fix is None:
            return Note(str(problem), tone)
        text = problem.message if problem.severity is Severity.NOTE else str(problem)
        return Note(text, tone, link=fix.label, act=lambda: self.fix_wanted.emit(fix))
