"""Aims: which Output of a network answers what, with which loss, and how much it counts."""

from dataclasses import dataclass, replace

from studio.core.catalogue import LOSSES
from studio.core.catalogue.ends import OUTPUT_LOSS, OUTPUT_TARGET, OUTPUT_WEIGHT
from studio.core.design.answers import ModelOutput
from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Graph, Node
from studio.core.design.inputs import outputs_of
from studio.core.design.training import AUTO, TrainingSpec
from studio.core.shapes import Shape


@dataclass(frozen=True, slots=True)
class Aim:
    """One Output and what it answers. `weight` is how much its loss counts beside others."""

    node: Node
    output: ModelOutput
    loss: str = AUTO
    weight: float = 1.0

    def training(self, training: TrainingSpec) -> TrainingSpec:
        """The settings with the loss of this Output; that of the others where it fits here."""
        key = self.loss if self.loss in LOSSES else training.loss
        entry = LOSSES.get(key)
        if entry is None or self.output.task not in entry.fits:
            return replace(training, loss=AUTO)
        params = training.loss_params if key == training.loss else {}
        return replace(training, loss=key, loss_params=params)

    def wanted(self, training: TrainingSpec) -> Shape:
        """The shape that the network is to give: that of the answer, or what the loss makes of it.

        Twice as many numbers where each comes with its spread; of two classes one number where
        pairs are compared.
        """
        loss = LOSSES.get(self.training(training).loss)
        if loss is None or len(self.output.shape) != 1:
            return self.output.shape
        if loss.compares:
            return (1,)
        return (2 * self.output.shape[0],) if loss.spreads else self.output.shape


def aims_of(graph: Graph, dataset: DatasetSpec) -> tuple[Aim, ...]:
    """What each Output answers, in the order of the data's outputs.

    An Output that names a target gets that; the others share what is left, in their order.
    One that asks for what is not there, or is already taken, is absent.
    """
    asked = dataset.model_outputs()
    taken: dict[int, Node] = {}
    nodes = outputs_of(graph)
    for node in nodes:
        place = _place(asked, target_named(node))
        if place is not None:
            taken.setdefault(place, node)
    left = iter([place for place in range(len(asked)) if place not in taken])
    for node in nodes:
        if not target_named(node):
            place = next(left, None)
            if place is not None:
                taken[place] = node
    return tuple(_aim(taken[place], asked[place]) for place in sorted(taken))


def target_named(node: Node) -> str:
    """The target that an Output names; "" where it takes the only or next one."""
    return str(node.params.get(OUTPUT_TARGET, ""))


def _place(asked: tuple[ModelOutput, ...], name: str) -> int | None:
    return next((i for i, one in enumerate(asked) if name and one.is_called(name)), None)


def _aim(node: Node, output: ModelOutput) -> Aim:
    weight = node.params.get(OUTPUT_WEIGHT, 1.0)
    return Aim(
        node,
        output,
        str(node.params.get(OUTPUT_LOSS, AUTO)),
        float(weight) if isinstance(weight, int | float) else 1.0,
    )
