"""Judging: the losses and figures of every output of a network, and what they come to together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import torch
from torch import Tensor, nn
from typing_extensions import override

from studio.core.design.aims import Aim, aims_of
from studio.core.design.answers import ModelOutput
from studio.core.design.project import Project
from studio.core.design.training import TrainingSpec
from studio.core.design.training_check import loss_for
from studio.core.shapes import size_of
from studio.data.arrays import Fitted, FittedOutput
from studio.engine.given import Given, as_given, as_tuple
from studio.engine.metrics import Scorer
from studio.engine.objectives import loss_of, loss_weight

LOSS = "loss"
INTERVAL = "interval"  # the value of a loss that spreads


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """What one output of a network is held against.

    `loss` is that of a step, in which rare classes may count more; `plain_loss` counts all
    alike. `weight` is how much its loss counts beside those of other outputs.
    """

    known: FittedOutput
    training: TrainingSpec
    scorer: Scorer
    loss: nn.Module
    plain_loss: nn.Module
    weight: float = 1.0


class WeightedLoss(nn.Module):
    """The losses of several outputs, each times its weight, in one sum."""

    def __init__(self, losses: Sequence[nn.Module], weights: Sequence[float]) -> None:
        super().__init__()
        self.losses = nn.ModuleList(losses)
        self.weights = tuple(weights)

    @override
    def forward(self, outputs: tuple[Tensor, ...], targets: tuple[Tensor, ...]) -> Tensor:
        pairs = zip(self.losses, self.weights, outputs, targets, strict=True)
        found = [weight * loss(output, target) for loss, weight, output, target in pairs]
        return torch.stack(found).sum()


class Judges:
    """Those of all outputs of a network, in its order."""

    def __init__(self, project: Project, fitted: Fitted) -> None:
        self.each = tuple(_judge(project, known) for known in fitted.outputs)

    @property
    def loss(self) -> nn.Module:
        """The loss of a step."""
        if len(self.each) == 1:
            return self.each[0].loss
        return WeightedLoss([one.loss for one in self.each], [one.weight for one in self.each])

    @property
    def weigh_classes(self) -> bool:
        """True where rare classes count more in the loss of a step."""
        by_weight = (one for one in self.each if one.training.balance == "weights")
        return any(one.known.class_weights for one in by_weight)

    @property
    def answers_each(self) -> int:
        """How many numbers the answers to one row are."""
        return sum(size_of(one.known.output.shape) for one in self.each) or 1

    def kept(self, outputs: Given) -> Given:
        """What of the outputs is enough for the figures."""
        pairs = zip(self.each, as_tuple(outputs), strict=True)
        return as_given([judge.scorer.kept(output) for judge, output in pairs])

    def figures(self, outputs: Given, targets: Given) -> dict[str, float]:
        """The figures of a part, without its loss."""
        triples = zip(self.each, as_tuple(outputs), as_tuple(targets), strict=True)
        found = [judge.scorer.figures(output, target) for judge, output, target in triples]
        return named_figures(self.each, found)


class Tally:
    """The losses of a part, gathered some rows at a time; all rows count alike."""

    def __init__(self, judges: Sequence[Judge]) -> None:
        self._judges = judges
        self._losses = [0.0] * len(judges)
        self._weights = [0] * len(judges)

    def add(self, outputs: Given, targets: Given) -> None:
        """Takes some more rows in."""
        triples = zip(self._judges, as_tuple(outputs), as_tuple(targets), strict=True)
        for place, (judge, output, target) in enumerate(triples):
            counted = loss_weight(judge.known.task, target)
            self._losses[place] += float(judge.plain_loss(output, target)) * counted
            self._weights[place] += counted

    @property
    def losses(self) -> list[float]:
        """The mean loss of each output."""
        pairs = zip(self._losses, self._weights, strict=True)
        return [loss / max(1, weight) for loss, weight in pairs]

    @property
    def figures(self) -> dict[str, float]:
        """The loss of all together, and where there are several that of each."""
        losses = self.losses
        if len(losses) == 1:
            return {LOSS: losses[0]}
        total = sum(one.weight * loss for one, loss in zip(self._judges, losses, strict=True))
        return {LOSS: total, **named_figures(self._judges, [{LOSS: loss} for loss in losses])}


def named_figures(
    judges: Sequence[Judge], found: Sequence[Mapping[str, float]]
) -> dict[str, float]:
    """The figures of all outputs, with the name of the output where there are several."""
    if len(found) == 1:
        return dict(found[0])
    return {
        f"{judge.known.name}: {key}": value
        for judge, figures in zip(judges, found, strict=True)
        for key, value in figures.items()
        if isfinite(value)
    }


def training_of(project: Project, known: FittedOutput) -> TrainingSpec:
    """The settings with the loss of that output."""
    aim = _aim_of(project, known)
    return project.training if aim is None else aim.training(project.training)


def answered(project: Project, fitted: Fitted) -> Fitted:
    """The same with the outputs that the network answers alone, in the order in which it does."""
    aims = aims_of(project.graph, project.dataset)
    if not aims:
        return fitted
    fitted = replace(fitted, outputs=tuple(_spread(project, one) for one in fitted.outputs))
    if len(fitted.outputs) == 1:  # former versions kept neither its name nor its shape
        return replace(fitted, outputs=(_completed(fitted.outputs[0], aims[0].output),))
    known = {one.name: one for one in fitted.outputs}
    found = (known.get(aim.output.name) for aim in aims)
    return replace(fitted, outputs=tuple(one for one in found if one is not None))


def _spread(project: Project, known: FittedOutput) -> FittedOutput:
    """With the share of the right numbers that its interval holds, where its loss gives one."""
    training = training_of(project, known)
    loss = loss_for(training, known.task)
    if not loss.spreads or known.task not in loss.fits:
        return known
    share = {**loss.defaults(), **training.loss_params}[INTERVAL]
    return replace(known, interval=float(str(share)))


def _completed(known: FittedOutput, asked: ModelOutput) -> FittedOutput:
    if known.output.shape:
        return known
    output = replace(known.output, name=asked.name, columns=asked.columns, shape=asked.shape)
    return replace(known, output=replace(output, counts=asked.counts))


def _judge(project: Project, known: FittedOutput) -> Judge:
    aim, training = _aim_of(project, known), training_of(project, known)
    units = (known.target_offsets, known.target_scales)
    weights = known.class_weights if training.balance == "weights" else ()
    return Judge(
        known,
        training,
        Scorer(project, known, loss_for(training, known.task), training.loss_params),
        loss_of(training, known.task, weights, units),
        loss_of(training, known.task, units=units),
        1.0 if aim is None else aim.weight,
    )


def _aim_of(project: Project, known: FittedOutput) -> Aim | None:
    aims = aims_of(project.graph, project.dataset)
    alone = aims[0] if len(aims) == 1 else None
    return next((aim for aim in aims if aim.output.name == known.name), alone)
