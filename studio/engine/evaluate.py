"""Evaluate: how good a run's best weights are on one part of the data."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from studio.core.design.project import Project
from studio.core.problems import Place, refuse
from studio.core.run.results import Evaluation
from studio.core.words import tr
from studio.data.arrays import Arrays
from studio.engine.checkpoints import read_fitted
from studio.engine.metrics import Scorer
from studio.engine.objectives import loss_of
from studio.engine.predict import Predictor
from studio.engine.preparation import training_targets


def evaluate(
    project: Project, arrays: Arrays, folder: Path, run: str, part: str = "test"
) -> Evaluation:
    """The figures and every row's answer of a part, with the best weights in `folder`."""
    positions = arrays.parts.get(part)
    if positions is None or not len(positions):
        raise refuse(
            tr("The {part} part has no rows.", part=part),
            tr("Give it some on the Data page, or look at another part."),
            place=Place("data"),
            code="no-rows",
        )
    fitted = read_fitted(folder)
    predictor = Predictor(project, fitted, folder)
    outputs = predictor.outputs(arrays.inputs[positions])
    targets = training_targets(arrays, fitted)[torch.from_numpy(np.array(positions))]
    figures = {
        "loss": float(loss_of(project.training, fitted.task)(outputs, targets)),
        **Scorer(project, fitted).figures(outputs, targets),
    }
    answers = predictor.decoded(outputs).numpy()
    found = Evaluation(
        run=run,
        part=part,
        task=fitted.task,
        figures=figures,
        truths=(),
        answers=(),
        rows=_whole(arrays.rows[positions]),
        positions=_whole(positions),
        labels=fitted.labels,
        target_names=fitted.target_names,
        names=tuple(arrays.names[place] for place in positions) if arrays.names else (),
    )
    with_answers = _with_classes if fitted.task == "classes" else _with_numbers
    return with_answers(found, answers, arrays.targets[positions])


def _with_classes(
    found: Evaluation, probabilities: NDArray[np.float32], truths: NDArray[Any]
) -> Evaluation:
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


def _with_numbers(
    found: Evaluation, answers: NDArray[np.float32], truths: NDArray[Any]
) -> Evaluation:
    return replace(found, truths=_numbers(truths[:, 0]), answers=_numbers(answers[:, 0]))


_PER_CLASS = ("precision", "recall", "f1", "support")


def _whole(values: NDArray[Any]) -> tuple[int, ...]:
    return tuple(int(value) for value in values.tolist())


def _numbers(values: NDArray[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in values.tolist())
