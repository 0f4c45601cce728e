"""Repeats are drawn: as many blocks behind one another as the one block stood for."""

from dataclasses import replace

from studio.core.design import edits
from studio.core.design.block import MOST_BLOCKS, Block
from studio.core.design.block_edits import require_repeatable
from studio.core.design.block_placing import nested
from studio.core.design.block_wiring import fed
from studio.core.design.blocks import block_of_all, contents, exits_of, inside
from studio.core.design.clipboard import added, part_of
from studio.core.design.frames import frame_areas
from studio.core.design.graph import Edge, Graph
from studio.core.design.shown import moved_to, shown
from studio.core.problems import Place, refuse
from studio.core.words import tr

MOST_DRAWN = 1000
TOO_MANY = "too-many-drawn"


def written_out(graph: Graph, block_id: str) -> tuple[Graph, tuple[str, ...]]:
    """The same network with the repeats of a block drawn, and the blocks that they are.

    What followed moves to make room. StudioError where the block cannot be repeated, or where
    more would be drawn than anybody looks at.
    """
    block = graph.blocks[block_id]
    times = block.repeats
    if times == 1:
        return graph, (block_id,)
    require_repeatable(graph, block_id)
    held = frozenset(contents(graph, block_id))
    _require_few(graph, block, len(held) * times)
    (end,) = exits_of(graph, held)
    onward = [e for e in graph.edges if e.source == end and e.target not in held]
    left, top, step = _room(graph, block_id)
    graph = _with_room(graph, block_id, left, step * (times - 1))
    blocks = {**graph.blocks, block_id: replace(block, repeats=1)}
    graph = replace(graph, blocks=blocks)
    part = part_of(graph, held)
    graph = edits.remove(graph, (), onward)
    made, last = [block_id], end
    for number in range(1, times):
        graph, new = added(graph, part, (left + number * step, top))
        copy = block_of_all(graph, new)
        renamed = replace(graph.blocks[copy], name=f"{block.name} {number + 1}")
        graph = nested(replace(graph, blocks={**graph.blocks, copy: renamed}), copy, block.parent)
        graph = fed(graph, copy, last)
        (last,) = exits_of(graph, new)
        made.append(copy)
    for edge in sorted(onward, key=lambda e: e.port):
        graph = edits.connect(graph, Edge(last, edge.target, edge.port))
    return graph, tuple(made)


def _require_few(graph: Graph, block: Block, count: int) -> None:
    blocks = len(inside(graph.blocks, block.id)) * (block.repeats - 1)
    if count > MOST_DRAWN or len(graph.blocks) + blocks > MOST_BLOCKS:
        raise refuse(
            tr(
                "The repeats of {name} would be {count} layers; at most {most} are drawn out.",
                name=block.name,
                count=count,
                most=MOST_DRAWN,
            ),
            tr("Keep it as one block that is repeated, or repeat it fewer times first."),
            place=Place(),
            code=TOO_MANY,
        )


def _room(graph: Graph, block_id: str) -> tuple[float, float, float]:
    """The upper left of what is in the block, and how far apart two of its copies stand."""
    held = contents(graph, block_id)
    left = min(graph.positions[i][0] for i in held)
    top = min(graph.positions[i][1] for i in held)
    view = shown(graph)
    if block_id not in view.frames:
        return left, top, edits.NODE_SIZE[0] + edits.GAP
    places = view.graph.positions
    areas = frame_areas(graph.blocks, view, lambda i: (*places[i], *edits.NODE_SIZE))
    return left, top, areas[block_id][2] + edits.GAP


def _with_room(graph: Graph, block_id: str, left: float, shift: float) -> Graph:
    """What the block leads to, to the right of it, further to the right."""
    held = frozenset(contents(graph, block_id))
    (end,) = exits_of(graph, held)
    view = shown(graph)
    following = set(view.cards_of(graph.followers(end) - held))
    places = view.graph.positions
    moved = {i: (places[i][0] + shift, places[i][1]) for i in following if places[i][0] > left}
    return edits.move(graph, moved_to(graph, moved))
