"""Evaluations of masks and of rebuilt pictures: figures of each class, and the worst rows shown."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.run.results import Beside, Evaluation
from studio.data.arrays import UNKNOWN_PIXEL, Positions, Rows

MOST_SHOWN = 48
_PER_CLASS = ("precision", "recall", "f1", "iou", "support")
# Colours that are told apart by people who see red and green alike (Okabe and Ito 2008).
_COLOURS = (
    (0, 0, 0),
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)
_UNKNOWN = (128, 128, 128)


def with_masks(
    found: Evaluation, answers: NDArray[np.uint8], truths: NDArray[np.uint8]
) -> Evaluation:
    """`answers` and `truths` are classes [N, H, W]; the answer to a row is its mean IoU."""
    count = len(found.labels)
    often = np.stack(
        [_often(row, truth, count) for row, truth in zip(answers, truths, strict=True)]
    )
    each = np.array([_mean_iou(matrix) for matrix in often])
    matrix = often.sum(axis=0)
    return replace(
        found,
        truths=(1.0,) * len(each),
        answers=tuple(each.tolist()),
        matrix=tuple(tuple(int(value) for value in row) for row in matrix),
        per_class=_per_class(matrix),
    )


def with_pictures(found: Evaluation, distances: NDArray[Any]) -> Evaluation:
    """`distances` say how far each rebuilt picture is off: root mean square of pixels 0 to 1."""
    return replace(
        found,
        truths=(0.0,) * len(distances),
        answers=tuple(float(value) for value in distances),
        distances=tuple(float(value) for value in distances),
    )


def distances_of(answers: NDArray[np.float32], truths: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How far rebuilt pictures [N, C, H, W] of pixels 0 to 255 are off, each from 0 to 1."""
    gaps = (answers.astype(np.float64) - truths) / 255
    rows: NDArray[np.float64] = np.sqrt(np.square(gaps).reshape(len(gaps), -1).mean(axis=1))
    return rows


def worst_first(found: Evaluation) -> NDArray[np.int64]:
    """The places in the part of the rows that are shown."""
    values = np.array(found.answers)
    order = np.argsort(values if found.task == "masks" else -values, kind="stable")
    return order[:MOST_SHOWN]


def beside(
    places: Positions,
    pictures: NDArray[np.uint8] | None,
    truths: NDArray[np.uint8],
    answers: NDArray[Any],
) -> tuple[Beside, ...]:
    """What came in (where pictures did), what should come out and what did, of some rows."""
    shown = []
    for row, place in enumerate(places):
        truth, answer = _rgb(truths[row]), _rgb(answers[row])
        came = _rgb(pictures[row]) if pictures is not None else truth
        height, width = truth.shape[:2]
        came = came if came.shape == truth.shape else _brought_to(came, height, width)
        parts = (came.tobytes(), truth.tobytes(), answer.tobytes())
        shown.append(Beside(int(place), height, width, *parts))
    return tuple(shown)


def pictures_among(rows: tuple[Rows, ...], kinds: tuple[str, ...]) -> Rows | None:
    """The first input that is a picture."""
    return next((one for one, kind in zip(rows, kinds, strict=True) if kind == "image"), None)


def _often(answer: NDArray[np.uint8], truth: NDArray[np.uint8], count: int) -> NDArray[np.int64]:
    known = truth != UNKNOWN_PIXEL
    pairs = truth[known].astype(np.int64) * count + answer[known]
    return np.bincount(pairs, minlength=count * count).reshape(count, count)


def _mean_iou(matrix: NDArray[np.int64]) -> float:
    """Over the classes that are there, or were said to be."""
    both = np.diag(matrix)
    either = matrix.sum(axis=0) + matrix.sum(axis=1) - both
    there = either > 0
    return float((both[there] / either[there]).mean()) if there.any() else 1.0


def _per_class(matrix: NDArray[np.int64]) -> tuple[dict[str, float], ...]:
    found = []
    for place in range(len(matrix)):
        both = float(matrix[place, place])
        said, true = float(matrix[:, place].sum()), float(matrix[place].sum())
        values = (
            both / said if said else 0.0,
            both / true if true else 0.0,
            2 * both / (said + true) if said + true else 0.0,
            both / (said + true - both) if said + true - both else 0.0,
            true,
        )
        found.append(dict(zip(_PER_CLASS, values, strict=True)))
    return tuple(found)


def _rgb(block: NDArray[Any]) -> NDArray[np.uint8]:
    """A picture [C, H, W] or a mask of classes [H, W] as [H, W, 3]."""
    if block.ndim == 2:  # noqa: PLR2004 - a mask
        colours = np.array([_COLOURS[i % len(_COLOURS)] for i in range(UNKNOWN_PIXEL + 1)])
        colours[UNKNOWN_PIXEL] = _UNKNOWN
        return np.asarray(colours[block], np.uint8)
    pixels = np.clip(np.rint(block), 0, 255).astype(np.uint8)
    pixels = np.repeat(pixels, 3, axis=0) if len(pixels) == 1 else pixels
    return np.ascontiguousarray(np.moveaxis(pixels, 0, -1))


def _brought_to(pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    rows = np.arange(height) * pixels.shape[0] // height
    columns = np.arange(width) * pixels.shape[1] // width
    return np.ascontiguousarray(pixels[rows][:, columns])
