"""Objectives: the loss, made from its catalogue entry."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

from studio.core.catalogue.entry import TaskKind
from studio.core.design.training import TrainingSpec
from studio.core.design.training_check import loss_for
from studio.engine import losses
from studio.engine.alignment import AlignmentLoss
from studio.engine.losses import (
    CountLoss,
    DivergenceLoss,
    GaussianLoss,
    LogProbabilityLoss,
    MarginLoss,
    OneAgainstAll,
    PairLoss,
    RankingLoss,
    TokenLoss,
    soft_margin,
    yes_or_no,
)
from studio.engine.optimizers import checked_values
from studio.engine.pixels import MaskLoss, PictureLoss

PADDING = losses.PADDING  # the token that fills a text up
Units = tuple[tuple[float, ...], tuple[float, ...]]  # offsets and scales of the target numbers
NO_UNITS: Units = ((), ())


def loss_of(
    training: TrainingSpec,
    task: TaskKind,
    weights: tuple[float, ...] = (),
    units: Units = NO_UNITS,
) -> nn.Module:
    """The loss of the settings; "auto" is the first that fits the task.

    `weights` are how much each class counts: those of the training part are for training
    alone, and every loss that is shown for validation and test counts all rows alike.
    `units` are what the target numbers were scaled by.
    """
    entry = loss_for(training, task)
    given = training.loss_params if training.loss == entry.key else {}
    values = checked_values(entry.params, given, "loss", entry.title)
    if entry.counts:
        return CountLoss(*units, **values)  # type: ignore[arg-type]
    if entry.spreads:
        return GaussianLoss(full=bool(values["full"]))
    if entry.compares:
        return PairLoss(is_distance=entry.compares == "distance", **values)  # type: ignore[arg-type]
    if entry.aligns:
        return AlignmentLoss()
    if task == "sequences":
        return TokenLoss(**values)
    if weights and task in ("classes", "masks") and entry.weighs_classes:
        values["weight"] = torch.tensor(weights, dtype=torch.float32)
    if task == "masks":
        return MaskLoss(**values)
    if "p" in values:
        values["p"] = int(str(values["p"]))
    kind = _FITTED.get(entry.torch) or getattr(nn, entry.torch)
    made: nn.Module = kind(**values)
    return PictureLoss(made, *units) if task == "images" else made


def loss_weight(task: TaskKind, targets: Tensor) -> int:
    """How much the mean loss of some rows counts beside that of others: rows, or known tokens."""
    return int((targets != PADDING).sum()) if task == "sequences" else len(targets)


def _against_all(each: Callable[[Tensor, Tensor], Tensor]) -> Callable[..., nn.Module]:
    def made(**values: Any) -> nn.Module:  # noqa: ANN401 - those of the entry
        return OneAgainstAll(each, **values)

    return made


# Losses that torch has in another form than our targets, by their name in torch.nn.
_FITTED: Mapping[str, Callable[..., nn.Module]] = MappingProxyType(
    {
        "NLLLoss": LogProbabilityLoss,
        "BCEWithLogitsLoss": _against_all(yes_or_no),
        "MultiLabelSoftMarginLoss": _against_all(yes_or_no),
        "SoftMarginLoss": _against_all(soft_margin),
        "MultiLabelMarginLoss": MarginLoss,
        "KLDivLoss": DivergenceLoss,
        "MarginRankingLoss": RankingLoss,
    }
)
