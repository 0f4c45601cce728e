"""A block comes in as a whole: into another block, behind a node, or in the place of one."""

from collections.abc import Collection
from dataclasses import replace

from studio.core.design import edits
from studio.core.design.block import DEEPEST_BLOCK
from studio.core.design.block_edits import (
    joined,
    of_their_own,
    pruned,
    require_room,
    with_state,
)
from studio.core.design.blocks import (
    block_around,
    block_of_all,
    contents,
    depth_of,
    exits_of,
    homes,
    inlets_of,
    inside,
    path_to,
    shared_block,
)
from studio.core.design.clipboard import added
from studio.core.design.graph import Edge, Graph, Position
from studio.core.design.shown import closed_place, way_inside
from studio.core.problems import Place, refuse
from studio.core.words import tr


def placed(graph: Graph, part: Graph) -> tuple[Graph, str]:
    """The graph with a block that is alone in another one, and its id there.

    StudioError where there would be more layers than a file may hold.
    """
    require_room(graph, part)
    graph, new = added(graph, part, None)
    return graph, block_of_all(graph, new)


def nested(graph: Graph, block_id: str, around: str) -> Graph:
    """Puts a block into another one; with "" into none. StudioError where that is too deep."""
    if graph.blocks[block_id].parent == around:
        return graph
    if around in {block.id for block in inside(graph.blocks, block_id)}:
        return graph  # nothing lies in itself
    problem = why_not_nest(graph, around, depth_of(graph.blocks, block_id))
    if problem:
        raise refuse(
            problem,
            tr("Ungroup one of those around it first."),
            place=Place(),
            code="cannot-group",
        )
    block = replace(graph.blocks[block_id], parent=around)
    blocks = pruned({**graph.blocks, block_id: block}, graph.nodes)
    return of_their_own(replace(graph, blocks=blocks))


def gathered(graph: Graph, nodes: Collection[str], around: str) -> Graph:
    """Puts what lies in no block of these into one; blocks for which it is too deep stay out."""
    if not around:
        return graph
    home = homes(graph)
    for block_id in dict.fromkeys(path_to(graph.blocks, home[i])[0] for i in nodes if i in home):
        graph = let_go_in(graph, block_id, around) if block_id != around else graph
    for node_id in nodes:
        graph = joined(graph, node_id, around) if node_id not in home else graph
    return graph


def taken_out(graph: Graph, nodes: Collection[str]) -> Graph:
    """Takes nodes out of the block that they are in; blocks of which all is chosen go whole."""
    chosen = frozenset(nodes)
    if len(chosen) == 1:
        return _one_out(graph, *chosen)
    whole = {i for i in graph.blocks if chosen.issuperset(contents(graph, i))}
    for block_id in sorted(whole):
        parent = graph.blocks[block_id].parent
        if parent and parent not in whole:
            graph = nested(graph, block_id, graph.blocks[parent].parent)
    for node_id in chosen:
        is_loose = block_around(graph, node_id) not in whole
        graph = _one_out(graph, node_id) if is_loose else graph
    return graph


def _one_out(graph: Graph, node_id: str) -> Graph:
    around = block_around(graph, node_id)
    return joined(graph, node_id, graph.blocks[around].parent) if around else graph


def let_go_in(graph: Graph, block_id: str, around: str) -> Graph:
    """Puts a block that lies in none into the one that it was let go in, where there is room."""
    if not around or graph.blocks[block_id].parent:
        return graph
    depth = depth_of(graph.blocks, block_id)
    return graph if why_not_nest(graph, around, depth) else nested(graph, block_id, around)


def why_not_nest(graph: Graph, around: str, depth: int) -> str:
    """Why a block that is so deep cannot lie in another one, in words; "" where it can."""
    if len(path_to(graph.blocks, around)) + depth <= DEEPEST_BLOCK:
        return ""
    return tr("Blocks can lie {most} deep in one another at most.", most=DEEPEST_BLOCK)


def replaced_by_block(graph: Graph, node_id: str, part: Graph) -> tuple[Graph, str]:
    """A block in the place of a node, in the block that this was in; gives the id it has there.

    What fed the node feeds it, one wire for each thing that it takes, and it feeds what the node
    fed. StudioError where blocks would lie too deep.
    """
    node, around = graph.nodes[node_id], block_around(graph, node_id)
    incoming, where = graph.incoming(node_id), graph.positions[node_id]
    graph, block_id = placed(graph, part)
    graph = nested(graph, block_id, around)
    graph = _with_corner(graph, block_id, where)
    held = contents(graph, block_id)
    end, groups = next(iter(exits_of(graph, held)), ""), inlets_of(graph, block_id)
    edges = tuple(
        replace(e, source=end) if e.source == node_id and end else e
        for e in graph.edges
        if e.target != node_id
    )
    graph = replace(graph, edges=edges)
    for edge, group in zip(incoming, groups, strict=False):
        for one in group:
            graph = edits.connect(graph, Edge(edge.source, one.node, one.port))
    graph = edits.remove(graph, (node_id,))
    return with_state(graph, held, node.state), block_id


def fed_onward(graph: Graph, block_id: str, node_id: str) -> Graph:
    """All that a node feeds outside a block is fed by what comes out of that."""
    held = set(contents(graph, block_id))
    end = next(iter(exits_of(graph, held)), "")
    if not end:
        return graph
    edges = tuple(
        replace(e, source=end) if e.source == node_id and e.target not in held else e
        for e in graph.edges
    )
    return replace(graph, edges=edges)


def home_between(graph: Graph, edge: Edge) -> str:
    """The block in which something lies that is put into an edge."""
    return shared_block(graph, (edge.source, edge.target)) if graph.blocks else ""


def _with_corner(graph: Graph, block_id: str, where: Position) -> Graph:
    """The card of a closed block stands there."""
    places = {i: graph.positions[i] for i in contents(graph, block_id)}
    left, top = closed_place(places.values(), way_inside(graph, places))
    by_x, by_y = where[0] - left, where[1] - top
    return edits.move(graph, {i: (x + by_x, y + by_y) for i, (x, y) in places.items()})
