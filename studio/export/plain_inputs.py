"""Plain inputs: what takes raw batches where a format knows no conditions on what it is given.

They do what `raw_inputs` does with any batch that fits the card, in steps that are the same
for every size. A format checks itself that there are as many columns as the card says.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from studio.core.design.features import ModelInput


class PlainRows(nn.Module):
    """Takes rows [N, F], or windows [N, T, F]."""

    @override
    def forward(self, raw: Tensor) -> Tensor:
        return raw.to(torch.float32)


class PlainImages(nn.Module):
    """Takes images of any height and width, and brings them to the size of training.

    Bilinear with antialiasing, first the width and then the height, each rounded to bytes as
    the program itself does; the size of training is left exactly as it is.
    """

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.height, self.width = height, width

    @override
    def forward(self, raw: Tensor) -> Tensor:
        pixels = raw.to(torch.float32)
        pixels = torch.matmul(pixels, shares(raw.shape[-1], self.width).transpose(0, 1))
        pixels = pixels.round().clamp(0.0, 255.0)
        pixels = torch.matmul(shares(raw.shape[-2], self.height), pixels)
        return pixels.round().clamp(0.0, 255.0)


class PlainClips(nn.Module):
    """Takes clips [N, frames, C, H, W] of any height and width, each frame as an image."""

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.images = PlainImages(height, width)

    @override
    def forward(self, raw: Tensor) -> Tensor:
        images: Tensor = self.images(raw.flatten(0, 1))
        return images.reshape([raw.shape[0], raw.shape[1], *images.shape[1:]])


class PlainSounds(nn.Module):
    """Takes sounds [N, S] of any length: cut, or filled up with silence."""

    def __init__(self, samples: int) -> None:
        super().__init__()
        self.samples = samples

    @override
    def forward(self, raw: Tensor) -> Tensor:
        silence = functional.pad(raw.to(torch.float32), [0, self.samples])
        return silence[:, : self.samples]


class PlainTexts(nn.Module):
    """Takes token numbers [N, T]; none below 0 is taken for one counted from the end."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    @override
    def forward(self, raw: Tensor) -> Tensor:
        # An embedding refuses a number beyond its last one.
        return torch.where(raw < 0, torch.full_like(raw, self.vocabulary), raw)


def shares(given: int, wanted: int) -> Tensor:
    """What each of `given` pixels gives to each of `wanted` ones, [wanted, given].

    Triangles as wide as two of the larger pixels, whose shares sum to 1.
    """
    scale = given / wanted
    reach = torch.sym_max(scale, 1.0)  # type: ignore[no-untyped-call]
    middles = (torch.arange(wanted, dtype=torch.float32) + 0.5) * scale
    places = torch.arange(given, dtype=torch.float32) + 0.5
    distances: Tensor = (places.unsqueeze(0) - middles.unsqueeze(1)).abs() / reach
    found: Tensor = (1.0 - distances).clamp(min=0.0)
    return found / found.sum(dim=1, keepdim=True)


def plain_input(source: ModelInput) -> nn.Module:
    """What takes the raw batch of an input of the model."""
    match source.kind:
        case "table" | "series":
            return PlainRows()
        case "image":
            return PlainImages(*source.shape[-2:])
        case "video":
            return PlainClips(*source.shape[-2:])
        case "sound":
            return PlainSounds(source.shape[0])
    return PlainTexts(source.feature.size)
