"""Modules that turn the numbers of categories into learnt lines of numbers."""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

PADDING = 0


class SpreadEmbedding(nn.Embedding):
    """An nn.Embedding with a start spread, and a bound that shortens what it gives.

    torch's own `max_norm` rewrites the weights in passing, which no exported program can; here
    the longer rows are scaled down on their way out. `has_padding`: row 0 stays zero.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        *,
        has_padding: bool = False,
        max_norm: float = 0.0,
        std: float = 1.0,
    ) -> None:
        super().__init__(num_embeddings, embedding_dim, PADDING if has_padding else None)
        self.bound = max_norm
        if std != 1.0:
            with torch.no_grad():
                self.weight.mul_(std)

    @override
    def forward(self, input: Tensor) -> Tensor:
        rows = functional.embedding(input, self.weight, self.padding_idx)
        if self.bound > 0.0:
            length = rows.square().sum(dim=-1, keepdim=True).clamp(min=1e-14).sqrt()
            rows = rows * (self.bound / length).clamp(max=1.0)
        return rows


class PooledEmbedding(nn.Module):
    """Tokens [N, T] to one row [N, D]: mean, sum or largest of their rows, padding left out.

    A text that is all padding gives zeros.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        *,
        keeps: Literal["mean", "sum", "max"],
        max_norm: float = 0.0,
        std: float = 1.0,
    ) -> None:
        super().__init__()
        self.keeps = str(keeps)
        self.embedding = SpreadEmbedding(
            num_embeddings, embedding_dim, has_padding=True, max_norm=max_norm, std=std
        )

    @override
    def forward(self, input: Tensor) -> Tensor:
        rows: Tensor = self.embedding(input)
        is_word = (input != 0).unsqueeze(-1)
        count = is_word.to(rows.dtype).sum(dim=1)
        if self.keeps == "max":
            largest = rows.masked_fill(~is_word, float("-inf")).amax(dim=1)
            return torch.where(count > 0.0, largest, torch.zeros_like(largest))
        total: Tensor = (rows * is_word.to(rows.dtype)).sum(dim=1)
        return total / count.clamp(min=1.0) if self.keeps == "mean" else total

    @override
    def extra_repr(self) -> str:
        return f"keeps={self.keeps}"
