"""What the training part teaches about the answers: scales, tokens, how rare each class is."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.design.answers import ModelOutput
from studio.core.design.dataset import DatasetSpec
from studio.data.arrays import UNKNOWN_PIXEL, FittedInput, FittedOutput, Held, Positions
from studio.data.fit_columns import blocks_of, scaled
from studio.data.fit_texts import tokenizer_of


def fit_output(
    spec: DatasetSpec, output: ModelOutput, targets: NDArray[Any], training: Positions
) -> FittedOutput:
    """How the answers of one output are decoded."""
    if output.task == "numbers":
        offsets, scales = _scales(spec, targets[training])
        return FittedOutput(output, offsets, scales)
    if output.task == "classes":
        return FittedOutput(output, class_weights=_class_weights(output, targets[training]))
    if output.task == "masks":
        return FittedOutput(output, class_weights=_pixel_weights(output, targets, training))
    texts = tokenizer_of(spec, Held(targets), training, spec.text.length)
    return FittedOutput(output, tokenizer=texts)


def rebuilt(output: ModelOutput, inputs: tuple[FittedInput, ...]) -> FittedOutput:
    """How a picture is decoded that is rebuilt: as its input was prepared."""
    names = [one.input.feature.source for one in inputs]
    known = inputs[names.index(output.columns[0])]
    return FittedOutput(output, known.offsets, known.scales)


def _scales(
    spec: DatasetSpec, targets: NDArray[Any]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The mean and deviation of each number target, 0 and 1 where it is not to be scaled."""
    pairs = []
    for i in range(targets.shape[1]):
        values = targets[:, i].astype(np.float64)
        known = values[np.isfinite(values)]
        pairs.append(scaled(known, "standard" if spec.scales_target else "none"))
    return tuple(offset for offset, _ in pairs), tuple(scale for _, scale in pairs)


def _pixel_weights(
    output: ModelOutput, targets: NDArray[Any], training: Positions
) -> tuple[float, ...]:
    """As `_class_weights`, of the pixels of all training masks."""
    often = np.zeros(UNKNOWN_PIXEL + 1, np.int64)
    for block in blocks_of(training, int(np.prod(targets.shape[1:]))):
        often += np.bincount(targets[block].ravel(), minlength=len(often))
    return _rare_count_more(often[: len(output.labels)])


def _class_weights(output: ModelOutput, targets: NDArray[Any]) -> tuple[float, ...]:
    """One over how often each class occurs in the training part, with mean 1.

    A class without a training row counts 1: it weighs nothing in the loss, and must not
    shrink the others.
    """
    return _rare_count_more(np.bincount(targets[targets >= 0], minlength=len(output.labels)))


def _rare_count_more(often: NDArray[np.int64]) -> tuple[float, ...]:
    weights = np.ones(len(often))
    present = often > 0
    weights[present] = 1 / often[present]
    if present.any():
        weights[present] /= weights[present].mean()
    return tuple(weights.tolist())
