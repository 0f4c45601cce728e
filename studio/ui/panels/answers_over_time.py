"""AnswersOverTime: what was and what was answered, row after row, for a time series."""

import math

from PySide6.QtWidgets import QWidget

from studio.core.run.results import Evaluation
from studio.core.words import tr
from studio.ui.lines import Line
from studio.ui.panels.chart import Chart
from studio.ui.theme import Theme

MOST_POINTS = 1500  # a longer part is shown from its end backwards, where it is newest


class AnswersOverTime(Chart):
    """Two lines: the truth, and dashed the answer of the first step ahead."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Truth and answer over time"),
            theme,
            key="over_time",
            place_words="row {place}",
            parent=parent,
        )

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Another evaluation."""
        known = [
            (float(row), truth, answer)
            for row, truth, answer in zip(
                evaluation.rows, evaluation.truths, evaluation.answers, strict=True
            )
            if math.isfinite(truth) and math.isfinite(answer)
        ]
        shown = sorted(known)[-MOST_POINTS:]
        rows = [row for row, _, _ in shown]
        lines = (
            Line("truth", tr("truth"), "text_soft", rows, [truth for _, truth, _ in shown]),
            Line("answer", tr("answer"), "accent", rows, [a for _, _, a in shown], "dashed"),
        )
        self.show_lines(lines, (rows[0], max(rows[-1], rows[0] + 1)) if rows else (0.0, 1.0))
