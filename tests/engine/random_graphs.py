"""Random networks from the whole catalogue: a few layers on data of each kind, from a seed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY, LayerCall, LayerEntry, Signal
from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.inputs import input_signal, node_inputs
from studio.core.design.learning import Learning
from studio.core.design.project import Project
from studio.core.design.shaping import ClipSpec, SoundSpec
from studio.core.params import Param, Value
from studio.core.problems import Problem
from studio.core.shapes import Shape, size_of
from tests.backbones import texts
from tests.builders import images, table
from tests.calls import INNER_LAYERS
from tests.engine.kinds import KIND, TEXT, column, described

MOST_VALUES, MOST_WEIGHTS = 4096, 60_000  # so that all can be trained in a moment
TRIES = 10
FORMULAS = ("a", "a + b", "relu(a) * 2", "a / (1 + abs(b))", "softmax(a)", "mean(a)", "a @ b", "")
FORMS = ("index", "values")


def datasets() -> tuple[DatasetSpec, ...]:
    """One of each kind, tiny."""
    sound = SoundSpec(100, 0.32)
    clip = column("clip", "video", shape=(2, 6, 5))
    return (
        table(numbers=6, classes=3),
        table(numbers=4, classes=0, targets=2),
        table(numbers=1, classes=2),
        table(numbers=2, classes=3, categories={"colour": 4}),
        images(1, 8, 8, classes=3),
        images(3, 9, 6, classes=2),
        described(column("sound", "sound"), KIND, kind="sound", sound=sound),
        described(clip, KIND, kind="video", clips=ClipSpec(4)),
        described(column("text", "text"), KIND, text=TEXT),
    )


DATASETS = datasets()


@dataclass
class Growth:
    """A network as it grows: its nodes and wires, and what each node is known to give."""

    random: Random
    dataset: DatasetSpec
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    signals: dict[str, Signal] = field(default_factory=dict)

    @property
    def graph(self) -> Graph:
        return Graph(self.nodes, tuple(self.edges))

    def add(self, layer: str, params: dict[str, Value], sources: Sequence[tuple[int, str]]) -> str:
        node_id = f"n{len(self.nodes)}"
        learning = self._shared(layer, params)
        self.nodes[node_id] = Node(node_id, layer, node_id.title(), params, learning)
        self.edges += [Edge(source, node_id, port) for port, source in sources]
        return node_id

    def _shared(self, layer: str, params: dict[str, Value]) -> Learning:
        alike = [n for n in self.nodes.values() if (n.layer, dict(n.params)) == (layer, params)]
        owners = [node.id for node in alike if not node.learning.shares]
        is_shared = owners and LAYERS[layer].end is None and self.random.random() < 0.3
        return Learning(shares=owners[0]) if is_shared else Learning()


def random_project(seed: int) -> Project:
    """The network of that seed: about half of them are without fault."""
    random = Random(seed)
    dataset = random.choice(DATASETS)
    growth = Growth(random, dataset)
    for _ in range(2 if random.random() < 0.15 else 1):
        _add_input(growth)
    for _ in range(random.randint(1, 3)):
        _add_layer(growth)
    if random.random() < 0.85:
        _add_any(growth)
    _end(growth)
    if random.random() < 0.03:
        _spoil(growth)
    return Project(dataset, growth.graph)


def call_at(project: Project, node: Node, signals: dict[str, Signal]) -> LayerCall:
    """How the layer of a node is called, its values as they were given."""
    edges = project.graph.incoming(node.id)
    entry = LAYERS[node.layer]
    ports = () if entry.arity[1] == MANY else tuple(edge.port for edge in edges)
    inputs = tuple(signals[edge.source] for edge in edges)
    return LayerCall(node.name, inputs, {**entry.defaults(), **node.params}, ports)


def random_value(random: Random, param: Param, near: Shape) -> Value:
    """A value that the param allows, mostly a small one."""
    if param.kind == "number":
        low = param.at_least if param.above is None else param.above
        low, high = -2.0 if low is None else low, param.at_most
        found = random.uniform(low, min(low + 3.0, math.inf if high is None else high))
        return param.default if found == param.above else found
    low = max(int(param.at_least or 0), -6)
    high = low + random.choice((3, 3, 12))
    high = high if param.at_most is None else min(high, int(param.at_most))
    if param.kind == "whole":
        return random.randint(low, high)
    if param.kind == "sizes":
        return tuple(random.randint(low, high) for _ in range(param.length))
    if param.kind == "shape":
        return _random_shape(random, param, near)
    if param.kind == "switch":
        return random.random() < 0.5
    if param.kind == "choice":
        return random.choice(param.choices).key
    if param.kind == "backbone":
        return random.choice(sorted(texts().values()))
    return random.choice(FORMULAS) if param.key == "expression" else param.default


def _random_shape(random: Random, param: Param, near: Shape) -> Value:
    total = size_of(near)
    some = next((size for size in (4, 3, 2) if total % size == 0), 1)
    order = list(range(1, len(near) + 1))
    random.shuffle(order)
    options = [near[::-1], (total // some, some), (some, -1), tuple(order), (2, 3)]
    found = random.choice(options)
    low, high = param.at_least or 0, param.at_most or math.inf
    return found if low <= min(found) and max(found) <= high else param.default


def _add_input(growth: Growth) -> None:
    has_categories = any(one.name == "colour" for one in growth.dataset.columns)
    params: dict[str, Value] = {}
    if has_categories and growth.random.random() < 0.7:
        params = {"columns": ("colour",), "form": growth.random.choice(FORMS)}
    growth.add("input", params, ())
    taken = node_inputs(growth.graph, growth.dataset)
    growth.signals.clear()
    for node in growth.nodes.values():
        signal = input_signal(node, taken.get(node.id), growth.dataset)
        if isinstance(signal, Signal):
            growth.signals[node.id] = signal


def _add_layer(growth: Growth) -> None:
    """A layer that fits what is there, if one is found in a few tries."""
    for _ in range(TRIES):
        layer, params, sources = _drawn(growth)
        signal = _fitting(LAYERS[layer], growth, params, sources)
        if signal is not None:
            growth.signals[growth.add(layer, params, sources)] = signal
            return


def _add_any(growth: Growth) -> None:
    """A layer that may fit or not; mostly it takes as many sizes as there are."""
    layer, params, sources = _drawn(growth)
    for _ in range(3):
        if not _has_wrong_rank(LAYERS[layer], growth, sources):
            break
        layer, params, sources = _drawn(growth)
    signal = _fitting(LAYERS[layer], growth, params, sources)
    added = growth.add(layer, params, sources)
    if signal is not None:
        growth.signals[added] = signal


def _has_wrong_rank(entry: LayerEntry, growth: Growth, sources: list[tuple[int, str]]) -> bool:
    """True where with its usual settings the layer would refuse the number of sizes."""
    inputs = tuple(growth.signals[one] for _port, one in sources if one in growth.signals)
    if len(inputs) < len(sources) or not inputs:
        return False
    ports = () if entry.arity[1] == MANY else tuple(port for port, _one in sources)
    said = entry.shape(LayerCall("", inputs, entry.defaults(), ports))
    return isinstance(said, Problem) and said.code in ("wrong-rank", "needs-indices")


def _drawn(growth: Growth) -> tuple[str, dict[str, Value], list[tuple[int, str]]]:
    """Any layer of the catalogue, some of its settings, and what goes into it."""
    random = growth.random
    layer = random.choice(INNER_LAYERS)
    sources = _sources(growth, LAYERS[layer])
    inputs = [growth.signals[one] for _port, one in sources if one in growth.signals]
    near = inputs[0].shape if inputs else (4,)
    params = {
        param.key: random_value(random, param, near)
        for param in LAYERS[layer].params
        if random.random() < 0.4
    }
    return layer, params, sources


def _fitting(
    entry: LayerEntry, growth: Growth, params: dict[str, Value], sources: list[tuple[int, str]]
) -> Signal | None:
    """What the layer gives there, or None where it does not fit or is too much to be trained."""
    if not sources or any(one not in growth.signals for _port, one in sources):
        return None
    inputs = tuple(growth.signals[one] for _port, one in sources)
    ports = tuple(port for port, _one in sources)
    call = LayerCall(
        "", inputs, {**entry.defaults(), **params}, () if entry.arity[1] == MANY else ports
    )
    for port, signal in zip(ports, inputs, strict=True):
        if signal.categories and not entry.takes_categories(port):
            return None
    shape = entry.shape(call)
    if isinstance(shape, Problem) or not shape or min(shape) < 1:
        return None
    if size_of(shape) > MOST_VALUES or entry.weights(call) > MOST_WEIGHTS:
        return None
    return Signal(shape, call.inputs[0].categories if entry.keeps_indices else 0)


def _sources(growth: Growth, entry: LayerEntry) -> list[tuple[int, str]]:
    """For each port that is filled, a node that is already there; mostly the latest."""
    random, nodes = growth.random, list(growth.nodes)
    least, most = entry.arity
    wanted = random.randint(least, least + 1) if most == MANY else max(1, most)
    found = []
    for port in range(wanted):
        if port >= least and most != MANY and random.random() < 0.5:
            continue
        tokens = [n for n in nodes if n in growth.signals and growth.signals[n].categories]
        if port in entry.index_ports and tokens:
            found.append((port, random.choice(tokens)))
        else:
            found.append((port, nodes[-1] if random.random() < 0.7 else random.choice(nodes)))
    return found


def _end(growth: Growth) -> None:
    """Mostly a line and a Linear of the wanted size before the Output."""
    last = list(growth.nodes)[-1]
    signal = growth.signals.get(last)
    if signal is not None and signal.categories:
        last = growth.add("embedding", {"embedding_dim": 2}, [(0, last)])
        signal = Signal((*signal.shape, 2))
    if signal is not None and growth.random.random() < 0.93:
        if len(signal.shape) > 1:
            last = growth.add("flatten", {}, [(0, last)])
        last = growth.add("linear", {"out_features": growth.dataset.outputs()}, [(0, last)])
    growth.add("output", {}, [(0, last)])


def _spoil(growth: Growth) -> None:
    """A wire is cut, or led back."""
    edge = growth.random.choice(growth.edges)
    growth.edges.remove(edge)
    if growth.random.random() < 0.5:
        later = list(growth.nodes)[-1]
        growth.edges.append(Edge(later, edge.target, edge.port))
