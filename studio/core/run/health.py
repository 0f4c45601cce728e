"""Health: how the nodes of a run are over time, what that means and what helps."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from studio.core.catalogue.activation import GELU, LEAKY_RELU
from studio.core.catalogue.normalization import BATCH_NORM, LAYER_NORM
from studio.core.design.graph import Node
from studio.core.design.inputs import place_of
from studio.core.design.project import Project
from studio.core.problems import Fix, Problem, Severity
from studio.core.run.curve import Curve
from studio.core.run.events import NodeHealth
from studio.core.words import tr

Level: TypeAlias = Literal["good", "doubtful", "bad"]
Measure: TypeAlias = Literal["slope", "dead", "saturated"]
MEASURES: Mapping[Measure, str] = MappingProxyType(
    {
        "slope": "Gradient beside the weights",
        "dead": "Units that always give 0",
        "saturated": "Values at an end",
    }
)
MANY, NEARLY_ALL = 0.5, 0.9  # of the units or values
EXPLODING = 10.0  # a gradient so many times as long as the weights
VANISHING = 1e-6  # and one so short beside them ...
VANISHING_BESIDE = 1e-3  # ... and beside that of the node that learns most
TENTH = 10.0


class HealthHistory:
    """What was seen of each node in a run, in order. Seen seldom, so it stays small."""

    def __init__(self) -> None:
        self.latest: Mapping[str, NodeHealth] = {}
        self.first_fault = ""
        self._seen: list[tuple[float, Mapping[str, NodeHealth]]] = []

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, place: float, nodes: Mapping[str, NodeHealth]) -> None:
        """The next look; `place` is in epochs. The first node with a fault is remembered."""
        self._seen.append((place, nodes))
        self._settle()

    def cut(self, place: float) -> None:
        """Forgets what was seen from there on: a resumed run brings it again."""
        self._seen = [one for one in self._seen if one[0] < place]
        self._settle()

    def curve(self, node_id: str, measure: Measure) -> Curve:
        """One measure of one node over the run; empty where it has none."""
        curve = Curve()
        for place, nodes in self._seen:
            value = getattr(nodes.get(node_id), measure, None)
            if value is not None:
                curve.add(place, value)
        return curve

    def _settle(self) -> None:
        self.latest = self._seen[-1][1] if self._seen else {}
        if not self._seen:
            self.first_fault = ""
        elif not self.first_fault:
            self.first_fault = next((i for i, one in self.latest.items() if one.fault), "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be thought of a node: how bad it is, and why; no problem where it is well."""

    level: Level = "good"
    problem: Problem | None = None


WELL = Verdict()


def verdict(project: Project, node: Node, nodes: Mapping[str, NodeHealth]) -> Verdict:
    """What is to be thought of one node of the project, beside the others that were seen."""
    known = nodes.get(node.id)
    if known is None:
        return WELL
    for judge in _JUDGES:
        for found in judge(project, node, known, nodes):
            return found
    return WELL


def measures_in_words(known: NodeHealth) -> tuple[tuple[str, str], ...]:
    """What was measured of a node: each name with its figure."""
    found = []
    if known.slope is not None:
        found.append((tr(MEASURES["slope"]), f"{known.slope:.2g}"))
    if known.dead is not None:
        found.append((tr(MEASURES["dead"]), f"{known.dead:.0%}"))
    if known.saturated is not None:
        found.append((tr(MEASURES["saturated"]), f"{known.saturated:.0%}"))
    return tuple(found)


def _faulty(
    project: Project, node: Node, known: NodeHealth, _nodes: Mapping[str, NodeHealth]
) -> Iterator[Verdict]:
    if known.fault:
        message = tr(_FAULTS[known.fault], name=node.name)
        hint = tr("Set the learning rate to a tenth of what it is, or clip the gradient.")
        yield _bad(node, message, hint, "health-fault", _slower(project))


def _exploding(
    project: Project, node: Node, known: NodeHealth, _nodes: Mapping[str, NodeHealth]
) -> Iterator[Verdict]:
    if known.slope is not None and known.slope > EXPLODING:
        message = tr(
            "The gradient of {name} is {times} times as large as its weights: each step throws "
            "away what it has learnt.",
            name=node.name,
            times=f"{known.slope:.3g}",
        )
        hint = tr("A lower learning rate helps, or a normalization before it.")
        yield _doubtful(node, message, hint, "health-exploding", _slower(project))


