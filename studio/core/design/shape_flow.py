"""Shapes and parameter counts carried through a graph, node by node, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from studio.core.catalogue import LAYERS
from studio.core.catalogue.embedding import EMBEDDING
from studio.core.catalogue.entry import MANY, LayerCall, LayerEntry, Signal, placed
from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import Feature, ModelInput
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.inputs import input_signal, node_inputs, place_of
from studio.core.params import checked
from studio.core.problems import Fix, Problem
from studio.core.shapes import MOST_VALUES, size_of
from studio.core.words import tr

MOST_OUTCOMES = 4096


@dataclass(slots=True)
class Flow:
    """What was found: for each node that could be reached its call, signal, weights, Problems."""

    calls: dict[str, LayerCall] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    problems: dict[str, tuple[Problem, ...]] = field(default_factory=dict)


LAST: dict[str, tuple[tuple[object, ...], Flow]] = {}


def shape_flow(graph: Graph, dataset: DatasetSpec) -> Flow:
    """Walks the graph once. A node after a faulty one is silent: the first fault is the news.

    The last answer is remembered by identity: an edit is asked of by several in a row. It is
    only to be read.
    """
    key = (graph.nodes, graph.edges, dataset)
    last = LAST.get("")
    if last is not None and all(one is other for one, other in zip(last[0], key, strict=True)):
        return last[1]
    found = _walked(graph, dataset)
    LAST[""] = (key, found)
    return found


def _walked(graph: Graph, dataset: DatasetSpec) -> Flow:
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said of a node with these inputs (none where one is not known), and of what."""

    node: Node
    entry: LayerEntry
    ports: tuple[int, ...]
    inputs: tuple[Signal, ...] | None
    call: LayerCall | None = None
    signal: Signal | None = None
    weights: int = 0
    problems: tuple[Problem, ...] = ()

    def is_of(self, other: "Outcome") -> bool:
        """True where nothing differs that it hangs on; Nodes are frozen, so identity is enough."""
        return (
            self.node is other.node
            and self.entry is other.entry
            and self.ports == other.ports
            and self.inputs == other.inputs
        )


# By the identity of the Node, which it holds: an edit gives a new Node to those it changes.
OUTCOMES: dict[int, Outcome] = {}


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
    signals = [found.signals.get(edge.source) for edge in edges]
    known = tuple(signal for signal in signals if signal is not None)
    inputs = known if len(known) == len(edges) else None
    asked = Outcome(node, entry, tuple(edge.port for edge in edges), inputs)
    if entry.end == "input":
        outcome = worked_out(asked, edges, input_signal(node, taken, dataset))
    else:
        outcome = _remembered(asked, edges)
    if outcome.call is not None and outcome.signal is not None:
        found.calls[node.id] = outcome.call
        found.signals[node.id] = outcome.signal
        found.weights[node.id] = outcome.weights
    if outcome.problems:
        found.problems[node.id] = outcome.problems


def _remembered(asked: Outcome, edges: tuple[Edge, ...]) -> Outcome:
    """What was said of the very node with the same inputs; else it is worked out. Any thread."""
    outcome = OUTCOMES.get(id(asked.node))
    if outcome is None or not outcome.is_of(asked):
        outcome = worked_out(asked, edges)
        if len(OUTCOMES) >= MOST_OUTCOMES:
            OUTCOMES.clear()
        OUTCOMES[id(asked.node)] = outcome
    return outcome


def worked_out(
    asked: Outcome, edges: tuple[Edge, ...], given: Signal | Problem | None = None
) -> Outcome:
    """Asks the entry; `given` is what an Input gives, which hangs on the data."""
    node, entry = asked.node, asked.entry
    values, problems = checked(entry.params, node.params, place_of(node), node.name)
    wiring = _wiring_problem(node, entry, edges)
    if wiring is not None:
        return replace(asked, problems=(*problems, wiring))
    if asked.inputs is None:
        return replace(asked, problems=problems)
    ports = () if entry.arity[1] == MANY else asked.ports
    call = LayerCall(node.name, asked.inputs, values, ports)
    said = _said(entry, call, edges) if given is None else given
    if isinstance(said, Problem):
        said = placed(said, place=place_of(node), node=node.id)
        return replace(asked, problems=(*problems, said))
    if problems:
        return replace(asked, problems=problems)
    return replace(asked, call=call, signal=said, weights=entry.weights(call))


def _said(entry: LayerEntry, call: LayerCall, edges: tuple[Edge, ...]) -> Signal | Problem:
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
