"""Answers of a model as a table on the disk: one line for each row that was asked."""

import csv
import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.core.design.storage import write_atomically
from studio.data.arrays import Arrays, Fitted


def write_answers(path: Path, answers: NDArray[np.float32], arrays: Arrays, fitted: Fitted) -> None:
    """Writes CSV: the row (or file), the answer, and for classes the probability of each.

    Classes: columns ``row``, the target's name, one for each label. Numbers: ``row`` and
    one for each target, in its own unit.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_head(arrays, fitted))
    for number, answer in enumerate(answers.tolist()):
        writer.writerow([_name(arrays, number), *_cells(answer, fitted)])
    write_atomically(path, text.getvalue().encode("utf-8"))


def _head(arrays: Arrays, fitted: Fitted) -> list[str]:
    first = "file" if arrays.names else "row"
    if fitted.task == "numbers":
        return [first, *fitted.target_names]
    target = fitted.target_names[0] if fitted.target_names else "class"
    return [first, target, *fitted.labels]


def _cells(answer: list[float], fitted: Fitted) -> list[str]:
    shown = [f"{value:.7g}" for value in answer]
    if fitted.task == "numbers":
        return shown
    return [fitted.labels[int(np.argmax(answer))], *shown]


def _name(arrays: Arrays, number: int) -> str:
    return arrays.names[number] if arrays.names else str(int(arrays.rows[number]))
