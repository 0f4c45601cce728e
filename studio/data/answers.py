"""Answers of a model as a table on the disk: one line for each row that was asked."""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.design.features import InputKind
from studio.core.design.storage import write_atomically
from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted, FittedOutput

_TEXT: InputKind = "text"
_EACH = 4096  # rows that are turned into Python's numbers at a time


def write_answers(
    path: Path, answers: tuple[NDArray[Any], ...], arrays: Arrays, fitted: Fitted
) -> None:
    """Writes CSV: the row (or file), the text where that was asked, then each answer.

    Masks: the share of the pixels of each class. Rebuilt pictures: how far they are off;
    rebuilt numbers: that, too.

    Classes: the target's name, then the probability of each label. Numbers: one column for
    each target, in its own unit. Texts: the answer as text; `answers` are probabilities
    [N, T, V] or token numbers [N, T] then. For windows of a series the row is their last one.
    `arrays` are as they were read, before texts become token numbers.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    asked = _asked(arrays)
    pairs = zip(answers, fitted.outputs, strict=True)
    answers = tuple(_told(block, known, arrays) for block, known in pairs)
    first = ["file" if arrays.names else "row", *([] if asked is None else [_TEXT])]
    heads = [
        cell for one in fitted.outputs for cell in _head(one, is_again=_is_given_again(one, arrays))
    ]
    writer.writerow([*first, *heads])
    for start in range(0, len(answers[0]), _EACH):
        said = [
            _CELLS[known.task](block[start : start + _EACH], known)
            for known, block in zip(fitted.outputs, answers, strict=True)
        ]
        for number, cells in enumerate(zip(*said, strict=True), start):
            shown = [] if asked is None else [asked[number] or ""]
            writer.writerow([_name(arrays, number), *shown, *chain.from_iterable(cells)])
    write_atomically(path, text.getvalue().encode("utf-8"))


def _asked(arrays: Arrays) -> NDArray[Any] | None:
    """The texts that were asked about, where there is one for each row."""
    kinds = [one.kind for one in arrays.model_inputs]
    if kinds.count(_TEXT) != 1:
        return None
    held = arrays.inputs[kinds.index(_TEXT)].held
    return held if held is not None and held.dtype == object else None


def _head(known: FittedOutput, *, is_again: bool) -> list[str]:
    if known.task == "numbers":
        again = [tr("{name}: distance", name=known.name)] if is_again else []
        return [*known.answer_names, *again]
    if known.task == "masks":
        return [f"{known.name} {label}" for label in known.labels]
    if known.task == "images":
        return [tr("{name}: distance", name=known.name)]
    target = known.target_names[0] if known.target_names else "answer"
    return [target, *(known.labels if known.task == "classes" else ())]


def _of_classes(answers: NDArray[Any], known: FittedOutput) -> Iterator[list[str]]:
    best = answers.argmax(axis=1)
    for place, answer in zip(best, answers.tolist(), strict=True):
        yield [known.labels[int(place)], *(f"{value:.7g}" for value in answer)]


def _of_numbers(answers: NDArray[Any], _known: FittedOutput) -> Iterator[list[str]]:
    for answer in answers.tolist():
        yield [f"{value:.7g}" for value in answer]


def _of_sequences(answers: NDArray[Any], known: FittedOutput) -> Iterator[list[str]]:
    from studio.data.text import decoded  # late: tokenizers are slow to import

    ids = answers.argmax(axis=2) if answers.ndim == 3 else answers
    for row in ids:
        yield [decoded(known.tokenizer, [int(token) for token in row])]


def _of_masks(answers: NDArray[Any], known: FittedOutput) -> Iterator[list[str]]:
    """The share of the pixels that each class has."""
    for classes in answers:
        often = np.bincount(classes.ravel(), minlength=len(known.labels)) / classes.size
        yield [f"{share:.7g}" for share in often.tolist()]


def _of_pictures(answers: NDArray[Any], _known: FittedOutput) -> Iterator[list[str]]:
    """How far each rebuilt picture is off is put in its place by then."""
    for distance in answers.tolist():
        yield [f"{distance:.7g}"]


def _told(block: NDArray[Any], known: FittedOutput, arrays: Arrays) -> NDArray[Any]:
    """Of rebuilt pictures how far they are off, from 0 to 1: what a line can hold.

    Of numbers that are given again that stands behind them, in deviations of each.
    """
    if known.task == "numbers" and _is_given_again(known, arrays):
        targets = arrays.target_of(known.name)
        gaps = (block[:, : targets.shape[1]] - targets) / np.asarray(known.target_scales)
        return np.column_stack([block, np.sqrt(np.square(gaps).mean(axis=1))])
    if known.task != "images":
        return block
    gaps = (block - arrays.target_of(known.name)) / 255
    rows: NDArray[Any] = np.sqrt(np.square(gaps).reshape(len(gaps), -1).mean(axis=1))
    return rows


def _is_given_again(known: FittedOutput, arrays: Arrays) -> bool:
    """True where every number of the answer is an input, too."""
    inputs = {feature.source for one in arrays.model_inputs for feature in one.features}
    return (
        known.task == "numbers"
        and arrays.kind != "series"
        and inputs.issuperset(known.output.columns)
    )


def _name(arrays: Arrays, number: int) -> str:
    return arrays.names[number] if arrays.names else str(int(arrays.rows[number]))


_CELLS: dict[str, Callable[[NDArray[Any], FittedOutput], Iterator[list[str]]]] = {
    "classes": _of_classes,
    "numbers": _of_numbers,
    "sequences": _of_sequences,
    "masks": _of_masks,
    "images": _of_pictures,
}
