"""Evaluate: how good a run's best weights are on one part of the data."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from torch import Tensor

from studio.core.design.project import Project
from studio.core.problems import Place, refuse
from studio.core.run.results import Evaluation
from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted, Positions
from studio.engine.checkpoints import read_fitted
from studio.engine.decoding import training_targets
from studio.engine.metrics import Scorer
from studio.engine.objectives import PADDING, loss_of, loss_weight
from studio.engine.predict import Predictor


def evaluate(
    project: Project, arrays: Arrays, folder: Path, run: str, part: str = "test"
) -> Evaluation:
    """The figures and every row's answer of a part, with the best weights in `folder`.

    `arrays` hold texts as token numbers. The loss counts all rows alike.
    """
    positions = arrays.parts.get(part)
    if positions is None or not len(positions):
        raise refuse(
            tr("The {part} part has no rows.", part=part),
            tr("Give it some on the Data page, or look at another part."),
            place=Place("data"),
            code="no-rows",
        )
    fitted = read_fitted(folder)
    judged = _Judged(project, fitted, Predictor(project, fitted, folder), arrays, positions)
    found = Evaluation(
        run=run,
        part=part,
        task=fitted.task,
        figures=judged.figures,
        truths=(),
        answers=(),
        rows=_whole(arrays.rows[positions]),
        positions=_whole(positions),
        labels=fitted.labels,
        target_names=fitted.target_names,
        names=tuple(arrays.names[place] for place in positions) if arrays.names else (),
    )
    return _WITH_ANSWERS[fitted.task](found, judged, arrays.targets[positions])


class _Judged:
    """The answers to the rows of a part, made some at a time, and their figures."""

    def __init__(
        self,
        project: Project,
        fitted: Fitted,
        predictor: Predictor,
        arrays: Arrays,
        positions: Positions,
    ) -> None:
        self.scorer = Scorer(project, fitted)
        self.targets = training_targets(arrays, fitted)[torch.from_numpy(np.array(positions))]
        self._loss_of, self._task = loss_of(project.training, fitted.task), fitted.task
        self._decoded = predictor.decoded
        self._kept: list[Tensor] = []
        self._confidences: list[Tensor] = []
        self._loss, self._weight, done = 0.0, 0, 0
        for outputs in predictor.outputs(arrays.inputs, positions):
            self._add(outputs, self.targets[done : done + len(outputs)])
            done += len(outputs)
        self.kept = torch.cat(self._kept)

    def _add(self, outputs: Tensor, targets: Tensor) -> None:
        counted = loss_weight(self._task, targets)
        self._loss += float(self._loss_of(outputs, targets)) * counted
        self._weight += counted
        self._kept.append(self.scorer.kept(outputs))
        if self._task == "sequences":
            self._confidences.append(self._decoded(outputs).amax(dim=-1).mean(dim=-1))

    @property
    def figures(self) -> dict[str, float]:
        """Loss and metrics of all rows."""
        loss = self._loss / max(1, self._weight)
        return {"loss": loss, **self.scorer.figures(self.kept, self.targets)}

    @property
    def answers(self) -> NDArray[Any]:
        """Probabilities, numbers in their own unit, or token numbers."""
        found: NDArray[Any] = (
            self.kept if self._task == "sequences" else self._decoded(self.kept)
        ).numpy()
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
        judged.scorer.figures(judged.kept, judged.targets, target)
        for target in range(truths.shape[1])
    )
    gaps = (judged.kept - judged.targets).square().mean(dim=1).sqrt()
    return replace(
        found,
        truths=_numbers(truths[:, 0]),
        answers=_numbers(judged.answers[:, 0]),
        per_target=per_target,
        distances=_numbers(gaps.numpy()) if truths.shape[1] > 1 else (),
    )


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


_WITH_ANSWERS = {"classes": _with_classes, "numbers": _with_numbers, "sequences": _with_tokens}
_PER_CLASS = ("precision", "recall", "f1", "support")


def _whole(values: NDArray[Any]) -> tuple[int, ...]:
    return tuple(int(value) for value in values.tolist())


def _numbers(values: NDArray[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in values.tolist())
