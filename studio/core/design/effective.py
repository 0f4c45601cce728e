"""The network that is really trained: repeats written out, bypassed and muted nodes left out."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY
from studio.core.design.block import MOST_NODES, Block
from studio.core.design.block_edits import (
    pruned,
    unrolled_count,
    why_not_repeat,
)
from studio.core.design.blocks import contents, exits_of, inlets_of, path_to
from studio.core.design.graph import Edge, Graph, Node, Position
from studio.core.design.project import Project
from studio.core.design.sharing import handed_over
from studio.core.words import tr

REMEMBERED = 8
COPY_STEP = 40.0


class Origin(NamedTuple):
    """Which drawn node a node of the network is, and which of its repetitions, from 1."""

    node: str
    repetition: int


@dataclass(frozen=True, slots=True)
class Effective:
    """The network that is trained, and how it belongs to the drawing.

    `copies` holds the nodes that stand for a drawn one more than once, `passed` for each
    bypassed node what it passes on ("" for nothing), `muted` what is left out, and
    `hindered` why a block that should be repeated cannot be, by its id.
    """

    graph: Graph
    copies: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
    passed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    muted: frozenset[str] = frozenset()
    hindered: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def origin(self, node_id: str) -> Origin:
        """The drawn node that a node of the network stands for."""
        return self.copies.get(node_id) or Origin(node_id, 1)

    def of_drawn(self) -> dict[str, list[str]]:
        """The nodes of the network that each drawn node stands for, the first repetition first."""
        found: dict[str, list[str]] = {}
        for node_id in self.graph.nodes:
            found.setdefault(self.origin(node_id).node, []).append(node_id)
        return found


_Structure: TypeAlias = tuple[tuple[str, tuple[str, ...], str, int, str], ...]
_Parts: TypeAlias = tuple[Mapping[str, Node], tuple[Edge, ...]]
_remembered: "OrderedDict[tuple[int, int, _Structure], tuple[_Parts, Effective]]" = OrderedDict()
_memory = Lock()
# The same copy of the same node as before: what was found out about it is remembered by identity.
_copies: dict[tuple[int, str], tuple[Node, Node]] = {}


def effective(graph: Graph) -> Graph:
    """The network that is trained; the very same graph where nothing is left out or repeated."""
    return unrolled(graph).graph


def effective_project(project: Project) -> Project:
    """The project with the network that is trained; itself where that is what is drawn."""
    graph = effective(project.graph)
    return project if graph is project.graph else replace(project, graph=graph)


def unrolled(graph: Graph) -> Effective:
    """The network that is trained with its origins; remembered by identity. Any thread may ask.

    Opening, naming or moving a block, or moving a card, changes nothing of it.
    """
    is_repeated = any(block.repeats > 1 for block in graph.blocks.values())
    if not is_repeated and all(node.state == "on" for node in graph):
        return Effective(graph)
    key = id(graph.nodes), id(graph.edges), _structure(graph.blocks)
    with _memory:
        known = _remembered.get(key)
    if known is not None:  # the kept parts guarantee that their ids were not given to others
        return known[1]
    found = _repeated(_with_states(graph))
    with _memory:
        _remembered[key] = ((graph.nodes, graph.edges), found)
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return found


def _structure(blocks: Mapping[str, Block]) -> _Structure:
    return tuple((b.id, b.members, b.parent, b.repeats, b.name) for b in blocks.values())


def _with_states(graph: Graph) -> Effective:
    """The graph without what is bypassed or muted. Blocks keep what is left in them."""
    if all(node.state == "on" for node in graph):
        return Effective(graph)
    muted, passed = _left_out(graph)
    gone = muted | passed.keys()
    edges = []
    for edge in graph.edges:
        source = _through(edge.source, passed)
        if edge.target not in gone and source and source not in muted:
            edges.append(replace(edge, source=source))
    nodes = handed_over(graph.nodes, gone)
    left = Graph(
        nodes,
        _closed_up(graph, edges),
        {i: p for i, p in graph.positions.items() if i not in gone},
        pruned(graph.blocks, nodes),
    )
    through = {i: _through(i, passed) for i in passed}
    return Effective(left, passed=through, muted=muted)


def _left_out(graph: Graph) -> tuple[frozenset[str], dict[str, str]]:
    """What is muted, and what each node passes on that is bypassed.

    A node is muted too where all that it takes comes from muted ones. One that takes several
    things, of which a single one is left, passes that on.
    """
    muted: set[str] = set()
    passed: dict[str, str] = {}
    sources = graph.sources()
    for node_id in (*graph.order(), *graph.nodes):
        node, edges = graph.nodes[node_id], sources[node_id]
        if node_id in muted or node_id in passed:
            continue
        left = [e for e in edges if _through(e.source, passed) not in muted | {""}]
        if node.state == "muted" or (edges and not left):
            muted.add(node_id)
        elif node.state == "bypassed":
            passed[node_id] = left[0].source if left else ""
        elif len(left) == 1 < len(edges) and _takes_several(node):
            passed[node_id] = left[0].source
    return frozenset(muted), passed


def _takes_several(node: Node) -> bool:
    """True for a layer that brings any number of things together, but at least two."""
    entry = LAYERS.get(node.layer)
    return entry is not None and entry.arity[1] == MANY and entry.arity[0] > 1


def _through(node_id: str, passed: Mapping[str, str]) -> str:
    """What really feeds where this node seems to; "" for nothing."""
    while node_id in passed:
        node_id = passed[node_id]
    return node_id


def _closed_up(graph: Graph, edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Inputs of layers that take many stand without gaps; all others keep their ports."""
    found: list[Edge] = []
    free: dict[str, int] = {}
    for edge in sorted(edges, key=lambda edge: edge.port):
        entry = LAYERS.get(graph.nodes[edge.target].layer)
        port = edge.port
        if entry is not None and entry.arity[1] == MANY:
            port = free.get(edge.target, 0)
            free[edge.target] = port + 1
        found.append(replace(edge, port=port))
    return tuple(found)


