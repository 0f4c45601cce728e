"""Shapes and parameter counts carried through a graph, node by node, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.core.catalogue import LAYERS
from studio.core.catalogue.embedding import EMBEDDING
from studio.core.catalogue.entry import MANY, LayerCall, LayerEntry, Signal, placed
from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import Feature, ModelInput
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.inputs import input_signal, node_inputs, place_of
from studio.core.params import Values, checked
from studio.core.problems import Fix, Problem
from studio.core.shapes import MOST_VALUES, size_of
from studio.core.words import tr


@dataclass(slots=True)
class Flow:
    """What was found: for each node that could be reached its call, signal, weights, Problems."""

    calls: dict[str, LayerCall] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    problems: dict[str, tuple[Problem, ...]] = field(default_factory=dict)


def shape_flow(graph: Graph, dataset: DatasetSpec) -> Flow:
    """Walks the graph once. A node after a faulty one is silent: the first fault is the news."""
    found = Flow()
    taken = node_inputs(graph, dataset)
    sources = graph.sources()
    order = graph.order()
    for node_id in order:
        _visit(graph.nodes[node_id], sources[node_id], taken.get(node_id), dataset, found)
    for node_id in set(graph.nodes) - set(order):
        found.problems[node_id] = (_circle(graph.nodes[node_id]),)
    return found


def layer_calls(graph: Graph, dataset: DatasetSpec) -> Mapping[str, LayerCall]:
    """The LayerCall of each node whose inputs are known, in order."""
    return shape_flow(graph, dataset).calls


def _visit(
    node: Node,
    edges: tuple[Edge, ...],
    taken: tuple[ModelInput, tuple[Feature, ...]] | None,
    dataset: DatasetSpec,
    found: Flow,
) -> None:
    entry = LAYERS.get(node.layer)
    if entry is None:
        found.problems[node.id] = (_unknown_layer(node),)
        return
    values, problems = _checked_values(node, entry)
    wiring = _wiring_problem(node, entry, edges)
    if wiring is not None:
        problems = (*problems, wiring)
    elif all(edge.source in found.signals for edge in edges):
        inputs = tuple(found.signals[edge.source] for edge in edges)
        ports = () if entry.arity[1] == MANY else tuple(edge.port for edge in edges)
        call = LayerCall(node.name, inputs, values, ports)
        outcome = (
            input_signal(node, taken, dataset)
            if entry.end == "input"
            else _outcome(entry, call, edges)
        )
        if isinstance(outcome, Problem):
            problems = (*problems, placed(outcome, place=place_of(node), node=node.id))
        elif not problems:
            found.calls[node.id] = call
            found.signals[node.id] = outcome
            found.weights[node.id] = entry.weights(call)
    if problems:
        found.problems[node.id] = problems


def _checked_values(node: Node, entry: LayerEntry) -> tuple[Values, tuple[Problem, ...]]:
    return checked(entry.params, node.params, place_of(node), node.name)


def _outcome(entry: LayerEntry, call: LayerCall, edges: tuple[Edge, ...]) -> Signal | Problem:
    for edge, signal in zip(edges, call.inputs, strict=True):
        if signal.categories and not entry.takes_categories(edge.port):
            return _needs_embedding(call, edge)
    outcome = entry.shape(call)
    if isinstance(outcome, Problem):
        return outcome
    if not outcome or min(outcome) < 1 or size_of(outcome) > MOST_VALUES:
        return _impossible_size(call)
    if entry.weights(call) > MOST_VALUES:
        return _impossible_size(call)
    return Signal(outcome, call.inputs[0].categories if entry.keeps_indices else 0)


def _wiring_problem(node: Node, entry: LayerEntry, edges: tuple[Edge, ...]) -> Problem | None:
    least, most = entry.arity
    if len(edges) >= least and (most == MANY or _ports_filled(edges, least)):
        return None
    if least == 1:
        message = tr("{name} has no input.", name=node.name)
    else:
        message = tr(
            "{name} expects at least {least} inputs, but has {count}.",
            name=node.name,
            least=least,
            count=len(edges),
        )
    return Problem(
        message,
        tr("Draw a wire into it, or delete it."),
        place=place_of(node),
        code="not-connected",
    )


def _ports_filled(edges: tuple[Edge, ...], least: int) -> bool:
    return {edge.port for edge in edges} >= set(range(least))


def _needs_embedding(call: LayerCall, edge: Edge) -> Problem:
    fix = Fix(
        "insert_before",
        tr("Insert Embedding"),
        {"layer": EMBEDDING.key, "port": edge.port, "params": {}},
    )
    return Problem(
        tr("{name} expects numbers, but gets the number of a category.", name=call.name),
        tr("Put an Embedding before it, or let the Input give values."),
        code="needs-embedding",
        fix=fix,
    )


def _impossible_size(call: LayerCall) -> Problem:
    return Problem(
        tr("{name} would be larger than any machine can hold.", name=call.name),
        tr("Choose smaller values for it, or make its input smaller."),
        code="too-large",
    )


def _circle(node: Node) -> Problem:
    return Problem(
        tr("{name} stands in a circle: what it gives comes back to it.", name=node.name),
        tr("Remove one of the wires of the circle."),
        place=place_of(node),
        code="cycle",
    )


def _unknown_layer(node: Node) -> Problem:
    return Problem(
        tr(
            "{name} is a layer called {layer}, which is not known here.",
            name=node.name,
            layer=node.layer,
        ),
        tr("Delete it, or open the project with a newer version of Studio."),
        place=place_of(node),
        code="unknown-layer",
    )
