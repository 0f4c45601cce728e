"""Every edit of nodes and edges, as a pure function from Graph to Graph."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY
from studio.core.design.block_edits import joined, without
from studio.core.design.blocks import shared_block
from studio.core.design.graph import Edge, Graph, Node, Position
from studio.core.design.learning import Learning
from studio.core.design.sharing import group_of, handed_over
from studio.core.design.way import way_of
from studio.core.params import Value, Values
from studio.core.problems import Place, Problem, refuse
from studio.core.words import tr

GRID = 20.0
NODE_SIZE = (140.0, 60.0)
PICTURE_HEIGHT = 48.0  # what a card grows by that shows what a sample looks like there
GAP = 40.0


def add_node(
    graph: Graph, layer: str, position: Position, params: Values | None = None, name: str = ""
) -> tuple[Graph, str]:
    """Places a layer, named after it and numbered ("Linear 2"); gives the new node's id too."""
    entry = LAYERS[layer]
    number = _free_number(graph, layer, tr(entry.title))
    node = Node(
        f"{layer}_{number}",
        layer,
        name or f"{tr(entry.title)} {number}",
        dict(params or {}),
        Learning(is_frozen=entry.is_pretrained),
    )
    return _with_node(graph, node, position), node.id


def remove(graph: Graph, node_ids: Iterable[str], edges: Iterable[Edge] = ()) -> Graph:
    """Takes nodes away with their edges, and the edges named."""
    gone, cut = set(node_ids) & set(graph.nodes), set(edges)
    if not gone and not cut & set(graph.edges):
        return graph
    kept = tuple(
        e for e in graph.edges if e not in cut and e.source not in gone and e.target not in gone
    )
    if not gone:
        return replace(graph, edges=closed_up(graph, kept))
    return replace(
        graph,
        nodes=handed_over(graph.nodes, gone),
        edges=closed_up(graph, kept),
        positions={i: p for i, p in graph.positions.items() if i not in gone},
        blocks=without(graph, gone),
    )


def remove_and_reconnect(graph: Graph, node_ids: Iterable[str]) -> Graph:
    """Takes nodes away one by one and joins what fed each to what it fed."""
    for node_id in tuple(node_ids):
        incoming, outgoing = graph.incoming(node_id), graph.outgoing(node_id)
        graph = remove(graph, (node_id,))
        if incoming:
            for edge in outgoing:
                graph = connect(graph, replace(edge, source=incoming[0].source))
    return graph


def connect(graph: Graph, edge: Edge) -> Graph:
    """Draws an edge; the one that stood at that input before is replaced."""
    kept = tuple(e for e in graph.edges if (e.target, e.port) != (edge.target, edge.port))
    return replace(graph, edges=closed_up(graph, (*kept, edge)))


def disconnect(graph: Graph, edge: Edge) -> Graph:
    """Takes one edge away."""
    return remove(graph, (), (edge,))


def move(graph: Graph, positions: Mapping[str, Position]) -> Graph:
    """Puts nodes elsewhere; nodes, edges and so shapes stay the same values."""
    moved = {i: p for i, p in positions.items() if i in graph.nodes and graph.positions.get(i) != p}
    return replace(graph, positions={**graph.positions, **moved}) if moved else graph


def set_param(graph: Graph, node_id: str, key: str, value: Value) -> Graph:
    """Gives one param of a node a value; StudioError where the value is not allowed.

    Nodes that share their weights have the same settings, so they change together.
    """
    node = graph.nodes[node_id]
    param = LAYERS[node.layer].param(key)
    try:
        allowed = param.check(value)
    except ValueError as expected:
        raise refuse(
            tr(
                "{label} of {name} should be {expected}.",
                label=tr(param.label),
                name=node.name,
                expected=expected,
            ),
            place=Place("node", node_id),
            code="bad-value",
        ) from None
    if node.params.get(key, param.default) == allowed:
        return graph
    for one in group_of(graph.nodes, node_id):
        if graph.nodes[one].layer == node.layer:
            params = {**graph.nodes[one].params, key: allowed}
            graph = _with_changed(graph, replace(graph.nodes[one], params=params))
    return graph


