"""Pooling modules that torch.nn lacks, or that it has only for training."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override


class _WindowPool(nn.Module):
    """The largest numbers of windows that are written down as indices, one list a direction.

    Plain indices are what every format can carry.
    """

    def __init__(self, places: Iterable[Tensor]) -> None:
        super().__init__()
        for direction, each in enumerate(places):
            self.register_buffer(f"places_{direction}", each)

    def _largest(self, input: Tensor, places: Tensor, axis: int) -> Tensor:
        windows = input.index_select(axis, places.flatten())
        return torch.amax(torch.unflatten(windows, axis, list(places.shape)), dim=axis + 1)


class _FractionalPool(_WindowPool):
    """The largest number of each of a chosen count of windows that overlap by chance.

    Graham, "Fractional Max-Pooling", 2014. While training torch draws where the windows
    lie. Afterwards they lie where torch's draw of one half would put them, so that a model
    answers the same question the same way.
    """

    def __init__(
        self, size: tuple[int, ...], kernel_size: tuple[int, ...], output_size: tuple[int, ...]
    ) -> None:
        directions = zip(size, kernel_size, output_size, strict=True)
        super().__init__(_fractional_places(*direction) for direction in directions)
        self.kernel_size = list(kernel_size)
        self.output_size = list(output_size)


class FractionalPool2d(_FractionalPool):
    """Over an image."""

    places_0: Tensor
    places_1: Tensor

    @override
    def forward(self, input: Tensor) -> Tensor:
        if self.training:
            return functional.fractional_max_pool2d(input, self.kernel_size, self.output_size)
        rows = self._largest(input, self.places_0, 2)
        return self._largest(rows, self.places_1, 3)


class FractionalPool3d(_FractionalPool):
    """Over a clip."""

    places_0: Tensor
    places_1: Tensor
    places_2: Tensor

    @override
    def forward(self, input: Tensor) -> Tensor:
        if self.training:
            return functional.fractional_max_pool3d(input, self.kernel_size, self.output_size)
        frames = self._largest(input, self.places_0, 2)
        rows = self._largest(frames, self.places_1, 3)
        return self._largest(rows, self.places_2, 4)


class _UnevenMaxPool(_WindowPool):
    """Adaptive max pooling to a size that does not divide the input, so that windows overlap.

    While training it is torch's, afterwards the same windows as indices: other formats know
    adaptive pooling only for even windows.
    """

    def __init__(self, size: tuple[int, ...], output_size: tuple[int, ...]) -> None:
        directions = zip(size, output_size, strict=True)
        super().__init__(_adaptive_places(*direction) for direction in directions)
        self.output_size = list(output_size)


class UnevenMaxPool1d(_UnevenMaxPool):
    """Over a series."""

    places_0: Tensor

    @override
    def forward(self, input: Tensor) -> Tensor:
        if self.training:
            return functional.adaptive_max_pool1d(input, self.output_size)
        return self._largest(input, self.places_0, 2)


class UnevenMaxPool2d(_UnevenMaxPool):
    """Over an image."""

    places_0: Tensor
    places_1: Tensor

    @override
    def forward(self, input: Tensor) -> Tensor:
        if self.training:
            return functional.adaptive_max_pool2d(input, self.output_size)
        rows = self._largest(input, self.places_0, 2)
        return self._largest(rows, self.places_1, 3)


class UnevenMaxPool3d(_UnevenMaxPool):
    """Over a clip."""

    places_0: Tensor
    places_1: Tensor
    places_2: Tensor

    @override
    def forward(self, input: Tensor) -> Tensor:
        if self.training:
            return functional.adaptive_max_pool3d(input, self.output_size)
        frames = self._largest(input, self.places_0, 2)
        rows = self._largest(frames, self.places_1, 3)
        return self._largest(rows, self.places_2, 4)


def _fractional_places(size: int, kernel: int, wanted: int) -> Tensor:
    """Where torch's fractional pooling lays its windows for a draw of one half."""
    starts = [size - kernel] * wanted
    if wanted > 1:
        step = (size - kernel) / (wanted - 1)
        starts[:-1] = [int((i + 0.5) * step) - int(0.5 * step) for i in range(wanted - 1)]
    return torch.tensor(starts).unsqueeze(1) + torch.arange(kernel)


def _adaptive_places(size: int, wanted: int) -> Tensor:
    """Where torch's adaptive pooling lays its windows; short ones name their last place again."""
    bounds = [(i * size // wanted, -(-(i + 1) * size // wanted)) for i in range(wanted)]
    longest = max(end - start for start, end in bounds)
    windows = [[min(start + k, end - 1) for k in range(longest)] for start, end in bounds]
    return torch.tensor(windows)
