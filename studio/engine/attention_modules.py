"""Attention, in the form that all exports can carry, and what it looked at.

Every attention module here has a method `weights(...)`, which takes what `forward` takes and
gives how much each query looks at each step; `read_weights` gathers them from a whole model.
Tokens say where padding stands (0); a query that would see nothing but padding sees itself, or
all steps alike, so that no answer is ever not a number.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

ROTARY = "rotary"


def rotated(input: Tensor, base: float) -> Tensor:
    """The two halves of [..., T, D] turned by angles that grow with the step.

    RoFormer, Su et al. 2021, with halves as in GPT-NeoX. Angles are worked out anew each time:
    what TorchScript would keep of them counts as weights there.
    """
    steps = torch.arange(input.shape[-2], device=input.device).unsqueeze(1)
    angles = steps * speeds(input.shape[-1], base, input.device)
    cosine, sine = angles.cos().to(input.dtype), angles.sin().to(input.dtype)
    half = input.shape[-1] // 2
    first, second = input[..., :half], input[..., half:]
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)


def speeds(width: int, base: float, device: torch.device) -> Tensor:
    """How fast each pair of `width` numbers turns from step to step: 1 down to about 1 / base."""
    places = torch.arange(0, width, 2, device=device, dtype=torch.float32)
    return torch.exp(places * (-math.log(base) / width))


class _Heads(nn.Module):
    """What all attention with heads shares: splitting, joining, and the one formula."""

    def __init__(self, width: int, heads: int, dropout: float, bias: bool) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"{heads} heads do not divide a width of {width}")
        self.heads = heads
        self.dropout = dropout
        self.output = nn.Linear(width, width, bias=bias)
        if bias:
            nn.init.zeros_(self.output.bias)

    def _split(self, input: Tensor) -> Tensor:
        """[N, T, W] to [N, heads, T, W / heads]."""
        size = input.shape[-1] // self.heads
        return input.view(input.shape[0], input.shape[1], self.heads, size).transpose(1, 2)

    def _joined(self, heads: Tensor) -> Tensor:
        joined: Tensor = self.output(heads.transpose(1, 2).flatten(2))
        return joined

    def _looked(self, query: Tensor, key: Tensor, mask: Tensor | None) -> Tensor:
        """Softmax over the steps that may be seen: [N, heads, queries, keys]."""
        scores = torch.matmul(query, key.transpose(-2, -1)) / math.sqrt(query.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        return scores.softmax(dim=-1)


class SelfAttention(_Heads):
    """Each step of [N, T, W] asks all steps (with `causal`, itself and earlier ones).

    The formula and the weights of nn.MultiheadAttention; tokens [N, T] leave padding out.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        dropout: float = 0.0,
        bias: bool = True,
        causal: bool = False,
        positions: str = "none",
    ) -> None:
        super().__init__(width, heads, dropout, bias)
        self.causal = causal
        self.is_rotary = positions == ROTARY
        if self.is_rotary and width // heads % 2:
            raise ValueError(f"heads of {width // heads} numbers cannot be turned in pairs")
        self.projection = _projection(width, 3 * width, bias)

    @override
    def forward(self, input: Tensor, tokens: Tensor | None = None) -> Tensor:
        query, key, value = self._parts(input)
        share = self.dropout if self.training else 0.0
        mask: Tensor | None = None
        if tokens is not None:
            mask = self._mask(input, tokens)
        found = functional.scaled_dot_product_attention(
            query, key, value, mask, share, self.causal and mask is None
        )
        return self._joined(found)

    def weights(self, input: Tensor, tokens: Tensor | None = None) -> Tensor:
        """How much each step looks at each step: [N, heads, T, T], rows that add up to 1."""
        query, key, _value = self._parts(input)
        return self._looked(query, key, self._mask(input, tokens))

    def _parts(self, input: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        query, key, value = self.projection(input).chunk(3, dim=-1)
        query, key, value = self._split(query), self._split(key), self._split(value)
        if self.is_rotary:
            query, key = rotated(query, 10_000.0), rotated(key, 10_000.0)
        return query, key, value

    def _mask(self, input: Tensor, tokens: Tensor | None) -> Tensor:
        """What each step may see, [N or 1, 1, T, T]: itself always."""
        steps = torch.arange(input.shape[1], device=input.device)
        own, other = steps.unsqueeze(1), steps.unsqueeze(0)
        mask = (other <= own if self.causal else other >= 0).unsqueeze(0).unsqueeze(0)
        if tokens is not None:
            mask = mask & (tokens != 0).unsqueeze(1).unsqueeze(1)
        return mask | (own == other)

    @override
    def extra_repr(self) -> str:
        return f"heads={self.heads}, causal={self.causal}, is_rotary={self.is_rotary}"


class CrossAttention(_Heads):
    """Each step of a query [N, Q, W] asks all steps of a memory [N, K, M]; gives [N, Q, W].

    Tokens [N, K] are those of the memory: its padding is left out.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        memory_width: int,
        *,
        dropout: float = 0.0,
        bias: bool = True,
    ) -> None:
        super().__init__(width, heads, dropout, bias)
        self.asking = _projection(width, width, bias)
        self.answering = _projection(memory_width, 2 * width, bias)

    @override
    def forward(self, input: Tensor, memory: Tensor, tokens: Tensor | None = None) -> Tensor:
        query = self._split(self.asking(input))
        key, value = self.answering(memory).chunk(2, dim=-1)
        share = self.dropout if self.training else 0.0
        found = functional.scaled_dot_product_attention(
            query, self._split(key), self._split(value), seen(tokens), share
        )
        return self._joined(found)

    def weights(self, input: Tensor, memory: Tensor, tokens: Tensor | None = None) -> Tensor:
        """How much each query looks at each step of the memory: [N, heads, Q, K]."""
        key = self.answering(memory).chunk(2, dim=-1)[0]
        return self._looked(self._split(self.asking(input)), self._split(key), seen(tokens))


def seen(tokens: Tensor | None) -> Tensor | None:
    """Which steps may be seen, [N, 1, 1, K]: words, or all where there are none."""
    if tokens is None:
        return None
    is_word = tokens != 0
    visible = is_word | ~is_word.any(dim=1, keepdim=True)
    return visible.unsqueeze(1).unsqueeze(1)


class AdditiveAttention(nn.Module):
    """Bahdanau's attention: each step of a query [N, Q, W] gets a mean of a memory [N, K, M].

    What it looks at is v · tanh(a query + b memory), Bahdanau et al. 2014, appendix A.1.2.
    """

    def __init__(self, width: int, memory_width: int, units: int) -> None:
        super().__init__()
        self.asking = nn.Linear(width, units, bias=False)
        self.answering = nn.Linear(memory_width, units)
        self.score = nn.Linear(units, 1, bias=False)

    @override
    def forward(self, input: Tensor, memory: Tensor, tokens: Tensor | None = None) -> Tensor:
        return torch.matmul(self.weights(input, memory, tokens), memory)

    def weights(self, input: Tensor, memory: Tensor, tokens: Tensor | None = None) -> Tensor:
        """How much each query looks at each step of the memory: [N, Q, K]."""
        both = self.asking(input).unsqueeze(2) + self.answering(memory).unsqueeze(1)
        scores: Tensor = self.score(torch.tanh(both)).squeeze(-1)
        mask = seen(tokens)
        if mask is not None:
            scores = scores.masked_fill(~mask.squeeze(1), float("-inf"))
        return scores.softmax(dim=-1)


class AttentionPooling(nn.Module):
    """Steps [N, T, W] to their weighted mean [N, W]; a small network says what each counts."""

    def __init__(self, width: int, units: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, units)
        self.score = nn.Linear(units, 1, bias=False)

    @override
    def forward(self, input: Tensor, tokens: Tensor | None = None) -> Tensor:
        return torch.matmul(self.weights(input, tokens).unsqueeze(1), input).squeeze(1)

    def weights(self, input: Tensor, tokens: Tensor | None = None) -> Tensor:
        """How much each step counts: [N, T], rows that add up to 1."""
        scores: Tensor = self.score(torch.tanh(self.hidden(input))).squeeze(-1)
        mask = seen(tokens)
        if mask is not None:
            scores = scores.masked_fill(~mask.squeeze(1).squeeze(1), float("-inf"))
        return scores.softmax(dim=-1)


def read_weights(model: nn.Module, *inputs: Tensor) -> dict[str, Tensor]:
    """Runs the model once; for each attention in it, by its name there, what it looked at."""
    found: dict[str, Tensor] = {}

    def reader(name: str) -> Callable[[nn.Module, tuple[Any, ...]], None]:
        def read(part: nn.Module, takes: tuple[Any, ...]) -> None:
            assert isinstance(part, ATTENTIVE)
            found[name] = part.weights(*takes).detach()

        return read

    parts = [(name, part) for name, part in model.named_modules() if isinstance(part, ATTENTIVE)]
    handles = [part.register_forward_pre_hook(reader(name)) for name, part in parts]
    try:
        with torch.no_grad():
            model(*inputs)
    finally:
        for handle in handles:
            handle.remove()
    return found


ATTENTIVE = (SelfAttention, CrossAttention, AdditiveAttention, AttentionPooling)


def _projection(width: int, wanted: int, bias: bool) -> nn.Linear:
    """A Linear that starts as the projections of nn.MultiheadAttention do."""
    made = nn.Linear(width, wanted, bias=bias)
    nn.init.xavier_uniform_(made.weight)
    if bias:
        nn.init.zeros_(made.bias)
    return made
