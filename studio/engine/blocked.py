"""A convolution, max pooling, ReLU and dropout in one go, a few samples at a time.

What a convolution gives is the largest thing in many a network, and mostly its greatest part is
thrown away by the pooling behind it. Taken a few samples at a time it stays in the processor's
cache and is never written to memory as a whole. In one thread, sample after sample, so that a
run gives the same to the last bit each time.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional
from typing_extensions import override

BLOCK_BYTES = 4 << 20  # of what the convolution gives: so much stays in the cache
PIECES = 1 << 16  # a random number of 64 bits is cut into four that decide over one value each
_LAYOUT = torch.channels_last
_backward_of: Callable[..., tuple[Tensor, Tensor, Tensor]] = (
    torch.ops.aten.convolution_backward.default
)
_unpooled: Callable[..., Tensor] = torch.ops.aten.max_pool2d_with_indices_backward.default

Pair = tuple[int, int]


class Window(NamedTuple):
    """How the pooling slides."""

    size: Pair
    stride: Pair
    padding: Pair
    dilation: Pair
    ceil: bool


class Plan(NamedTuple):
    """What is done to a block; `dropped` of 65,536 values are set to 0 by chance."""

    stride: Pair
    padding: Pair
    dilation: Pair
    groups: int
    window: Window
    rectifies: bool
    dropped: int

    @property
    def scale(self) -> float:
        """What is left after dropout is made larger by that much."""
        return PIECES / (PIECES - self.dropped)


class BlockedConvolution(nn.Module):
    """Those layers as one; they stay what they are and keep their weights.

    The pooling comes before the ReLU: the greatest of what was rectified is the rectified
    greatest, and both send the slope to the same place.
    """

    def __init__(
        self,
        convolution: nn.Conv2d,
        pooling: nn.MaxPool2d,
        *,
        rectifies: bool,
        dropout: nn.Dropout | None = None,
    ) -> None:
        super().__init__()
        self.convolution, self.pooling, self.dropout = convolution, pooling, dropout
        self.rectifies = rectifies

    @override
    def forward(self, x: Tensor) -> Tensor:
        convolution, plan = self.convolution, self._plan()
        if len(x) <= _samples(x, convolution.weight, plan):
            return self._as_they_are(x)
        answer: Tensor = _apply(x, convolution.weight, convolution.bias, plan)
        return answer

    def _as_they_are(self, x: Tensor) -> Tensor:
        """For a batch that fits into the cache as a whole."""
        answer: Tensor = self.pooling(self.convolution(x))
        answer = answer.relu() if self.rectifies else answer
        return answer if self.dropout is None else self.dropout(answer)

    def _plan(self) -> Plan:
        convolution, pooling, dropout = self.convolution, self.pooling, self.dropout
        window = Window(
            pair(pooling.kernel_size),
            pair(pooling.stride),
            pair(pooling.padding),
            pair(pooling.dilation),
            pooling.ceil_mode,
        )
        share = dropout.p if dropout is not None and dropout.training else 0.0
        return Plan(
            pair(convolution.stride),
            padding_of(convolution),
            pair(convolution.dilation),
            convolution.groups,
            window,
            self.rectifies,
            round(share * PIECES),
        )


def pair(sizes: int | tuple[int, ...]) -> Pair:
    """A size for each direction."""
    return (sizes, sizes) if isinstance(sizes, int) else (sizes[0], sizes[1])


def padding_of(convolution: nn.Conv2d) -> Pair:
    """How many places are put at each side, where that is as many at both."""
    if convolution.padding == "valid":
        return 0, 0
    if not isinstance(convolution.padding, str):
        return pair(convolution.padding)
    (high, wide), (down, across) = pair(convolution.kernel_size), pair(convolution.dilation)
    return down * (high - 1) // 2, across * (wide - 1) // 2


def kept_by_chance(count: int, dropped: int) -> Tensor:
    """For each of so many values whether it stays; `dropped` of 65,536 do not.

    Four from each random number: torch's own dropout draws one for each value.
    """
    numbers = torch.empty(-(-count // 4), dtype=torch.int64).random_(-(2**63), None)
    return numbers.view(torch.int16)[:count] >= dropped - PIECES // 2


class _Blocked(torch.autograd.Function):
    """The forward and backward of a BlockedConvolution."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401 - torch's own
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        plan: Plan,
    ) -> Tensor:
        laid, samples, places = weight.contiguous(memory_format=_LAYOUT), 1, []
        answer, done, given = x.new_empty(0), 0, torch.Size()
        for block in torch.split(x, _samples(x, weight, plan)):
            wide = functional.conv2d(block.contiguous(memory_format=_LAYOUT), laid, bias, *plan[:4])
            best, place = functional.max_pool2d_with_indices(wide, *plan.window)
            if not done:
                answer, given = x.new_empty(len(x), *best.shape[1:]), wide.shape[1:]
                samples = len(block)
            _finished(best, answer[done : done + len(block)], plan)
            places.append(place)
            done += len(block)
        ctx.save_for_backward(x, laid, answer, *places)
        ctx.plan, ctx.given, ctx.samples, ctx.has_bias = plan, given, samples, bias is not None
        return answer

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any,  # noqa: ANN401 - torch's own
        slope: Tensor,
    ) -> tuple[Tensor | None, ...]:
        x, laid, answer, *places = ctx.saved_tensors
        sums: list[Tensor | None] = [None, None]
        wanted = (*ctx.needs_input_grad[:2], ctx.has_bias and ctx.needs_input_grad[2])
        into = torch.empty_like(x) if wanted[0] else None
        example = x.new_empty(ctx.samples, *ctx.given).contiguous(memory_format=_LAYOUT)
        for number, place in enumerate(places):
            rows = slice(number * ctx.samples, number * ctx.samples + len(place))
            block = x[rows].contiguous(memory_format=_LAYOUT)
            back = _before_pooling(slope[rows], answer[rows], ctx.plan)
            wide = _unpooled(back, example[: len(place)], *ctx.plan.window, place)
            found = _slopes(wide, block, laid, ctx.plan, wanted)
            if into is not None:
                into[rows] = found[0]
            sums = [_added(*both) for both in zip(sums, found[1:], strict=True)]
        return into, *sums, None


