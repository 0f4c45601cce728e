"""Comparison: where two projects differ, layer by layer and setting by setting, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from studio.core.catalogue import AUGMENTATION, CLEANING, LAYERS, LOSSES, OPTIMIZERS, SCHEDULES
from studio.core.catalogue.entry import Entry
from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.project import Project
from studio.core.design.training import AUTO, TRAINING_PARAMS, TrainingSpec
from studio.core.params import Values
from studio.core.words import tr

Change = Literal["changed", "added", "removed"]
NOTHING = "\N{EN DASH}"
_STATES = {"on": "in use", "bypassed": "bypassed", "muted": "muted"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: its name, and what it was and is in words.

    `node` is the id of the node it is about, "" for what is no node.
    """

    name: str
    then: str
    now: str
    node: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the nodes and wires of one drawing in another, and of the settings.

    `nodes` and `edges` hold those that differ: removed ones are only in the first, added ones
    only in the second, changed ones in both.
    """

    nodes: Mapping[str, Change]
    edges: Mapping[Edge, Change]
    layers: tuple[Difference, ...] = ()
    training: tuple[Difference, ...] = ()
    data: tuple[Difference, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True where nothing differs."""
        return not (self.nodes or self.edges or self.training or self.data)


def compared(then: Project, now: Project) -> Comparison:
    """How one project differs from an earlier one. Where cards stand makes no difference."""
    nodes = dict(_nodes(then.graph, now.graph))
    edges: dict[Edge, Change] = dict.fromkeys(then.graph.edges, "removed")
    for edge in now.graph.edges:
        if edges.pop(edge, None) is None:
            edges[edge] = "added"
    return Comparison(
        nodes,
        edges,
        tuple(_layers(then.graph, now.graph, nodes)),
        tuple(_training(then.training, now.training)),
        tuple(_data(then.dataset, now.dataset)),
    )


def _nodes(then: Graph, now: Graph) -> Iterator[tuple[str, Change]]:
    for node in then:
        after = now.nodes.get(node.id)
        if after is None:
            yield node.id, "removed"
        elif after != node:
            yield node.id, "changed"
    for node in now:
        if node.id not in then.nodes:
            yield node.id, "added"


def _layers(then: Graph, now: Graph, nodes: Mapping[str, Change]) -> Iterator[Difference]:
    for node_id in dict.fromkeys((*now.order(), *then.order())):
        change = nodes.get(node_id)
        before, after = then.nodes.get(node_id), now.nodes.get(node_id)
        if change == "changed" and before and after:
            yield from _node(before, after)
        elif change == "added" and after is not None:
            yield Difference(after.name, NOTHING, _in_short(after), node_id)
        elif change == "removed" and before is not None:
            yield Difference(before.name, _in_short(before), NOTHING, node_id)


def _node(then: Node, now: Node) -> Iterator[Difference]:
    if then.name != now.name:
        yield Difference(tr("Name"), then.name, now.name, now.id)
    if then.layer != now.layer:
        yield Difference(now.name, _in_short(then), _in_short(now), now.id)
    elif then.params != now.params and now.layer in LAYERS:
        for one in _entry(LAYERS[now.layer], then.params, now.params):
            label = tr("{name}: {label}", name=now.name, label=one.name)
            yield Difference(label, one.then, one.now, now.id)
    if then.state != now.state:
        yield Difference(now.name, tr(_STATES[then.state]), tr(_STATES[now.state]), now.id)
    if then.learning != now.learning:
        label = tr("{name}: learning", name=now.name)
        yield Difference(label, _learning(then), _learning(now), now.id)


def _in_short(node: Node) -> str:
    entry = LAYERS.get(node.layer)
    if entry is None:
        return node.layer
    badge = entry.badge_of(node.params)
    return tr("{layer}, {badge}", layer=tr(entry.title), badge=badge) if badge else tr(entry.title)


def _learning(node: Node) -> str:
    learning = node.learning
    said = [tr("frozen")] if learning.is_frozen else []
    said += [tr("shared")] if learning.shares else []
    said += [tr("L1 {value}", value=f"{learning.l1:g}")] if learning.l1 else []
    said += [tr("L2 {value}", value=f"{learning.l2:g}")] if learning.l2 else []
    return ", ".join(said) or (NOTHING if learning.is_plain else tr("set by hand"))


def _training(then: TrainingSpec, now: TrainingSpec) -> Iterator[Difference]:
    for label, key, shelf in (
        (tr("Optimizer"), "optimizer", OPTIMIZERS),
        (tr("Learning-rate schedule"), "schedule", SCHEDULES),
    ):
        before, after = getattr(then, key), getattr(now, key)
        if before != after:
            yield Difference(label, tr(shelf[before].title), tr(shelf[after].title))
        else:
            given = (getattr(then, f"{key}_params"), getattr(now, f"{key}_params"))
            yield from _entry(shelf[after], *given)
    if then.loss != now.loss:
        yield Difference(tr("Loss"), _loss(then), _loss(now))
    for param in TRAINING_PARAMS:
        before, after = then.value(param.key), now.value(param.key)
        if before != after:
            yield Difference(tr(param.label), param.show(before), param.show(after))


def _loss(training: TrainingSpec) -> str:
    return tr("Suggested") if training.loss == AUTO else tr(LOSSES[training.loss].title)


def _entry(entry: Entry, then: Values, now: Values) -> Iterator[Difference]:
    for param in entry.params:
        before = then.get(param.key, param.default)
        after = now.get(param.key, param.default)
        if before != after:
            yield Difference(tr(param.label), param.show(before), param.show(after))


def _data(then: DatasetSpec, now: DatasetSpec) -> Iterator[Difference]:
    if _file(then) == _file(now):  # a run remembers the same file by another path
        then = replace(then, path=now.path)
    if then == now:
        return
    pairs = [
        (tr("File"), _file(then), _file(now)),
        (tr("Rows"), _rows(then), _rows(now)),
        (tr("Inputs"), _names(then, "input"), _names(now, "input")),
        (tr("Targets"), _names(then, "target"), _names(now, "target")),
        (tr("Repairs"), _steps(then.recipe, CLEANING), _steps(now.recipe, CLEANING)),
        (
            tr("Augmentation"),
            _steps(then.augmentation, AUGMENTATION),
            _steps(now.augmentation, AUGMENTATION),
        ),
        (tr("Scaling"), then.scaling, now.scaling),
        (tr("Parts"), _parts(then), _parts(now)),
    ]
    told = [Difference(name, before, after) for name, before, after in pairs if before != after]
    yield from told or [Difference(tr("Data"), tr("as it was"), tr("read otherwise"))]


def _file(dataset: DatasetSpec) -> str:
    return dataset.path.replace("\\", "/").rpartition("/")[2] or NOTHING


def _rows(dataset: DatasetSpec) -> str:
    return str(dataset.summary.rows) if dataset.summary else NOTHING


def _names(dataset: DatasetSpec, role: str) -> str:
    columns = dataset.inputs() if role == "input" else dataset.targets()
    return ", ".join(column.name for column in columns) or NOTHING


def _steps(steps: tuple[object, ...], shelf: Mapping[str, Entry]) -> str:
    titles = [tr(shelf[key].title) for step in steps if (key := getattr(step, "key", "")) in shelf]
    return ", ".join(titles) or NOTHING


def _parts(dataset: DatasetSpec) -> str:
    split = dataset.split
    return tr(
        "{method}, {validation} % and {test} %",
        method=split.method,
        validation=round(100 * split.validation),
        test=round(100 * split.test),
    )
