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
    known = _Known(graph, signals, graph.ancestors((node_id,)))
    for other in _by_distance(graph, node_id) if gives(graph, node_id) else ():
        for port in known.inputs(other):
            yield from known.choices(Edge(node_id, other, port), other)


def wires_into(
    graph: Graph, node_id: str, signals: Mapping[str, Signal], port: int | None = None
) -> Iterator[WireChoice]:
    """What could feed the node, the nearest first: at that input, or where it is meant."""
    known = _Known(graph, signals, graph.followers(node_id))
    ports = known.inputs(node_id) if port is None else (port,)
    for other in _by_distance(graph, node_id):
        for one in ports if gives(graph, other) else ():
            yield from known.choices(Edge(other, node_id, one), other)


def gives(graph: Graph, node_id: str) -> bool:
    """True where something comes out of the node."""
    entry = LAYERS.get(graph.nodes[node_id].layer)
    return entry is not None and entry.end != "output"


def port_names(graph: Graph, node_id: str) -> Sequence[str]:
    """What the inputs of a node are for, in the words of the source; none where they are alike."""
    entry = LAYERS.get(graph.nodes[node_id].layer)
    return entry.ports if entry is not None else ()


class _Known:
    """What is looked up for every wire, found once; `forbidden` nodes would close a circle."""

    def __init__(
        self, graph: Graph, signals: Mapping[str, Signal], forbidden: frozenset[str]
    ) -> None:
        self._graph, self._signals, self._forbidden = graph, signals, forbidden
        self._sources, self._edges = graph.sources(), frozenset(graph.edges)

    def inputs(self, node_id: str) -> tuple[int, ...]:
        """Each input that has a name; else the first free one, or the first, to be replaced."""
        entry = LAYERS.get(self._graph.nodes[node_id].layer)
        if entry is None or entry.arity[1] == 0:
            return ()
        if entry.ports:
            return tuple(range(len(entry.ports)))
        taken = {edge.port for edge in self._sources[node_id]}
        return (next((port for port in range(entry.arity[1]) if port not in taken), 0),)

    def choices(self, edge: Edge, other: str) -> Iterator[WireChoice]:
        """The wire with what speaks against it; nothing where it is there already."""
        if edge in self._edges:
            return
        incoming, names = self._sources[edge.target], port_names(self._graph, edge.target)
        there = next((e.source for e in incoming if e.port == edge.port), "")
        name = names[edge.port] if edge.port < len(names) else ""
        choice = WireChoice(edge, other, name, instead_of=there)
        is_circle = other in self._forbidden
        refusal = edits.why_not_connect(self._graph, edge, is_circle=is_circle)
        given = self._signals.get(edge.source)
        if refusal is not None:
            yield replace(choice, reason=refusal.message)
        elif given is None:
            yield choice
        else:
            node = self._graph.nodes[edge.target]
            doubt = why_not_taken(node, incoming, edge.port, given, self._signals)
            yield replace(choice, doubt=doubt)


def _by_distance(graph: Graph, node_id: str) -> list[str]:
    """The other nodes, the nearest first."""
    x, y = graph.positions.get(node_id, (0.0, 0.0))

    def far(other: str) -> float:
        there = graph.positions.get(other, (0.0, 0.0))
        return abs(there[0] - x) + abs(there[1] - y)

    return sorted((i for i in graph.nodes if i != node_id), key=far)
