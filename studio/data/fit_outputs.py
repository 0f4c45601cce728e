"""What the training part teaches about the answers: scales, tokens, how rare each class is."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.design.answers import ModelOutput
from studio.core.design.dataset import DatasetSpec
from studio.data.arrays import FittedOutput, Held, Positions
from studio.data.fit_columns import scaled
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
    texts = tokenizer_of(spec, Held(targets), training, spec.text.length)
    return FittedOutput(output, tokenizer=texts)


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


def _class_weights(output: ModelOutput, targets: NDArray[Any]) -> tuple[float, ...]:
    """One over how often each class occurs in the training part, with mean 1.

    A class without a training row counts 1: it weighs nothing in the loss, and must not
    shrink the others.
    """
    often = np.bincount(targets[targets >= 0], minlength=len(output.labels))
    weights = np.ones(len(often))
    present = often > 0
    weights[present] = 1 / often[present]
    if present.any():
        weights[present] /= weights[present].mean()
    return tuple(weights.tolist())
