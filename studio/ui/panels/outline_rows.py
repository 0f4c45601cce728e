"""What each row of the outline says, worked out from graph and report. Values only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from studio.core.catalogue import LAYERS
from studio.core.design.block import Block
from studio.core.design.blocks import contents, entering, homes, path_to
from studio.core.design.graph import Graph, Node
from studio.core.design.project import Project
from studio.core.design.reading_order import reading_order
from studio.core.design.report import NodeReport, Report
from studio.core.problems import Problem
from studio.core.shapes import show
from studio.core.words import tr

_NOTHING_KNOWN = NodeReport()
_STATES = {"on": "", "bypassed": "bypassed", "muted": "muted"}


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One node, or one block with what is in it.

    `below` stands in the second line: what is wrong with it, or what it takes from where that
    is not the row above. `spoken` is the whole row for a screen reader, `hint` how a Problem is
    put right.
    """

    key: str
    parent: str
    title: str
    family: str
    shape: str = ""
    below: str = ""
    spoken: str = ""
    hint: str = ""
    is_wrong: bool = False
    is_doubtful: bool = False
    is_block: bool = False
    is_off: bool = False


def outline_rows(project: Project, report: Report) -> tuple[OutlineRow, ...]:
    """The nodes in the order in which data run through them, blocks as branches before theirs."""
    graph = project.graph
    home, seen = homes(graph), set[str]()
    sources, feeds = _names_before(graph), _names_behind(graph)
    rows: list[OutlineRow] = []
    for node_id in reading_order(graph):
        for block_id in path_to(graph.blocks, home.get(node_id, "")):
            if block_id not in seen:
                seen.add(block_id)
                rows.append(_block_row(graph, graph.blocks[block_id]))
        known = report.nodes.get(node_id, _NOTHING_KNOWN)
        wires = (sources[node_id], feeds[node_id])
        row = _node_row(graph.nodes[node_id], home.get(node_id, ""), known, wires)
        above = rows[-1].title if rows and not rows[-1].is_block else ""
        if row.shape and not known.problems and sources[node_id] == (above,):
            row = replace(row, below="")
        rows.append(row)
    return tuple(rows)


def _names_before(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    return {
        i: tuple(graph.nodes[edge.source].name for edge in edges)
        for i, edges in graph.sources().items()
    }


def _names_behind(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {i: [] for i in graph.nodes}
    for edge in graph.edges:
        found[edge.source].append(graph.nodes[edge.target].name)
    return {i: tuple(names) for i, names in found.items()}


def _node_row(
    node: Node, parent: str, known: NodeReport, wires: tuple[tuple[str, ...], tuple[str, ...]]
) -> OutlineRow:
    entry = LAYERS.get(node.layer)
    problem = _worst(known.problems)
    shape = show(known.signal.shape) if known.signal is not None else ""
    takes = entry is None or entry.arity[1] > 0
    before, _behind = wires
    wired = tr("from {names}", names=", ".join(before)) if before else ""
    below = _without_name(problem.message, node.name) if problem is not None else wired
    return OutlineRow(
        key=node.id,
        parent=parent,
        title=node.name,
        family=entry.family if entry is not None else "ends",
        shape=shape,
        below=below or (tr("not wired") if takes else ""),
        spoken=", ".join(_spoken(node, shape, wires, problem, takes=takes)),
        hint=problem.hint if problem is not None else "",
        is_wrong=problem is not None and problem.is_error,
        is_doubtful=problem is not None and not problem.is_error,
        is_off=node.state != "on",
    )


def _spoken(
    node: Node,
    shape: str,
    wires: tuple[tuple[str, ...], tuple[str, ...]],
    problem: Problem | None,
    *,
    takes: bool,
) -> Iterator[str]:
    """``Convolution 2D 1, 32 filters, 3 × 3, gives 32 × 26 × 26, takes from Input``, and so on."""
    entry = LAYERS.get(node.layer)
    before, behind = wires
    title = tr(entry.title) if entry is not None else node.layer
    yield node.name
    if not node.name.startswith(title):
        yield title
    if entry is not None and (badge := entry.badge_of(node.params)):
        yield badge
    if node.state != "on":
        yield tr(_STATES[node.state])
    if shape:
        yield tr("gives {shape}", shape=shape)
    if before:
        yield tr("takes from {names}", names=_listed(before))
    elif takes:
        yield tr("takes from nothing")
    if behind:
        yield tr("feeds {names}", names=_listed(behind))
    if problem is not None:
        yield tr("problem: {message}", message=problem.message)


def _block_row(graph: Graph, block: Block) -> OutlineRow:
    held = contents(graph, block.id)
    sources = dict.fromkeys(graph.nodes[edge.source].name for edge in entering(graph, held))
    count = tr("{count} {count|layer|layers}", count=len(held))
    times = tr("{count} times", count=block.repeats) if block.repeats > 1 else ""
    wired = tr("takes from {names}", names=_listed(tuple(sources))) if sources else ""
    said = (tr("Block {name}", name=block.name), times, count, wired)
    return OutlineRow(
        key=block.id,
        parent=block.parent,
        title=block.name,
        family="",
        shape=f"× {block.repeats}" if block.repeats > 1 else "",  # noqa: RUF001 - the sign
        below=count,
        spoken=", ".join(part for part in said if part),
        is_block=True,
    )


def _without_name(message: str, name: str) -> str:
    """The message of a row that says its name already: there is little room for both."""
    return message.removeprefix(name).strip() if message.startswith(name) else message


def _worst(problems: tuple[Problem, ...]) -> Problem | None:
    wrong = next((problem for problem in problems if problem.is_error), None)
    return wrong or next(iter(problems), None)


def _listed(names: tuple[str, ...]) -> str:
    if len(names) < 2:  # noqa: PLR2004 - one alone
        return "".join(names)
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])
