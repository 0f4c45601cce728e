"""What a block holds, what comes in and goes out, and where it lies in others. No edits."""

from collections.abc import Collection, Iterable, Mapping

from studio.core.catalogue import LAYERS
from studio.core.design.block import Block, Inlet
from studio.core.design.graph import Edge, Graph


def children_of(blocks: Mapping[str, Block], block_id: str) -> tuple[Block, ...]:
    """The blocks directly inside a block; with "" those that lie in none."""
    return tuple(block for block in blocks.values() if block.parent == block_id)


def inside(blocks: Mapping[str, Block], block_id: str) -> tuple[Block, ...]:
    """The block and all blocks in it, however deep, each after the one around it."""
    found = [blocks[block_id]]
    for block in found:  # grows while it is walked
        found.extend(children_of(blocks, block.id))
    return tuple(found)


def outermost(part: Graph) -> str:
    """The block that a graph of one block alone is."""
    return next(block.id for block in part.blocks.values() if not block.parent)


def contents(graph: Graph, block_id: str) -> tuple[str, ...]:
    """All nodes in a block, those of the blocks inside it too, in the graph's order."""
    held = {i for block in inside(graph.blocks, block_id) for i in block.members}
    return tuple(i for i in graph.nodes if i in held)


def block_around(graph: Graph, node_id: str) -> str:
    """The block that a node is directly in, or ""."""
    return next((b.id for b in graph.blocks.values() if node_id in b.members), "")


def homes(graph: Graph) -> dict[str, str]:
    """The block that each node is directly in; nodes in none are left out."""
    return {i: block.id for block in graph.blocks.values() for i in block.members}


def path_to(blocks: Mapping[str, Block], block_id: str) -> tuple[str, ...]:
    """The blocks around a block and itself, the outermost first; nothing for ""."""
    path: list[str] = []
    while block_id:
        path.append(block_id)
        block_id = blocks[block_id].parent
    return tuple(reversed(path))


def depth_of(blocks: Mapping[str, Block], block_id: str) -> int:
    """How many blocks lie in one another from this one on, itself included."""
    above = len(path_to(blocks, block_id)) - 1
    return max(len(path_to(blocks, block.id)) - above for block in inside(blocks, block_id))


def shared_block(graph: Graph, node_ids: Iterable[str]) -> str:
    """The innermost block that holds all these nodes, or ""."""
    home = homes(graph)
    paths = [path_to(graph.blocks, home.get(i, "")) for i in node_ids]
    shared = ""
    for level in zip(*paths, strict=False):
        if len(set(level)) > 1:
            break
        shared = level[0]
    return shared


def block_of_all(graph: Graph, node_ids: Collection[str]) -> str:
    """The block that holds exactly these nodes, the outermost of several, or ""."""
    if not node_ids or not graph.blocks:
        return ""
    chosen = frozenset(node_ids)
    path = path_to(graph.blocks, shared_block(graph, chosen))
    return next((b for b in path if frozenset(contents(graph, b)) == chosen), "")


def home_of(graph: Graph, node_ids: Collection[str]) -> str:
    """The innermost block that these nodes lie in, of a whole block the one around it, or ""."""
    if not node_ids or not graph.blocks:
        return ""
    whole = block_of_all(graph, node_ids)
    return graph.blocks[whole].parent if whole else shared_block(graph, node_ids)


def leaving(graph: Graph, members: Collection[str]) -> tuple[Edge, ...]:
    """The edges from the members to what stands outside."""
    held = set(members)
    return tuple(e for e in graph.edges if e.source in held and e.target not in held)


def entering(graph: Graph, members: Collection[str]) -> tuple[Edge, ...]:
    """The edges from outside into the members."""
    held = set(members)
    return tuple(e for e in graph.edges if e.target in held and e.source not in held)


def exits_of(graph: Graph, members: Collection[str]) -> tuple[str, ...]:
    """The members that give something to the outside; where none does, those that could."""
    sources = dict.fromkeys(edge.source for edge in leaving(graph, members))
    if sources:
        return tuple(sources)
    idle = set(members) - {edge.source for edge in graph.edges}
    return tuple(i for i in graph.nodes if i in idle and gives(graph, i))


def inlets_of(graph: Graph, block_id: str) -> tuple[tuple[Inlet, ...], ...]:
    """What comes into a block, as groups of inputs that take the same thing.

    Those fed by one node are one, then follow open inputs: as `Block.inlets` groups them,
    each other one by itself. Inputs that may stay open are not counted.
    """
    members = contents(graph, block_id)
    by_source: dict[str, list[Inlet]] = {}
    for edge in entering(graph, members):
        by_source.setdefault(edge.source, []).append(Inlet(edge.target, edge.port))
    waiting = _open_inputs(graph, members)
    known = {inlet: group for group in by_source.values() for inlet in group}
    taken = {(edge.target, edge.port) for edge in graph.edges}
    loose: list[list[Inlet]] = []
    for group in graph.blocks[block_id].inlets:
        fed = next((known[inlet] for inlet in group if inlet in known), None)
        if fed is not None:
            fed.extend(inlet for inlet in group if waiting.pop(inlet, False))
            continue
        free = [inlet for inlet in group if (inlet.node, inlet.port) not in taken]
        for inlet in free:
            waiting.pop(inlet, None)
        if free:
            loose.append(free)
    groups = [*by_source.values(), *loose, *([inlet] for inlet in waiting)]
    return tuple(tuple(group) for group in groups)


def gives(graph: Graph, node_id: str) -> bool:
    """True where something comes out of a node."""
    entry = LAYERS.get(graph.nodes[node_id].layer)
    return entry is not None and entry.end != "output"


def _open_inputs(graph: Graph, members: Iterable[str]) -> dict[Inlet, bool]:
    taken = {(edge.target, edge.port) for edge in graph.edges}
    found: dict[Inlet, bool] = {}
    for node_id in members:
        entry = LAYERS.get(graph.nodes[node_id].layer)
        for port in range(entry.arity[0] if entry else 0):
            if (node_id, port) not in taken:
                found[Inlet(node_id, port)] = True
    return found
