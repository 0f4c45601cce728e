"""Nodes as JSON text, for the clipboard: copied with their blocks, pasted under new ids."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY
from studio.core.design.block import Block, Exposed, Inlet
from studio.core.design.block_edits import require_room
from studio.core.design.blocks import contents, inlets_of
from studio.core.design.edits import GRID, NODE_SIZE, add_node, closed_up
from studio.core.design.graph import Edge, Graph, Node, Position
from studio.core.design.graph_json import (
    NEEDED_KEYS,
    OPTIONAL_KEYS,
    graph_from_json,
    graph_to_json,
)
from studio.core.design.remarks import add_remark
from studio.core.design.sharing import pasted_learning, with_learning
from studio.core.plain import dump, object_of, parse
from studio.core.problems import refuse
from studio.core.words import tr

CLIPBOARD_FORMAT = "studio-nodes"


def copied(graph: Graph, node_ids: Iterable[str], remark_ids: Iterable[str] = ()) -> str:
    """The nodes, the edges among them, the blocks that are chosen whole, and the remarks."""
    part = part_of(graph, frozenset(node_ids), frozenset(remark_ids))
    return dump({"format": CLIPBOARD_FORMAT, "version": 1, **graph_to_json(part)}).decode()


def part_of(
    graph: Graph, node_ids: Collection[str], remark_ids: Collection[str] = frozenset()
) -> Graph:
    """A graph of these nodes alone, with all that is among them."""
    chosen = {i: node for i, node in graph.nodes.items() if i in node_ids}
    kept = tuple(e for e in graph.edges if e.source in chosen and e.target in chosen)
    return Graph(
        chosen,
        closed_up(graph, kept),
        {i: p for i, p in graph.positions.items() if i in chosen},
        _whole_blocks(graph, chosen, _new_ports(graph, kept)),
        {i: one for i, one in graph.remarks.items() if i in remark_ids},
    )


def pasted(graph: Graph, text: str, position: Position | None) -> tuple[Graph, tuple[str, ...]]:
    """Adds copied nodes under new ids, their upper left at `position`, or a little aside.

    The text is read as strictly as a file: StudioError where it is anything else.
    """
    where = tr("What was copied")
    data = object_of(
        parse(text.encode("utf-8", "replace"), where),
        where,
        NEEDED_KEYS | {"format", "version"},
        OPTIONAL_KEYS,
    )
    if data["format"] != CLIPBOARD_FORMAT or data["version"] != 1:
        raise refuse(tr("What was copied are not nodes of Studio."), code="not-nodes")
    keys = (NEEDED_KEYS | OPTIONAL_KEYS) & data.keys()
    part = graph_from_json({key: data[key] for key in keys})
    require_room(graph, part)
    return added(graph, part, position)


def added(graph: Graph, part: Graph, position: Position | None) -> tuple[Graph, tuple[str, ...]]:
    """The graph with all of another one under new ids; gives those of its nodes too."""
    by_x, by_y = _offset(part, position)
    new_ids: dict[str, str] = {}
    for node in part:
        x, y = part.positions[node.id]
        where = (x + by_x, y + by_y)
        graph, new_ids[node.id] = add_node(graph, node.layer, where, node.params, _own_name(node))
    for node in part:
        learning = pasted_learning(part, graph, new_ids, node)
        graph = with_learning(graph, new_ids[node.id], learning)
    graph = _with_states(graph, part, new_ids)
    edges = tuple(Edge(new_ids[e.source], new_ids[e.target], e.port) for e in part.edges)
    graph = _with_blocks(replace(graph, edges=(*graph.edges, *edges)), part, new_ids)
    for remark in part.remarks.values():
        left, top, width, height = remark.area
        area = (left + by_x, top + by_y, width, height)
        graph, _ = add_remark(graph, remark.kind, area, remark.text, remark.color)
    return graph, tuple(new_ids.values())


def _own_name(node: Node) -> str:
    """The name that a person gave a node; "" where it is the layer's with a number."""
    is_numbered = re.fullmatch(rf"{re.escape(tr(LAYERS[node.layer].title))} \d+", node.name)
    return "" if is_numbered else node.name


def _new_ports(graph: Graph, kept: Collection[Edge]) -> dict[Inlet, Inlet]:
    """Where the inputs of layers that take many are, once what was cut off stands last."""
    moved: dict[Inlet, Inlet] = {}
    for node_id in {edge.target for edge in graph.edges}:
        entry = LAYERS.get(graph.nodes[node_id].layer)
        if entry is None or entry.arity[1] != MANY:
            continue
        edges = sorted(graph.incoming(node_id), key=lambda edge: edge not in kept)
        for port, edge in enumerate(edges):
            moved[Inlet(node_id, edge.port)] = Inlet(node_id, port)
    return moved


def _whole_blocks(
    graph: Graph, chosen: Collection[str], moved: Mapping[Inlet, Inlet]
) -> dict[str, Block]:
    """The blocks of which all is chosen, with what comes into them noted, as it is cut off."""
    whole = {i for i in graph.blocks if all(one in chosen for one in contents(graph, i))}
    return {
        i: replace(
            block,
            parent=block.parent if block.parent in whole else "",
            inlets=tuple(
                tuple(moved.get(inlet, inlet) for inlet in group) for group in inlets_of(graph, i)
            ),
        )
        for i, block in graph.blocks.items()
        if i in whole
    }


def _with_states(graph: Graph, part: Graph, new_ids: Mapping[str, str]) -> Graph:
    changed = {
        new_ids[node.id]: replace(graph.nodes[new_ids[node.id]], state=node.state)
        for node in part
        if node.state != "on"
    }
    return replace(graph, nodes={**graph.nodes, **changed}) if changed else graph


def _with_blocks(graph: Graph, part: Graph, new_ids: Mapping[str, str]) -> Graph:
    block_ids: dict[str, str] = {}
    number = 1
    for old in part.blocks:
        while any(f"block_{number}" in taken for taken in (graph.blocks, graph.nodes)):
            number += 1
        block_ids[old] = f"block_{number}"
        number += 1
    if not block_ids:
        return graph
    made = {block_ids[i]: _renumbered(b, block_ids, new_ids) for i, b in part.blocks.items()}
    return replace(graph, blocks={**graph.blocks, **made})


def _renumbered(block: Block, block_ids: Mapping[str, str], new_ids: Mapping[str, str]) -> Block:
    return replace(
        block,
        id=block_ids[block.id],
        parent=block_ids.get(block.parent, ""),
        members=tuple(new_ids[i] for i in block.members),
        exposed=tuple(Exposed(new_ids[one.node], one.key, one.label) for one in block.exposed),
        inlets=tuple(
            tuple(Inlet(new_ids[one.node], one.port) for one in group) for group in block.inlets
        ),
    )


def _offset(part: Graph, position: Position | None) -> Position:
    lefts = [x for x, _y in part.positions.values()]
    tops = [y for _x, y in part.positions.values()]
    lefts += [remark.area[0] for remark in part.remarks.values()]
    tops += [remark.area[1] for remark in part.remarks.values()]
    if position is None or not lefts:
        return 2 * GRID, NODE_SIZE[1] + GRID  # below what was copied, so that both can be seen
    return _snapped(position[0] - min(lefts)), _snapped(position[1] - min(tops))


def _snapped(value: float) -> float:
    return round(value / GRID) * GRID
