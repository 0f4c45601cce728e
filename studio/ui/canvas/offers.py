"""What the quick-add box offers: every layer, those that fit first, the others with the reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import FAMILIES, LayerCall, LayerEntry, Signal
from studio.core.design import edits
from studio.core.design.graph import Edge, Graph, Position
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.canvas.geometry import CARD_WIDTH, Port
from studio.ui.layer_rows import LayerRow
from studio.ui.layer_search import found, is_named


@dataclass(frozen=True, slots=True)
class Wanted:
    """A layer is wanted here, with its middle at `position`, or its port where it has a `port`.

    `port` is the loose end that it is to be wired to, `signal` what comes out of that end,
    `onto` the edge it is to be put into.
    """

    position: Position
    port: Port | None = None
    signal: Signal | None = None
    onto: Edge | None = None

    @property
    def middle(self) -> Position:
        """Where the middle of the layer's card goes."""
        x, y = self.position
        if self.port is None:
            return x, y
        return (x + CARD_WIDTH / 2 if self.port.side == "output" else x - CARD_WIDTH / 2), y


def layer_offers(wanted: Wanted, words: str) -> tuple[LayerRow, ...]:
    """The layers that match the words: those so named first, and of these those that fit.

    Who types the name of a layer that does not fit is to read why, not to get another.
    """
    matches = list(found(LAYERS.values(), words))
    if wanted.port is not None and not words.strip():
        matches.sort(key=lambda entry: entry.end is not None)  # a network grows between its ends
    offers = [(not is_named(entry, words), _layer_offer(entry, wanted)) for entry in matches]
    offers.sort(key=lambda pair: (pair[0], bool(pair[1].reason)))
    return tuple(offer for _is_other, offer in offers)


def wire_offers(graph: Graph, node_id: str, words: str) -> Mapping[str, LayerRow]:
    """The edges that a node can get or lose, by what would be done, for the keyboard."""
    wanted = words.casefold().strip()
    offers: dict[str, LayerRow] = {}
    for edge in (*graph.incoming(node_id), *graph.outgoing(node_id)):
        other = graph.nodes[edge.source if edge.target == node_id else edge.target]
        title = tr("Disconnect {name}", name=other.name)
        offers[wire_key("cut", edge)] = LayerRow(
            wire_key("cut", edge), title, LAYERS[other.layer].family
        )
    for other in graph:
        offers |= {offer.key: offer for offer in _new_wires(graph, node_id, other.id)}
    return {key: offer for key, offer in offers.items() if wanted in offer.title.casefold()}


def wire_key(act: str, edge: Edge) -> str:
    """The name of an offer to draw or cut an edge."""
    return f"{act} {edge.source} {edge.target} {edge.port}"


def wire_of(key: str) -> tuple[str, Edge]:
    """What `wire_key` put together."""
    act, source, target, port = key.split(" ")
    return act, Edge(source, target, int(port))


def _new_wires(graph: Graph, node_id: str, other: str) -> Iterator[LayerRow]:
    """One for the next free input of a node, or for each where they differ in what they are for."""
    node = graph.nodes[other]
    entry = LAYERS.get(node.layer)
    names = entry.ports if entry else ()
    free = edits.free_port(graph, other)
    taken = {edge.port for edge in graph.incoming(other)}
    ports = (p for p in range(len(names)) if p not in taken) if names else (free,)
    for port in ports:
        if other == node_id or port is None:
            continue
        edge = Edge(node_id, other, port)
        if edits.why_not_connect(graph, edge) is not None:
            continue
        title = (
            tr("Connect to {name}: {port}", name=node.name, port=tr(names[port]))
            if names
            else tr("Connect to {name}", name=node.name)
        )
        yield LayerRow(wire_key("draw", edge), title, LAYERS[node.layer].family)


def _layer_offer(entry: LayerEntry, wanted: Wanted) -> LayerRow:
    return LayerRow(
        entry.key, tr(entry.title), entry.family, tr(FAMILIES[entry.family]), _reason(entry, wanted)
    )


def _reason(entry: LayerEntry, wanted: Wanted) -> str:
    needs_input = wanted.onto is not None or (wanted.port and wanted.port.side == "output")
    needs_output = wanted.onto is not None or (wanted.port and wanted.port.side == "input")
    if needs_input and entry.arity[1] == 0:
        return tr("Takes no input.")
    if needs_output and entry.end == "output":
        return tr("Gives nothing to go on with.")
    if needs_input and wanted.signal is not None:
        return _shape_reason(entry, wanted.signal)
    return ""


def _shape_reason(entry: LayerEntry, signal: Signal) -> str:
    if signal.categories and not entry.takes_categories(0):
        return tr("Expects numbers, but gets the number of a category.")
    inputs = (signal,) * max(1, entry.arity[0])
    outcome = entry.shape(LayerCall(tr(entry.title), inputs, entry.defaults()))
    return outcome.message if isinstance(outcome, Problem) else ""
