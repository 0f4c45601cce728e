"""A network as a tree: its layers as a person reads them, each below the block that holds it."""

from dataclasses import dataclass

from studio.core.design.blocks import homes, path_to
from studio.core.design.graph import Graph
from studio.core.design.reading_order import reading_order


@dataclass(frozen=True, slots=True)
class Branch:
    """A node, or a block; `parent` is the block directly around it, or ""."""

    key: str
    parent: str
    is_block: bool = False


def branches(graph: Graph) -> tuple[Branch, ...]:
    """Every node and block, a block before the first of its nodes; nodes in a circle come last."""
    home, seen = homes(graph), set[str]()
    found: list[Branch] = []
    for node_id in reading_order(graph):
        own = home.get(node_id, "")
        for block_id in path_to(graph.blocks, own):
            if block_id not in seen:
                seen.add(block_id)
                found.append(Branch(block_id, graph.blocks[block_id].parent, is_block=True))
        found.append(Branch(node_id, own))
    return tuple(found)
