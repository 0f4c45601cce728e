"""Every wire that a node could get, with the reason where it cannot or would not be of use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import Signal
from studio.core.design import edits
from studio.core.design.fitting import why_not_taken
from studio.core.design.graph import Edge, Graph


@dataclass(frozen=True, slots=True)
class WireChoice:
    """A wire that may be drawn, unless there is a `reason` why it may not.

    With a `doubt` it may, but the layer that it leads to cannot work with what it brings.
    `port_name` says what the input is for, where inputs differ; `other` is the node at the
    far end, `instead_of` the one whose wire ends there now.
    """

    edge: Edge
    other: str
    port_name: str = ""
    reason: str = ""
    doubt: str = ""
    instead_of: str = ""

    @property
    def fits(self) -> bool:
        """True where nothing speaks against it."""
        return not self.reason and not self.doubt


def wires_onward(graph: Graph, node_id: str, signals: Mapping[str, Signal]) -> Iterator[WireChoice]:
    """What the node could feed, the nearest first: a free input of each, or all with names."""
    if not gives(graph, node_id):
        return
    for other in _by_distance(graph, node_id):
        for port in _inputs(graph, other):
            edge = Edge(node_id, other, port)
            if edge not in graph.edges:
                yield _choice(graph, edge, other, signals)


def wires_into(
    graph: Graph, node_id: str, signals: Mapping[str, Signal], port: int | None = None
) -> Iterator[WireChoice]:
    """What could feed the node, the nearest first: at that input, or where it is meant."""
    ports = _inputs(graph, node_id) if port is None else (port,)
    for other in _by_distance(graph, node_id):
        for one in ports if gives(graph, other) else ():
            edge = Edge(other, node_id, one)
            if edge not in graph.edges:
                yield _choice(graph, edge, other, signals)


def gives(graph: Graph, node_id: str) -> bool:
    """True where something comes out of the node."""
    entry = LAYERS.get(graph.nodes[node_id].layer)
    return entry is not None and entry.end != "output"


def port_names(graph: Graph, node_id: str) -> Sequence[str]:
    """What the inputs of a node are for, in the words of the source; none where they are alike."""
    entry = LAYERS.get(graph.nodes[node_id].layer)
    return entry.ports if entry is not None else ()


def _inputs(graph: Graph, node_id: str) -> tuple[int, ...]:
    """Each input that has a name; else the first free one, or the first, which is replaced."""
    entry = LAYERS.get(graph.nodes[node_id].layer)
    if entry is None or entry.arity[1] == 0:
        return ()
    if entry.ports:
        return tuple(range(len(entry.ports)))
    free = edits.free_port(graph, node_id)
    return (free if free is not None else 0,)


def _choice(graph: Graph, edge: Edge, other: str, signals: Mapping[str, Signal]) -> WireChoice:
    names = port_names(graph, edge.target)
    there = next((e.source for e in graph.incoming(edge.target) if e.port == edge.port), "")
    choice = WireChoice(
        edge, other, names[edge.port] if edge.port < len(names) else "", instead_of=there
    )
    refusal = edits.why_not_connect(graph, edge)
    if refusal is not None:
        return replace(choice, reason=refusal.message)
    given = signals.get(edge.source)
    doubt = why_not_taken(graph, edge, given, signals) if given is not None else ""
    return replace(choice, doubt=doubt)


def _by_distance(graph: Graph, node_id: str) -> list[str]:
    """The other nodes, the nearest first."""
    x, y = graph.positions.get(node_id, (0.0, 0.0))

    def far(other: str) -> float:
        there = graph.positions.get(other, (0.0, 0.0))
        return abs(there[0] - x) + abs(there[1] - y)

    return sorted((i for i in graph.nodes if i != node_id), key=far)
