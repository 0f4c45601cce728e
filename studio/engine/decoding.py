"""Decoding: the model's answers to plain ones, and targets to what its loss compares them with."""

import numpy as np
import torch
from torch import Tensor, nn
from typing_extensions import override

from studio.data.arrays import Arrays, Fitted


class Probabilities(nn.Module):
    """Scores to the probability of each class, or of each token: the last axis."""

    @override
    def forward(self, outputs: Tensor) -> Tensor:
        return torch.softmax(outputs, dim=-1)


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


def decoding_of(fitted: Fitted) -> nn.Module:
    """What makes the model's outputs into probabilities, or numbers in their own unit."""
    if fitted.task == "numbers":
        return Numbers(fitted.target_offsets, fitted.target_scales)
    return Probabilities()


def training_targets(arrays: Arrays, fitted: Fitted) -> Tensor:
    """The targets of all rows as the loss wants them: indices, token numbers, scaled numbers."""
    if fitted.task != "numbers":
        return torch.from_numpy(np.array(arrays.targets, dtype=np.int64))
    offsets = np.asarray(fitted.target_offsets, dtype=np.float64)
    scaled = (arrays.targets - offsets) / np.asarray(fitted.target_scales, dtype=np.float64)
    return torch.from_numpy(scaled.astype(np.float32))
