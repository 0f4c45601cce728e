"""The few modules that torch.nn lacks: merging, reshaping, recurrent layers of one answer."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from typing_extensions import override

from studio.engine.attention_modules import AdditiveAttention as AdditiveAttention
from studio.engine.attention_modules import AttentionPooling as AttentionPooling
from studio.engine.attention_modules import CrossAttention as CrossAttention
from studio.engine.attention_modules import SelfAttention as SelfAttention
from studio.engine.backbones import PictureBackbone as PictureBackbone
from studio.engine.backbones import TextBackbone as TextBackbone
from studio.engine.embedding_modules import PooledEmbedding as PooledEmbedding
from studio.engine.embedding_modules import SpreadEmbedding as SpreadEmbedding
from studio.engine.expression import Expression as Expression
from studio.engine.merging_modules import Cosine as Cosine
from studio.engine.merging_modules import Distance as Distance
from studio.engine.merging_modules import Divide as Divide
from studio.engine.merging_modules import MatrixProduct as MatrixProduct
from studio.engine.merging_modules import Maximum as Maximum
from studio.engine.merging_modules import Mean as Mean
from studio.engine.merging_modules import Minimum as Minimum
from studio.engine.merging_modules import Stack as Stack
from studio.engine.merging_modules import Subtract as Subtract
from studio.engine.plain_modules import Constant as Constant
from studio.engine.plain_modules import Crop as Crop
from studio.engine.plain_modules import DrawnReLU as DrawnReLU
from studio.engine.plain_modules import FixedScale as FixedScale
from studio.engine.plain_modules import GaussianNoise as GaussianNoise
from studio.engine.plain_modules import LearntNumbers as LearntNumbers
from studio.engine.plain_modules import LearntScale as LearntScale
from studio.engine.plain_modules import LearntShift as LearntShift
from studio.engine.plain_modules import Permute as Permute
from studio.engine.plain_modules import SeparableConv1d as SeparableConv1d
from studio.engine.plain_modules import SeparableConv2d as SeparableConv2d
from studio.engine.plain_modules import SeparableConv3d as SeparableConv3d
from studio.engine.plain_modules import Slice as Slice
from studio.engine.plain_modules import Squeeze as Squeeze
from studio.engine.plain_modules import Unsqueeze as Unsqueeze
from studio.engine.pooling_modules import FractionalPool2d as FractionalPool2d
from studio.engine.pooling_modules import FractionalPool3d as FractionalPool3d
from studio.engine.pooling_modules import UnevenMaxPool1d as UnevenMaxPool1d
from studio.engine.pooling_modules import UnevenMaxPool2d as UnevenMaxPool2d
from studio.engine.pooling_modules import UnevenMaxPool3d as UnevenMaxPool3d
from studio.engine.sequence_modules import CausalConv1d as CausalConv1d
from studio.engine.sequence_modules import WiredRecurrent as WiredRecurrent
from studio.engine.signal_modules import Cepstrum as Cepstrum
from studio.engine.signal_modules import Decibels as Decibels
from studio.engine.signal_modules import Delta as Delta
from studio.engine.signal_modules import Logarithm as Logarithm
from studio.engine.signal_modules import MelSpectrogram as MelSpectrogram
from studio.engine.signal_modules import Spectrogram as Spectrogram
from studio.engine.transformer_modules import ClassToken as ClassToken
from studio.engine.transformer_modules import Decoder as Decoder
from studio.engine.transformer_modules import DecoderLayer as DecoderLayer
from studio.engine.transformer_modules import Encoder as Encoder
from studio.engine.transformer_modules import EncoderLayer as EncoderLayer
from studio.engine.transformer_modules import LearntPositions as LearntPositions
from studio.engine.transformer_modules import PatchEmbedding as PatchEmbedding
from studio.engine.transformer_modules import RotaryPositions as RotaryPositions
from studio.engine.transformer_modules import SinusoidalPositions as SinusoidalPositions


class Add(nn.Module):
    """The sum of all inputs, number by number."""

    @override
    def forward(self, inputs: list[Tensor]) -> Tensor:
        total = inputs[0]
        for other in inputs[1:]:
            total = total + other
        return total


class Multiply(nn.Module):
    """The product of all inputs, number by number."""

    @override
    def forward(self, inputs: list[Tensor]) -> Tensor:
        product = inputs[0]
        for other in inputs[1:]:
            product = product * other
        return product


class Dot(nn.Module):
    """The sum of the products along the last axis, of which one number is left."""

    @override
    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        return (first * second).sum(dim=-1, keepdim=True)


class GlobalPool(nn.Module):
    """The mean or the largest number over the first axis of a row, or over all but the first."""

    def __init__(self, is_max: bool, is_over_steps: bool) -> None:
        super().__init__()
        self.is_max = is_max
        self.is_over_steps = is_over_steps

    @override
    def forward(self, input: Tensor) -> Tensor:
        rows = input if self.is_over_steps else input.flatten(2).transpose(1, 2)
        return torch.amax(rows, dim=1) if self.is_max else torch.mean(rows, dim=1)

    @override
    def extra_repr(self) -> str:
        return f"is_max={self.is_max}, is_over_steps={self.is_over_steps}"


class Transpose(nn.Module):
    """Two axes swapped; 1 is the first after the batch."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__()
        self.first = first
        self.second = second

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input.transpose(self.first, self.second)

    @override
    def extra_repr(self) -> str:
        return f"first={self.first}, second={self.second}"


