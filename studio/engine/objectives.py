"""Objectives: the optimizer and the loss, made from their catalogue entries."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from typing_extensions import override

from studio.core.catalogue import OPTIMIZERS
from studio.core.catalogue.entry import OptimizerEntry, TaskKind
from studio.core.design.training import TrainingSpec
from studio.core.design.training_check import loss_for
from studio.core.params import Param, checked
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr

PADDING = 0  # the token that fills a text up


def optimizer_of(
    training: TrainingSpec, parameters: Iterable[nn.Parameter], device: torch.device
) -> Optimizer:
    """The optimizer over the parameters, with a fused step where torch has one for the device."""
    entry = OPTIMIZERS[training.optimizer]
    values = _values(entry.params, training.optimizer_params, "optimizer", entry.title)
    _check_nesterov(values)
    learnt = [parameter for parameter in parameters if parameter.requires_grad]
    if not learnt:
        raise refuse(
            tr("The network has nothing that could be learnt."),
            tr("Put a layer with weights into it, such as Linear."),
            place=Place("project", "graph"),
            code="nothing-to-learn",
        )
    arguments = {"lr": training.learning_rate, **_with_betas(values)}
    return _made(entry, learnt, arguments, device)


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
    values = _values(entry.params, given, "loss", entry.title)
    if task == "sequences":
        return TokenLoss(**values)
    if weights and task == "classes":
        values["weight"] = torch.tensor(weights, dtype=torch.float32)
    kind: type[nn.Module] = getattr(nn, entry.torch)
    return kind(**values)


def loss_weight(task: TaskKind, targets: Tensor) -> int:
    """How much the mean loss of some rows counts beside that of others: rows, or known tokens."""
    return int((targets != PADDING).sum()) if task == "sequences" else len(targets)


def _made(
    entry: OptimizerEntry,
    parameters: list[nn.Parameter],
    arguments: dict[str, object],
    device: torch.device,
) -> Optimizer:
    kind: Callable[..., Optimizer] = getattr(torch.optim, entry.torch)
    if device.type in entry.is_fused_on:
        try:
            return kind(parameters, fused=True, **arguments)
        except (RuntimeError, TypeError):  # not for these parameters, or not in this torch
            pass
    return kind(parameters, **arguments)


def _values(
    params: tuple[Param, ...], given: Mapping[str, object], field: str, title: str
) -> dict[str, object]:
    values, problems = checked(params, given, Place("field", field), tr(title))
    for problem in problems:
        raise StudioError(problem)
    return dict(values)


def _with_betas(values: dict[str, object]) -> dict[str, object]:
    """Torch takes the two betas as one pair."""
    if "beta1" not in values:
        return values
    rest = {key: value for key, value in values.items() if key not in ("beta1", "beta2")}
    return {**rest, "betas": (values["beta1"], values["beta2"])}


def _check_nesterov(values: dict[str, object]) -> None:
    if values.get("nesterov") and not values.get("momentum"):
        raise refuse(
            tr("Nesterov needs a momentum above 0, but it is 0."),
            tr("Set the momentum to 0.9, or turn Nesterov off."),
            place=Place("field", "optimizer"),
            code="nesterov-without-momentum",
        )
