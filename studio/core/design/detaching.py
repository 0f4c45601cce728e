"""Nodes taken out of the wires they stand in; what fed them then feeds what they fed."""

from collections.abc import Iterable
from dataclasses import replace

from studio.core.design import edits
from studio.core.design.graph import Edge, Graph


def detached(graph: Graph, node_ids: Iterable[str]) -> Graph:
    """The nodes without the wires to others; the wires among themselves stay.

    What took from them takes from what led into them, along their first inputs, as it does
    where they are deleted and reconnected. The same graph where they have no such wires.
    """
    chosen = frozenset(node_ids) & set(graph.nodes)
    if not loose_edges(graph, chosen):
        return graph
    outgoing = [edge for edge in loose_edges(graph, chosen) if edge.source in chosen]
    feeders = {edge: _feeder(graph, chosen, edge.source) for edge in outgoing}
    graph = edits.remove(graph, (), loose_edges(graph, chosen))
    for edge, feeder in feeders.items():
        if feeder is not None:
            graph = edits.connect(graph, replace(edge, source=feeder))
    return graph


def loose_edges(graph: Graph, chosen: frozenset[str]) -> tuple[Edge, ...]:
    """The wires between these nodes and others."""
    return tuple(edge for edge in graph.edges if (edge.source in chosen) != (edge.target in chosen))


def _feeder(graph: Graph, chosen: frozenset[str], node_id: str) -> str | None:
    """What feeds a node from outside of the chosen ones; None where nothing does."""
    seen: set[str] = set()
    while node_id in chosen:
        incoming = graph.incoming(node_id)
        if not incoming or node_id in seen:
            return None
        seen.add(node_id)
        node_id = incoming[0].source
    return node_id
