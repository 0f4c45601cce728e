"""Blocks are opened and closed: what stands around makes room, and takes it back."""

from collections.abc import Iterable
from typing import NamedTuple

from studio.core.design import edits
from studio.core.design.block import Area
from studio.core.design.block_edits import opened
from studio.core.design.blocks import contents
from studio.core.design.frames import PADDING, frame_areas
from studio.core.design.graph import Graph, Position
from studio.core.design.shown import moved_to, shown


class _Room(NamedTuple):
    """How far what stands above, below and to the right of a block moves when it is opened."""

    up: float
    down: float
    right: float


def folded(graph: Graph, block_id: str, *, is_open: bool) -> Graph:
    """Opens or closes a block. Nothing comes to lie on anything else.

    What stood beside it keeps its place towards it, so that opening and closing again changes
    nothing.
    """
    if graph.blocks[block_id].is_open == is_open:
        return graph
    return _with_room(graph, block_id) if is_open else _without_room(graph, block_id)


def _with_room(graph: Graph, block_id: str) -> Graph:
    view = shown(graph)
    card = view.card(contents(graph, block_id)[0])
    if card != block_id:  # it lies in a closed one, so nobody sees it
        return opened(graph, block_id, is_open=True)
    x, y = view.graph.positions[block_id]
    after = _shifted(opened(graph, block_id, is_open=True), block_id, PADDING)
    area = _area(after, block_id)
    room = _room((x, y), area)
    right = x + edits.NODE_SIZE[0]
    places: dict[str, Position] = {}
    cards = view.graph.positions
    beside = _led_to(
        graph, {i for i, at in cards.items() if at[0] >= right and _is_level(at[1], y)}
    )
    for other, (left, top) in cards.items():
        if other == block_id:
            continue
        above, below = top + edits.NODE_SIZE[1] <= y, top >= y + edits.NODE_SIZE[1]
        by_y = -room.up if above else room.down if below else 0.0
        places[other] = (left + (room.right if other in beside else 0.0), top + by_y)
    return edits.move(after, moved_to(after, places))


def _without_room(graph: Graph, block_id: str) -> Graph:
    area = _area(graph, block_id) if block_id in shown(graph).frames else None
    after = _shifted(opened(graph, block_id, is_open=False), block_id, -PADDING)
    if area is None:
        return opened(graph, block_id, is_open=False)
    view = shown(after)
    left, top, width, height = area
    room = _room(view.graph.positions[block_id], area)
    others = {i: at for i, at in view.graph.positions.items() if i != block_id}
    level = {
        i
        for i, (x, y) in others.items()
        if x >= left + width and top < y + edits.NODE_SIZE[1] and y < top + height
    }
    beside = _led_to(after, level)
    places: dict[str, Position] = {}
    for other, (x, y) in others.items():
        above, below = y + edits.NODE_SIZE[1] <= top, y >= top + height
        by_y = room.up if above else -room.down if below else 0.0
        places[other] = (x - (room.right if other in beside else 0.0), y + by_y)
    return edits.move(after, moved_to(after, places))


def _room(card: Position, area: Area) -> _Room:
    width, height = edits.NODE_SIZE
    left, top, wide, high = area
    return _Room(
        max(0.0, card[1] - top),
        max(0.0, top + high - card[1] - height),
        max(0.0, left + wide - card[0] - width),
    )


def _area(graph: Graph, block_id: str) -> Area:
    view = shown(graph)
    places = view.graph.positions
    return frame_areas(graph.blocks, view, lambda i: (*places[i], *edits.NODE_SIZE))[block_id]


def _shifted(graph: Graph, block_id: str, by_x: float) -> Graph:
    """What is in the block a little aside: its frame begins where its card did."""
    held = contents(graph, block_id)
    places = {i: graph.positions[i] for i in held}
    return edits.move(graph, {i: (x + by_x, y) for i, (x, y) in places.items()})


def _is_level(top: float, y: float) -> bool:
    return top < y + edits.NODE_SIZE[1] and y < top + edits.NODE_SIZE[1]


def _led_to(graph: Graph, cards: Iterable[str]) -> frozenset[str]:
    """The cards, and what they lead on to, to the right: else an edge would run back."""
    view = shown(graph)
    places = view.graph.positions
    steps: dict[str, list[str]] = {}
    for edge in view.graph.edges:
        if places[edge.target][0] > places[edge.source][0]:
            steps.setdefault(edge.source, []).append(edge.target)
    found = set(cards)
    waiting = list(found)
    while waiting:
        for following in steps.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return frozenset(found)
