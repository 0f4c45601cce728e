"""Edits of edges as they are drawn: of a wire into a closed block all that it stands for."""

from collections.abc import Iterable
from dataclasses import replace

from studio.core.design import edits
from studio.core.design.block_placing import home_between, nested, why_not_nest
from studio.core.design.blocks import contents, depth_of, exits_of, inlets_of
from studio.core.design.graph import Edge, Graph
from studio.core.design.shown import inlet_twins, shown, twins_of


def connected(graph: Graph, edge: Edge) -> Graph:
    """Draws an edge; into a closed block one to every input that takes the same thing.

    What may not be drawn is left out: an input may be gone since somebody reached for it.
    """
    for one in inlet_twins(graph, edge):
        if edits.why_not_connect(graph, one) is None:
            graph = edits.connect(graph, one)
    return graph


def cut(graph: Graph, wires: Iterable[Edge]) -> Graph:
    """Takes edges away, with those that are drawn as the same wire."""
    gone = {one for wire in wires for one in twins_of(graph, wire)}
    return edits.remove(graph, (), gone) if gone else graph


def layer_inserted(graph: Graph, edge: Edge, layer: str) -> Graph:
    """Places a new layer in the middle of a wire, for all that the wire feeds."""
    twins, places = twins_of(graph, edge), shown(graph)
    cards = {i: places.graph.positions[places.card(i)] for i in graph.nodes}
    # Nodes in closed blocks stand where their card is, so that the layer lands on the wire.
    seen = replace(graph, positions={**graph.positions, **cards})
    after = edits.insert_layer(seen, edge, layer)
    home = {
        i: (graph.positions[i][0] + x - cards[i][0], graph.positions[i][1] + y - cards[i][1])
        if i in graph.nodes
        else (x, y)
        for i, (x, y) in after.positions.items()
    }
    added = next((i for i in after.nodes if i not in graph.nodes), "")
    return _taken_over(replace(after, positions=home), edge.source, added, twins[1:])


def inserted(graph: Graph, edge: Edge, card: str) -> Graph:
    """Puts a node, or a whole block, that is on the canvas into a wire, or changes nothing."""
    if card in graph.blocks:
        return _block_inserted(graph, edge, card)
    twins = twins_of(graph, edge)
    after = edits.insert_on_edge(graph, edge, card)
    return graph if after is graph else _taken_over(after, edge.source, card, twins[1:])


def fed(graph: Graph, block_id: str, source: str) -> Graph:
    """Feeds the first thing that a block takes from a node; one that takes nothing stays."""
    for inlet in next(iter(inlets_of(graph, block_id)), ()):
        edge = Edge(source, inlet.node, inlet.port)
        if edits.why_not_connect(graph, edge) is None:
            graph = edits.connect(graph, edge)
    return graph


def _block_inserted(graph: Graph, edge: Edge, block_id: str) -> Graph:
    """A block that stands alone goes between: into the block that the edge lies in."""
    held = contents(graph, block_id)
    ends = exits_of(graph, held)
    is_loose = not any((e.source in held) != (e.target in held) for e in graph.edges)
    if not is_loose or edge.source in held or not ends or not inlets_of(graph, block_id):
        return graph
    home, twins = home_between(graph, edge), twins_of(graph, edge)
    if why_not_nest(graph, home, depth_of(graph.blocks, block_id)):
        return graph
    graph = nested(graph, block_id, home)
    return fed(_taken_over(graph, edge.source, ends[0], twins), block_id, edge.source)


def _taken_over(graph: Graph, source: str, new: str, wires: Iterable[Edge]) -> Graph:
    """These edges come from another node."""
    moved = set(wires)
    if not moved or not new:
        return graph
    edges = tuple(
        replace(e, source=new) if e in moved and e.source == source else e for e in graph.edges
    )
    return replace(graph, edges=edges)