def rename(graph: Graph, node_id: str, name: str) -> Graph:
    """Gives a node another name; an empty one changes nothing."""
    name = " ".join(name.split())[:200]
    node = graph.nodes[node_id]
    return _with_changed(graph, replace(node, name=name)) if name and name != node.name else graph


def insert_on_edge(graph: Graph, edge: Edge, node_id: str) -> Graph:
    """Puts a node that is on the canvas into an edge; where it cannot go, nothing changes."""
    if edge not in graph.edges or node_id in (edge.source, edge.target):
        return graph
    port = free_port(graph, node_id)
    makes_circle = graph.reaches(node_id, edge.source) or graph.reaches(edge.target, node_id)
    if port is None or makes_circle or not _gives(graph, node_id):
        return graph
    onward = replace(edge, source=node_id)
    edges = tuple(onward if e == edge else e for e in graph.edges)
    graph = connect(replace(graph, edges=edges), Edge(edge.source, node_id, port))
    around = shared_block(graph, (edge.source, edge.target)) if graph.blocks else ""
    return joined(graph, node_id, around) if around else graph


def insert_layer(graph: Graph, edge: Edge, layer: str, params: Values | None = None) -> Graph:
    """Places a new layer in the middle of an edge, moving what follows to make room."""
    place, (by_x, by_y) = place_between(graph, edge)
    following = graph.followers(edge.target) if by_x or by_y else frozenset()
    places = {i: p for i, p in graph.positions.items() if i in following}
    graph = move(graph, {i: (x + by_x, y + by_y) for i, (x, y) in places.items()})
    graph, added = add_node(graph, layer, place, params)
    return insert_on_edge(graph, edge, added)


def place_between(graph: Graph, edge: Edge) -> tuple[Position, Position]:
    """Where a layer goes on an edge, and how far what follows moves for it.

    In a drawing that leads down, across and down are exchanged.
    """
    if way_of(graph, "right") == "right":
        place, shift = _between(graph.positions, edge, NODE_SIZE)
        return place, (shift, 0.0)
    turned = {i: (y, x) for i, (x, y) in graph.positions.items()}
    (y, x), shift = _between(turned, edge, (NODE_SIZE[1], NODE_SIZE[0]))
    return (x, y), (0.0, shift)


def _between(
    places: Mapping[str, Position], edge: Edge, size: tuple[float, float]
) -> tuple[Position, float]:
    """Where a layer goes on an edge, and how far what follows moves to the right for it.

    An edge that leads back, to the beginning of another row, gets it at the row's beginning:
    else the whole row would move out of sight.
    """
    (left, top), (right, low) = places[edge.source], places[edge.target]
    needed = size[0] + GAP
    if right < left + size[0] and top != low:
        before = _snapped(right - needed), _snapped(low)
        is_free = _is_free(places.values(), before, size)
        return (before, 0.0) if is_free else ((_snapped(right), _snapped(low)), needed)
    shift = max(0.0, left + 2 * needed - right)
    return (_snapped((left + right + shift) / 2), _snapped((top + low) / 2)), shift


def _is_free(taken: Iterable[Position], place: Position, size: tuple[float, float]) -> bool:
    width, height = size
    return not any(abs(x - place[0]) < width and abs(y - place[1]) < height for x, y in taken)


def why_not_connect(graph: Graph, edge: Edge, *, is_circle: bool | None = None) -> Problem | None:
    """Why an edge may not be drawn, or None. Shapes are not asked: those are shown on the node.

    Whoever asks for many and knows whether it would close a circle says so: it is to be
    searched for otherwise.
    """
    source, target = graph.nodes[edge.source], graph.nodes[edge.target]
    if edge.source == edge.target:
        return _no(tr("A node cannot feed itself."), target)
    if not _gives(graph, edge.source):
        return _no(tr("{name} is an end: nothing comes out of it.", name=source.name), target)
    if edge.port >= _arity(graph, edge.target)[1]:
        return _no(tr("{name} takes no input there.", name=target.name), target)
    if graph.reaches(edge.target, edge.source) if is_circle is None else is_circle:
        return _no(
            tr(
                "That would be a circle: {target} already leads to {source}.",
                target=target.name,
                source=source.name,
            ),
            target,
        )
    return None


