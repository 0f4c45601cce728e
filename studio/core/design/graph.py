"""Graph: a network and how it is drawn as one frozen value; order and neighbours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from studio.core.design.block import Block, Remark
from studio.core.design.learning import PLAIN, Learning
from studio.core.params import Values

Position: TypeAlias = tuple[float, float]
State: TypeAlias = Literal["on", "bypassed", "muted"]
_ThreeLists: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Node:
    """One layer placed on the canvas: `layer` is a key of the catalogue, `id` a Python name.

    `learning` is what was set for its weights. A bypassed node passes on what comes in first,
    a muted one is left out with all that hangs on it alone.
    """

    id: str
    layer: str
    name: str
    params: Values = field(default_factory=lambda: MappingProxyType({}))
    learning: Learning = PLAIN
    state: State = "on"


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """What `source` gives goes into input `port` (from 0) of `target`."""

    source: str
    target: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class Graph:
    """A network: nodes by id, edges in order, a position for each node (scene units, 20 a cell).

    A value: the mappings are never changed once they are here. Positions stand apart from
    the nodes, so a move leaves `nodes` and `edges` identical and asks for no new shapes.
    `nodes` holds those inside blocks too: a block only says which of them belong together.
    """

    nodes: Mapping[str, Node] = field(default_factory=lambda: MappingProxyType({}))
    edges: tuple[Edge, ...] = ()
    positions: Mapping[str, Position] = field(default_factory=lambda: MappingProxyType({}))
    blocks: Mapping[str, Block] = field(default_factory=lambda: MappingProxyType({}))
    remarks: Mapping[str, Remark] = field(default_factory=lambda: MappingProxyType({}))

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())

    def __len__(self) -> int:
        return len(self.nodes)

    def incoming(self, node_id: str) -> tuple[Edge, ...]:
        """The edges into a node, by port."""
        return tuple(sorted((e for e in self.edges if e.target == node_id), key=_port))

    def outgoing(self, node_id: str) -> tuple[Edge, ...]:
        """The edges out of a node."""
        return tuple(e for e in self.edges if e.source == node_id)

    def sources(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges into each node, by port, found in one pass."""
        found: dict[str, list[Edge]] = {node_id: [] for node_id in self.nodes}
        for edge in self.edges:
            found[edge.target].append(edge)
        return {node_id: tuple(sorted(edges, key=_port)) for node_id, edges in found.items()}

    def order(self) -> tuple[str, ...]:
        """The nodes so that each stands after all it takes from; nodes in a cycle are left out.

        Ties keep the order in which the nodes were placed (Kahn's algorithm).
        """
        waiting = dict.fromkeys(self.nodes, 0)
        followers: dict[str, list[str]] = {node_id: [] for node_id in self.nodes}
        for edge in self.edges:
            waiting[edge.target] += 1
            followers[edge.source].append(edge.target)
        ready = [node_id for node_id, count in waiting.items() if count == 0]
        ordered: list[str] = []
        for node_id in ready:  # grows while it is walked
            ordered.append(node_id)
            for follower in followers[node_id]:
                waiting[follower] -= 1
                if waiting[follower] == 0:
                    ready.append(follower)
        return tuple(ordered)

    def reaches(self, start: str, goal: str) -> bool:
        """True where a path of edges leads from start to goal (or they are the same)."""
        return goal in self.followers(start)

    def followers(self, node_id: str) -> frozenset[str]:
        """The node and everything that it leads to."""
        steps: dict[str, list[str]] = {}
        for edge in self.edges:
            steps.setdefault(edge.source, []).append(edge.target)
        return frozenset(_reachable({node_id}, steps))

    def ancestors(self, node_ids: Iterable[str]) -> frozenset[str]:
        """The nodes and everything that leads to them."""
        sources: dict[str, list[str]] = {}
        for edge in self.edges:
            sources.setdefault(edge.target, []).append(edge.source)
        return frozenset(_reachable(set(node_ids), sources))


@dataclass(frozen=True, slots=True)
class GraphDifference:
    """What differs between two graphs; what a view must draw anew.

    Blocks and remarks are told by their ids: `redrawn_...` are those that are there before
    and after, and not the same.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[str, ...]
    added_edges: tuple[Edge, ...]
    removed_edges: tuple[Edge, ...]
    added_blocks: tuple[str, ...] = ()
    removed_blocks: tuple[str, ...] = ()
    redrawn_blocks: tuple[str, ...] = ()
    added_remarks: tuple[str, ...] = ()
    removed_remarks: tuple[str, ...] = ()
    redrawn_remarks: tuple[str, ...] = ()


def difference(before: Graph, after: Graph) -> GraphDifference:
    """What changed from one graph to the other. Unchanged nodes are found by identity."""
    shared = [i for i in after.nodes if i in before.nodes]
    same_nodes = before.nodes is after.nodes
    blocks = _compared(before.blocks, after.blocks)
    remarks = _compared(before.remarks, after.remarks)
    return GraphDifference(
        added=tuple(i for i in after.nodes if i not in before.nodes),
        removed=tuple(i for i in before.nodes if i not in after.nodes),
        changed=()
        if same_nodes
        else tuple(
            i
            for i in shared
            if before.nodes[i] is not after.nodes[i] and before.nodes[i] != after.nodes[i]
        ),
        moved=()
        if before.positions is after.positions
        else tuple(i for i in shared if before.positions.get(i) != after.positions.get(i)),
        added_edges=_missing(after.edges, before.edges),
        removed_edges=_missing(before.edges, after.edges),
        added_blocks=blocks[0],
        removed_blocks=blocks[1],
        redrawn_blocks=blocks[2],
        added_remarks=remarks[0],
        removed_remarks=remarks[1],
        redrawn_remarks=remarks[2],
    )


def _compared(before: Mapping[str, object], after: Mapping[str, object]) -> _ThreeLists:
    """What was added, taken away, and what is another value now."""
    if before is after:
        return (), (), ()
    return (
        tuple(i for i in after if i not in before),
        tuple(i for i in before if i not in after),
        tuple(i for i in after if i in before and before[i] != after[i]),
    )


def _port(edge: Edge) -> int:
    return edge.port


def _missing(edges: tuple[Edge, ...], others: tuple[Edge, ...]) -> tuple[Edge, ...]:
    if edges is others:
        return ()
    known = set(others)
    return tuple(edge for edge in edges if edge not in known)


def _reachable(start: set[str], steps: Mapping[str, list[str]]) -> set[str]:
    found = set(start)
    waiting = list(start)
    while waiting:
        for follower in steps.get(waiting.pop(), ()):
            if follower not in found:
                found.add(follower)
                waiting.append(follower)
    return found
