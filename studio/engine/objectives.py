"""Objectives: the loss, made from its catalogue entry."""

from typing import Any

import torch
from torch import Tensor, nn
from typing_extensions import override

from studio.core.catalogue.entry import TaskKind
from studio.core.design.training import TrainingSpec
from studio.core.design.training_check import loss_for
from studio.engine.optimizers import checked_values

PADDING = 0  # the token that fills a text up


class TokenLoss(nn.Module):
    """Cross-entropy of scores [N, T, V] for tokens [N, T]: the mean over all but padding."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of nn.CrossEntropyLoss
        super().__init__()
        self.each = nn.CrossEntropyLoss(ignore_index=PADDING, reduction="sum", **settings)

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        total: Tensor = self.each(outputs.flatten(0, 1), targets.flatten())
        return total / (targets != PADDING).sum().clamp(min=1)


def loss_of(training: TrainingSpec, task: TaskKind, weights: tuple[float, ...] = ()) -> nn.Module:
    """The loss of the settings; "auto" is the first that fits the task.

    `weights` are how much each class counts: those of the training part are for training
    alone, and every loss that is shown for validation and test counts all rows alike.
    """
    entry = loss_for(training, task)
    given = training.loss_params if training.loss == entry.key else {}
    values = checked_values(entry.params, given, "loss", entry.title)
    if task == "sequences":
        return TokenLoss(**values)
    if weights and task == "classes":
        values["weight"] = torch.tensor(weights, dtype=torch.float32)
    kind: type[nn.Module] = getattr(nn, entry.torch)
    return kind(**values)


def loss_weight(task: TaskKind, targets: Tensor) -> int:
    """How much the mean loss of some rows counts beside that of others: rows, or known tokens."""
    return int((targets != PADDING).sum()) if task == "sequences" else len(targets)
