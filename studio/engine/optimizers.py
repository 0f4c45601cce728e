"""Optimizers, made from their catalogue entries over the weights that are to be learnt."""

from collections.abc import Callable, Mapping

import torch
from torch import nn
from torch.optim import Optimizer

from studio.core.catalogue import OPTIMIZERS
from studio.core.catalogue.adaptive_optimizers import ADAMW
from studio.core.catalogue.entry import OptimizerEntry
from studio.core.design.training import TrainingSpec
from studio.core.params import Param, checked
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr

_TABLES = (nn.Embedding, nn.EmbeddingBag)


def optimizers_of(
    training: TrainingSpec, model: nn.Module, device: torch.device
) -> tuple[Optimizer, ...]:
    """What moves the weights of the model that are not frozen, fused where torch can.

    Mostly one; two where the chosen one takes matrices alone.
    """
    entry = OPTIMIZERS[training.optimizer]
    values = checked_values(entry.params, training.optimizer_params, "optimizer", entry.title)
    _check_nesterov(values)
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if not learnt:
        raise refuse(
            tr("The network has nothing that could be learnt."),
            tr("Put a layer with weights into it, such as Linear, or let one learn again."),
            place=Place("project", "graph"),
            code="nothing-to-learn",
        )
    rate = training.learning_rate
    if not entry.matrices_only:
        return (_made(entry, learnt, _arguments(entry, values, rate), device),)
    turned = _matrices(model)
    matrices = [parameter for parameter in learnt if id(parameter) in turned]
    others = [parameter for parameter in learnt if id(parameter) not in turned]
    for_others = {**ADAMW.defaults(), "weight_decay": values["weight_decay"]}
    parts = (
        (entry, matrices, _arguments(entry, values, rate)),
        (ADAMW, others, _arguments(ADAMW, for_others, rate)),
    )
    return tuple(_made(*part, device) for part in parts if part[1])


def checked_values(
    params: tuple[Param, ...], given: Mapping[str, object], field: str, title: str
) -> dict[str, object]:
    """The values of an entry, with defaults where none was given; StudioError for a wrong one."""
    values, problems = checked(params, given, Place("field", field), tr(title))
    for problem in problems:
        raise StudioError(problem)
    return dict(values)


def _matrices(model: nn.Module) -> set[int]:
    """The weights of two directions that mix what comes in; the rows of a table do not."""
    tables = {
        id(parameter)
        for part in model.modules()
        if isinstance(part, _TABLES)
        for parameter in part.parameters()
    }
    return {id(p) for p in model.parameters() if p.ndim == 2 and id(p) not in tables}


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


def _arguments(
    entry: OptimizerEntry, values: Mapping[str, object], rate: float
) -> dict[str, object]:
    """As torch takes them: two params that are one argument there as a pair, "none" as None."""
    paired = {key for pair in entry.pairs.values() for key in pair}
    plain = {key: value for key, value in values.items() if key not in paired}
    pairs = {name: tuple(values.get(key) for key in pair) for name, pair in entry.pairs.items()}
    given = {**plain, **pairs, "lr": rate}
    return {key: None if value == "none" else value for key, value in given.items()}


def _check_nesterov(values: Mapping[str, object]) -> None:
    if values.get("nesterov") and not (values["momentum"] and not values.get("dampening")):
        raise refuse(
            tr("Nesterov needs a momentum above 0 and no dampening."),
            tr("Set the momentum to 0.9 and the dampening to 0, or turn Nesterov off."),
            place=Place("field", "optimizer"),
            code="nesterov-without-momentum",
        )