def _vanishing(
    project: Project, node: Node, known: NodeHealth, nodes: Mapping[str, NodeHealth]
) -> Iterator[Verdict]:
    if known.slope is None or known.slope >= VANISHING:
        return
    most = max(one.slope or 0.0 for one in nodes.values())
    if known.slope < VANISHING_BESIDE * most:
        message = tr(
            "Hardly any gradient reaches {name}: it learns next to nothing, while others do.",
            name=node.name,
        )
        hint = tr("A normalization before it helps, or a way around the layers behind it.")
        yield _doubtful(node, message, hint, "health-vanishing", _normalized(project, node))


def _dead(
    project: Project, node: Node, known: NodeHealth, _nodes: Mapping[str, NodeHealth]
) -> Iterator[Verdict]:
    if known.dead is None or known.dead < MANY:
        return
    message = tr(
        "{share} of the units of {name} give 0 for every row that was looked at. "
        "No gradient passes them, so they do not learn any more.",
        share=f"{known.dead:.0%}",
        name=node.name,
    )
    hint = tr("An activation that lets a little through helps, or a lower learning rate.")
    make = _bad if known.dead >= NEARLY_ALL else _doubtful
    yield make(node, message, hint, "health-dead", _replaced(node, LEAKY_RELU.key))


def _saturated(
    project: Project, node: Node, known: NodeHealth, _nodes: Mapping[str, NodeHealth]
) -> Iterator[Verdict]:
    if known.saturated is None or known.saturated < MANY:
        return
    message = tr(
        "{share} of the values of {name} lie at one of its ends, where it is flat. "
        "What is before it hardly learns.",
        share=f"{known.saturated:.0%}",
        name=node.name,
    )
    hint = tr("A normalization before it helps, or another activation.")
    fix = _normalized(project, node) or _replaced(node, GELU.key)
    make = _bad if known.saturated >= NEARLY_ALL else _doubtful
    yield make(node, message, hint, "health-saturated", fix)


def _slower(project: Project) -> Fix:
    rate = float(f"{project.training.learning_rate / TENTH:.3g}")
    label = tr("Set the learning rate to {rate}", rate=f"{rate:g}")
    return Fix("set_training", label, {"key": "learning_rate", "value": rate})


def _normalized(project: Project, node: Node) -> Fix | None:
    """A normalization before the node, where nothing of the kind stands there yet."""
    graph = project.graph
    sources = [edge.source for edge in graph.edges if edge.target == node.id and edge.port == 0]
    before = graph.nodes.get(sources[0]) if sources else None
    entries = (BATCH_NORM, LAYER_NORM)
    if before is None or before.layer in {entry.key for entry in entries}:
        return None
    label = tr("Insert {layer} before it", layer=tr(BATCH_NORM.title))
    arguments = {"node": node.id, "port": 0, "layer": BATCH_NORM.key, "params": {}}
    return Fix("insert_before", label, arguments)


def _replaced(node: Node, layer: str) -> Fix:
    entry = LEAKY_RELU if layer == LEAKY_RELU.key else GELU
    label = tr("Replace by {layer}", layer=tr(entry.title))
    return Fix("replace_node", label, {"node": node.id, "layer": layer})


def _bad(node: Node, message: str, hint: str, code: str, fix: Fix | None) -> Verdict:
    return Verdict("bad", Problem(message, hint, Severity.WARNING, place_of(node), code, fix))


def _doubtful(node: Node, message: str, hint: str, code: str, fix: Fix | None) -> Verdict:
    return Verdict("doubtful", Problem(message, hint, Severity.NOTE, place_of(node), code, fix))


_FAULTS: Mapping[str, str] = {
    "weights": "The weights of {name} grew beyond all numbers.",
    "slopes": "The gradient of {name} is no number any more.",
    "values": "{name} gives values that are no numbers.",
}
_Judge: TypeAlias = Callable[
    [Project, Node, NodeHealth, Mapping[str, NodeHealth]], Iterator[Verdict]
]
_JUDGES: tuple[_Judge, ...] = (_faulty, _dead, _saturated, _exploding, _vanishing)
