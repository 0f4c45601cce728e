"""Losses that torch has in another form than our targets: made to fit, and the value is torch's."""

from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

Settings = Mapping[str, Any]
PADDING = 0  # the token that fills a text up
LEAST_VARIANCE = 1e-6  # torch's own bound


class TokenLoss(nn.Module):
    """Cross-entropy of scores [N, T, V] for tokens [N, T]: the mean over all but padding."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of nn.CrossEntropyLoss
        super().__init__()
        self.each = nn.CrossEntropyLoss(ignore_index=PADDING, reduction="sum", **settings)

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        total: Tensor = self.each(outputs.flatten(0, 1), targets.flatten())
        return total / (targets != PADDING).sum().clamp(min=1)


class LogProbabilityLoss(nn.Module):
    """nn.NLLLoss of scores: they become log-probabilities here, which changes none that are."""

    def __init__(self, weight: Tensor | None = None) -> None:
        super().__init__()
        self.each = nn.NLLLoss(weight)

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        loss: Tensor = self.each(functional.log_softmax(outputs, dim=1), targets)
        return loss


class OneAgainstAll(nn.Module):
    """A loss of yes and no for each class: the right one is to say yes, all others no.

    The mean over classes and rows; with `weight` rows count as their right class does.
    """

    weight: Tensor | None

    def __init__(
        self,
        each: Callable[[Tensor, Tensor], Tensor],
        smoothing: float = 0.0,
        weight: Tensor | None = None,
    ) -> None:
        super().__init__()
        self._each, self._smoothing = each, smoothing
        self.register_buffer("weight", weight)

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        wanted = one_hot(outputs, targets)
        if self._smoothing:
            wanted = wanted * (1.0 - self._smoothing) + self._smoothing / 2.0
        losses = self._each(outputs, wanted).mean(dim=1)
        if self.weight is None:
            return losses.mean()
        weights = self.weight[targets]
        return (losses * weights).sum() / weights.sum()


class DivergenceLoss(nn.Module):
    """nn.KLDivLoss of scores from the right class, of which the others get a share."""

    weight: Tensor | None

    def __init__(self, smoothing: float, weight: Tensor | None = None) -> None:
        super().__init__()
        self._smoothing = smoothing
        self.register_buffer("weight", weight)

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        wanted = one_hot(outputs, targets)
        wanted = wanted * (1.0 - self._smoothing) + self._smoothing / outputs.shape[1]
        said = functional.log_softmax(outputs, dim=1)
        losses = functional.kl_div(said, wanted, reduction="none").sum(dim=1)
        if self.weight is None:
            return losses.mean()
        weights = self.weight[targets]
        return (losses * weights).sum() / weights.sum()


class MarginLoss(nn.Module):
    """nn.MultiLabelMarginLoss where one class alone is right."""

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        wanted = torch.full(outputs.shape, -1, dtype=torch.int64, device=outputs.device)
        wanted[:, 0] = targets
        return functional.multilabel_margin_loss(outputs, wanted)


class CountLoss(nn.Module):
    """nn.PoissonNLLLoss of a count, which the network gives in scaled units.

    The logarithm goes on as a straight line below `floor`, so that an answer that is no
    count yet is drawn upwards instead of ending the run.
    """

    offsets: Tensor
    scales: Tensor

    def __init__(
        self, offsets: tuple[float, ...], scales: tuple[float, ...], floor: float, full: bool
    ) -> None:
        super().__init__()
        self._floor, self._full = floor, full
        self.register_buffer("offsets", torch.tensor(offsets or (0.0,)))
        self.register_buffer("scales", torch.tensor(scales or (1.0,)))

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        rates = outputs * self.scales + self.offsets
        counts = (targets * self.scales + self.offsets).clamp(min=0.0)
        safe = rates.clamp(min=self._floor)
        below = (rates - safe) / self._floor
        plain = functional.poisson_nll_loss(
            safe, counts, log_input=False, full=self._full, eps=0.0, reduction="none"
        )
        return (plain + (rates - safe) - counts * below).mean()


class GaussianLoss(nn.Module):
    """nn.GaussianNLLLoss of numbers [N, n] for answers [N, 2 n]: each number, then each spread."""

    def __init__(self, *, full: bool) -> None:
        super().__init__()
        self._full = full

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        count = targets.shape[1]
        spread = variance_of(outputs[:, count:])
        return functional.gaussian_nll_loss(
            outputs[:, :count], targets, spread, full=self._full, eps=LEAST_VARIANCE
        )


class PairLoss(nn.Module):
    """nn.HingeEmbeddingLoss of a distance [N, 1], or nn.CosineEmbeddingLoss of a likeness.

    One of the two classes says that a pair is the same. A distance below 0 is one all the same.
    """

    def __init__(self, *, is_distance: bool, margin: float, same: str) -> None:
        super().__init__()
        self._is_distance, self._margin = is_distance, margin
        self._same = 1 if same == "second" else 0

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        given, is_same = outputs[:, 0], targets == self._same
        if self._is_distance:
            wanted = is_same.to(given.dtype) * 2.0 - 1.0
            return functional.hinge_embedding_loss(given.abs(), wanted, margin=self._margin)
        too_much = (given - self._margin).clamp(min=0.0)
        return torch.where(is_same, 1.0 - given, too_much).mean()


class RankingLoss(nn.Module):
    """nn.MarginRankingLoss of the right class beside each other: the mean over all such pairs."""

    def __init__(self, margin: float) -> None:
        super().__init__()
        self._margin = margin

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        is_other = one_hot(outputs, targets) == 0
        others = outputs[is_other].reshape(len(outputs), -1)
        right = outputs.gather(1, targets.unsqueeze(1)).expand_as(others)
        return functional.margin_ranking_loss(
            right, others, torch.ones_like(others), margin=self._margin
        )


def variance_of(spread: Tensor) -> Tensor:
    """The variance that an answer stands for: above 0, whatever the network gives."""
    return functional.softplus(spread).clamp(min=LEAST_VARIANCE)


def deviations_around(share: float) -> float:
    """How many deviations to each side that share of a Gaussian lies in."""
    return NormalDist().inv_cdf((1.0 + share) / 2.0)


def one_hot(outputs: Tensor, targets: Tensor) -> Tensor:
    """1 at the right class and 0 at all others, shaped as the scores [N, K, ...]."""
    wanted = torch.zeros_like(outputs)
    return wanted.scatter_(1, targets.unsqueeze(1), 1.0)


def yes_or_no(outputs: Tensor, wanted: Tensor) -> Tensor:
    """nn.BCEWithLogitsLoss, and so what nn.MultiLabelSoftMarginLoss takes the mean of."""
    return functional.binary_cross_entropy_with_logits(outputs, wanted, reduction="none")


def soft_margin(outputs: Tensor, wanted: Tensor) -> Tensor:
    """nn.SoftMarginLoss, which wants 1 and -1."""
    return functional.soft_margin_loss(outputs, wanted * 2.0 - 1.0, reduction="none")
