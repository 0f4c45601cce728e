"""Which column each node of a drawing stands in, and in which order there; no coordinates."""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

# From, to, and the height at which it arrives: 0 is the top of the node, 1 its foot.
Wire: TypeAlias = tuple[int, int, float]

SWEEPS = 6
MOST_BENDS = 2_000


@dataclass(slots=True)
class Columns:
    """Nodes and bends, column by column, each from top to bottom.

    Nodes are numbered from 0; numbers from `nodes` on are bends, which keep a place free
    where a long wire passes a column. `before` and `after` hold the neighbours of each
    number to the left and right, with the height at which their wire arrives.
    """

    nodes: int
    order: list[list[int]]
    before: list[list[tuple[int, float]]]
    after: list[list[tuple[int, float]]]


def columns_of(nodes: int, wires: Sequence[Wire]) -> Columns:
    """The columns, with few crossings between them. Wires that close a circle do not count."""
    forward = _without_circles(nodes, wires)
    rank = _longest_paths(nodes, forward)
    pieces, ranks = _with_bends(nodes, forward, rank)
    order: list[list[int]] = [[] for _ in range(max(ranks) + 1)]
    for number, column in enumerate(ranks):
        order[column].append(number)
    found = Columns(nodes, order, [[] for _ in ranks], [[] for _ in ranks])
    for source, target, height in pieces:
        found.after[source].append((target, height))
        found.before[target].append((source, height))
    _reduce_crossings(found)
    return found


def _without_circles(nodes: int, wires: Sequence[Wire]) -> list[Wire]:
    """The wires but those that lead back to where a walk along them came from."""
    outgoing: list[list[Wire]] = [[] for _ in range(nodes)]
    for wire in wires:
        outgoing[wire[0]].append(wire)
    is_open, is_done = [False] * nodes, [False] * nodes
    kept: list[Wire] = []
    for start in range(nodes):
        trail = [] if is_done[start] else [(start, iter(outgoing[start]))]
        while trail:
            here, ways = trail[-1]
            is_open[here] = True
            way = next(ways, None)
            if way is None:
                is_open[here], is_done[here] = False, True
                trail.pop()
            elif not is_open[way[1]]:
                kept.append(way)
                if not is_done[way[1]]:
                    trail.append((way[1], iter(outgoing[way[1]])))
    return kept


def _longest_paths(nodes: int, wires: Sequence[Wire]) -> list[int]:
    """The column of each node: one further than the furthest of those it takes from."""
    waiting, rank = [0] * nodes, [0] * nodes
    followers: list[list[int]] = [[] for _ in range(nodes)]
    for source, target, _height in wires:
        waiting[target] += 1
        followers[source].append(target)
    ready = [node for node in range(nodes) if not waiting[node]]
    for node in ready:  # grows while it is walked
        for follower in followers[node]:
            rank[follower] = max(rank[follower], rank[node] + 1)
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    return rank


def _with_bends(
    nodes: int, wires: Sequence[Wire], rank: Sequence[int]
) -> tuple[list[Wire], list[int]]:
    """Wires cut into pieces of one column each, and the column of each node and bend.

    The long wires of one source share their bends. Where there would be too many, long
    wires stay whole: they may then pass behind a node.
    """
    furthest = [0] * nodes
    for source, target, _height in wires:
        furthest[source] = max(furthest[source], rank[target] - 1)
    bends = sum(max(0, furthest[node] - rank[node]) for node in range(nodes))
    if bends > MOST_BENDS:
        return list(wires), list(rank)
    ranks = list(rank)
    pieces: list[Wire] = []
    lanes: list[list[int]] = []
    for node in range(nodes):
        passed = range(rank[node] + 1, furthest[node] + 1)
        lane = [node, *range(len(ranks), len(ranks) + len(passed))]
        ranks.extend(passed)
        pieces.extend((left, right, 0.5) for left, right in zip(lane, lane[1:], strict=False))
        lanes.append(lane)
    for source, target, height in wires:
        pieces.append((lanes[source][rank[target] - rank[source] - 1], target, height))
    return pieces, ranks


def _reduce_crossings(columns: Columns) -> None:
    """Sorts each column by the mean place of its neighbours, there and back, and keeps the best."""
    places = _places(columns.order, len(columns.before))
    best, fewest = [list(column) for column in columns.order], _crossings(columns, places)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        is_forward = sweep % 2 == 0
        for column in columns.order if is_forward else reversed(columns.order):
            keys = {number: _mean_place(columns, number, places, is_forward) for number in column}
            column.sort(key=keys.__getitem__)
            for place, number in enumerate(column):
                places[number] = place
        crossings = _crossings(columns, places)
        if crossings < fewest:
            best, fewest = [list(column) for column in columns.order], crossings
    columns.order = best


def _places(order: Sequence[Sequence[int]], count: int) -> list[int]:
    places = [0] * count
    for column in order:
        for place, number in enumerate(column):
            places[number] = place
    return places


def _mean_place(columns: Columns, number: int, places: Sequence[int], is_forward: bool) -> float:
    """Where the neighbours of one side stand; a node without any stays where it is."""
    if is_forward:
        found: list[float] = [places[other] for other, _height in columns.before[number]]
    else:
        # A wire that arrives further down weighs as if its node stood a little lower.
        found = [places[other] + height - 0.5 for other, height in columns.after[number]]
    return sum(found) / len(found) if found else places[number]


def _crossings(columns: Columns, places: Sequence[int]) -> int:
    """How many pairs of wires cross, counted from column to column."""
    total = 0
    for column in columns.order:
        ends: list[float] = []
        for number in column:
            goals = sorted(places[other] + height for other, height in columns.after[number])
            total += sum(len(ends) - bisect_right(ends, goal) for goal in goals)
            for goal in goals:
                insort(ends, goal)
    return total
