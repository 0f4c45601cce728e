"""Blocks are opened and closed: what stands around makes room, and takes it back."""

from collections.abc import Iterable

from studio.core.design import edits
from studio.core.design.block import Area
from studio.core.design.block_edits import opened
from studio.core.design.blocks import contents
from studio.core.design.frames import PADDING, frame_areas
from studio.core.design.graph import Graph
from studio.core.design.pushing import Push, Room, remarks_pushed
from studio.core.design.shown import moved_to, shown


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
    box = (*view.graph.positions[block_id], *edits.NODE_SIZE)
    after = _shifted(opened(graph, block_id, is_open=True), block_id, PADDING)
    area = _area(after, block_id)
    return _pushed(graph, after, Push(block_id, box, area, _room(box, area)))


def _without_room(graph: Graph, block_id: str) -> Graph:
    area = _area(graph, block_id) if block_id in shown(graph).frames else None
    if area is None:
        return opened(graph, block_id, is_open=False)
    after = _shifted(opened(graph, block_id, is_open=False), block_id, -PADDING)
    box = (*shown(after).graph.positions[block_id], *edits.NODE_SIZE)
    room = _room(box, area)
    return _pushed(after, after, Push(block_id, area, box, Room(*(-side for side in room))))


def _pushed(closed: Graph, after: Graph, push: Push) -> Graph:
    """What stands around keeps its place towards the block, one card in `closed`."""
    others = {i: (*at, *edits.NODE_SIZE) for i, at in shown(closed).graph.positions.items()}
    others.pop(push.block_id)
    beside = _led_to(closed, {i for i, area in others.items() if push.is_beside(area)})
    by = {i: push.shift(area, is_beside=i in beside) for i, area in others.items()}
    places = {i: (others[i][0] + x, others[i][1] + y) for i, (x, y) in by.items()}
    moved = edits.move(after, moved_to(after, places))
    return remarks_pushed(moved, push, others, by)


def _room(card: Area, area: Area) -> Room:
    return Room(
        max(0.0, card[1] - area[1]),
        max(0.0, area[1] + area[3] - card[1] - card[3]),
        max(0.0, area[0] + area[2] - card[0] - card[2]),
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
