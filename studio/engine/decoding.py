"""Decoding: the model's answers to plain ones, and targets to what its loss compares them with."""

from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from typing_extensions import override

from studio.core.catalogue.entry import LossEntry
from studio.core.params import Values
from studio.data.arrays import Arrays, Fitted, FittedOutput
from studio.engine.given import Given, as_given
from studio.engine.loaders import tensor_of
from studio.engine.losses import deviations_around, variance_of
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


class Intervals(nn.Module):
    """Scaled numbers and their spreads [N, 2 n] to numbers, lower and upper ends [N, 3 n].

    All are in each target's own unit; `share` of the right numbers should lie between the ends.
    """

    def __init__(self, offsets: tuple[float, ...], scales: tuple[float, ...], share: float) -> None:
        super().__init__()
        self.numbers = Numbers(offsets, scales)
        self.count = len(offsets)
        self.deviations = deviations_around(share)

    @override
    def forward(self, outputs: Tensor) -> Tensor:
        middle, spread = outputs[:, : self.count], outputs[:, self.count :]
        room = self.deviations * variance_of(spread).sqrt()
        ends = (self.numbers(middle - room), self.numbers(middle + room))
        return torch.cat((self.numbers(middle), ends[0], ends[1]), dim=1)


class Likeness(nn.Module):
    """One number for a pair, a distance or a likeness [N, 1], to the shares of two classes [N, 2].

    A distance counts from 0, where two are the same, a likeness up to 1. At the border to those
    that differ both shares are equal; where two are quite the same theirs is 0.88.
    """

    def __init__(self, margin: float, *, is_distance: bool, is_second: bool) -> None:
        super().__init__()
        self.border = -margin / 2.0 if is_distance else (1.0 + margin) / 2.0
        self.factor = 4.0 / margin if is_distance else 4.0 / (1.0 - margin)
        self.is_distance, self.is_second = is_distance, is_second

    @override
    def forward(self, outputs: Tensor) -> Tensor:
        near = -outputs[:, :1].abs() if self.is_distance else outputs[:, :1]
        same = torch.sigmoid((near - self.border) * self.factor)
        if self.is_second:
            return torch.cat((1.0 - same, same), dim=1)
        return torch.cat((same, 1.0 - same), dim=1)


def decoding_of(
    known: FittedOutput, loss: LossEntry | None = None, params: Values = MappingProxyType({})
) -> nn.Module:
    """What makes one output of the model into probabilities, numbers in their unit, or pixels.

    `loss` is the one that it was trained with, `params` are its values.
    """
    if known.task == "numbers" and known.interval:
        return Intervals(known.target_offsets, known.target_scales, known.interval)
    if known.task == "numbers":
        return Numbers(known.target_offsets, known.target_scales)
    if known.task == "images":
        return Pixels(known.target_offsets, known.target_scales)
    if known.task == "masks":
        return Probabilities(1)
    if loss is not None and loss.compares and known.task == "classes":
        return _likeness(loss, params)
    return Shares() if loss is not None and loss.decoding == "alone" else Probabilities()


def _likeness(loss: LossEntry, params: Values) -> nn.Module:
    values = {**loss.defaults(), **params}
    return Likeness(
        float(str(values["margin"])),
        is_distance=loss.compares == "distance",
        is_second=values["same"] == "second",
    )


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
