"""Wires as rows to choose from: those that go together first, the others with the reason."""

from collections.abc import Iterable

from studio.core.catalogue import LAYERS
from studio.core.design.graph import Edge, Graph
from studio.core.design.wiring import WireChoice, wires_into, wires_onward
from studio.core.words import tr
from studio.ui.layer_offers import Ground
from studio.ui.layer_rows import LayerRow

DRAW, CUT = "draw", "cut"


def wire_rows(ground: Ground, node_id: str, words: str) -> tuple[LayerRow, ...]:
    """Every wire that a node can get or lose, with the reason beside those that it cannot."""
    graph, signals = ground.graph, ground.signals()
    onward = [
        (choice, _named(tr("Connect to {name}", name=_name(graph, choice.other)), choice))
        for choice in wires_onward(graph, node_id, signals)
    ]
    backward = [
        (choice, _named(tr("Take from {name}", name=_name(graph, choice.other)), choice))
        for choice in wires_into(graph, node_id, signals)
    ]
    choices = sorted((*onward, *backward), key=lambda pair: bool(pair[0].instead_of))
    drawn = [_row(graph, choice, title) for choice, title in choices]
    sections = (
        (tr("Goes together"), [row for row in drawn if not row.reason and not row.doubt]),
        (tr("Wires that are there"), _cuts(graph, node_id)),
        (tr("May be drawn, but does not fit"), [row for row in drawn if row.doubt]),
        (tr("Cannot be drawn"), [row for row in drawn if row.reason]),
    )
    return _shown(sections, words.casefold().split())


def wire_key(act: str, edge: Edge) -> str:
    """The name of an offer to draw or cut an edge."""
    return f"{act} {edge.source} {edge.target} {edge.port}"


def wire_of(key: str) -> tuple[str, Edge]:
    """What `wire_key` put together."""
    act, source, target, port = key.split(" ")
    return act, Edge(source, target, int(port))


def _shown(
    sections: Iterable[tuple[str, list[LayerRow]]], typed: list[str]
) -> tuple[LayerRow, ...]:
    rows: list[LayerRow] = []
    for title, section in sections:
        found = [row for row in section if all(word in row.title.casefold() for word in typed)]
        rows += [LayerRow("", title), *found] if found else []
    return tuple(rows)


def _cuts(graph: Graph, node_id: str) -> list[LayerRow]:
    rows = []
    for edge in (*graph.incoming(node_id), *graph.outgoing(node_id)):
        other = edge.source if edge.target == node_id else edge.target
        title = tr("Disconnect {name}", name=_name(graph, other))
        rows.append(LayerRow(wire_key(CUT, edge), title, _family(graph, other)))
    return rows


def _row(graph: Graph, choice: WireChoice, title: str) -> LayerRow:
    return LayerRow(
        wire_key(DRAW, choice.edge),
        title,
        _family(graph, choice.other),
        reason=choice.reason,
        doubt=choice.doubt,
        help=_replaced(graph, choice),
    )


def _replaced(graph: Graph, choice: WireChoice) -> str:
    if not choice.instead_of:
        return ""
    source, target = _name(graph, choice.instead_of), _name(graph, choice.edge.target)
    return tr(
        "Takes the place of the wire from {source} to {target}.", source=source, target=target
    )


def _named(title: str, choice: WireChoice) -> str:
    if not choice.port_name:
        return title
    return tr("{what}: {port}", what=title, port=tr(choice.port_name))


def _name(graph: Graph, node_id: str) -> str:
    return graph.nodes[node_id].name


def _family(graph: Graph, node_id: str) -> str:
    entry = LAYERS.get(graph.nodes[node_id].layer)
    return entry.family if entry is not None else "ends"
