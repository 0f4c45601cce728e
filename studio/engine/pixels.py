"""Pixels: what the answers to masks and rebuilt pictures are held against, and how they come out.

A mask is bytes [N, H, W], each the number of a class; `UNKNOWN` pixels count nowhere. A picture
is bytes [N, C, H, W]. Both become numbers only batch by batch: all of them at once would fill
four to eight times the memory.
"""

from typing import Any

import torch
from torch import Tensor, nn
from typing_extensions import override

from studio.data.arrays import UNKNOWN_PIXEL

WHITE = 255.0


class MaskLoss(nn.Module):
    """Cross-entropy of scores [N, K, H, W] for classes [N, H, W]: the mean over known pixels."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of nn.CrossEntropyLoss
        super().__init__()
        self.each = nn.CrossEntropyLoss(ignore_index=UNKNOWN_PIXEL, reduction="none", **settings)

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        classes = targets.to(torch.int64)
        total: Tensor = self.each(outputs, classes).sum()
        known = classes != UNKNOWN_PIXEL
        weight: Tensor | None = self.each.weight
        if weight is None:
            return total / known.sum().clamp(min=1)
        return total / weight[classes[known]].sum().clamp(min=1e-12)


class PictureLoss(nn.Module):
    """A loss for numbers, of rebuilt pictures and originals prepared as the input is."""

    def __init__(
        self, each: nn.Module, offsets: tuple[float, ...], scales: tuple[float, ...]
    ) -> None:
        super().__init__()
        self.each = each
        self.prepared = Prepared(offsets, scales)

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        found: Tensor = self.each(outputs, self.prepared(targets))
        return found


class Prepared(nn.Module):
    """Bytes of pictures to numbers about 0, channel by channel."""

    offset: Tensor
    scale: Tensor

    def __init__(self, offsets: tuple[float, ...], scales: tuple[float, ...]) -> None:
        super().__init__()
        shape = (1, len(offsets), 1, 1)
        self.register_buffer("offset", torch.tensor(offsets, dtype=torch.float32).reshape(shape))
        self.register_buffer("scale", torch.tensor(scales, dtype=torch.float32).reshape(shape))

    @override
    def forward(self, pixels: Tensor) -> Tensor:
        return (pixels.to(torch.float32) / WHITE - self.offset) / self.scale


class Pixels(Prepared):
    """The way back: numbers about 0 to pixels from 0 to 255, not rounded."""

    @override
    def forward(self, outputs: Tensor) -> Tensor:
        return ((outputs * self.scale + self.offset) * WHITE).clamp(0.0, WHITE)
