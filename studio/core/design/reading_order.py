"""The order in which a person reads a network: along a chain to its end, then the next."""

from studio.core.design.graph import Graph


def reading_order(graph: Graph) -> tuple[str, ...]:
    """All nodes, each after what it takes from; those of one chain or branch stay together.

    Nodes in a circle come last. Ties keep the order in which the nodes were placed.
    """
    waiting = dict.fromkeys(graph.nodes, 0)
    followers: dict[str, list[str]] = {node_id: [] for node_id in graph.nodes}
    for edge in graph.edges:
        waiting[edge.target] += 1
        followers[edge.source].append(edge.target)
    ready = [node_id for node_id, count in reversed(waiting.items()) if count == 0]
    ordered: dict[str, None] = {}
    while ready:
        node_id = ready.pop()
        ordered[node_id] = None
        for follower in reversed(followers[node_id]):
            waiting[follower] -= 1
            if waiting[follower] == 0:
                ready.append(follower)
    return (*ordered, *(node_id for node_id in graph.nodes if node_id not in ordered))
