"""Which way a drawing leads: its layers follow each other to the right, or downwards."""

from typing import Literal, TypeAlias

from studio.core.design.graph import Graph
from studio.core.design.remarks import CARD

Way: TypeAlias = Literal["right", "down"]

TELLING = 3  # so many wires that lead one way or the other say which way the drawing leads
PLAINLY = 2  # times as many


def way_of(graph: Graph, usual: Way) -> Way:
    """Down where most wires lead rather down than aside; the usual way where too few tell."""
    downwards = onwards = 0
    for edge in graph.edges:
        (x, y), (to_x, to_y) = graph.positions[edge.source], graph.positions[edge.target]
        if to_y - y >= CARD[1] and abs(to_x - x) < to_y - y:
            downwards += 1
        elif to_x - x >= CARD[0]:
            onwards += 1
    if downwards + onwards < TELLING:
        return usual
    return "down" if downwards > PLAINLY * onwards else "right"
