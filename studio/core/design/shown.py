"""What is drawn of a network: a closed block is one card with the edges that cross its border."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from types import MappingProxyType
from typing import TypeAlias

from studio.core.design.block import Block, Inlet
from studio.core.design.blocks import contents, exits_of, homes, inlets_of, path_to
from studio.core.design.graph import Edge, Graph, Node, Position
from studio.core.design.way import Way

REMEMBERED = 8
EXACT = 6  # digits of a place: sums of fractions would drift
BLOCK_LAYER = ""  # what stands for the layer of a card that is a block


@dataclass(frozen=True, slots=True)
class Shown:
    """The graph that is drawn, and how it belongs to the network.

    Its nodes are cards: layers, and closed blocks under their own id. `cards` says which
    card a hidden node is in. `wires` has for each edge of the network that is drawn the edge
    between cards; of several edges that are one wire the first stands for all. `inlets` and
    `exits` say what the ports of a closed block are; `frames` are the open blocks, those
    around others first.
    """

    graph: Graph
    cards: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    wires: Mapping[Edge, Edge] = field(default_factory=lambda: MappingProxyType({}))
    inlets: Mapping[str, tuple[tuple[Inlet, ...], ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    exits: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    frames: tuple[str, ...] = ()

    def card(self, node_id: str) -> str:
        """The card that a node is drawn as."""
        return self.cards.get(node_id, node_id)

    def cards_of(self, node_ids: Iterable[str]) -> tuple[str, ...]:
        """The cards of nodes, each once."""
        return tuple(dict.fromkeys(self.card(i) for i in node_ids))


_Parts: TypeAlias = tuple[object, ...]
_remembered: "OrderedDict[tuple[int, ...], tuple[_Parts, Shown]]" = OrderedDict()
_memory = Lock()


def shown(graph: Graph) -> Shown:
    """What is drawn; remembered by identity. The very same graph where no block is closed."""
    parts = graph.nodes, graph.edges, graph.positions, graph.blocks
    key = tuple(id(part) for part in parts)
    with _memory:
        known = _remembered.get(key)
    if known is not None:
        return known[1]
    found = _drawn(graph)
    with _memory:
        _remembered[key] = (parts, found)
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return found


def nodes_of(graph: Graph, cards: Iterable[str]) -> frozenset[str]:
    """The nodes of cards: all that a block holds, open or closed."""
    found: set[str] = set()
    for card in cards:
        found.update(contents(graph, card) if card in graph.blocks else (card,))
    return frozenset(found)


def twins_of(graph: Graph, edge: Edge) -> tuple[Edge, ...]:
    """All edges that are drawn as the same wire, itself first."""
    view = shown(graph)
    card = view.card(edge.target)
    if card == edge.target or edge not in graph.edges:
        return (edge,)
    held = {i for i, one in view.cards.items() if one == card}
    others = (e for e in graph.edges if e.source == edge.source and e.target in held)
    return edge, *(one for one in others if one != edge)


def inlet_twins(graph: Graph, edge: Edge) -> tuple[Edge, ...]:
    """The edges to draw for one into a closed block: to all inputs that take the same thing."""
    view = shown(graph)
    groups = view.inlets.get(view.card(edge.target), ())
    wanted = Inlet(edge.target, edge.port)
    group = next((group for group in groups if wanted in group), (wanted,))
    return tuple(Edge(edge.source, one.node, one.port) for one in group)


def moved_to(graph: Graph, places: Mapping[str, Position]) -> dict[str, Position]:
    """The places of nodes for those of cards: what is in a block moves along with its card."""
    view = shown(graph)
    found: dict[str, Position] = {}
    for card, (x, y) in places.items():
        if card in graph.nodes:
            found[card] = round(x, EXACT), round(y, EXACT)
            continue
        if card not in view.graph.positions:
            continue
        from_x, from_y = view.graph.positions[card]
        for node_id in contents(graph, card):
            left, top = graph.positions[node_id]
            found[node_id] = round(left + x - from_x, EXACT), round(top + y - from_y, EXACT)
    return found


def closed_place(positions: Iterable[Position], way: Way) -> Position:
    """Where the card of a closed block stands: where what is in it begins, half way across it."""
    places = tuple(positions)
    left, right = min(x for x, _y in places), max(x for x, _y in places)
    top, foot = min(y for _x, y in places), max(y for _x, y in places)
    if way == "down":
        return round((left + right) / 2, EXACT), round(top, EXACT)
    return round(left, EXACT), round((top + foot) / 2, EXACT)


def way_inside(graph: Graph, held: Collection[str]) -> Way:
    """Which way nodes lead to one another. Wherever they are moved together, it stays."""
    nodes = frozenset(held)
    return _way_of_most(graph, (e for e in graph.edges if e.source in nodes and e.target in nodes))


def _way_of_most(graph: Graph, edges: Iterable[Edge]) -> Way:
    """Down where most edges lead rather down than aside."""
    downwards, nowhere = 0, (0.0, 0.0)
    for edge in edges:
        (x, y), (to_x, to_y) = (
            graph.positions.get(edge.source, nowhere),
            graph.positions.get(edge.target, nowhere),
        )
        downwards += 1 if to_y - y > abs(to_x - x) else -1
    return "down" if downwards > 0 else "right"


def _drawn(graph: Graph) -> Shown:
    if not graph.blocks:
        return Shown(graph, wires={edge: edge for edge in graph.edges})
    closed = _closed_blocks(graph.blocks)
    cards = _cards(graph, closed)
    frames = tuple(i for i in _outermost_first(graph.blocks) if closed.get(i, "") == "")
    if not cards:
        return Shown(graph, wires={edge: edge for edge in graph.edges}, frames=frames)
    chosen = tuple(dict.fromkeys(cards.values()))
    inlets = {i: inlets_of(graph, i) for i in chosen}
    ports = {
        one: n for groups in inlets.values() for n, group in enumerate(groups) for one in group
    }
    wires: dict[Edge, Edge] = {}
    drawn: dict[Edge, None] = {}
    for edge in graph.edges:
        source, target = cards.get(edge.source, edge.source), cards.get(edge.target, edge.target)
        if source == target:
            continue
        port = ports[Inlet(edge.target, edge.port)] if target != edge.target else edge.port
        wire = Edge(source, target, port)
        if wire not in drawn:
            drawn[wire] = None
            wires[edge] = wire
    exits = {i: next(iter(exits_of(graph, contents(graph, i))), "") for i in chosen}
    nodes = _nodes(graph, cards)
    places = _places(graph, cards, chosen)
    view = replace(graph, nodes=nodes, edges=tuple(drawn), positions=places, blocks={})
    return Shown(view, cards, wires, inlets, exits, frames)


def _closed_blocks(blocks: Mapping[str, Block]) -> dict[str, str]:
    """For each block the outermost closed one that it is in, or is; "" where all are open."""
    return {
        i: next((one for one in path_to(blocks, i) if not blocks[one].is_open), "") for i in blocks
    }


def _outermost_first(blocks: Mapping[str, Block]) -> list[str]:
    return sorted(blocks, key=lambda i: len(path_to(blocks, i)))


def _cards(graph: Graph, closed: Mapping[str, str]) -> dict[str, str]:
    found = {i: closed[block_id] for i, block_id in homes(graph).items()}
    return {i: card for i, card in found.items() if card}


def _nodes(graph: Graph, cards: Mapping[str, str]) -> dict[str, Node]:
    """The cards, each block where its first node was placed."""
    found: dict[str, Node] = {}
    for node_id, node in graph.nodes.items():
        card = cards.get(node_id, node_id)
        if card == node_id:
            found[card] = node
        elif card not in found:
            found[card] = Node(card, BLOCK_LAYER, graph.blocks[card].name)
    return found


def _places(graph: Graph, cards: Mapping[str, str], chosen: Iterable[str]) -> dict[str, Position]:
    places = {i: where for i, where in graph.positions.items() if i not in cards}
    held: dict[str, list[Position]] = {i: [] for i in chosen}
    for node_id, card in cards.items():
        held[card].append(graph.positions.get(node_id, (0.0, 0.0)))
    within: dict[str, list[Edge]] = {i: [] for i in chosen}
    for edge in graph.edges:
        card = cards.get(edge.source, "")
        if card and card == cards.get(edge.target):
            within[card].append(edge)
    return places | {
        i: closed_place(found, _way_of_most(graph, within[i])) for i, found in held.items()
    }
