"""Where frames and notes are once the cards about them stand elsewhere, as after a layout."""

from collections.abc import Callable, Mapping

from studio.core.design.block import Area, Remark
from studio.core.design.edits import NODE_SIZE
from studio.core.design.frames import framed
from studio.core.design.graph import Graph, Position
from studio.core.design.remarks import held_by, holds


def areas_after(
    graph: Graph,
    places: Mapping[str, Position],
    size_of: Callable[[str], tuple[float, float]] | None = None,
) -> dict[str, Area]:
    """Frames go around the cards and frames that they held, notes go with the nearest card.

    `places` are the new ones, `size_of` tells the size of a card as it is drawn.
    """
    areas: dict[str, Area] = {}
    for frame in _smallest_first(graph):
        held = [
            (*places.get(i, graph.positions[i]), *(size_of(i) if size_of else NODE_SIZE))
            for i in held_by(graph, frame.id)
        ]
        held += [areas[i] for i in areas if holds(frame.area, graph.remarks[i].area)]
        if held:
            areas[frame.id] = framed(held)
    for note in graph.remarks.values():
        if note.kind == "note" and graph.positions:
            areas[note.id] = _beside(note, graph, places)
    return areas


def _smallest_first(graph: Graph) -> list[Remark]:
    frames = [remark for remark in graph.remarks.values() if remark.kind == "frame"]
    return sorted(frames, key=lambda frame: frame.area[2] * frame.area[3])


def _beside(note: Remark, graph: Graph, places: Mapping[str, Position]) -> Area:
    """The note, moved as far as the card nearest to it."""
    left, top, width, height = note.area

    def distance(node_id: str) -> float:
        x, y = graph.positions[node_id]
        return abs(x + NODE_SIZE[0] / 2 - left - width / 2) + abs(
            y + NODE_SIZE[1] / 2 - top - height / 2
        )

    nearest = min(graph.positions, key=distance)
    from_x, from_y = graph.positions[nearest]
    x, y = places.get(nearest, (from_x, from_y))
    return left + x - from_x, top + y - from_y, width, height
