"""Modules along a sequence: recurrent ones that skip padding, convolutions that look back."""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

Kind = Literal["RNN", "GRU", "LSTM"]


class WiredRecurrent(nn.Module):
    """Recurrent layers [N, T, W] that read only steps whose token is not 0, wherever they stand.

    The words of each row are moved to its front, read there in both directions as packed
    sequences of torch would be, and moved back; steps of padding give zeros. `start`
    [N, directions x units] is what every layer remembers at first (the cell of an LSTM is
    empty); a row without words gives it back as its last step.
    """

    def __init__(
        self,
        kind: Kind,
        *,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        bidirectional: bool,
        dropout: float,
        gives_sequence: bool,
        nonlinearity: str = "tanh",
    ) -> None:
        super().__init__()
        self.units = hidden_size
        self.directions = 2 if bidirectional else 1
        self.gives_sequence = gives_sequence
        self.dropout = nn.Dropout(dropout)
        widths = [input_size] + [hidden_size * self.directions] * (num_layers - 1)
        self.readers = nn.ModuleList(
            _reader(kind, width, hidden_size, nonlinearity)
            for width in widths
            for _ in range(self.directions)
        )

    @override
    def forward(
        self, input: Tensor, tokens: Tensor | None = None, start: Tensor | None = None
    ) -> Tensor:
        places = torch.arange(input.shape[1], device=input.device).unsqueeze(0)
        places = places.expand(input.shape[0], input.shape[1])
        is_word = places >= 0
        if tokens is not None:
            is_word = tokens != 0
        length = is_word.sum(dim=1, keepdim=True)
        # Where each step goes: words to the front in their order, padding behind them.
        goal = torch.where(is_word, is_word.cumsum(1) - 1, length + (~is_word).cumsum(1) - 1)
        source = torch.zeros_like(places).scatter(1, goal, places)
        steps, ends = self._read(_taken(input, source), places, length, start)
        if self.gives_sequence:
            is_read = (places < length).unsqueeze(2)
            return _taken(torch.where(is_read, steps, torch.zeros_like(steps)), goal)
        return ends

    def _read(
        self, steps: Tensor, places: Tensor, length: Tensor, start: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """The answers of the top layer, and what it remembers at the end of each direction."""
        turned = torch.where(places < length, length - 1 - places, places)
        final = (length - 1).clamp(min=0)
        wide = self.units * self.directions
        begin = torch.zeros(steps.shape[0], wide, dtype=steps.dtype, device=steps.device)
        if start is not None:
            begin = start
        ends = begin
        sides: list[Tensor] = []
        found: list[Tensor] = []
        for number, reader in enumerate(self.readers):
            side = number % self.directions
            if number >= self.directions and side == 0:
                steps = self.dropout(steps)
            seen = _taken(steps, turned) if side == 1 else steps
            answer = reader(seen, begin[:, side * self.units : (side + 1) * self.units])
            found.append(_taken(answer, final).squeeze(1))
            sides.append(_taken(answer, turned) if side == 1 else answer)
            if side == self.directions - 1:
                steps = torch.cat(sides, dim=2)
                ends = torch.where(length > 0, torch.cat(found, dim=1), begin)
                sides, found = [], []
        return steps, ends


class CausalConv1d(nn.Conv1d):
    """A convolution of [N, C, T] that sees this step and earlier ones; the length is kept."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, dilation=dilation, groups=groups, bias=bias
        )
        self.reach = dilation * (kernel_size - 1)

    @override
    def forward(self, input: Tensor) -> Tensor:
        padded = functional.pad(input, [self.reach, 0])
        return functional.conv1d(
            padded, self.weight, self.bias, [1], [0], self.dilation, self.groups
        )


class _Reader(nn.Module):
    """One direction of an RNN or GRU: steps [N, T, W] and a start [N, U] to answers [N, T, U]."""

    def __init__(self, recurrent: nn.RNNBase) -> None:
        super().__init__()
        self.recurrent = recurrent

    @override
    def forward(self, steps: Tensor, start: Tensor) -> Tensor:
        answer: Tensor = self.recurrent(steps, start.unsqueeze(0).contiguous())[0]
        return answer


class _CellReader(nn.Module):
    """One direction of an LSTM, whose cell starts empty."""

    def __init__(self, recurrent: nn.RNNBase) -> None:
        super().__init__()
        self.recurrent = recurrent

    @override
    def forward(self, steps: Tensor, start: Tensor) -> Tensor:
        memory = start.unsqueeze(0).contiguous()
        answer: Tensor = self.recurrent(steps, (memory, torch.zeros_like(memory)))[0]
        return answer


def _reader(kind: Kind, width: int, units: int, nonlinearity: str) -> nn.Module:
    if kind == "LSTM":
        return _CellReader(nn.LSTM(width, units, batch_first=True))
    if kind == "GRU":
        return _Reader(nn.GRU(width, units, batch_first=True))
    return _Reader(nn.RNN(width, units, batch_first=True, nonlinearity=nonlinearity))


def _taken(steps: Tensor, places: Tensor) -> Tensor:
    """The steps [N, T, W] that stand at the places [N, P]."""
    return steps.gather(1, places.unsqueeze(2).expand(-1, -1, steps.shape[2]))
