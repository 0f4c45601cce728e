"""Pictures, clips, sounds and texts as numbers for the model."""

import torch
from torch import Tensor, nn
from typing_extensions import override


class ImageValues(nn.Module):
    """Bytes [N, C, H, W] from 0 to 255 to numbers about 0, channel by channel."""

    offset: Tensor
    scale: Tensor

    def __init__(self, offsets: tuple[float, ...], scales: tuple[float, ...]) -> None:
        super().__init__()
        shape = (1, len(offsets), 1, 1)
        self.register_buffer("offset", torch.tensor(offsets, dtype=torch.float32).reshape(shape))
        self.register_buffer("scale", torch.tensor(scales, dtype=torch.float32).reshape(shape))

    @override
    def forward(self, raw: Tensor) -> Tensor:
        return (raw.to(torch.float32) / 255.0 - self.offset) / self.scale


class ClipValues(nn.Module):
    """Clips [N, frames, C, H, W] to [N, C, frames, H, W], each frame as a picture."""

    def __init__(self, offsets: tuple[float, ...], scales: tuple[float, ...]) -> None:
        super().__init__()
        self.frames = ImageValues(offsets, scales)

    @override
    def forward(self, raw: Tensor) -> Tensor:
        values: Tensor = self.frames(raw.flatten(0, 1)).reshape(raw.shape)
        return values.transpose(1, 2).contiguous()


class SoundValues(nn.Module):
    """Sounds [N, S] from -1 to 1 to numbers about 0."""

    def __init__(self, offset: float, scale: float) -> None:
        super().__init__()
        self.offset, self.scale = offset, scale

    @override
    def forward(self, raw: Tensor) -> Tensor:
        return (raw - self.offset) / self.scale


class TokenNumbers(nn.Module):
    """Texts [N, T] are token numbers already, which an embedding takes as they are."""

    @override
    def forward(self, raw: Tensor) -> Tensor:
        return raw.to(torch.int64)