def free_port(graph: Graph, node_id: str) -> int | None:
    """The lowest input without an edge, or None where all are taken."""
    taken = {edge.port for edge in graph.incoming(node_id)}
    return next((p for p in range(_arity(graph, node_id)[1]) if p not in taken), None)


def port_for(graph: Graph, node_id: str, categories: int) -> int | None:
    """The free input that is meant where nobody says which, or None where all are taken.

    The numbers of categories go to an input that is for them alone; anything else goes to
    those that may not stay open.
    """
    entry = LAYERS.get(graph.nodes[node_id].layer)
    if entry is None or entry.arity[1] == MANY:
        return free_port(graph, node_id)
    taken = {edge.port for edge in graph.incoming(node_id)}
    meant = [*(entry.index_ports if categories else ()), *range(entry.arity[0])]
    return next((port for port in meant if port not in taken), None)


def port_count(graph: Graph, node_id: str) -> int:
    """How many inputs to draw: a layer that takes many shows one more than are connected."""
    least, most = _arity(graph, node_id)
    if most != MANY:
        return most
    return max(least, min(most, len(graph.incoming(node_id)) + 1))


def last_open_node(graph: Graph) -> str | None:
    """The node furthest right that gives something and feeds nothing yet."""
    fed = {edge.source for edge in graph.edges}
    open_nodes = [i for i in graph.nodes if i not in fed and _gives(graph, i)]
    return max(open_nodes, key=lambda i: graph.positions.get(i, (0.0, 0.0))[0], default=None)


def first_open_node(graph: Graph) -> str | None:
    """The node furthest left that needs something and gets nothing yet."""
    taken = {(edge.target, edge.port) for edge in graph.edges}
    open_nodes = [i for i in graph.nodes if _arity(graph, i)[0] and (i, 0) not in taken]
    return min(open_nodes, key=lambda i: graph.positions.get(i, (0.0, 0.0))[0], default=None)


def closed_up(graph: Graph, edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
    """Inputs of layers that take many stand without gaps, in their order."""
    many = {e.target for e in edges if _arity(graph, e.target)[1] == MANY}
    if not many:
        return edges
    ports = {
        edge: n
        for node_id in many
        for n, edge in enumerate(
            sorted((e for e in edges if e.target == node_id), key=lambda e: e.port)
        )
    }
    return tuple(replace(e, port=ports[e]) if e in ports else e for e in edges)


def _with_node(graph: Graph, node: Node, position: Position) -> Graph:
    return replace(
        graph,
        nodes={**graph.nodes, node.id: node},
        positions={**graph.positions, node.id: position},
    )


def _with_changed(graph: Graph, node: Node) -> Graph:
    return replace(graph, nodes={**graph.nodes, node.id: node})


def _arity(graph: Graph, node_id: str) -> tuple[int, int]:
    entry = LAYERS.get(graph.nodes[node_id].layer)
    return entry.arity if entry else (0, 0)


def _gives(graph: Graph, node_id: str) -> bool:
    entry = LAYERS.get(graph.nodes[node_id].layer)
    return entry is not None and entry.end != "output"


def _free_number(graph: Graph, layer: str, title: str) -> int:
    start = f"{title} "  # no pattern: 500 nodes that are pasted ask for a number each
    named = (node.name[len(start) :] for node in graph if node.name.startswith(start))
    taken = {int(rest) for rest in named if rest.isdecimal()}
    number = 1
    while number in taken or any(f"{layer}_{number}" in ids for ids in (graph.nodes, graph.blocks)):
        number += 1
    return number


def _no(message: str, node: Node) -> Problem:
    return Problem(message, place=Place("node", node.id), code="cannot-connect")


def _snapped(value: float) -> float:
    return round(value / GRID) * GRID
