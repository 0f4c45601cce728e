"""Tidy automatic layout: left to right, in columns and, where it is long, in rows, on the grid."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor
from typing import NamedTuple, TypeAlias

from studio.core.design.columns import Columns, Wire, columns_of
from studio.core.design.edits import GAP as GAP_ACROSS
from studio.core.design.edits import NODE_SIZE
from studio.core.design.folding import GAP_BETWEEN_ROWS, Span, cuts_of, rows_of
from studio.core.design.graph import Graph, Position
from studio.core.design.way import Way

Size: TypeAlias = tuple[float, float]

GRID = 20
GAP_DOWN = 40.0
GAP_BETWEEN_PARTS = 80.0
LONE_NODES_IN_A_ROW = 5
SWEEPS = 4


class Room(NamedTuple):
    """What a node takes: its size, and what lies under it, such as words about it."""

    width: float
    height: float
    below: float = 0.0

    @property
    def down(self) -> float:
        """All that it takes downwards."""
        return self.height + self.below


def arranged(
    graph: Graph,
    size_of: Callable[[str], Size] | None = None,
    room_below: Callable[[str], float] | None = None,
    room: Size | None = None,
    *,
    way: Way = "right",
) -> Mapping[str, Position]:
    """A place for each node, as its top left corner; the drawing begins at (0, 0).

    `size_of` gives the width and height of a node as it is drawn. Parts that no edge joins
    stand below one another, nodes without any edge last. `room_below` is what a node needs
    under it without being centred with it. `room` is what it is looked at in: a part that
    is too long for it goes on in a new row below, wherever a single wire leads on. The same
    graph in the same room gives the same places. `way` is where the wires lead; a drawing
    that leads down is one that leads to the right, turned.
    """
    if way == "down":
        return _downwards(graph, size_of, room_below, room)
    sizes = {
        node_id: Room(
            *(size_of(node_id) if size_of else NODE_SIZE),
            room_below(node_id) if room_below else 0.0,
        )
        for node_id in graph.nodes
    }
    parts = _parts(graph)
    placed: dict[str, Position] = {}
    foot = 0.0
    for part in parts:
        if len(part) > 1:
            foot = _add_below(placed, _drawn(graph, part, sizes, room), sizes, foot)
    lone = [part[0] for part in parts if len(part) == 1]
    _add_below(placed, _in_rows(lone, sizes), sizes, foot)
    return placed


def _downwards(
    graph: Graph,
    size_of: Callable[[str], Size] | None,
    room_below: Callable[[str], float] | None,
    room: Size | None,
) -> Mapping[str, Position]:
    """Laid out with across and down exchanged; what lies under a node lies behind it then."""

    def turned_size(node_id: str) -> Size:
        width, height = size_of(node_id) if size_of else NODE_SIZE
        return height + (room_below(node_id) if room_below else 0.0), width

    turned = arranged(graph, turned_size, None, (room[1], room[0]) if room else None)
    return {node_id: (x, y) for node_id, (y, x) in turned.items()}


def _parts(graph: Graph) -> list[list[str]]:
    """The nodes, grouped by what edges join, each group in the graph's order."""
    neighbours: dict[str, list[str]] = {node_id: [] for node_id in graph.nodes}
    for edge in graph.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    group: dict[str, int] = {}
    for node_id in graph.nodes:
        waiting = [] if node_id in group else [node_id]
        while waiting:
            here = waiting.pop()
            if here not in group:
                group[here] = group.get(node_id, len(group))
                waiting.extend(neighbours[here])
    parts: dict[int, list[str]] = {}
    for node_id in graph.nodes:
        parts.setdefault(group[node_id], []).append(node_id)
    return list(parts.values())


def _add_below(
    placed: dict[str, Position],
    part: Mapping[str, Position],
    sizes: Mapping[str, Room],
    top: float,
) -> float:
    """Puts a part under what stands already, and gives the height where the next begins."""
    placed.update({node_id: (x, y + top) for node_id, (x, y) in part.items()})
    foot = max((y + sizes[node_id].down for node_id, (_x, y) in part.items()), default=0.0)
    return _up(top + foot + GAP_BETWEEN_PARTS)


def _in_rows(lone: Sequence[str], sizes: Mapping[str, Room]) -> dict[str, Position]:
    places: dict[str, Position] = {}
    top = 0.0
    for start in range(0, len(lone), LONE_NODES_IN_A_ROW):
        row = lone[start : start + LONE_NODES_IN_A_ROW]
        left = 0.0
        for node_id in row:
            places[node_id] = (left, top)
            left = _up(left + sizes[node_id].width + GAP_ACROSS)
        top = _up(top + max(sizes[node_id].down for node_id in row) + GAP_DOWN)
    return places


