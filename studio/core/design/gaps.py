"""A gap in a chain: what stood between two layers is gone, and a wire can close it again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from studio.core.design import edits
from studio.core.design.graph import Edge, Graph
from studio.core.design.inputs import inputs_of, is_end
from studio.core.design.project import Project
from studio.core.problems import Fix, Problem
from studio.core.words import tr

NOT_CONNECTED = "not-connected"
RECONNECT = "reconnect"
MOST_GAPS = 4  # a drawing with more is being made, and nothing was taken out of it


def with_ways_back(
    graph: Graph, found: Mapping[str, tuple[Problem, ...]]
) -> dict[str, tuple[Problem, ...]]:
    """The same Problems; where one node leads nowhere, a wire from it is offered to those open."""
    fed = {edge.target for edge in graph.edges}
    open_nodes = {
        node_id: problems
        for node_id, problems in found.items()
        if node_id not in fed and any(one.code == NOT_CONNECTED for one in problems)
    }
    told = dict(found)
    if not 0 < len(open_nodes) <= MOST_GAPS:
        return told
    loose = _loose_ends(graph)
    for node_id, problems in open_nodes.items():
        before = loose - graph.followers(node_id)
        if len(before) == 1:
            fix = _way_back(graph, next(iter(before)), node_id)
            told[node_id] = tuple(
                replace(one, fix=fix) if one.code == NOT_CONNECTED else one for one in problems
            )
    return told


def before_gaps(found: Mapping[str, Sequence[Problem]]) -> frozenset[str]:
    """The nodes from which a wire is offered to close a gap: what is wrong there is told."""
    fixes = [one.fix for problems in found.values() for one in problems if one.fix is not None]
    return frozenset(str(fix.arguments["source"]) for fix in fixes if fix.key == RECONNECT)


def reconnected(project: Project, arguments: Mapping[str, object]) -> Project:
    """Draws that wire, where both ends are still there and nothing else leads in."""
    graph, source, target = project.graph, str(arguments["source"]), str(arguments["node"])
    is_fed = any(edge.target == target for edge in graph.edges)
    if is_fed or not {source, target} <= graph.nodes.keys():
        return project
    return replace(project, graph=edits.connect(graph, Edge(source, target)))


def _way_back(graph: Graph, source: str, target: str) -> Fix:
    name = graph.nodes[source].name
    label = tr("Connect it to {name}", name=name)
    return Fix(RECONNECT, label, {"source": source, "node": target})


def _loose_ends(graph: Graph) -> set[str]:
    """What data come to, and what feeds nothing."""
    feeding = {edge.source for edge in graph.edges}
    reached = {node_id for node in inputs_of(graph) for node_id in graph.followers(node.id)}
    return {i for i in reached - feeding if not is_end(graph.nodes[i], "output")}
