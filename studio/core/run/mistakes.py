"""Which rows of an evaluation deserve a look: those behind a cell, and those furthest off."""

import math

from studio.core.run.results import Evaluation
from studio.core.run.wording import figure_words


def rows_behind(evaluation: Evaluation, truth: int, answer: int) -> tuple[int, ...]:
    """The places of all rows of one cell of the matrix; the surest answers first."""
    pairs = zip(evaluation.truths, evaluation.answers, strict=True)
    places = [place for place, pair in enumerate(pairs) if pair == (truth, answer)]
    return tuple(sorted(places, key=lambda place: -_sureness(evaluation, place)))


def worst_rows(evaluation: Evaluation) -> tuple[int, ...]:
    """Classes: the mistakes it was surest of. Else the answers furthest from the truth.

    Of several numbers the distance of all of them counts: a window that could not be rebuilt.
    """
    pairs = list(zip(evaluation.truths, evaluation.answers, strict=True))
    if evaluation.task == "classes":
        places = [place for place, (truth, answer) in enumerate(pairs) if truth != answer]
        places.sort(key=lambda place: -_sureness(evaluation, place))
    else:
        places = [place for place, (truth, _) in enumerate(pairs) if math.isfinite(truth)]
        off = evaluation.distances or [abs(truth - answer) for truth, answer in pairs]
        places.sort(key=lambda place: -off[place])
    return tuple(places)


def answer_words(evaluation: Evaluation, place: int) -> tuple[str, ...]:
    """Truth, answer, and how sure it was (classes), how far off (numbers, pictures), how right."""
    truth, answer = evaluation.truths[place], evaluation.answers[place]
    if evaluation.task == "classes":
        sure = f"{100 * _sureness(evaluation, place):.0f} %" if evaluation.confidences else ""
        return evaluation.labels[int(truth)], evaluation.labels[int(answer)], sure
    if evaluation.task == "masks":
        return "", "", f"{100 * answer:.0f} %"
    if evaluation.task == "images":
        return "", "", figure_words(answer)
    if evaluation.task == "sequences":
        right = f"{100 * answer:.0f} %"
        if not evaluation.true_texts:
            return "", "", right
        return evaluation.true_texts[place], evaluation.answer_texts[place], right
    off = answer - truth
    said = figure_words(answer)
    if evaluation.intervals:
        low, high = evaluation.intervals[place]
        said = f"{said} ± {figure_words((high - low) / 2)}"
    return figure_words(truth), said, f"{'+' if off > 0 else ''}{figure_words(off)}"


def _sureness(evaluation: Evaluation, place: int) -> float:
    return evaluation.confidences[place] if evaluation.confidences else 0.0
