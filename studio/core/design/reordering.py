"""A place earlier or later in the order of a network: what a list of its nodes can ask for."""

from dataclasses import replace

from studio.core.catalogue import LAYERS
from studio.core.design.blocks import block_around, path_to, shared_block
from studio.core.design.edits import connect, insert_layer, move
from studio.core.design.graph import Edge, Graph
from studio.core.problems import Place, Problem
from studio.core.words import tr


def inserted_after(graph: Graph, node_id: str, layer: str) -> Graph:
    """Puts a new layer behind a node, so that all that the node fed is fed by the new one.

    The graph is unchanged where the node feeds nothing: then there is nothing to put it into.
    """
    first = innermost_onward(graph, node_id)
    if first is None:
        return graph
    made = insert_layer(graph, first, layer)
    if first in made.edges:
        return graph  # it takes nothing, or gives nothing on
    added = next(i for i in made.nodes if i not in graph.nodes)
    for edge in graph.outgoing(node_id):
        if edge != first:
            made = connect(made, replace(edge, source=added))
    return made


def innermost_onward(graph: Graph, node_id: str) -> Edge | None:
    """The wire of all that lead on from a node into which something goes that feeds them all.

    In a block that it feeds inside and outside it is one inside: from outside it would lead back.
    """

    def depth(edge: Edge) -> int:
        return len(path_to(graph.blocks, shared_block(graph, (edge.source, edge.target))))

    return max(graph.outgoing(node_id), key=depth, default=None)


def why_not_swap(graph: Graph, node_id: str, step: int) -> Problem | None:
    """Why a node cannot go a place earlier (-1) or later (+1), or None where it can."""
    node = graph.nodes[node_id]
    if not _is_link(graph, node_id):
        message = tr("{name} does not stand in a chain: rewire it instead.", name=node.name)
        return Problem(message, place=Place("node", node_id), code="cannot-move")
    other = _neighbour(graph, node_id, step)
    stays = graph.nodes[other].name
    if block_around(graph, other) != block_around(graph, node_id):
        message = tr("{other} is not in the same block.", other=stays)
    elif _is_link(graph, other):
        return None
    elif step < 0:
        message = tr("{other} stays before {name}.", other=stays, name=node.name)
    else:
        message = tr("{other} stays behind {name}.", other=stays, name=node.name)
    return Problem(message, place=Place("node", node_id), code="cannot-move")


def swapped(graph: Graph, node_id: str, step: int) -> Graph:
    """A node changes places with the one before (-1) or behind (+1) it, wires and position too."""
    if why_not_swap(graph, node_id, step) is not None:
        return graph
    other = _neighbour(graph, node_id, step)
    first, second = (other, node_id) if step < 0 else (node_id, other)
    into, between = graph.incoming(first)[0], graph.incoming(second)[0]
    onward = graph.outgoing(second)[0]
    turned = {
        into: replace(into, target=second, port=between.port),
        between: Edge(second, first, into.port),
        onward: replace(onward, source=first),
    }
    edges = tuple(turned.get(edge, edge) for edge in graph.edges)
    places = {first: graph.positions[second], second: graph.positions[first]}
    return move(replace(graph, edges=edges), places)


def _neighbour(graph: Graph, node_id: str, step: int) -> str:
    if step < 0:
        return graph.incoming(node_id)[0].source
    return graph.outgoing(node_id)[0].target


def _is_link(graph: Graph, node_id: str) -> bool:
    """True for a node of a chain, one wire in and one out; the ends of a network stay ends."""
    entry = LAYERS.get(graph.nodes[node_id].layer)
    is_end = entry is None or entry.end is not None
    return not is_end and len(graph.incoming(node_id)) == 1 and len(graph.outgoing(node_id)) == 1
