"""TextSide: beside the figures of a model that reads texts, a text to try and what it looked at."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio import jobs
from studio.core.problems import Problem
from studio.core.run.results import RunRecord
from studio.core.run.told import Told, goes_on, typed_inputs
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.panels.attention import AttentionCard
from studio.ui.panels.try_text import TryCard
from studio.ui.theme import SPACE_4

ASK_KEY, ROW_KEY = "told text", "told row"
LEAST_WIDTH, MOST_WIDTH = 248, 320


class TextSide(QWidget):
    """Asks the model, off the window's thread, and shows its answer. Hidden for other data."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate.texts")
        self.setMinimumWidth(LEAST_WIDTH)
        self.setMaximumWidth(MOST_WIDTH)
        self._context = context
        self._record: RunRecord | None = None
        self.trial, self.attention = TryCard(), AttentionCard()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_4)
        rows.addWidget(self.trial)
        rows.addWidget(self.attention, 1)
        self.trial.asked.connect(self._on_asked)
        self.hide()

    @property
    def goes_on(self) -> bool:
        """True where the network goes on from a beginning, and is judged by each next word."""
        return self._record is not None and goes_on(self._record.project)

    def show_run(self, record: RunRecord | None) -> None:
        """Another run."""
        if record == self._record:
            return
        self._record = record
        for key in (ASK_KEY, ROW_KEY):
            self._context.background.cancel(key)
        typed = typed_inputs(record.project) if record else ()
        self.setVisible(bool(typed))
        if record is None or not typed:
            return
        self.trial.offer(
            [(one.name, one.feature.source) for one in typed], goes_on=goes_on(record.project)
        )
        self.attention.say(tr("Choose a row, or type a text above."))

    def show_row(self, position: int) -> None:
        """What the network looked at in a row of the data."""
        record = self._record
        if record is None or self.isHidden():
            return
        self._context.background.run(
            partial(jobs.tell, self._context.past.folder, record.run, row=position),
            done=self._show_attention,
            failed=self._refuse_row,
            key=ROW_KEY,
        )

    @Slot(object)
    def _on_asked(self, texts: Mapping[str, str]) -> None:
        if self._record is None:
            return
        self._context.background.run(
            partial(jobs.tell, self._context.past.folder, self._record.run, texts=texts),
            done=self._show_answer,
            failed=self._refuse_text,
            key=ASK_KEY,
        )

    def _show_answer(self, told: Told) -> None:
        self.trial.show_told(told)
        self._show_attention(told)

    def _show_attention(self, told: Told) -> None:
        self.attention.show_attention(told.attention)

    def _refuse_text(self, problem: Problem) -> None:
        self.trial.show_trouble(str(problem))

    def _refuse_row(self, problem: Problem) -> None:
        self.attention.say(str(problem))
