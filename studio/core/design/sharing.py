"""Weights that several nodes share: who owns them, and what becomes of them in edits."""

from collections.abc import Mapping, Set
from dataclasses import replace

from studio.core.design.graph import Graph, Node
from studio.core.design.learning import PLAIN, Learning


def owner_of(nodes: Mapping[str, Node], node_id: str) -> str:
    """The node whose weights a node has: itself, unless it shares those of another."""
    shared = nodes[node_id].learning.shares
    return shared if shared in nodes else node_id


def sharers(nodes: Mapping[str, Node], owner: str) -> tuple[str, ...]:
    """The nodes that share the weights of a node, in the order in which they were placed."""
    return tuple(node.id for node in nodes.values() if node.learning.shares == owner)


def group_of(nodes: Mapping[str, Node], node_id: str) -> tuple[str, ...]:
    """All nodes that have the weights of a node, itself among them, the owner first."""
    owner = owner_of(nodes, node_id)
    return owner, *(one for one in sharers(nodes, owner) if one != owner)


def own_weights(graph: Graph, weights: Mapping[str, int]) -> dict[str, int]:
    """How many weights each node adds to the network: shared ones count where they belong."""
    return {
        node_id: 0 if owner_of(graph.nodes, node_id) != node_id else count
        for node_id, count in weights.items()
    }


def handed_over(nodes: Mapping[str, Node], gone: Set[str]) -> dict[str, Node]:
    """The nodes less those that go: the first to share the weights of one becomes their owner."""
    kept = {node_id: node for node_id, node in nodes.items() if node_id not in gone}
    for owner in gone & set(nodes):
        heirs = sharers(kept, owner)
        for heir in heirs:
            learning = nodes[owner].learning if heir == heirs[0] else Learning(shares=heirs[0])
            kept[heir] = replace(kept[heir], learning=learning)
    return kept


def with_learning(graph: Graph, node_id: str, learning: Learning) -> Graph:
    """The graph with what was set for the weights of one node."""
    node = graph.nodes[node_id]
    if node.learning == learning:
        return graph
    return replace(graph, nodes={**graph.nodes, node_id: replace(node, learning=learning)})


def sharing(graph: Graph, node_id: str, other: str) -> Graph:
    """A node shares the weights of another; those that shared its own go along.

    With "" it has weights of its own again. What was set for its weights before is dropped.
    """
    if other not in graph.nodes:
        return with_learning(graph, node_id, PLAIN)
    owner = owner_of(graph.nodes, other)
    if owner == node_id:
        return graph
    for one in (node_id, *sharers(graph.nodes, node_id)):
        graph = with_learning(graph, one, Learning(shares=owner))
    return graph


def pasted_learning(part: Graph, graph: Graph, new_ids: Mapping[str, str], node: Node) -> Learning:
    """What a copied node's learning becomes in the graph that it is pasted into.

    Copied along with their owner, nodes share the weights of its copy; without it those of
    the owner itself, where it stands in the graph as it was copied; else they have their own.
    """
    learning = node.learning
    if not learning.shares:
        return learning
    if learning.shares in part.nodes:
        return replace(learning, shares=new_ids[learning.shares])
    owner = graph.nodes.get(learning.shares)
    is_same = owner is not None and (owner.layer, owner.params) == (node.layer, node.params)
    return learning if is_same else PLAIN
