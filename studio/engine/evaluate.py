"""Evaluate: how good a run's best weights are on one part of the data."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from torch import Tensor

from studio.core.design.effective import effective_project
from studio.core.design.project import Project
from studio.core.problems import Place, refuse
from studio.core.run.results import Evaluation
from studio.core.words import tr
from studio.data.arrays import Arrays, Positions
from studio.engine.checkpoints import read_fitted
from studio.engine.decoding import training_targets
from studio.engine.evaluate_pixels import (
    beside,
    distances_of,
    pictures_among,
    with_masks,
    with_pictures,
    worst_first,
)
from studio.engine.given import as_tuple
from studio.engine.judging import Judge, Judges, Tally
from studio.engine.objectives import PADDING
from studio.engine.predict import Predictor


def evaluate(
    project: Project, arrays: Arrays, folder: Path, run: str, part: str = "test"
) -> Evaluation:
    """The figures and every row's answer of a part, with the best weights in `folder`.

    `arrays` hold texts as token numbers. The loss counts all rows alike. What is found of
    the further outputs of a network stands in `others`.
    """
    project = effective_project(project)
    positions = arrays.parts.get(part)
    if positions is None or not len(positions):
        raise refuse(
            tr("The {part} part has no rows.", part=part),
            tr("Give it some on the Data page, or look at another part."),
            place=Place("data"),
            code="no-rows",
        )
    predictor = Predictor(project, read_fitted(folder), folder)
    found = [
        _evaluation(judged, run, part, arrays, positions)
        for judged in _all_judged(project, predictor, arrays, positions)
    ]
    return replace(found[0], others=tuple(found[1:]))


def _evaluation(
    judged: "_Judged", run: str, part: str, arrays: Arrays, positions: Positions
) -> Evaluation:
    known = judged.judge.known
    found = Evaluation(
        run=run,
        part=part,
        task=known.task,
        figures=judged.figures,
        truths=(),
        answers=(),
        rows=_whole(arrays.rows[positions]),
        positions=_whole(positions),
        labels=known.labels,
        target_names=known.target_names,
        names=tuple(arrays.names[place] for place in positions) if arrays.names else (),
        output=known.name,
    )
    truths = arrays.target_of(known.name)[positions]
    return _shown(_WITH_ANSWERS[known.task](found, judged, truths), judged, arrays)


def _all_judged(
    project: Project, predictor: Predictor, arrays: Arrays, positions: Positions
) -> tuple["_Judged", ...]:
    """The answers to the rows of a part, made some at a time, for each output."""
    fitted = predictor.fitted
    places = torch.from_numpy(np.array(positions))
    targets = as_tuple(training_targets(arrays, fitted))
    found = tuple(
        _Judged(judge, target[places], partial(predictor.decoded, place=place))
        for place, (judge, target) in enumerate(
            zip(Judges(project, fitted).each, targets, strict=True)
        )
    )
    for inputs in predictor.ready(arrays.inputs, positions):
        writer = predictor.writer
        if writer is None:
            for judged, output in zip(found, as_tuple(predictor.said(inputs)), strict=True):
                judged.add(output)
            continue
        # One that goes on from a beginning would be given the whole text that is asked for.
        written = None if writer.is_prompted else as_tuple(predictor.said(inputs))[0]
        found[0].add(predictor.told(inputs, found[0].next_targets(len(inputs[0]))), written)
    return found


class _Judged:
    """The answers of one output to the rows of a part, and their figures."""

    def __init__(self, judge: Judge, targets: Tensor, decoded: Callable[[Tensor], Tensor]) -> None:
        self.judge = judge
        self.targets = targets
        self._decoded = decoded
        self._tally = Tally((judge,))
        self._kept: list[Tensor] = []
        self._written: list[Tensor] = []
        self._confidences: list[Tensor] = []
        self._done = 0

    def next_targets(self, count: int) -> Tensor:
        """Those of the rows that are to be added next."""
        return self.targets[self._done : self._done + count]

    def add(self, outputs: Tensor, written: Tensor | None = None) -> None:
        """Takes the answers to some more rows in.

        `written` are probabilities of a text that the model wrote by itself: they are its
        answers, while the loss and its figures are those of tokens that follow the right ones.
        """
        targets = self.next_targets(len(outputs))
        self._done += len(outputs)
        self._tally.add(outputs, targets)
        self._kept.append(self.judge.scorer.kept(outputs))
        if written is not None:
            self._written.append(written.argmax(dim=-1))
        if self._is_text:
            likely = self._decoded(outputs) if written is None else written
            self._confidences.append(likely.amax(dim=-1).mean(dim=-1))

    @property
    def _is_text(self) -> bool:
        return self.judge.known.task == "sequences"

    @cached_property
    def kept(self) -> Tensor:
        """What of the outputs is enough for the figures."""
        return torch.cat(self._kept)

    @property
    def figures(self) -> dict[str, float]:
        """Loss and metrics of all rows."""
        return {**self._tally.figures, **self.judge.scorer.figures(self.kept, self.targets)}

    @property
    def answers(self) -> NDArray[Any]:
        """Probabilities, numbers in their own unit, token numbers, classes of pixels or pixels."""
        if self._is_text:
            tokens: NDArray[Any] = (
                torch.cat(self._written) if self._written else self.kept
            ).numpy()
            return tokens
        if self.judge.known.task == "masks":
            classes: NDArray[Any] = self.kept.numpy()
            return classes
        found: NDArray[Any] = self._decoded(self.kept).numpy()
        return found

    @property
    def confidences(self) -> NDArray[Any]:
        """For each text the mean probability of the tokens it was given."""
        found: NDArray[Any] = torch.cat(self._confidences).numpy()
        return found


def _with_classes(found: Evaluation, judged: _Judged, truths: NDArray[Any]) -> Evaluation:
    probabilities = judged.answers
    chosen = probabilities.argmax(axis=1)
    classes = range(len(found.labels))
    matrix = confusion_matrix(truths, chosen, labels=list(classes))
    columns = precision_recall_fscore_support(
        truths, chosen, labels=list(classes), zero_division=0.0
    )
    per_class = tuple(
        {name: float(column[index]) for name, column in zip(_PER_CLASS, columns, strict=True)}
        for index in classes
    )
    return replace(
        found,
        truths=_numbers(truths),
        answers=_numbers(chosen),
        confidences=_numbers(probabilities.max(axis=1)),
        matrix=tuple(_whole(row) for row in matrix),
        per_class=per_class,
    )


def _with_numbers(found: Evaluation, judged: _Judged, truths: NDArray[Any]) -> Evaluation:
    per_target = tuple(
        judged.judge.scorer.figures(judged.kept, judged.targets, target)
        for target in range(truths.shape[1])
    )
    gaps = (judged.kept[:, : truths.shape[1]] - judged.targets).square().mean(dim=1).sqrt()
    answers = judged.answers
    return replace(
        found,
        truths=_numbers(truths[:, 0]),
        answers=_numbers(answers[:, 0]),
        intervals=_intervals(answers, truths.shape[1]) if judged.judge.known.interval else (),
        per_target=per_target,
        distances=_numbers(gaps.numpy()) if truths.shape[1] > 1 else (),
    )


def _intervals(answers: NDArray[Any], count: int) -> tuple[tuple[float, float], ...]:
    """The two ends around the answer to the first of so many targets."""
    ends = zip(_numbers(answers[:, count]), _numbers(answers[:, 2 * count]), strict=True)
    return tuple(ends)


def _with_tokens(found: Evaluation, judged: _Judged, truths: NDArray[Any]) -> Evaluation:
    answers = judged.answers
    is_known = truths != PADDING
    right = ((answers == truths) & is_known).sum(axis=1) / np.maximum(1, is_known.sum(axis=1))
    return replace(
        found,
        truths=(1.0,) * len(truths),
        answers=_numbers(right),
        confidences=_numbers(judged.confidences),
        true_tokens=tuple(_whole(row) for row in truths),
        answer_tokens=tuple(_whole(row) for row in answers),
    )


def _with_masks(found: Evaluation, judged: _Judged, truths: NDArray[Any]) -> Evaluation:
    return with_masks(found, judged.answers, truths)


def _with_pictures(found: Evaluation, judged: _Judged, truths: NDArray[Any]) -> Evaluation:
    return with_pictures(found, distances_of(judged.answers, truths))


def _shown(found: Evaluation, judged: _Judged, arrays: Arrays) -> Evaluation:
    """With the worst rows as pictures, where the answers are pictures."""
    if found.task not in ("masks", "images"):
        return found
    worst = worst_first(found)
    positions = np.array(found.positions, np.int64)[worst]
    kinds = tuple(one.kind for one in arrays.model_inputs)
    source = pictures_among(arrays.inputs, kinds)
    came = None if source is None else source.take(positions)
    truths = arrays.target_of(found.output)[positions]
    return replace(found, pictures=beside(worst, came, truths, judged.answers[worst]))


_WITH_ANSWERS = {
    "classes": _with_classes,
    "numbers": _with_numbers,
    "sequences": _with_tokens,
    "masks": _with_masks,
    "images": _with_pictures,
}
_PER_CLASS = ("precision", "recall", "f1", "support")


def _whole(values: NDArray[Any]) -> tuple[int, ...]:
    return tuple(int(value) for value in values.tolist())


def _numbers(values: NDArray[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in values.tolist())
