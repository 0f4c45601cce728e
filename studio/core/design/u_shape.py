"""The U of a U-Net: down at the left, up at the right, and straight wires across."""

from collections.abc import Sequence
from dataclasses import replace

from studio.core.design.edits import GAP, NODE_SIZE
from studio.core.design.graph import Graph, Position
from studio.core.design.shown import moved_to, shown

COLUMN, ROW = NODE_SIZE[0] + GAP, 140.0


def as_a_u(graph: Graph, down: Sequence[str], up: Sequence[str]) -> Graph:
    """The graph with the cards of `down` below one another, those of `up` upwards beside them.

    Each is told by a node of it. The last of `down` is the bottom; what leads there stands
    at the left of the first, what follows the last of `up` at its right.
    """
    cards = shown(graph)
    descent, ascent = ([cards.card(one) for one in ids] for ids in (down, up))
    places: dict[str, Position] = {}
    order = [one for one in cards.graph.order() if one not in {*descent, *ascent}]
    before = [one for one in order if cards.graph.reaches(one, descent[0])]
    for number, one in enumerate(before):
        places[one] = (number * COLUMN, 0.0)
    left = len(before)
    for level, one in enumerate(descent):
        is_bottom = level == len(descent) - 1
        places[one] = ((left + is_bottom) * COLUMN, level * ROW)
    right = left + 1 + bool(ascent)
    for number, one in enumerate(ascent):
        places[one] = (right * COLUMN, (len(ascent) - 1 - number) * ROW)
    after = [one for one in order if one not in before]
    for number, one in enumerate(after, 1):
        places[one] = ((right + number) * COLUMN, 0.0)
    return replace(graph, positions={**graph.positions, **moved_to(graph, places)})
