"""Which node the arrow keys lead to: along the edges first, then to the nearest card."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from studio.core.design.graph import Graph, Position
from studio.core.design.way import Way

Direction = Literal["left", "right", "up", "down"]
STEPS: dict[Direction, tuple[int, int]] = {
    "left": (-1, 0),
    "right": (1, 0),
    "up": (0, -1),
    "down": (0, 1),
}
TURNED: dict[Direction, Direction] = {
    "up": "left",
    "down": "right",
    "left": "up",
    "right": "down",
}
ASIDE = 2.0  # a card aside of the way counts as so much further away


def next_node(
    graph: Graph, node_id: str | None, direction: Direction, way: Way = "right"
) -> str | None:
    """The node to go to, or None where there is none that way; `way` is where wires lead."""
    if way == "down":
        turned = {i: (y, x) for i, (x, y) in graph.positions.items()}
        return next_node(replace(graph, positions=turned), node_id, TURNED[direction])
    if node_id is None or node_id not in graph.nodes:
        return first_node(graph)
    if direction == "left":
        along = [edge.source for edge in graph.incoming(node_id)]
    elif direction == "right":
        along = [edge.target for edge in graph.outgoing(node_id)]
    else:
        beside = _siblings(graph, node_id)
        along = [i for i in (_nearest(graph, node_id, direction, beside),) if i is not None]
    return along[0] if along else _nearest(graph, node_id, direction, graph.positions)


def first_node(graph: Graph) -> str | None:
    """The node at the left, the upper one of several."""
    return min(graph.nodes, key=lambda i: graph.positions.get(i, (0.0, 0.0)), default=None)


def nearest_node(graph: Graph, place: Position) -> str | None:
    """The node that is the nearest to a place, such as one where another was until now."""
    x, y = place
    far = {i: abs(there[0] - x) + abs(there[1] - y) for i, there in graph.positions.items()}
    return min(far, key=lambda i: far[i], default=None)


def _siblings(graph: Graph, node_id: str) -> frozenset[str]:
    """The nodes that are fed by the same node, or feed the same: branches beside each other."""
    sources = {edge.source for edge in graph.incoming(node_id)}
    targets = {edge.target for edge in graph.outgoing(node_id)}
    return frozenset(
        {edge.target for edge in graph.edges if edge.source in sources}
        | {edge.source for edge in graph.edges if edge.target in targets}
    ) - {node_id}


def _nearest(graph: Graph, node_id: str, direction: Direction, among: Iterable[str]) -> str | None:
    here = graph.positions[node_id]
    ahead = {
        i: cost
        for i in among
        if i != node_id and (cost := _cost(here, graph.positions[i], direction)) is not None
    }
    return min(ahead, key=lambda i: ahead[i], default=None)


def _cost(here: Position, there: Position, direction: Direction) -> float | None:
    across, down = there[0] - here[0], there[1] - here[1]
    step = STEPS[direction]
    onward = across * step[0] + down * step[1]
    aside = abs(across * step[1]) + abs(down * step[0])
    return onward + ASIDE * aside if onward > 0 else None
