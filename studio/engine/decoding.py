"""Decoding: the model's answers to plain ones, and targets to what its loss compares them with."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from typing_extensions import override

from studio.core.catalogue.entry import LossEntry
from studio.data.arrays import Arrays, Fitted, FittedOutput
from studio.engine.given import Given, as_given
from studio.engine.loaders import tensor_of
from studio.engine.pixels import Pixels


class Probabilities(nn.Module):
    """Scores to the probability of each class along an axis: the last, or 1 of a mask."""

    def __init__(self, axis: int = -1) -> None:
        super().__init__()
        self.axis = axis

    @override
    def forward(self, outputs: Tensor) -> Tensor:
        return torch.softmax(outputs, dim=self.axis)


class Shares(nn.Module):
    """Scores of yes for each class by itself to its share of all: together they are 1."""

    @override
    def forward(self, outputs: Tensor) -> Tensor:
        # Through the logarithm, so that scores that all say no do not come to 0 / 0.
        return torch.softmax(torch.nn.functional.logsigmoid(outputs), dim=-1)


class Numbers(nn.Module):
    """Scaled numbers back to each target's own unit."""

    offset: Tensor
    scale: Tensor

    def __init__(self, offsets: tuple[float, ...], scales: tuple[float, ...]) -> None:
        super().__init__()
        self.register_buffer("offset", torch.tensor(offsets, dtype=torch.float32))
        self.register_buffer("scale", torch.tensor(scales, dtype=torch.float32))

    @override
    def forward(self, outputs: Tensor) -> Tensor:
        return outputs * self.scale + self.offset


def decoding_of(known: FittedOutput, loss: LossEntry | None = None) -> nn.Module:
    """What makes one output of the model into probabilities, numbers in their unit, or pixels.

    `loss` is the one that it was trained with.
    """
    if known.task == "numbers":
        return Numbers(known.target_offsets, known.target_scales)
    if known.task == "images":
        return Pixels(known.target_offsets, known.target_scales)
    if known.task == "masks":
        return Probabilities(1)
    return Shares() if loss is not None and loss.decoding == "alone" else Probabilities()


def training_targets(arrays: Arrays, fitted: Fitted) -> Given:
    """The targets of all rows as the loss wants them: indices, token numbers, scaled numbers.

    A tuple where the network has several outputs.
    """
    return as_given([_target(arrays.target_of(known.name), known) for known in fitted.outputs])


def _target(values: NDArray[Any], known: FittedOutput) -> Tensor:
    if known.task in ("images", "masks"):
        return tensor_of(values)
    if known.task != "numbers":
        return torch.from_numpy(np.array(values, dtype=np.int64))
    offsets = np.asarray(known.target_offsets, dtype=np.float64)
    scaled = (values - offsets) / np.asarray(known.target_scales, dtype=np.float64)
    return torch.from_numpy(scaled.astype(np.float32))
