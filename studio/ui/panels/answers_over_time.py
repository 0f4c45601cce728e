"""AnswersOverTime: what was and what was answered, row after row, for a time series."""

import math

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.core.run.results import Evaluation
from studio.core.words import tr
from studio.ui.lines import Line, Stroke
from studio.ui.panels.chart import Chart
from studio.ui.theme import Theme
from studio.ui.time_scale import moment_words, place_words

_BOTH: tuple[tuple[str, str, str, Stroke], ...] = (
    ("truth", "truth", "text_soft", "solid"),
    ("answer", "answer", "accent", "dashed"),
)
_FAR: tuple[tuple[str, str, str, Stroke], ...] = (
    ("distance", "how far a window is from what was rebuilt", "validation", "solid"),
)
MOST_POINTS = 1500  # a longer part is shown from its end backwards, where it is newest


class AnswersOverTime(Chart):
    """Two lines: the truth, and dashed the answer of the first step ahead; or how far off.

    They run over the moments of the rows where these are known, else over their numbers.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Truth and answer over time"),
            theme,
            key="over_time",
            parent=parent,
        )
        self._is_time = False

    def show_evaluation(self, evaluation: Evaluation, *, is_rebuilt: bool) -> None:
        """Another evaluation; of windows that are rebuilt it shows how far off each one is."""
        is_far = is_rebuilt and bool(evaluation.distances)
        title = tr("What stands out") if is_far else tr("Truth and answer over time")
        self.title.setText(title)
        self.setAccessibleName(title)
        self._is_time = bool(evaluation.moments)
        self.plot.set_time(self._is_time)
        places = evaluation.moments or evaluation.rows
        known = sorted(
            place
            for place in zip(places, *_lines_of(evaluation, is_far=is_far), strict=True)
            if all(math.isfinite(value) for value in place)
        )[-MOST_POINTS:]
        rows, *lines = [list(map(float, line)) for line in zip(*known, strict=True)] or [[]]
        styles = _FAR if is_far else _BOTH
        self.show_lines(
            [
                Line(key, tr(words), token, rows, line, stroke)
                for (key, words, token, stroke), line in zip(styles, lines, strict=False)
            ],
            (rows[0], max(rows[-1], rows[0] + 1)) if rows else (0.0, 1.0),
        )

    @override
    def place_in_words(self, x: float) -> str:
        return moment_words(x, with_hours=True) if self._is_time else place_words(x, is_time=False)


def _lines_of(evaluation: Evaluation, *, is_far: bool) -> tuple[tuple[float, ...], ...]:
    return (evaluation.distances,) if is_far else (evaluation.truths, evaluation.answers)
