"""Raw inputs: what a deployed model takes as it comes, checked and brought to size."""

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from studio.core.design.features import ModelInput


class RawRows(nn.Module):
    """Takes a table batch as it comes, and refuses one with other columns."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.columns = columns

    @override
    def forward(self, raw: Tensor) -> Tensor:
        if raw.dim() != 2 or raw.shape[1] != self.columns:  # noqa: PLR2004 - rows and columns
            raise ValueError("Expected rows with one number for each column of the card.")
        return raw.to(torch.float32)


class RawWindows(nn.Module):
    """Takes windows [N, T, F] of the length and with the columns of the card."""

    def __init__(self, steps: int, columns: int) -> None:
        super().__init__()
        self.steps, self.columns = steps, columns

    @override
    def forward(self, raw: Tensor) -> Tensor:
        if raw.dim() != 3 or raw.shape[1] != self.steps or raw.shape[2] != self.columns:  # noqa: PLR2004 - N, T, F
            raise ValueError("Expected windows as [N, T, F] of the length that the card says.")
        return raw.to(torch.float32)


class RawImages(nn.Module):
    """Takes images of any height and width, and brings them to the size of training.

    Resized as the program itself resizes pictures: bilinear, with antialiasing, in bytes.
    """

    def __init__(self, channels: int, height: int, width: int) -> None:
        super().__init__()
        self.channels, self.height, self.width = channels, height, width

    @override
    def forward(self, raw: Tensor) -> Tensor:
        if raw.dim() != 4 or raw.shape[1] != self.channels:  # noqa: PLR2004 - N, C, H, W
            raise ValueError("Expected images as [N, C, H, W] with the channels of the card.")
        if raw.dtype != torch.uint8:
            raise ValueError("Expected bytes from 0 to 255.")
        if raw.shape[2] != self.height or raw.shape[3] != self.width:
            raw = functional.interpolate(
                raw,
                size=[self.height, self.width],
                mode="bilinear",
                align_corners=False,
                antialias=True,
            )
        return raw


class RawClips(nn.Module):
    """Takes clips [N, frames, C, H, W] of any height and width, each frame as an image."""

    def __init__(self, frames: int, channels: int, height: int, width: int) -> None:
        super().__init__()
        self.frames = frames
        self.images = RawImages(channels, height, width)

    @override
    def forward(self, raw: Tensor) -> Tensor:
        if raw.dim() != 5 or raw.shape[1] != self.frames:  # noqa: PLR2004 - N, frames, C, H, W
            raise ValueError("Expected clips as [N, frames, C, H, W] with the frames of the card.")
        images: Tensor = self.images(raw.flatten(0, 1))
        sizes = [raw.shape[0], self.frames, images.shape[1], images.shape[2], images.shape[3]]
        return images.reshape(sizes)


class RawSounds(nn.Module):
    """Takes sounds [N, S] of any length at the card's rate: cut, or filled up with silence."""

    def __init__(self, samples: int) -> None:
        super().__init__()
        self.samples = samples

    @override
    def forward(self, raw: Tensor) -> Tensor:
        if raw.dim() != 2 or not raw.is_floating_point():  # noqa: PLR2004 - N, S
            raise ValueError("Expected sounds as [N, S], numbers from -1 to 1.")
        missing = max(0, self.samples - raw.shape[1])
        return functional.pad(raw.to(torch.float32)[:, : self.samples], [0, missing])


class RawTexts(nn.Module):
    """Takes the token numbers [N, T] that the card's tokenizer gives."""

    def __init__(self, length: int, vocabulary: int) -> None:
        super().__init__()
        self.length, self.vocabulary = length, vocabulary

    @override
    def forward(self, raw: Tensor) -> Tensor:
        if raw.dim() != 2 or raw.shape[1] != self.length or raw.is_floating_point():  # noqa: PLR2004 - N, T
            raise ValueError("Expected token numbers as [N, T] of the length that the card says.")
        if bool((raw < 0).any()) or bool((raw >= self.vocabulary).any()):
            raise ValueError("Expected token numbers of the card's tokenizer.")
        return raw.to(torch.int64)


def raw_input(source: ModelInput) -> nn.Module:
    """What takes the raw batch of an input of the model."""
    match source.kind:
        case "table":
            return RawRows(source.shape[0])
        case "series":
            return RawWindows(*source.shape)
        case "image":
            return RawImages(*source.shape)
        case "video":
            return RawClips(*source.shape)
        case "sound":
            return RawSounds(source.shape[0])
    return RawTexts(source.shape[0], source.feature.size)
