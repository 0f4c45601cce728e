"""Modules that torch.nn lacks: separable convolution, slices, noise, sources of numbers."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override


class _SeparableConv(nn.Sequential):
    """Filters over each channel alone, then a mix of the channels at each place."""

    def __init__(
        self,
        convolution: Callable[..., nn.Module],
        *,
        in_channels: int,
        out_channels: int,
        multiplier: int,
        bias: bool,
        **window: Any,  # noqa: ANN401 - the settings of the convolution's window
    ) -> None:
        between = in_channels * multiplier
        super().__init__(
            convolution(in_channels, between, groups=in_channels, bias=False, **window),
            convolution(between, out_channels, kernel_size=1, bias=bias),
        )


class SeparableConv1d(_SeparableConv):
    """Over a series."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of _SeparableConv
        super().__init__(nn.Conv1d, **settings)


class SeparableConv2d(_SeparableConv):
    """Over an image."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of _SeparableConv
        super().__init__(nn.Conv2d, **settings)


class SeparableConv3d(_SeparableConv):
    """Over a clip."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of _SeparableConv
        super().__init__(nn.Conv3d, **settings)


class DrawnReLU(nn.Module):
    """A ReLU with a slope for negative numbers: drawn while training, the mean afterwards.

    As torch.nn.RReLU, but of two functions, of which every format can carry the second.
    """

    def __init__(self, lower: float, upper: float) -> None:
        super().__init__()
        self.lower = lower
        self.upper = upper

    @override
    def forward(self, input: Tensor) -> Tensor:
        if self.training:
            return functional.rrelu(input, self.lower, self.upper, training=True)
        return functional.leaky_relu(input, (self.lower + self.upper) / 2)

    @override
    def extra_repr(self) -> str:
        return f"lower={self.lower}, upper={self.upper}"


class Slice(nn.Module):
    """Every `step`-th of the numbers from `start` to before `stop` along an axis."""

    def __init__(self, axis: int, start: int, stop: int, step: int) -> None:
        super().__init__()
        self.axis = axis
        self.start = start
        self.stop = stop
        self.step = step

    @override
    def forward(self, input: Tensor) -> Tensor:
        kept: Tensor = torch.ops.aten.slice(input, self.axis, self.start, self.stop, self.step)
        return kept

    @override
    def extra_repr(self) -> str:
        return f"axis={self.axis}, start={self.start}, stop={self.stop}, step={self.step}"


class Crop(nn.Module):
    """As many numbers cut off before and after along each of the last axes."""

    def __init__(self, before: tuple[int, ...], after: tuple[int, ...]) -> None:
        super().__init__()
        self.before = list(before)
        self.after = list(after)

    @override
    def forward(self, input: Tensor) -> Tensor:
        first = input.dim() - len(self.before)
        for i in range(len(self.before)):
            kept = input.shape[first + i] - self.before[i] - self.after[i]
            input = input.narrow(first + i, self.before[i], kept)
        return input

    @override
    def extra_repr(self) -> str:
        return f"before={tuple(self.before)}, after={tuple(self.after)}"


class Permute(nn.Module):
    """The axes in another order; 1 is the first after the batch."""

    def __init__(self, order: tuple[int, ...]) -> None:
        super().__init__()
        self.order = [0, *order]

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input.permute(self.order)

    @override
    def extra_repr(self) -> str:
        return f"order={tuple(self.order[1:])}"


class Squeeze(nn.Module):
    """An axis of size 1 taken away; 1 is the first after the batch."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input.squeeze(self.axis)

    @override
    def extra_repr(self) -> str:
        return f"axis={self.axis}"


class Unsqueeze(nn.Module):
    """An axis of size 1 put in; 1 is the first after the batch."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input.unsqueeze(self.axis)

    @override
    def extra_repr(self) -> str:
        return f"axis={self.axis}"


class GaussianNoise(nn.Module):
    """Noise of mean 0 that is added, or that multiplies, while training; nothing afterwards."""

    def __init__(self, spread: float, is_factor: bool) -> None:
        super().__init__()
        self.spread = spread
        self.is_factor = is_factor

    @override
    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return input
        noise = torch.randn_like(input) * self.spread
        return input * (1.0 + noise) if self.is_factor else input + noise

    @override
    def extra_repr(self) -> str:
        return f"spread={self.spread}, is_factor={self.is_factor}"


class Constant(nn.Module):
    """The same number everywhere, in a shape of its own, for each row that comes in."""

    numbers: Tensor

    def __init__(self, shape: tuple[int, ...], value: float) -> None:
        super().__init__()
        self.value = value
        self.register_buffer("numbers", torch.full(shape, value))

    @override
    def forward(self, input: Tensor) -> Tensor:
        return _for_each_row(self.numbers, input)

    @override
    def extra_repr(self) -> str:
        return f"shape={tuple(self.numbers.shape)}, value={self.value}"


class LearntNumbers(nn.Module):
    """Learnt numbers of a shape of their own, the same for each row that comes in."""

    def __init__(self, shape: tuple[int, ...], spread: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(shape))
        nn.init.normal_(self.weight, std=spread)

    @override
    def forward(self, input: Tensor) -> Tensor:
        return _for_each_row(self.weight, input)

    @override
    def extra_repr(self) -> str:
        return f"shape={tuple(self.weight.shape)}"


def _for_each_row(numbers: Tensor, rows: Tensor) -> Tensor:
    return numbers.unsqueeze(0).expand([rows.shape[0]] + [-1] * numbers.dim())


class LearntScale(nn.Module):
    """Each number times a learnt one; `shape` is that of the weights, 1 where they are shared."""

    def __init__(self, shape: tuple[int, ...], start: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full(shape, start))

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input * self.weight

    @override
    def extra_repr(self) -> str:
        return f"shape={tuple(self.weight.shape)}"


class LearntShift(nn.Module):
    """Each number plus a learnt one; `shape` is that of the weights, 1 where they are shared."""

    def __init__(self, shape: tuple[int, ...], start: float) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.full(shape, start))

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input + self.bias

    @override
    def extra_repr(self) -> str:
        return f"shape={tuple(self.bias.shape)}"


class FixedScale(nn.Module):
    """Each number times a fixed one, plus another."""

    def __init__(self, factor: float, summand: float) -> None:
        super().__init__()
        self.factor = factor
        self.summand = summand

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input * self.factor + self.summand

    @override
    def extra_repr(self) -> str:
        return f"factor={self.factor}, summand={self.summand}"
