"""Blocks are opened and closed: what stands around makes room, and takes it back."""

from collections.abc import Iterable

from studio.core.design import edits
from studio.core.design.block import Area
from studio.core.design.block_edits import opened
from studio.core.design.blocks import contents
from studio.core.design.frames import PADDING, TITLE, frame_areas
from studio.core.design.graph import Graph
from studio.core.design.pushing import Push, remarks_pushed
from studio.core.design.shown import moved_to, shown, way_inside
from studio.core.design.way import Way


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
    way = way_inside(graph, contents(graph, block_id))
    box = (*view.graph.positions[block_id], *edits.NODE_SIZE)
    after = _shifted(opened(graph, block_id, is_open=True), block_id, way, 1)
    return _pushed(graph, after, Push(block_id, box, _area(after, block_id), way))


def _without_room(graph: Graph, block_id: str) -> Graph:
    area = _area(graph, block_id) if block_id in shown(graph).frames else None
    if area is None:
        return opened(graph, block_id, is_open=False)
    way = way_inside(graph, contents(graph, block_id))
    after = _shifted(opened(graph, block_id, is_open=False), block_id, way, -1)
    box = (*shown(after).graph.positions[block_id], *edits.NODE_SIZE)
    return _pushed(after, after, Push(block_id, area, box, way))


def _pushed(closed: Graph, after: Graph, push: Push) -> Graph:
    """What stands around keeps its place towards the block, one card in `closed`."""
    others = {i: (*at, *edits.NODE_SIZE) for i, at in shown(closed).graph.positions.items()}
    others.pop(push.block_id)
    level = {i for i, area in others.items() if push.is_beside(area)}
    beside = _led_to(closed, level, push.way)
    by = {i: push.shift(area, is_beside=i in beside) for i, area in others.items()}
    places = {i: (others[i][0] + x, others[i][1] + y) for i, (x, y) in by.items()}
    moved = edits.move(after, moved_to(after, places))
    return remarks_pushed(moved, push, others, by)


def _area(graph: Graph, block_id: str) -> Area:
    view = shown(graph)
    places = view.graph.positions
    return frame_areas(graph.blocks, view, lambda i: (*places[i], *edits.NODE_SIZE))[block_id]


def _shifted(graph: Graph, block_id: str, way: Way, times: int) -> Graph:
    """What is in the block a little onward: its frame begins where its card did."""
    by_x, by_y = (0.0, TITLE * times) if way == "down" else (PADDING * times, 0.0)
    places = {i: graph.positions[i] for i in contents(graph, block_id)}
    return edits.move(graph, {i: (x + by_x, y + by_y) for i, (x, y) in places.items()})


def _led_to(graph: Graph, cards: Iterable[str], way: Way) -> frozenset[str]:
    """The cards, and what they lead on to, farther on: else an edge would run back."""
    view = shown(graph)
    places, axis = view.graph.positions, 1 if way == "down" else 0
    steps: dict[str, list[str]] = {}
    for edge in view.graph.edges:
        if places[edge.target][axis] > places[edge.source][axis]:
            steps.setdefault(edge.source, []).append(edge.target)
    found = set(cards)
    waiting = list(found)
    while waiting:
        for following in steps.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return frozenset(found)
