"""Which layers fit at a place of a network, what they would give there, and why others do not.

Asked of each entry's own shape rule with its usual settings; no graph is made for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import LayerEntry, Signal
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.shape_flow import Outcome, worked_out
from studio.core.words import tr

MOST_TRIED = 4  # what may come in before a port is tried with no more signals than these
_NEW = "new"


@dataclass(frozen=True, slots=True)
class Fit:
    """What a layer would give at a place (None where that is not known), or why it cannot go."""

    signal: Signal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taker:
    """An input of a node that something is to feed.

    `refusal_of` tells why it would not take a signal, `tried` is what could come in before what
    feeds it, the nearest first.
    """

    refusal_of: Callable[[Signal], str]
    tried: tuple[Signal, ...]


def fits_anywhere() -> Mapping[str, Fit]:
    """Each layer, where nothing is known of the place."""
    return {entry.key: Fit() for entry in _ALL}


def fits_after(signal: Signal | None, *, leads_on: bool = False) -> Mapping[str, Fit]:
    """Each layer, fed by what comes out of a node (None where that is not known).

    `leads_on` asks for layers that give something, as one put into a wire must.
    """
    return {entry.key: _after(entry, signal, leads_on=leads_on) for entry in _ALL}


def fits_before(
    graph: Graph, node_id: str, port: int, signals: Mapping[str, Signal]
) -> Mapping[str, Fit]:
    """Each layer, feeding an input of a node, with what could come in before it."""
    taker = taker_of(graph, node_id, port, signals)
    return {entry.key: _before(entry, taker) for entry in _ALL}


def taker_of(graph: Graph, node_id: str, port: int, signals: Mapping[str, Signal]) -> Taker:
    """An input of a node, and the signals of nodes that the node does not lead to."""
    beyond = graph.followers(node_id)
    near = sorted((i for i in signals if i not in beyond), key=_nearness(graph, node_id))
    tried = tuple(dict.fromkeys(signals[i] for i in near))[:MOST_TRIED]
    node, incoming = graph.nodes[node_id], graph.incoming(node_id)
    return Taker(lambda given: why_not_taken(node, incoming, port, given, signals), tried)


def fits_instead(graph: Graph, node_id: str, signals: Mapping[str, Signal]) -> Mapping[str, Fit]:
    """Each layer in the place of a node, fed by what feeds that."""
    incoming = graph.incoming(node_id)
    known = [signals.get(edge.source) for edge in incoming]
    gives = bool(graph.outgoing(node_id))
    fits: dict[str, Fit] = {}
    for entry in _ALL:
        wired = known[: entry.arity[1]]
        if gives and entry.end == "output":
            fits[entry.key] = Fit(reason=ends_there())
        elif not incoming or entry.arity[1] == 0:
            is_cut = bool(incoming)  # what fed the node would feed nothing
            fits[entry.key] = Fit(reason=tr("Takes no input.") if is_cut else "")
        elif any(signal is None for signal in wired):
            fits[entry.key] = Fit()
        else:
            sure = tuple(signal for signal in wired if signal is not None)
            fits[entry.key] = fit_of(entry, _filled(entry, sure))
    return fits


def fit_of(entry: LayerEntry, inputs: tuple[Signal, ...]) -> Fit:
    """A layer with its usual settings, fed by these."""
    node = Node(_NEW, entry.key, tr(entry.title))
    edges = tuple(Edge(str(port), _NEW, port) for port in range(len(inputs)))
    asked = Outcome(node, entry, tuple(range(len(inputs))), inputs)
    outcome = worked_out(asked, edges)
    if outcome.problems:
        return Fit(reason=outcome.problems[0].message)
    return Fit(outcome.signal)


def why_not_taken(
    node: Node,
    incoming: tuple[Edge, ...],
    port: int,
    given: Signal,
    signals: Mapping[str, Signal],
) -> str:
    """Why a node would not take that at a port, where its other inputs stay; "" where it would."""
    entry = LAYERS.get(node.layer)
    if entry is None:
        return ""
    at = {e.port: signals.get(e.source) for e in incoming} | {port: given}
    inputs = tuple(at[one] for one in sorted(at))
    sure = tuple(signal for signal in inputs if signal is not None)
    if len(sure) < len(inputs):
        return ""
    edges = tuple(Edge(_NEW, node.id, one) for one in sorted(at))
    outcome = worked_out(Outcome(node, entry, tuple(sorted(at)), sure), edges)
    said = (p.message for p in outcome.problems if p.code not in _NOT_ABOUT_IT)
    return next(said, "")


def _after(entry: LayerEntry, signal: Signal | None, *, leads_on: bool) -> Fit:
    if entry.arity[1] == 0:
        return Fit(reason=tr("Takes no input."))
    if leads_on and entry.end == "output":
        return Fit(reason=ends_there())
    return Fit() if signal is None else fit_of(entry, _filled(entry, (signal,)))


def _before(entry: LayerEntry, taker: Taker) -> Fit:
    if entry.end == "output":
        return Fit(reason=ends_there())
    if entry.end == "input":
        return Fit()  # what it gives is for the data to say
    reason = ""
    for signal in taker.tried if entry.arity[1] else taker.tried[:1]:
        fit = fit_of(entry, _filled(entry, (signal,)) if entry.arity[1] else ())
        if fit.signal is not None:
            refusal = taker.refusal_of(fit.signal)
            if not refusal:
                return fit
            fit = Fit(reason=refusal)
        reason = reason or fit.reason
    return Fit(reason=reason)


def _filled(entry: LayerEntry, inputs: tuple[Signal, ...]) -> tuple[Signal, ...]:
    """For a layer of several inputs: the last one is thought to come in at the others, too."""
    return inputs + inputs[-1:] * (entry.arity[0] - len(inputs))


def ends_there() -> str:
    """Why what gives nothing cannot stand before something else."""
    return tr("Gives nothing to go on with.")


def _nearness(graph: Graph, node_id: str) -> Callable[[str], tuple[bool, float]]:
    """What feeds the node goes first, then what stands near it."""
    fed_by = {edge.source for edge in graph.incoming(node_id)}
    x, y = graph.positions.get(node_id, (0.0, 0.0))

    def far(other: str) -> tuple[bool, float]:
        there = graph.positions.get(other, (0.0, 0.0))
        return other not in fed_by, abs(there[0] - x) + abs(there[1] - y)

    return far


_ALL = tuple(LAYERS.values())
_NOT_ABOUT_IT = frozenset({"not-connected", "bad-value", "unknown-setting"})
