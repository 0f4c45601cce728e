"""A graph as plain JSON values, in project files and on the clipboard, read strictly."""

import keyword
from dataclasses import dataclass, replace

from studio.core.catalogue import LAYERS
from studio.core.design.block import MOST_NODES
from studio.core.design.blocks_json import (
    blocks_to_json,
    remarks_from_json,
    remarks_to_json,
    with_blocks_from,
)
from studio.core.design.graph import Edge, Graph, Node, Position, State
from studio.core.design.learning import Learning
from studio.core.params import Value, checked
from studio.core.plain import from_plain, list_of, object_of, text_of, to_plain
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr

FARTHEST = 1e7
NEEDED_KEYS = frozenset({"nodes", "edges", "positions"})
OPTIONAL_KEYS = frozenset({"blocks", "remarks"})
_NODE_KEYS = frozenset({"id", "layer", "name", "params"})


@dataclass(frozen=True, slots=True)
class _Said:
    state: State = "on"


def graph_to_json(graph: Graph) -> dict[str, object]:
    """The graph as an object of nodes, edges and positions; of blocks and remarks if any."""
    blocks = {"blocks": blocks_to_json(graph.blocks)} if graph.blocks else {}
    remarks = {"remarks": remarks_to_json(graph.remarks)} if graph.remarks else {}
    return {
        "nodes": [_node_to_json(node) for node in graph],
        "edges": [to_plain(edge) for edge in graph.edges],
        "positions": {node_id: list(where) for node_id, where in graph.positions.items()},
        **blocks,
        **remarks,
    }


def graph_from_json(data: object) -> Graph:
    """The graph, or StudioError: unknown layers, values out of range, loose edges, circles."""
    parts = object_of(data, tr("The graph"), NEEDED_KEYS, OPTIONAL_KEYS)
    nodes = _nodes(list_of(parts["nodes"], tr("The list of nodes")))
    edges = tuple(_edge(edge, nodes) for edge in list_of(parts["edges"], tr("The list of edges")))
    graph = Graph(nodes, edges, _positions(parts["positions"], nodes))
    _check_edges(graph)
    remarks = remarks_from_json(parts.get("remarks", []))
    return with_blocks_from(replace(graph, remarks=remarks), parts.get("blocks", []))


def _node_to_json(node: Node) -> dict[str, object]:
    """Most nodes have nothing set for their weights, so most say nothing of it."""
    plain: dict[str, object] = {
        "id": node.id,
        "layer": node.layer,
        "name": node.name,
        "params": to_plain(node.params),
    }
    if not node.learning.is_plain:
        plain["learning"] = to_plain(node.learning)
    return plain if node.state == "on" else {**plain, "state": node.state}


def _nodes(data: list[object]) -> dict[str, Node]:
    if len(data) > MOST_NODES:
        raise refuse(
            tr(
                "The graph has {count} {count|node|nodes}; at most {most} are read.",
                count=len(data),
                most=MOST_NODES,
            ),
            code="too-many-nodes",
        )
    nodes: dict[str, Node] = {}
    for number, part in enumerate(data, 1):
        node = _node(part, tr("Node {number}", number=number))
        if node.id in nodes:
            raise refuse(
                tr("Two nodes have the id {id}.", id=node.id),
                tr("Give one of them another id."),
                code="double-id",
            )
        nodes[node.id] = node
    return nodes


def _node(data: object, where: str) -> Node:
    parts = object_of(data, where, _NODE_KEYS, frozenset({"learning", "state"}))
    node_id = text_of(parts["id"], where)
    if not node_id.isidentifier() or keyword.iskeyword(node_id) or len(node_id) > 100:
        raise refuse(
            tr("{where} has the id {id}, which is not a plain name.", where=where, id=node_id[:60]),
            tr("Use letters, digits and underscores."),
            code="bad-id",
        )
    name, layer = text_of(parts["name"], where)[:200], text_of(parts["layer"], where)
    entry = LAYERS.get(layer)
    if entry is None:
        raise refuse(
            tr(
                "{name} is a layer called {layer}, which is not known.",
                name=name or where,
                layer=layer[:60],
            ),
            tr("Open the file with a newer version of Studio, or remove the node."),
            place=Place("node", node_id),
            code="unknown-layer",
        )
    given = parts["params"]
    if not isinstance(given, dict):
        raise refuse(tr("The params of {name} are not an object.", name=name), code="wrong-value")
    learning = from_plain(Learning, parts.get("learning", {}), tr("Learning of {name}", name=name))
    state = from_plain(_Said, {"state": parts.get("state", "on")}, tr("{name}", name=name)).state
    return Node(node_id, layer, name, _params(node_id, name, entry.params, given), learning, state)


def _params(
    node_id: str, name: str, params: tuple[object, ...], given: dict[str, object]
) -> dict[str, Value]:
    values, problems = checked(params, given, Place("node", node_id), name)  # type: ignore[arg-type]
    if problems:
        raise StudioError(problems[0])
    return {key: values[key] for key in values if key in given}


def _edge(data: object, nodes: dict[str, Node]) -> Edge:
    edge = from_plain(Edge, data, tr("An edge"))
    for end in (edge.source, edge.target):
        if end not in nodes:
            raise refuse(
                tr("An edge ends at {id}, which is no node.", id=end[:60]),
                tr("Remove the edge."),
                code="loose-edge",
            )
    if not 0 <= edge.port < LAYERS[nodes[edge.target].layer].arity[1]:
        raise refuse(
            tr(
                "An edge goes into port {port} of {name}, which has no such port.",
                port=edge.port,
                name=nodes[edge.target].name,
            ),
            tr("Remove the edge."),
            code="loose-edge",
        )
    return edge


def _positions(data: object, nodes: dict[str, Node]) -> dict[str, Position]:
    if not isinstance(data, dict):
        raise refuse(tr("The positions are not an object."), code="wrong-value")
    found = {
        key: from_plain(tuple[float, float], value, tr("The position of a node"))
        for key, value in data.items()
        if key in nodes
    }
    clamped = {key: (_clamped(x), _clamped(y)) for key, (x, y) in found.items()}
    return {node_id: clamped.get(node_id, (0.0, 0.0)) for node_id in nodes}


def _clamped(value: float) -> float:
    return max(-FARTHEST, min(FARTHEST, value))


def _check_edges(graph: Graph) -> None:
    inputs = [(edge.target, edge.port) for edge in graph.edges]
    if len(set(inputs)) != len(inputs):
        raise refuse(
            tr("Two edges go into the same input."), tr("Remove one of them."), code="double-edge"
        )
    if len(graph.order()) != len(graph):
        raise refuse(
            tr("The graph has a circle: a node would feed itself."),
            tr("Remove an edge of the circle."),
            code="cycle",
        )
