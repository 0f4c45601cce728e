"""Tidy layout with blocks: what is in a block stays together, and so do those around others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from studio.core.design.arrange import Size, arranged
from studio.core.design.blocks import homes, path_to
from studio.core.design.edits import NODE_SIZE
from studio.core.design.frames import PADDING, TITLE
from studio.core.design.graph import Edge, Graph, Node, Position
from studio.core.design.shown import closed_place, shown, way_inside
from studio.core.design.way import Way


def arranged_in_blocks(
    graph: Graph,
    size_of: Callable[[str], Size] | None = None,
    room_below: Callable[[str], float] | None = None,
    room: Size | None = None,
    *,
    way: Way = "right",
) -> Mapping[str, Position]:
    """A place for each node, as `arranged` gives them, with every open block as one thing.

    What is in closed blocks is laid out as well, so that it is tidy when they are opened.
    """
    if not graph.blocks:
        return arranged(graph, size_of, room_below, room, way=way)
    return _Layout(graph, size_of, room_below, way).whole(room)


@dataclass(frozen=True, slots=True)
class _Part:
    """Nodes with their places from (0, 0), and the size of all together."""

    places: Mapping[str, Position]
    size: Size


class _Layout:
    """Lays out a graph block by block, those inside others first."""

    def __init__(
        self,
        graph: Graph,
        size_of: Callable[[str], Size] | None,
        room_below: Callable[[str], float] | None,
        way: Way,
    ) -> None:
        self._graph, self._way = graph, way
        self._size_of, self._room_below = size_of, room_below
        self._cards = shown(graph).graph.nodes
        home = homes(graph)
        self._paths = {i: path_to(graph.blocks, home.get(i, "")) for i in graph.nodes}

    def whole(self, room: Size | None) -> Mapping[str, Position]:
        """All nodes."""
        return self._laid_out(tuple(self._graph.nodes), 0, room).places

    def _laid_out(self, nodes: Sequence[str], depth: int, room: Size | None) -> _Part:
        """Nodes that lie in the same blocks down to that depth."""
        unit_of = {i: self._unit(i, depth) for i in nodes}
        graph = self._of_units(unit_of)
        if len(graph.order()) < len(graph):  # a way leads out of a block and back into it
            unit_of = {i: i for i in nodes}
            graph = self._of_units(unit_of)
        held: dict[str, list[str]] = {}
        for node_id, unit in unit_of.items():
            held.setdefault(unit, []).append(node_id)
        inner = {
            unit: self._laid_out(tuple(members), depth + 1, None)
            for unit, members in held.items()
            if unit in self._graph.blocks
        }
        size_of = partial(self._size, inner=inner)
        tops = arranged(graph, size_of, self._below, room, way=self._way)
        places: dict[str, Position] = {}
        for unit, (x, y) in tops.items():
            found = inner[unit].places if unit in inner else {unit: (0.0, 0.0)}
            by_x, by_y = self._corner(unit, found)
            places |= {i: (left + x + by_x, top + y + by_y) for i, (left, top) in found.items()}
        right = max(x + self._size(unit, inner)[0] for unit, (x, _y) in tops.items())
        foot = max(y + self._size(unit, inner)[1] for unit, (_x, y) in tops.items())
        return _Part(places, (right, foot))

    def _unit(self, node_id: str, depth: int) -> str:
        path = self._paths[node_id]
        return path[depth] if depth < len(path) else node_id

    def _of_units(self, unit_of: Mapping[str, str]) -> Graph:
        """The graph whose nodes are units; edges between two of them are one for each port."""
        edges = [
            (unit_of[e.source], unit_of[e.target], e)
            for e in self._graph.edges
            if e.source in unit_of and e.target in unit_of
        ]
        return Graph(
            {unit: Node(unit, "", unit) for unit in unit_of.values()},
            tuple(_wires((source, target, e) for source, target, e in edges if source != target)),
        )

    def _size(self, unit: str, inner: Mapping[str, _Part]) -> Size:
        block = self._graph.blocks.get(unit)
        if block is not None and block.is_open:
            width, height = inner[unit].size
            return width + 2 * PADDING, height + TITLE + PADDING
        # A layer in a closed block will be as large as others once that is opened.
        is_known = unit in self._cards or unit in self._graph.nodes
        return self._size_of(unit) if is_known and self._size_of else NODE_SIZE

    def _below(self, unit: str) -> float:
        is_drawn = self._room_below is not None and unit in self._cards
        return self._room_below(unit) if is_drawn and self._room_below else 0.0

    def _corner(self, unit: str, places: Mapping[str, Position]) -> Position:
        """How far from the corner of a unit its nodes begin."""
        block = self._graph.blocks.get(unit)
        if block is None:
            return 0.0, 0.0
        if block.is_open:
            return PADDING, TITLE
        moved = replace(self._graph, positions={**self._graph.positions, **places})
        x, y = closed_place(places.values(), way_inside(moved, places))
        return -x, -y


def _wires(edges: Iterable[tuple[str, str, Edge]]) -> Iterable[Edge]:
    """An edge between units for each; into a block each source has a port of its own."""
    found: dict[Edge, None] = {}
    by_target = sorted(edges, key=lambda part: part[1])
    for target, group in groupby(by_target, key=lambda part: part[1]):
        ports: dict[str, int] = {}
        for source, _target, edge in group:
            is_node = edge.target == target
            port = edge.port if is_node else ports.setdefault(source, len(ports))
            found[Edge(source, target, port)] = None
    return tuple(found)
