"""Layers and stacks of a transformer, and what tells them the places of the steps."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from studio.engine.attention_modules import CrossAttention, SelfAttention, rotated, speeds

PRE, POST = "pre", "post"


class _FeedForward(nn.Module):
    """Two Linears with an activation between them, over each step alone."""

    def __init__(self, width: int, hidden: int, *, dropout: float, activation: str) -> None:
        super().__init__()
        self.wide = nn.Linear(width, hidden)
        self.narrow = nn.Linear(hidden, width)
        self.dropout = nn.Dropout(dropout)
        self.is_gelu = activation == "gelu"

    @override
    def forward(self, input: Tensor) -> Tensor:
        hidden = self.wide(input)
        hidden = functional.gelu(hidden) if self.is_gelu else functional.relu(hidden)
        found: Tensor = self.narrow(self.dropout(hidden))
        return found


class EncoderLayer(nn.Module):
    """Self-attention and a feed-forward network, each led past: [N, T, W] to [N, T, W].

    The arithmetic of nn.TransformerEncoderLayer; `norm` says whether the layer norms stand
    before each part (pre) or behind it (post).
    """

    def __init__(
        self,
        width: int,
        *,
        heads: int,
        hidden: int,
        dropout: float,
        norm: str = POST,
        activation: str = "relu",
        causal: bool = False,
        positions: str = "none",
    ) -> None:
        super().__init__()
        self.is_pre = norm == PRE
        self.attention = SelfAttention(
            width, heads, dropout=dropout, causal=causal, positions=positions
        )
        self.feed_forward = _FeedForward(width, hidden, dropout=dropout, activation=activation)
        self.norm_1 = nn.LayerNorm(width)
        self.norm_2 = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    @override
    def forward(self, input: Tensor, tokens: Tensor | None = None) -> Tensor:
        if self.is_pre:
            middle = input + self.dropout(self.attention(self.norm_1(input), tokens))
            before: Tensor = middle + self.dropout(self.feed_forward(self.norm_2(middle)))
            return before
        middle = self.norm_1(input + self.dropout(self.attention(input, tokens)))
        behind: Tensor = self.norm_2(middle + self.dropout(self.feed_forward(middle)))
        return behind


class Encoder(nn.Module):
    """Encoder layers on one another; with the norms before each part, one more at the end."""

    def __init__(self, width: int, *, layers: int, norm: str = POST, **settings: object) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            EncoderLayer(width, norm=norm, **settings)  # type: ignore[arg-type]
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width) if norm == PRE else nn.Identity()

    @override
    def forward(self, input: Tensor, tokens: Tensor | None = None) -> Tensor:
        for layer in self.layers:
            input = layer(input, tokens)
        found: Tensor = self.norm(input)
        return found


class DecoderLayer(nn.Module):
    """Self-attention, attention to a memory, and a feed-forward network: [N, T, W] to [N, T, W].

    The arithmetic of nn.TransformerDecoderLayer. `memory_tokens` and `tokens` say where the
    padding of the memory [N, S, M] and of the input stands.
    """

    def __init__(
        self,
        width: int,
        *,
        memory_width: int,
        heads: int,
        hidden: int,
        dropout: float,
        norm: str = POST,
        activation: str = "relu",
        causal: bool = True,
        positions: str = "none",
    ) -> None:
        super().__init__()
        self.is_pre = norm == PRE
        self.attention = SelfAttention(
            width, heads, dropout=dropout, causal=causal, positions=positions
        )
        self.cross_attention = CrossAttention(width, heads, memory_width, dropout=dropout)
        self.feed_forward = _FeedForward(width, hidden, dropout=dropout, activation=activation)
        self.norm_1 = nn.LayerNorm(width)
        self.norm_2 = nn.LayerNorm(width)
        self.norm_3 = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    @override
    def forward(
        self,
        input: Tensor,
        memory: Tensor,
        memory_tokens: Tensor | None = None,
        tokens: Tensor | None = None,
    ) -> Tensor:
        if self.is_pre:
            first = input + self.dropout(self.attention(self.norm_1(input), tokens))
            asked = self.cross_attention(self.norm_2(first), memory, memory_tokens)
            second = first + self.dropout(asked)
            before: Tensor = second + self.dropout(self.feed_forward(self.norm_3(second)))
            return before
        first = self.norm_1(input + self.dropout(self.attention(input, tokens)))
        asked = self.cross_attention(first, memory, memory_tokens)
        second = self.norm_2(first + self.dropout(asked))
        behind: Tensor = self.norm_3(second + self.dropout(self.feed_forward(second)))
        return behind


class Decoder(nn.Module):
    """Decoder layers on one another; with the norms before each part, one more at the end."""

    def __init__(self, width: int, *, layers: int, norm: str = POST, **settings: object) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            DecoderLayer(width, norm=norm, **settings)  # type: ignore[arg-type]
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width) if norm == PRE else nn.Identity()

    @override
    def forward(
        self,
        input: Tensor,
        memory: Tensor,
        memory_tokens: Tensor | None = None,
        tokens: Tensor | None = None,
    ) -> Tensor:
        for layer in self.layers:
            input = layer(input, memory, memory_tokens, tokens)
        found: Tensor = self.norm(input)
        return found


class SinusoidalPositions(nn.Module):
    """Adds to each step of [N, T, W] sines and cosines of its place, slower and slower.

    Vaswani et al. 2017, section 3.5: sin(t / base^(2i / W)) and its cosine, in turn.
    """

    table: Tensor

    def __init__(self, steps: int, width: int, base: float) -> None:
        super().__init__()
        places = torch.arange(steps, dtype=torch.float32).unsqueeze(1)
        angles = places * speeds(width, base, places.device)
        both = torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
        self.register_buffer("table", both[:, :width].contiguous())

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input + self.table[: input.shape[1]]


class LearntPositions(nn.Module):
    """Adds to each step of [N, T, W] a learnt line of numbers of its own."""

    def __init__(self, steps: int, width: int, std: float) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(steps, width))
        nn.init.normal_(self.table, std=std)

    @override
    def forward(self, input: Tensor) -> Tensor:
        return input + self.table[: input.shape[1]]


class RotaryPositions(nn.Module):
    """Turns the halves of each step of [N, T, W] by angles that grow with its place."""

    def __init__(self, width: int, base: float) -> None:
        super().__init__()
        if width % 2:
            raise ValueError(f"{width} numbers cannot be turned in pairs")
        self.base = base

    @override
    def forward(self, input: Tensor) -> Tensor:
        return rotated(input, self.base)

    @override
    def extra_repr(self) -> str:
        return f"base={self.base}"


class ClassToken(nn.Module):
    """Puts a learnt step in front of [N, T, W], or behind it."""

    def __init__(self, width: int, std: float, is_first: bool) -> None:
        super().__init__()
        self.is_first = is_first
        self.token = nn.Parameter(torch.empty(1, 1, width))
        nn.init.normal_(self.token, std=std)

    @override
    def forward(self, input: Tensor) -> Tensor:
        token = self.token.expand(input.shape[0], 1, input.shape[2])
        return torch.cat([token, input] if self.is_first else [input, token], dim=1)


class PatchEmbedding(nn.Module):
    """An image [N, C, H, W] cut into patches, each weighed into one step: [N, patches, D]."""

    def __init__(self, channels: int, width: int, patch: tuple[int, int], bias: bool) -> None:
        super().__init__()
        self.projection = nn.Conv2d(channels, width, patch, stride=patch, bias=bias)
        # A patch is weighed as a Linear would weigh it (ViT, Dosovitskiy et al. 2020).
        seen = channels * math.prod(patch)
        nn.init.normal_(self.projection.weight, std=1.0 / math.sqrt(seen))

    @override
    def forward(self, input: Tensor) -> Tensor:
        patches: Tensor = self.projection(input).flatten(2).transpose(1, 2)
        return patches
