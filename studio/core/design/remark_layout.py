"""Where frames and notes are once the cards about them stand elsewhere, as after a layout."""

from collections.abc import Callable, Collection, Mapping

from studio.core.design.block import Area, Remark
from studio.core.design.edits import NODE_SIZE, move
from studio.core.design.frames import frame_areas, framed
from studio.core.design.graph import Graph, Position
from studio.core.design.remarks import change_remark, holds
from studio.core.design.shown import nodes_of, shown


def areas_after(
    graph: Graph,
    places: Mapping[str, Position],
    size_of: Callable[[str], tuple[float, float]] | None = None,
) -> dict[str, Area]:
    """Frames go around the cards, open blocks and frames that they held, notes with their card.

    `places` are the new ones of nodes, `size_of` tells the size of a card as it is drawn.
    """
    before = _taken(graph)
    after = _taken(move(graph, places), size_of)
    areas: dict[str, Area] = {}
    for frame in _smallest_first(graph):
        held = [after[i] for i, area in before.items() if holds(frame.area, area)]
        held += [areas[i] for i in areas if holds(frame.area, graph.remarks[i].area)]
        if held:
            areas[frame.id] = framed(held)
    for note in graph.remarks.values():
        if note.kind == "note" and before:
            areas[note.id] = _beside(note, before, after)
    return areas


def nudged(graph: Graph, nodes: Collection[str], remarks: Collection[str], by: Position) -> Graph:
    """Nodes and remarks a little aside; a frame takes along what lies wholly inside it."""
    frames = [graph.remarks[i].area for i in remarks if graph.remarks[i].kind == "frame"]
    taken = _taken(graph) if frames else {}
    cards = [i for i, area in taken.items() if any(holds(frame, area) for frame in frames)]
    places = {i: graph.positions[i] for i in nodes_of(graph, (*nodes, *cards))}
    moved = move(graph, {i: (x + by[0], y + by[1]) for i, (x, y) in places.items()})
    for remark in graph.remarks.values():
        if remark.id in remarks or any(holds(frame, remark.area) for frame in frames):
            left, top, width, height = remark.area
            area = left + by[0], top + by[1], width, height
            moved = change_remark(moved, remark.id, area=area)
    return moved


def _taken(
    graph: Graph, size_of: Callable[[str], tuple[float, float]] | None = None
) -> dict[str, Area]:
    """What each card takes, and each open block."""
    view = shown(graph)
    places = view.graph.positions
    cards = {i: (*places[i], *(size_of(i) if size_of else NODE_SIZE)) for i in view.graph.nodes}
    return cards | frame_areas(graph.blocks, view, cards.__getitem__)


def _smallest_first(graph: Graph) -> list[Remark]:
    frames = [remark for remark in graph.remarks.values() if remark.kind == "frame"]
    return sorted(frames, key=lambda frame: frame.area[2] * frame.area[3])


def _beside(note: Remark, before: Mapping[str, Area], after: Mapping[str, Area]) -> Area:
    """The note, moved as far as the card nearest to it."""
    left, top, width, height = note.area

    def distance(card: str) -> float:
        x, y, wide, high = before[card]
        across = abs(x + wide / 2 - left - width / 2)
        return across + abs(y + high / 2 - top - height / 2)

    nearest = min(before, key=distance)
    by_x, by_y = (after[nearest][n] - before[nearest][n] for n in (0, 1))
    return left + by_x, top + by_y, width, height
