"""Cost: what the network takes to answer one sample, node by node, and whether that is too much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from studio.core.catalogue import LAYERS
from studio.core.catalogue.multiply_adds import multiply_adds
from studio.core.design.budget import Budget
from studio.core.design.effective import unrolled
from studio.core.design.graph import Graph
from studio.core.design.inputs import place_of
from studio.core.design.project import Project
from studio.core.design.shape_flow import shape_flow
from studio.core.design.sharing import own_weights
from studio.core.problems import Place, Problem, Severity
from studio.core.shapes import size_of
from studio.core.words import tr

BYTES = 4  # of a number
MEGABYTE = 1_000_000
Heat: TypeAlias = Literal["multiply_adds", "memory", "weights"]
HEATS: Mapping[Heat, str] = MappingProxyType(
    {
        "multiply_adds": "Multiply-adds",
        "memory": "Memory of activations",
        "weights": "Size of the weights",
    }
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one node, or all together, take for one sample.

    `memory` are the bytes of what it gives, `weights` those of its own weights. `is_whole` is
    False where multiply-adds of a pretrained part are not known and left out.
    """

    multiply_adds: int = 0
    memory: int = 0
    weights: int = 0
    is_whole: bool = True

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.multiply_adds + other.multiply_adds,
            self.memory + other.memory,
            self.weights + other.weights,
            self.is_whole and other.is_whole,
        )

    def of(self, heat: Heat) -> int:
        """One of the three."""
        return {
            "multiply_adds": self.multiply_adds,
            "memory": self.memory,
            "weights": self.weights,
        }[heat]


_last: dict[str, tuple[tuple[object, ...], Mapping[str, Cost]]] = {}


def costs_of(project: Project) -> Mapping[str, Cost]:
    """The cost of each drawn node whose shape is known; of a repeated one, of all its copies.

    The last answer is remembered by identity: several views ask for the same.
    """
    key = (project.graph.nodes, project.graph.edges, project.graph.blocks, project.dataset)
    known = _last.get("")
    if known is not None and all(one is other for one, other in zip(known[0], key, strict=True)):
        return known[1]
    found = _worked_out(project)
    _last[""] = (key, found)
    return found


def _worked_out(project: Project) -> Mapping[str, Cost]:
    network = unrolled(project.graph)
    flow = shape_flow(network.graph, project.dataset)
    weights = own_weights(network.graph, flow.weights)
    found: dict[str, Cost] = {}
    for node_id, call in flow.calls.items():
        entry, gives = LAYERS[network.graph.nodes[node_id].layer], flow.signals[node_id].shape
        counted = multiply_adds(entry, call, gives) if entry.end is None else 0
        cost = Cost(
            counted or 0,
            BYTES * size_of(gives),
            BYTES * weights.get(node_id, 0),
            is_whole=counted is not None,
        )
        drawn = network.origin(node_id).node
        found[drawn] = found.get(drawn, Cost()) + cost
    return found


def total_of(costs: Mapping[str, Cost]) -> Cost:
    """All of them together."""
    total = Cost()
    for cost in costs.values():
        total = total + cost
    return total


def shares_of(costs: Mapping[str, Cost], heat: Heat) -> Mapping[str, float]:
    """Each node's cost beside that of the costliest, from 0 to 1."""
    most = max((cost.of(heat) for cost in costs.values()), default=0)
    return {i: cost.of(heat) / most if most else 0.0 for i, cost in costs.items()}


def budget_problems(
    graph: Graph, costs: Mapping[str, Cost], budget: Budget, seconds: float = 0.0
) -> Iterator[Problem]:
    """A warning for each bound that is passed, which names the node that costs most.

    `seconds` is what one sample was measured to take, 0 where that was not.
    """
    total = total_of(costs)
    if 0 < budget.milliseconds < 1000 * seconds:
        words = tr(
            "One sample takes {found} ms on this machine; the budget allows {most} ms.",
            found=f"{1000 * seconds:.3g}",
            most=f"{budget.milliseconds:g}",
        )
        yield _passed(graph, costs, "multiply_adds", words)
    bounds: tuple[tuple[Heat, float, str], ...] = (
        ("memory", budget.memory, _MEMORY),
        ("weights", budget.size, _SIZE),
    )
    for heat, most, message in bounds:
        found = total.of(heat) / MEGABYTE
        if 0 < most < found:
            words = tr(message, found=f"{found:.3g}", most=f"{most:g}")
            yield _passed(graph, costs, heat, words)


def _passed(graph: Graph, costs: Mapping[str, Cost], heat: Heat, message: str) -> Problem:
    costliest = max(costs, key=lambda node_id: costs[node_id].of(heat), default="")
    node = graph.nodes.get(costliest)
    total = total_of(costs).of(heat)
    if node is None or not total:
        return Problem(message, severity=Severity.WARNING, place=Place("project"), code="budget")
    share = costs[costliest].of(heat) / total
    hint = tr(
        "{name} takes most, {share}: make it or what comes into it smaller.",
        name=node.name,
        share=f"{share:.0%}",
    )
    return Problem(message, hint, Severity.WARNING, place_of(node), "budget")


_MEMORY = "What the layers give for one sample takes {found} MB; the budget allows {most} MB."
_SIZE = "The weights take {found} MB; the budget allows {most} MB."
