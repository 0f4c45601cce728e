"""Which blocks fit at a place of a network, what they would give there, and why others do not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from studio.core.catalogue import LAYERS
from studio.core.catalogue.ends import INPUT
from studio.core.catalogue.entry import Signal
from studio.core.design.blocks import contents, exits_of, inlets_of, outermost
from studio.core.design.effective import Effective, unrolled
from studio.core.design.fitting import Fit, Taker, ends_there, taker_of
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.shape_flow import Outcome, worked_out
from studio.core.words import tr

DrawFor: TypeAlias = Callable[[Signal | None], Graph | None]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a block: what comes in (None where not known), and whether something follows.

    `is_fed` says that wires end there, `taker` what the block would feed, where that is known.
    """

    inputs: tuple[Signal | None, ...] = ()
    is_fed: bool = False
    leads_on: bool = False
    taker: Taker | None = None


def spot_after(signal: Signal | None, *, leads_on: bool = False) -> Spot:
    """Behind a node."""
    return Spot((signal,), is_fed=True, leads_on=leads_on)


def spot_before(graph: Graph, node_id: str, port: int, signals: Mapping[str, Signal]) -> Spot:
    """Before an input of a node."""
    return Spot(leads_on=True, taker=taker_of(graph, node_id, port, signals))


def spot_instead(graph: Graph, node_id: str, signals: Mapping[str, Signal]) -> Spot:
    """In the place of a node."""
    inputs = tuple(signals.get(edge.source) for edge in graph.incoming(node_id))
    return Spot(inputs, is_fed=bool(inputs), leads_on=bool(graph.outgoing(node_id)))


def fit_at(draw: DrawFor, spot: Spot) -> tuple[Fit, Signal | None]:
    """How a block fits at a place, and the signal that it is to be drawn for."""
    if spot.taker is not None:
        return _fit_before(draw, spot, spot.taker)
    first = next(iter(spot.inputs), None)
    part = draw(first)
    return Fit() if part is None else fit_of_block(part, spot), first


def fit_of_block(part: Graph, spot: Spot) -> Fit:
    """What a block alone would give at a place; what comes in last comes in at the rest, too."""
    block_id = outermost(part)
    groups = inlets_of(part, block_id)
    if spot.is_fed and not groups:
        return Fit(reason=tr("Takes no input."))
    if spot.leads_on and not exits_of(part, contents(part, block_id)):
        return Fit(reason=ends_there())
    known = tuple(one for one in spot.inputs if one is not None)
    if groups and (not known or len(known) < len(spot.inputs)):
        return Fit()
    fed, given = _fed(part, [known[min(n, len(known) - 1)] for n in range(len(groups))])
    network = unrolled(fed)
    signals, reason = _flow(network.graph, given)
    if reason:
        return Fit(reason=tr("Inside it: {reason}", reason=reason))
    return Fit(signals.get(_end_of(part, block_id, network)))


def _end_of(part: Graph, block_id: str, network: Effective) -> str:
    """What gives what the block gives; where all of it is bypassed, what comes in."""
    if block_id in network.graph.blocks:
        held = contents(network.graph, block_id)
        return next(iter(exits_of(network.graph, held)), "")
    drawn = next(iter(exits_of(part, contents(part, block_id))), "")
    return network.passed.get(drawn, "")


def _fit_before(draw: DrawFor, spot: Spot, taker: Taker) -> tuple[Fit, Signal | None]:
    """The first of the signals that could come in with which the node behind would work."""
    reason = ""
    for signal in taker.tried:
        part = draw(signal)
        if part is None:
            return Fit(), signal
        fit = fit_of_block(part, replace(spot, inputs=(signal,), is_fed=False))
        refusal = fit.reason or (taker.refusal_of(fit.signal) if fit.signal else "")
        if not refusal:
            return fit, signal
        reason = reason or refusal
    return Fit(reason=reason), next(iter(taker.tried), None)


def _fed(part: Graph, signals: Sequence[Signal]) -> tuple[Graph, dict[str, Signal]]:
    """The block with something before it that gives these signals, one for each thing it takes."""
    nodes, edges, given = dict(part.nodes), list(part.edges), dict[str, Signal]()
    for group, signal in zip(inlets_of(part, outermost(part)), signals, strict=True):
        source = f"fed_{len(given) + 1}"
        while source in nodes:
            source += "_"
        nodes[source] = Node(source, INPUT.key, source)
        given[source] = signal
        edges += [Edge(source, one.node, one.port) for one in group]
    return replace(part, nodes=nodes, edges=tuple(edges)), given


def _flow(graph: Graph, given: Mapping[str, Signal]) -> tuple[dict[str, Signal], str]:
    """What comes out of each node as far as that is known, and the first thing that is wrong."""
    signals, sources = dict(given), graph.sources()
    for node_id in graph.order():
        node, edges = graph.nodes[node_id], sources[node_id]
        entry = LAYERS.get(node.layer)
        known = tuple(signals[edge.source] for edge in edges if edge.source in signals)
        if entry is None or entry.end == "input" or len(known) < len(edges):
            continue  # what an Input of its own gives is for the data to say
        ports = tuple(edge.port for edge in edges)
        outcome = worked_out(Outcome(node, entry, ports, known), edges)
        wrong = next((problem for problem in outcome.problems if problem.is_error), None)
        if wrong is not None:
            return signals, wrong.message
        if outcome.signal is not None:
            signals[node_id] = outcome.signal
    return signals, ""
