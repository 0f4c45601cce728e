"""Formats check: which nodes stand in the way of which format, before anything is trained."""

from collections.abc import Mapping

from studio.core.catalogue import LAYERS
from studio.core.catalogue.formats import FORMATS, FormatEntry
from studio.core.design.effective import unrolled
from studio.core.design.graph import Graph
from studio.core.design.inputs import outputs_of
from studio.core.design.lifting import lifted
from studio.core.problems import Place, Problem
from studio.core.words import tr


def in_the_way(graph: Graph) -> Mapping[str, tuple[Problem, ...]]:
    """For each format a Problem for every node that it cannot carry.

    What does not lead to an Output is not exported, and is in nobody's way.
    """
    network = unrolled(graph)
    return {
        key: lifted(_of_format(network.graph, entry), network) for key, entry in FORMATS.items()
    }


def _of_format(graph: Graph, entry: FormatEntry) -> tuple[Problem, ...]:
    """A format that holds others carries what one of them does."""
    if entry.holds:
        each = [_of_format(graph, FORMATS[key]) for key in entry.holds]
        return () if not all(each) else each[0]
    leading = graph.ancestors(node.id for node in outputs_of(graph))
    return tuple(
        Problem(
            tr("{format} cannot carry {node}.", format=tr(entry.title), node=node.name)
            + " "
            + tr(entry.why),
            tr("Choose another format, or another layer in its place."),
            place=Place("node", node.id),
            code="cannot-carry",
        )
        for node in graph
        if node.id in leading and node.layer in LAYERS and entry.key in LAYERS[node.layer].cannot
    )