class Repeat(nn.Module):
    """The same numbers at each step of a new first axis."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    @override
    def forward(self, input: Tensor) -> Tensor:
        steps = [1] * input.dim()
        return input.unsqueeze(1).repeat([1, self.times] + steps[1:])

    @override
    def extra_repr(self) -> str:
        return f"times={self.times}"


class Concatenate(nn.Module):
    """All inputs behind one another along an axis; 1 is the first after the batch."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    @override
    def forward(self, inputs: list[Tensor]) -> Tensor:
        return torch.cat(inputs, dim=self.axis)

    @override
    def extra_repr(self) -> str:
        return f"axis={self.axis}"


class Reshape(nn.Module):
    """The same numbers of each row in another shape."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = list(shape)

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input.reshape([input.shape[0]] + self.shape)

    @override
    def extra_repr(self) -> str:
        return f"shape={tuple(self.shape)}"


class _Stacked(nn.Module):
    """Recurrent layers on top of each other, read batch first."""

    def __init__(
        self,
        recurrent: Callable[..., nn.RNNBase],
        *,
        gives_sequence: bool,
        bidirectional: bool,
        **sizes: float,
    ) -> None:
        super().__init__()
        self.gives_sequence = gives_sequence
        self.bidirectional = bidirectional
        self.recurrent = recurrent(batch_first=True, bidirectional=bidirectional, **sizes)


class StackedLSTM(_Stacked):
    """An LSTM that gives each step's answer, or what it remembers at the end of the sequence."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of _Stacked and nn.LSTM
        super().__init__(nn.LSTM, **settings)

    @override
    def forward(self, input: Tensor) -> Tensor:
        steps, (memory, _cell) = self.recurrent(input)
        last = _last_of(memory, self.bidirectional)
        answer: Tensor = steps if self.gives_sequence else last
        return answer


class StackedGRU(_Stacked):
    """A GRU that gives each step's answer, or what it remembers at the end of the sequence."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of _Stacked and nn.GRU
        super().__init__(nn.GRU, **settings)

    @override
    def forward(self, input: Tensor) -> Tensor:
        steps, memory = self.recurrent(input)
        last = _last_of(memory, self.bidirectional)
        answer: Tensor = steps if self.gives_sequence else last
        return answer


class StackedRNN(_Stacked):
    """An RNN that gives each step's answer, or what it remembers at the end of the sequence."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of _Stacked and nn.RNN
        super().__init__(nn.RNN, **settings)

    @override
    def forward(self, input: Tensor) -> Tensor:
        steps, memory = self.recurrent(input)
        last = _last_of(memory, self.bidirectional)
        answer: Tensor = steps if self.gives_sequence else last
        return answer


def _last_of(memory: Tensor, bidirectional: bool) -> Tensor:
    """What the top layer remembers: at the last step forwards, and at the first one backwards."""
    if bidirectional:
        return torch.cat([memory[-2], memory[-1]], dim=1)
    return memory[-1]
