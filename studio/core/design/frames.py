"""The area that each open block takes: all that is in it, with room for its title."""

from collections.abc import Callable, Iterable, Mapping

from studio.core.design.block import Area, Block
from studio.core.design.blocks import children_of
from studio.core.design.edits import NODE_SIZE
from studio.core.design.graph import Graph
from studio.core.design.shown import Shown, shown

PADDING = 20.0
TITLE = 40.0  # above what is in the block, padding included


def frame_areas(
    blocks: Mapping[str, Block], view: Shown, area_of: Callable[[str], Area]
) -> dict[str, Area]:
    """The area of each open block; `area_of` tells that of a card."""
    areas: dict[str, Area] = {}
    cards = set(view.graph.nodes)
    for block_id in reversed(view.frames):  # those inside others first
        block = blocks[block_id]
        held = [area_of(i) for i in block.members if i in cards]
        for child in children_of(blocks, block_id):
            if child.id in areas:
                held.append(areas[child.id])
            elif child.id in cards:
                held.append(area_of(child.id))
        areas[block_id] = framed(held)
    return {i: areas[i] for i in view.frames}


def framed(held: Iterable[Area]) -> Area:
    """The area around others, with room for the title."""
    parts = tuple(held)
    left, top = min(a[0] for a in parts) - PADDING, min(a[1] for a in parts) - TITLE
    right = max(a[0] + a[2] for a in parts) + PADDING
    foot = max(a[1] + a[3] for a in parts) + PADDING
    return left, top, right - left, foot - top


def frame_at(graph: Graph, x: float, y: float) -> str:
    """The innermost open block that a point lies in, by cards of the usual size; "" for none."""
    if not graph.blocks:
        return ""
    view = shown(graph)
    places = view.graph.positions
    areas = frame_areas(graph.blocks, view, lambda i: (*places[i], *NODE_SIZE))
    hit = [
        i
        for i, (left, top, wide, high) in areas.items()
        if left <= x <= left + wide and top <= y <= top + high
    ]
    return hit[-1] if hit else ""
