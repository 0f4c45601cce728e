"""Own: a file that Studio wrote comes back as the drawing that it was written from.

Where the code was edited since, it is the code that counts: what was changed is read from it, and
told. Nothing of the file is run.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY, Signal
from studio.core.design.arrange import arranged
from studio.core.design.block_edits import pruned
from studio.core.design.effective import effective, unrolled
from studio.core.design.graph import Graph, Node
from studio.core.design.imported import Imported
from studio.core.problems import Place, Problem, Severity, StudioError, refuse
from studio.core.words import tr
from studio.export.reading.drawn import KEPT, Known, drawn
from studio.export.reading.parsed import Unreadable, Written, example_rows, parsed
from studio.export.reading.sheet import Sheet
from studio.export.reading.steps import Step, Taken, Walk
from studio.export.source_carried import (
    MARK,
    NETWORK,
    Carried,
    carried_in,
    class_digests,
    digest_of,
    method_of,
    part_digests,
)

_OWN_PARTS = frozenset({NETWORK, "example", "begin"})
_NOTHING = Carried(Graph(), {}, (), {}, {}, {})


def read_own(text: str, file: str) -> Imported | None:
    """The drawing in a file that Studio wrote; None where it is another's.

    StudioError where what Studio put into it is damaged, or the code was edited in a way that
    cannot be read without running it.
    """
    carried = carried_in(text)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as reason:
        if MARK in text:
            raise _not_python(file, reason) from None
        return None
    if carried is None and (method_of(tree, "forward") is None or not example_rows(tree)):
        return None
    if carried is not None and class_digests(tree) == dict(carried.code):
        count = len(carried.names)
        return Imported(carried.graph, (), file, NETWORK, count, count, is_own=True)
    return _edited(tree, carried, file)


def _edited(tree: ast.Module, carried: Carried | None, file: str) -> Imported | None:
    try:
        return _Edited(tree, carried or _NOTHING).imported(file)
    except (Unreadable, RecursionError) as reason:
        if carried is None:
            return None
        raise _unreadable(file, reason) from None


@dataclass(frozen=True, slots=True)
class _Base:
    """What was drawn before, and its nodes by their variables."""

    graph: Graph
    nodes: Mapping[str, Node]


class _Edited:
    """Reads the code as it is now, beside the drawing that it was written from."""

    def __init__(self, tree: ast.Module, carried: Carried) -> None:
        self._tree, self._carried = tree, carried
        graph = effective(carried.graph)
        names = {name: graph.nodes[i] for i, name in carried.names.items() if i in graph.nodes}
        self._base = _Base(graph, names)
        self._text = parsed(tree)
        now = part_digests(tree)
        self._edited_parts = {part for part in now if now[part] != carried.parts.get(part)}

    def imported(self, file: str) -> Imported:
        """The drawing as the code has it, and what is other than it was."""
        if class_digests(self._tree).get(NETWORK) == self._carried.code.get(NETWORK):
            count, others = len(self._carried.names), tuple(self._other_classes())
            graph = self._carried.graph
            return Imported(graph, others, file, NETWORK, count, count, is_own=True)
        walk, known = self._walk(), self._known()
        found = drawn(walk, self._signals(), known=known)
        flat = self._whole(found)
        folded = self._folded(flat)
        if folded is None:
            told = [*self._written_out(), *_differences(self._base.graph, flat)]
        else:
            told = [*_differences(self._carried.graph, folded)]
        graph = flat if folded is None else folded
        told += [*found.problems, *self._other_classes()]
        return Imported(
            graph, tuple(told), file, NETWORK, found.known, len(walk.steps), is_own=True
        )

    def _walk(self) -> Walk:
        """The steps; those that were not edited as the nodes that they were."""
        steps: list[Step] = []
        for one in self._text.statements:
            node = self._base.nodes.get(one.variable)
            if node is not None and one.steps and self._is_as_it_was(one):
                steps.append(self._kept(one, node))
            else:
                steps += one.steps
        return Walk(self._text.inputs, (*steps, *self._text.last), self._text.outputs)

    def _is_as_it_was(self, one: Written) -> bool:
        parts = {step.part for step in one.steps if step.part}
        same = self._carried.steps.get(one.variable) == digest_of(one.value)
        return same and not parts & self._edited_parts

    def _kept(self, one: Written, node: Node) -> Step:
        """A step that stands for the node of before; what it takes is named as it was."""
        edges, names = self._base.graph.incoming(node.id), self._carried.names
        by_port = {edge.port: Taken(self._now(names.get(edge.source, ""))) for edge in edges}
        if LAYERS[node.layer].arity[1] == MANY:
            takes: tuple[object, ...] = tuple(by_port[port] for port in sorted(by_port))
        else:
            takes = tuple(by_port.get(port) for port in range(max(by_port, default=-1) + 1))
        last = one.steps[-1]
        return Step(last.name, KEPT, takes, words=last.words, line=last.line)

    def _now(self, variable: str) -> str:
        """What a variable stands for: the step that last set it."""
        set_by = {one.variable: one.steps[-1].name for one in self._text.statements if one.steps}
        return set_by.get(variable, variable)

    def _known(self) -> Known:
        nodes = self._base.graph.nodes
        inputs = {
            name: self._base.nodes[name] for name in self._text.inputs if name in self._base.nodes
        }
        steps = {
            one.steps[-1].name: self._base.nodes[one.variable]
            for one in self._text.statements
            if one.steps and one.variable in self._base.nodes
        }
        return Known(inputs, steps, [nodes[i] for i in self._carried.ends if i in nodes])

    def _signals(self) -> dict[str, Signal]:
        rows = example_rows(self._tree)
        return {
            name: Signal(shape, categories)
            for name, (shape, categories) in zip(self._text.inputs, rows, strict=False)
        }

    def _whole(self, found: Sheet) -> Graph:
        """With places, blocks and remarks as they were; nodes that were never in the code stay."""
        base, graph = self._base.graph, found.graph
        written = set(self._carried.names) | set(self._carried.ends)
        others = {i: node for i, node in base.nodes.items() if i not in written}
        found_now = {**graph.nodes, **{i: n for i, n in others.items() if i not in graph.nodes}}
        nodes = {i: found_now[i] for i in (*base.nodes, *found_now) if i in found_now}
        loose = (e for e in base.edges if e.target in others and e.source in nodes)
        edges = {*graph.edges, *loose}
        is_new = not set(nodes) <= set(base.nodes)
        whole = replace(
            base,
            nodes=nodes,
            edges=tuple(e for e in dict.fromkeys((*base.edges, *graph.edges)) if e in edges),
            positions={i: base.positions.get(i, (0.0, 0.0)) for i in nodes},
            blocks=pruned(base.blocks, nodes.keys()),
        )
        return replace(whole, positions=arranged(whole)) if is_new else whole

    def _folded(self, flat: Graph) -> Graph | None:
        """The drawing with its repeated blocks, where all copies were edited alike, or none."""
        whole, before = unrolled(self._carried.graph), self._base.graph
        if flat.nodes.keys() != before.nodes.keys() or set(flat.edges) != set(before.edges):
            return None
        nodes = dict(self._carried.graph.nodes)
        for drawn_id, copies in whole.of_drawn().items():
            found = [flat.nodes[one] for one in copies]
            if len({(one.layer, tuple(sorted(one.params.items()))) for one in found}) > 1:
                return None
            if drawn_id in nodes:
                first = found[0]
                nodes[drawn_id] = replace(nodes[drawn_id], layer=first.layer, params=first.params)
        return replace(self._carried.graph, nodes=nodes)

    def _written_out(self) -> Iterator[Problem]:
        """Copies that differ are no repetitions any more."""
        if self._base.graph is not self._carried.graph:
            yield _note("", tr("Repeated blocks are written out: the copies are not alike now."))

    def _other_classes(self) -> Iterator[Problem]:
        """Layers of the house whose own code was edited: a drawing cannot hold that."""
        now = class_digests(self._tree)
        for name, digest in self._carried.code.items():
            if name not in _OWN_PARTS and now.get(name, digest) != digest:
                yield Problem(
                    tr("The code of {name} was edited, which no drawing can hold.", name=name),
                    tr("The drawing has the layer as Studio knows it."),
                    Severity.WARNING,
                    Place("file"),
                    code="edited-layer",
                )


def _differences(before: Graph, graph: Graph) -> Iterator[Problem]:
    """What is other than it was drawn, node by node."""
    if not before.nodes:
        return
    for node in graph:
        was = before.nodes.get(node.id)
        if was is None:
            yield _note(node.id, tr("{name} is new in the code.", name=node.name))
        elif was.params != node.params or was.layer != node.layer:
            yield from _changes(was, node)
        elif graph.incoming(node.id) != before.incoming(node.id):
            yield _note(node.id, tr("{name} takes from elsewhere now.", name=node.name))
    for gone in before.nodes.values():
        if gone.id not in graph.nodes:
            yield _note("", tr("{name} is gone from the code.", name=gone.name))


def _changes(was: Node, node: Node) -> Iterator[Problem]:
    """Each setting that is another one, from what to what."""
    if was.layer != node.layer:
        title = tr(LAYERS[node.layer].title)
        yield _note(node.id, tr("{name} is now: {title}.", name=was.name, title=title))
        return
    entry = LAYERS[node.layer]
    for param in entry.params:
        before = was.params.get(param.key, param.default)
        after = node.params.get(param.key, param.default)
        if param.check(before) != param.check(after):
            yield _note(
                node.id,
                tr(
                    "{name}: {label} is {after} in the code; it was drawn with {before}.",
                    name=was.name,
                    label=tr(param.label),
                    after=param.show(after),
                    before=param.show(before),
                ),
            )


def _note(node_id: str, text: str) -> Problem:
    place = Place("node", node_id) if node_id else Place("file")
    return Problem(text, "", Severity.NOTE, place, code="edited-code")


def _not_python(file: str, reason: Exception) -> StudioError:
    return refuse(
        tr("{file} is no Python any more: {reason}", file=file, reason=str(reason)[:200]),
        tr("Put that line right, or take the file as it was written."),
        code="not-python",
    )


def _unreadable(file: str, reason: Exception) -> StudioError:
    return refuse(
        tr("{file} was edited in a way that cannot be read: {reason}.", file=file, reason=reason),
        tr("Write one call to a line as the others are, or run the file as one that you trust."),
        code="edited-unreadable",
    )