def _repeated(found: Effective) -> Effective:
    """Blocks written out, those inside others first, so that they are repeated with them."""
    graph = found.graph
    if unrolled_count(graph) > MOST_NODES:  # only an edit of a large block gets here
        words = tr("With all repeats there would be more than {most} layers.", most=MOST_NODES)
        return replace(found, hindered={i: words for i, b in graph.blocks.items() if b.repeats > 1})
    unrolling = _Unrolling(graph)
    for block in sorted(graph.blocks.values(), key=lambda b: -len(path_to(graph.blocks, b.id))):
        if block.repeats > 1 and contents(graph, block.id):
            unrolling.repeat(block)
    return replace(
        found, graph=unrolling.graph, copies=unrolling.copies, hindered=unrolling.hindered
    )


class _Unrolling:
    """A graph whose blocks are written out one after the other."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.copies: dict[str, Origin] = {}
        self.hindered: dict[str, str] = {}
        self._count: dict[str, int] = {}

    def repeat(self, block: Block) -> None:
        """Puts the copies of a block behind it; once is enough, so it is repeated no more."""
        blocks = self.graph.blocks
        self.graph = replace(
            self.graph, blocks={**blocks, block.id: replace(blocks[block.id], repeats=1)}
        )
        why = why_not_repeat(self.graph, block.id)
        if why:
            self.hindered[block.id] = why
            return
        members = contents(self.graph, block.id)
        (end,) = exits_of(self.graph, members)
        copies = [self._named(members) for _number in range(2, block.repeats + 1)]
        self._write_out(block.id, end, copies)

    def _named(self, members: Iterable[str]) -> dict[str, str]:
        """New ids for one more copy of these nodes."""
        ids = {}
        for node_id in members:
            drawn = self.copies[node_id].node if node_id in self.copies else node_id
            number = self._count[drawn] = self._count.get(drawn, 1) + 1
            copy_id = f"{drawn}__{number}"
            while copy_id in self.graph.nodes:
                copy_id += "_"
            ids[node_id] = copy_id
            self.copies[copy_id] = Origin(drawn, number)
        return ids

    def _write_out(self, block_id: str, end: str, copies: list[dict[str, str]]) -> None:
        graph, members = self.graph, copies[0].keys()
        inlets = [one for group in inlets_of(graph, block_id) for one in group]
        within = [e for e in graph.edges if e.target in members and e.source in members]
        chained: list[Edge] = []
        last = end
        for ids in copies:
            chained += [Edge(ids[e.source], ids[e.target], e.port) for e in within]
            chained += [Edge(last, ids[one.node], one.port) for one in inlets]
            last = ids[end]
        onward = [
            replace(e, source=last) if e.source == end and e.target not in members else e
            for e in graph.edges
        ]
        self.graph = replace(
            graph,
            nodes=self._with_copies(copies),
            edges=(*onward, *chained),
            positions={**graph.positions, **self._places(copies)},
            blocks={i: _with_copied(block, copies) for i, block in graph.blocks.items()},
        )

    def _with_copies(self, copies: list[dict[str, str]]) -> dict[str, Node]:
        """All nodes, the copies behind the last one of the block."""
        nodes = self.graph.nodes
        behind = [i for i in nodes if i in copies[0]][-1]
        found: dict[str, Node] = {}
        for node_id, node in nodes.items():
            found[node_id] = node
            if node_id == behind:
                found.update(
                    {
                        new: self._copied(nodes[i], new, ids)
                        for ids in copies
                        for i, new in ids.items()
                    }
                )
        return found

    def _copied(self, node: Node, copy_id: str, ids: Mapping[str, str]) -> Node:
        """A copy with weights of its own, or with those of what was copied along with it."""
        drawn, number = self.copies[copy_id]
        learning = node.learning
        if learning.shares in ids:
            learning = replace(learning, shares=ids[learning.shares])
        name = f"{self.graph.nodes[drawn].name} ({number})"
        known = _copies.get((id(node), copy_id))
        if known is None or known[0] is not node or known[1].learning != learning:
            known = node, replace(node, id=copy_id, name=name, learning=learning)
            if len(_copies) >= MOST_NODES:
                _copies.clear()
            _copies[id(node), copy_id] = known
        return known[1]

    def _places(self, copies: list[dict[str, str]]) -> dict[str, Position]:
        places = self.graph.positions
        return {
            new: (places[i][0] + COPY_STEP * n, places[i][1] + COPY_STEP * n)
            for n, ids in enumerate(copies, 1)
            for i, new in ids.items()
            if i in places
        }


def _with_copied(block: Block, copies: list[dict[str, str]]) -> Block:
    more = tuple(ids[i] for ids in copies for i in block.members if i in ids)
    return replace(block, members=(*block.members, *more)) if more else block
