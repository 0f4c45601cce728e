"""What was set for the weights of single nodes: how they begin, rest, and are held small."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase

from studio.core.catalogue import INITIALIZATIONS, LAYERS
from studio.core.design.graph import Graph, Node
from studio.core.design.learning import Learning
from studio.core.design.sharing import owner_of as owner_id
from studio.engine.optimizers import checked_values


@dataclass(frozen=True, slots=True)
class Penalty:
    """A weight that is held small: `l1` times its size and `l2` times half its square."""

    weight: nn.Parameter
    l1: float
    l2: float

    @torch.no_grad()
    def add_slope(self) -> None:
        """Adds what the penalty gives to the gradient, where there is one."""
        if self.weight.grad is None:
            return
        if self.l1:
            self.weight.grad.add_(self.weight.sign(), alpha=self.l1)
        if self.l2:
            self.weight.grad.add_(self.weight, alpha=self.l2)

    @torch.no_grad()
    def size(self) -> float:
        """What it adds to the loss."""
        return float(self.l1 * self.weight.abs().sum() + self.l2 * self.weight.square().sum() / 2)


def begin(part: nn.Module, learning: Learning, *, draws: bool = True) -> None:
    """Draws the weights of a part as was set, and holds them where they are frozen."""
    entry = INITIALIZATIONS[learning.start]
    if draws and entry.torch:
        values = checked_values(entry.params, learning.start_params, "start", entry.title)
        are_zero = values.pop("biases") == "zero"
        for name, weight in part.named_parameters():
            if not _is_bias(name):
                _draw(weight, entry.torch, entry.directions, values)
            elif are_zero:
                nn.init.zeros_(weight)
    if learning.is_frozen:
        part.requires_grad_(False)


def penalties_of(graph: Graph, parts: Mapping[str, nn.Module]) -> tuple[Penalty, ...]:
    """The weights that are held small; `parts` are those of the model by the id of their node.

    Biases are left alone: a bias that is far from zero is no sign of learning by heart.
    """
    return tuple(_penalties(graph, parts))


def resting(graph: Graph, parts: Mapping[str, nn.Module]) -> tuple[nn.Module, ...]:
    """The norms of frozen nodes: what they count as they run is to stay as it is too.

    Of frozen pretrained networks everything, so that they drop nothing out either.
    """
    return tuple(
        inner
        for node_id, part in parts.items()
        if graph.nodes[node_id].learning.is_frozen
        for inner in part.modules()
        if isinstance(inner, _NormBase) or LAYERS[graph.nodes[node_id].layer].is_pretrained
    )


def owner_of(graph: Graph, node: Node) -> Node:
    """The node whose weights a node has: itself, unless it shares those of another."""
    return graph.nodes[owner_id(graph.nodes, node.id)]


def _penalties(graph: Graph, parts: Mapping[str, nn.Module]) -> Iterator[Penalty]:
    for node_id, part in parts.items():
        learning = graph.nodes[node_id].learning
        if learning.is_frozen or not (learning.l1 or learning.l2):
            continue
        for name, weight in part.named_parameters():
            if not _is_bias(name):
                yield Penalty(weight, learning.l1, learning.l2)


def _draw(weight: Tensor, name: str, directions: int, values: Mapping[str, object]) -> None:
    if weight.ndim >= directions:
        getattr(nn.init, name)(weight, **values)


def _is_bias(name: str) -> bool:
    return "bias" in name.rpartition(".")[2]