def _drawn(
    graph: Graph, part: Sequence[str], sizes: Mapping[str, Room], room: Size | None
) -> dict[str, Position]:
    """One part whose nodes hang together, with its top left corner at (0, 0)."""
    columns = columns_of(len(part), _wires(graph, part))
    found = [sizes[node_id] for node_id in part]
    rooms = _rooms(columns, found)
    tops = _snapped(columns, _middles(columns, rooms), rooms)
    spans = _spans(columns, found, tops)
    rows = rows_of(spans, cuts_of(columns), room, GAP_ACROSS) if room else [range(len(spans))]
    places: dict[int, Position] = {}
    foot = 0.0
    for row in rows:
        highest = min(spans[place].top for place in row)
        left = 0.0
        for place in row:
            nodes = [number for number in columns.order[place] if number < columns.nodes]
            places.update({number: (left, tops[number] - highest + foot) for number in nodes})
            left += spans[place].width
        foot = _up(foot + max(spans[i].foot for i in row) - highest + GAP_BETWEEN_ROWS)
    return {part[number]: places[number] for number in range(len(part))}


def _spans(columns: Columns, rooms: Sequence[Room], tops: Mapping[int, float]) -> list[Span]:
    """What each column takes; it is as wide as its widest node, up to the next line of the grid."""
    spans = []
    for column in columns.order:
        nodes = [number for number in column if number < columns.nodes]
        wide = max((rooms[node].width for node in nodes), default=0.0)
        top = min(tops[node] for node in nodes)
        spans.append(Span(_up(wide + GAP_ACROSS), top, max(tops[n] + rooms[n].down for n in nodes)))
    return spans


def _wires(graph: Graph, part: Sequence[str]) -> list[Wire]:
    """The edges of the part by number; those into many ports arrive one below the other."""
    number = {node_id: i for i, node_id in enumerate(part)}
    edges = [edge for edge in graph.edges if edge.target in number]
    ports = {edge.target: 1 for edge in edges}
    for edge in edges:
        ports[edge.target] = max(ports[edge.target], edge.port + 1)
    return [
        (number[edge.source], number[edge.target], (edge.port + 1) / (ports[edge.target] + 1))
        for edge in sorted(edges, key=lambda edge: (number[edge.source], edge.target, edge.port))
    ]


def _rooms(columns: Columns, rooms: Sequence[Room]) -> list[Room]:
    """The room of each node and bend; a bend keeps as much free as a node would take."""
    found = [*rooms, *[Room(0.0, 0.0)] * (len(columns.before) - columns.nodes)]
    for column in columns.order:
        tallest = max((found[number].height for number in column), default=0.0)
        for number in column:
            if number >= columns.nodes:
                found[number] = Room(0.0, tallest)
    return found


def _middles(columns: Columns, rooms: Sequence[Room]) -> list[float]:
    """How far down the middle of each stands: as near to its neighbours' middle as there is room.

    Swept to the right and back, so that both ends of a branch are centred on it.
    """
    left = [[other for other, _height in found] for found in columns.before]
    right = [[other for other, _height in found] for found in columns.after]
    middles = [0.0] * len(rooms)
    for column in columns.order:
        _spread(column, [0.0] * len(column), rooms, middles)
    for _sweep in range(SWEEPS):
        for column in columns.order:
            _spread(column, _wanted(column, left, middles), rooms, middles)
        for column in reversed(columns.order):
            _spread(column, _wanted(column, right, middles), rooms, middles)
    return middles


def _wanted(
    column: Sequence[int], neighbours: Sequence[Sequence[int]], middles: Sequence[float]
) -> list[float]:
    wanted = []
    for number in column:
        near = [middles[other] for other in neighbours[number]]
        wanted.append(sum(near) / len(near) if near else middles[number])
    return wanted


def _spread(
    column: Sequence[int],
    wanted: Sequence[float],
    rooms: Sequence[Room],
    middles: list[float],
) -> None:
    """Gives each its wanted middle, moved as little as keeps the order and the gaps.

    The least squares answer: those that would overlap move together, by their mean (the
    pool adjacent violators algorithm).
    """
    offsets, blocks = [0.0], list[tuple[float, int]]()
    for above, below in zip(column, column[1:], strict=False):
        apart = (rooms[above].height + rooms[below].height) / 2 + rooms[above].below + GAP_DOWN
        offsets.append(offsets[-1] + apart)
    for want, offset in zip(wanted, offsets, strict=True):
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, others = blocks.pop()
            mean = (mean * count + other * others) / (count + others)
            count += others
        blocks.append((mean, count))
    settled = [mean for mean, count in blocks for _ in range(count)]
    for number, start, offset in zip(column, settled, offsets, strict=True):
        middles[number] = start + offset


def _snapped(columns: Columns, middles: Sequence[float], rooms: Sequence[Room]) -> dict[int, float]:
    """The top of each node, on the grid, with the gaps kept."""
    tops: dict[int, float] = {}
    for column in columns.order:
        free = float("-inf")
        for number in column:
            if number < columns.nodes:
                top = middles[number] - rooms[number].height / 2
                near = float(floor(top / GRID + 0.5) * GRID)
                tops[number] = near if near >= free else _up(free)
                free = tops[number] + rooms[number].down + GAP_DOWN
    return tops


def _up(value: float) -> float:
    """The next line of the grid, to the right or below."""
    return float(ceil(value / GRID) * GRID)