_apply: Callable[..., Tensor] = _Blocked.apply


def _samples(x: Tensor, weight: Tensor, plan: Plan) -> int:
    """So many that what the convolution gives for them is small; a padding is not counted."""
    values = weight.shape[0] * x.shape[2] * x.shape[3] // (plan.stride[0] * plan.stride[1])
    return max(1, BLOCK_BYTES // max(1, values * x.element_size()))


def _finished(best: Tensor, answer: Tensor, plan: Plan) -> None:
    """ReLU and dropout, and into the answer of the whole batch."""
    answer.copy_(best)
    if plan.rectifies:
        answer.relu_()
    if plan.dropped:
        kept = kept_by_chance(answer.numel(), plan.dropped).view(answer.shape)
        answer.mul_(kept).mul_(plan.scale)


def _before_pooling(slope: Tensor, answer: Tensor, plan: Plan) -> Tensor:
    """The slope where a value came through: what was dropped or rectified stands there as 0."""
    if plan.rectifies:
        slope = torch.ops.aten.threshold_backward(slope, answer, 0)
    if plan.dropped:
        slope = slope * plan.scale
    return slope.contiguous(memory_format=_LAYOUT)


def _slopes(
    wide: Tensor, block: Tensor, weight: Tensor, plan: Plan, wanted: tuple[bool, ...]
) -> tuple[Tensor, Tensor, Tensor]:
    return _backward_of(
        wide,
        block,
        weight,
        [weight.shape[0]],
        plan.stride,
        plan.padding,
        plan.dilation,
        False,
        [0, 0],
        plan.groups,
        list(wanted),
    )


def _added(total: Tensor | None, one: Tensor | None) -> Tensor | None:
    return one if total is None or one is None else total.add_(one)
