"""Sheet: what a drawing is put down on, node by node: wires, shared weights, open places."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY, Signal, no_weights
from studio.core.design.edits import add_node
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.sharing import sharing
from studio.core.params import Value
from studio.core.problems import Place, Problem
from studio.core.words import tr
from studio.export.reading.layers import Found
from studio.export.reading.steps import Step

UNKNOWN = "unknown-step"


@dataclass(frozen=True, slots=True)
class Got:
    """What a step gave: the node that gives it, and what that is.

    Where its place is open there is no node, and `missing` is the number of the Problem.
    """

    node: str | None
    signal: Signal | None = None
    missing: int | None = None


@dataclass(slots=True)
class Sheet:
    """The graph so far. `nodes` are the nodes of each step, `known` counts the steps drawn."""

    graph: Graph = field(default_factory=Graph)
    problems: list[Problem] = field(default_factory=list)
    nodes: dict[str, list[str]] = field(default_factory=dict)
    known: int = 0
    _owners: dict[str, str] = field(default_factory=dict)

    def put(self, node: Node | None, layer: str, name: str = "") -> str:
        """A node that was there before, or a new one; gives its id."""
        if node is None:
            self.graph, added = add_node(self.graph, layer, (0.0, 0.0), {}, name)
            return added
        positions = {**self.graph.positions, node.id: (0.0, 0.0)}
        nodes = {**self.graph.nodes, node.id: node}
        self.graph = replace(self.graph, nodes=nodes, positions=positions)
        return node.id

    def added(self, step: Step, found: Found, was: Node | None, *, names_it: bool) -> str:
        """A node for what was found: the one that it was, or one named as its part is."""
        if was is not None:
            node = replace(was, layer=found.layer, params=_merged(was, found))
            return self.put(was if _is_unchanged(was, node) else node, node.layer)
        name = step.part if names_it and _has_weights(found.layer) else ""
        taken = {node.name for node in self.graph}
        self.graph, added = add_node(
            self.graph, found.layer, (0.0, 0.0), found.values, "" if name in taken else name
        )
        return added

    def share(self, step: Step, added: str) -> None:
        """The same part once more has the same weights."""
        owner = self._owners.setdefault(step.part, added) if step.part else added
        first, node = self.graph.nodes[owner], self.graph.nodes[added]
        is_alike = (first.layer, first.params) == (node.layer, node.params)
        if owner != added and is_alike and _has_weights(node.layer):
            self.graph = sharing(self.graph, added, owner)

    def wire(self, node_id: str, sources: Sequence[Got | None]) -> None:
        """Draws the wires into a new node; what is missing then leads to it."""
        entry, port, edges = LAYERS[self.graph.nodes[node_id].layer], 0, list[Edge]()
        for place, got in enumerate(sources):
            if got is None or got.node is None:
                self._point_at(got, node_id)
                continue
            at = port if entry.arity[1] == MANY else place
            edges.append(Edge(got.node, node_id, at))
            port += 1
        self.graph = replace(self.graph, edges=(*self.graph.edges, *edges))

    def tell(self, step: Step, reason: str, before: int | None = None) -> int:
        """Why a step is not drawn; gives the number of the Problem, which may be one before."""
        told = _told(step, reason)
        if before is not None:
            problem = self.problems[before]
            self.problems[before] = replace(problem, detail=f"{problem.detail}\n{told}")
            return before
        hint = tr("Its place is left open: put there what comes closest, or a Formula.")
        self.problems.append(Problem(told, hint, place=Place("node"), code=UNKNOWN, detail=told))
        return len(self.problems) - 1

    def _point_at(self, got: Got | None, node_id: str) -> None:
        if got is None or got.missing is None:
            return
        problem = self.problems[got.missing]
        if not problem.place.key:
            self.problems[got.missing] = replace(problem, place=Place("node", node_id))


def _told(step: Step, reason: str) -> str:
    words = step.words or step.kind
    if step.line:
        return tr("Line {line}, {words}: {reason}", line=step.line, words=words, reason=reason)
    return tr("{words}: {reason}", words=words, reason=reason)


def _merged(was: Node, found: Found) -> dict[str, Value]:
    """What was set before stays set, with its new value."""
    if was.layer != found.layer:
        return dict(found.values)
    entry = LAYERS[found.layer]
    values = {**entry.defaults(), **found.values}
    return {
        p.key: values[p.key] for p in entry.params if p.key in was.params or p.key in found.values
    }


def _is_unchanged(was: Node, node: Node) -> bool:
    defaults = LAYERS[node.layer].defaults()
    same = {**defaults, **was.params} == {**defaults, **node.params}
    return was.layer == node.layer and same


def _has_weights(layer: str) -> bool:
    return LAYERS[layer].weights is not no_weights
