"""What each card and edge shows, worked out from graph and report. Values only, nothing drawn."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY, LayerEntry
from studio.core.design.block import Inlet
from studio.core.design.blocks import contents
from studio.core.design.effective import unrolled
from studio.core.design.graph import Edge, Graph, Node, State
from studio.core.design.project import Project
from studio.core.design.report import NodeReport, Report
from studio.core.design.shown import Shown, shown
from studio.core.problems import Problem
from studio.core.shapes import show
from studio.core.words import tr
from studio.ui.canvas.end_words import end_words
from studio.ui.counts import parameters_in_words

_NOTHING_KNOWN = NodeReport()
STATES: Mapping[State, str] = {"bypassed": "bypassed", "muted": "muted"}
GROWS_FROM = 6  # so many inputs that a card with all of them would be mostly holes
# Problems that say nothing against what an edge brings.
NOT_ABOUT_EDGES = frozenset(
    {
        "bad-value",
        "unknown-setting",
        "not-connected",
        "unknown-layer",
        "second-output",
        "too-large",
    }
)


@dataclass(frozen=True, slots=True)
class Face:
    """One card in words: equal faces need no new drawing."""

    title: str
    family: str
    badge: str = ""
    shape: str = ""
    weights: int = 0
    inputs: int = 0
    needed: int = 0
    ports: tuple[str, ...] = ()
    has_output: bool = True
    problem: Problem | None = None
    more_problems: int = 0
    state: State = "on"
    tint: str = ""
    inlets: tuple[tuple[Inlet, ...], ...] = ()
    exit: str = ""

    @property
    def is_block(self) -> bool:
        """True for the card of a closed block, which has a colour of its own."""
        return bool(self.tint)

    @property
    def is_faulty(self) -> bool:
        """True where a Problem of this node forbids training."""
        return self.problem is not None and self.problem.is_error

    def port_name(self, index: int) -> str:
        """What an input is for, where the inputs differ, and that it may stay open."""
        if index >= len(self.ports):
            return ""
        name = tr(self.ports[index])
        return name if index < self.needed else tr("{name} (may stay open)", name=name)

    def spoken(self) -> str:
        """The card as one line, for a tooltip or a screen reader."""
        parts = (
            self.title,
            self.badge,
            self.shape,
            parameters_in_words(self.weights),
            str(self.problem) if self.problem else "",
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class EdgeFace:
    """One edge: the shape that runs along it, and whether its target refuses it."""

    shape: str = ""
    is_faulty: bool = False


class _Known(NamedTuple):
    """What the face of a node was made from, and it."""

    node: Node
    end_says: str
    inputs: int
    report: NodeReport
    face: Face


_last: dict[str, _Known] = {}


def faces(project: Project, report: Report) -> Mapping[str, Face]:
    """The face of each card: of nodes, and of blocks that are closed.

    Those of before are taken where nothing that is said of their node changed: most of them.
    """
    graph, view = project.graph, shown(project.graph)
    sources, words = graph.sources(), end_words(graph, project.dataset)
    muted = unrolled(graph).muted
    known: dict[str, _Known] = {}
    for node in graph:
        if node.id not in view.cards:
            # What hangs on muted nodes alone is left out as they are.
            shown_as = replace(node, state="muted") if node.id in muted else node
            inputs = _ports(LAYERS.get(node.layer), sources[node.id])
            told = report.nodes.get(node.id, _NOTHING_KNOWN)
            known[node.id] = _known(shown_as, words.get(node.id, ""), inputs, told)
    _last.clear()
    _last.update(known)
    found = {i: one.face for i, one in known.items()}
    return found | {i: block_face(graph, view, i, report) for i in view.exits}


def _known(node: Node, end_says: str, inputs: int, report: NodeReport) -> _Known:
    before = _last.get(node.id)
    is_same = before is not None and before.node is node and before.end_says == end_says
    if before is not None and is_same and before.inputs == inputs and before.report == report:
        return before
    return _Known(node, end_says, inputs, report, _face(node, end_says, inputs, report))


def edge_faces(graph: Graph, report: Report) -> Mapping[Edge, EdgeFace]:
    """The face of each edge."""
    ends = _ends_of_repeats(graph)
    return {edge: _edge_face(edge, report, ends) for edge in graph.edges}


def block_face(graph: Graph, view: Shown, block_id: str, report: Report) -> Face:
    """The card of a closed block: what is in it, what comes out, and what is wrong inside."""
    block, held = graph.blocks[block_id], contents(graph, block_id)
    known = [report.nodes.get(i, _NOTHING_KNOWN) for i in held]
    problems = [problem for one in known for problem in one.problems]
    problems.sort(key=lambda problem: not problem.is_error)
    outcome = report.nodes.get(view.exits[block_id], _NOTHING_KNOWN).outcome
    muted = unrolled(graph).muted
    states: set[State] = {"muted" if i in muted else graph.nodes[i].state for i in held}
    inlets = view.inlets[block_id]
    return Face(
        title=block.name,
        family="ends",
        badge=_block_badge(len(held), block.repeats, states),
        shape=show(outcome.shape) if outcome else "",
        weights=sum(one.weights for one in known),
        inputs=len(inlets),
        needed=len(inlets),
        has_output=bool(view.exits[block_id]),
        problem=problems[0] if problems else None,
        more_problems=max(0, len(problems) - 1),
        state=next(iter(states)) if len(states) == 1 else "on",
        tint=block.color,
        inlets=inlets,
        exit=view.exits[block_id],
    )


def _block_badge(count: int, times: int, states: Collection[State]) -> str:
    state: State = next(iter(states)) if len(states) == 1 else "on"
    mark = [tr(STATES[state])] if state != "on" else []
    if times > 1:
        says = tr("{count} {count|layer|layers}, {times} times", count=count, times=times)
    else:
        says = tr("{count} {count|layer|layers}", count=count)
    return " · ".join((*mark, says))


def _face(node: Node, end_says: str, inputs: int, known: NodeReport) -> Face:
    entry = LAYERS.get(node.layer)
    problem = next((p for p in known.problems if p.is_error), None)
    problem = problem or next(iter(known.problems), None)
    return Face(
        title=node.name,
        family=entry.family if entry else "ends",
        badge=_badge(node, end_says or (entry.badge_of(node.params) if entry else node.layer)),
        shape=show(known.signal.shape) if known.signal else "",
        weights=known.weights,
        inputs=inputs,
        needed=_needed(entry, inputs),
        ports=entry.ports if entry else (),
        has_output=entry is None or entry.end != "output",
        problem=problem,
        more_problems=max(0, len(known.problems) - 1),
        state=node.state,
    )


def _badge(node: Node, says: str) -> str:
    """What the card says of the layer, behind what was set for its weights."""
    if node.state != "on":
        return tr(STATES[node.state])
    learning = node.learning
    marks = [tr("shared")] if learning.shares else []
    marks += [tr("frozen")] if learning.is_frozen else []
    return " · ".join(part for part in (*marks, says) if part)


def _ports(entry: LayerEntry | None, edges: tuple[Edge, ...]) -> int:
    """How many inputs to draw: a layer that takes many, however many, grows a free one."""
    connected = max((edge.port + 1 for edge in edges), default=0)
    if entry is None:
        return connected
    least, most = entry.arity
    grown = min(max(least, connected + 1), most)
    return max(most if most < GROWS_FROM else grown, connected)


def _needed(entry: LayerEntry | None, inputs: int) -> int:
    """How many of the inputs may not stay open; all of a layer that takes as many as come."""
    return inputs if entry is None or entry.arity[1] == MANY else entry.arity[0]


def _ends_of_repeats(graph: Graph) -> Mapping[str, frozenset[str]]:
    """For each node in a repeated block all that is in it; what leaves it leaves the last copy."""
    repeated = (block.id for block in graph.blocks.values() if block.repeats > 1)
    held = [frozenset(contents(graph, block_id)) for block_id in repeated]
    return {i: nodes for nodes in sorted(held, key=len) for i in nodes}


def _edge_face(edge: Edge, report: Report, ends: Mapping[str, frozenset[str]]) -> EdgeFace:
    source = report.nodes.get(edge.source, _NOTHING_KNOWN)
    target = report.nodes.get(edge.target, _NOTHING_KNOWN)
    is_refused = any(p.is_error and p.code not in NOT_ABOUT_EDGES for p in target.problems)
    is_last = edge.source in ends and edge.target not in ends[edge.source]
    signal = source.outcome if is_last else source.signal
    return EdgeFace(show(signal.shape) if signal else "", is_refused)
