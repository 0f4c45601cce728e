"""Report: shapes, counts and every Problem of a project, found before training by examine()."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from types import MappingProxyType

from studio.core.catalogue.entry import Signal
from studio.core.design.backbone_check import fed_problems
from studio.core.design.column_check import IMBALANCE
from studio.core.design.dataset import DatasetSpec
from studio.core.design.dataset_check import dataset_problems
from studio.core.design.effective import Effective, unrolled
from studio.core.design.ends_check import end_problems
from studio.core.design.gaps import before_gaps, with_ways_back
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.learning_check import NOTHING, learning_problems
from studio.core.design.lifting import hindered_problems, lifted, without_muted
from studio.core.design.memory_check import memory_problems
from studio.core.design.project import Project
from studio.core.design.shape_flow import shape_flow
from studio.core.design.sharing import own_weights
from studio.core.design.training import TrainingSpec
from studio.core.design.training_check import training_problems
from studio.core.problems import Problem, Severity

REMEMBERED = 8
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class NodeReport:
    """What is known of one node: what it gives (None where that cannot be said) and its weights.

    A node that shares the weights of another has none of its own. Where it is repeated,
    `weights` are those of all `copies` together, and `last` is what the last one gives.
    """

    signal: Signal | None = None
    weights: int = 0
    problems: tuple[Problem, ...] = ()
    copies: int = 1
    last: Signal | None = None

    @property
    def outcome(self) -> Signal | None:
        """What comes out in the end, after all repetitions."""
        return self.last or self.signal


@dataclass(frozen=True, slots=True)
class Report:
    """All that can be said of a project without running it. Problems: errors first."""

    nodes: Mapping[str, NodeReport] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[Problem, ...] = ()
    parameters: int = 0

    @property
    def can_train(self) -> bool:
        """True where nothing forbids training."""
        return self.obstacle is None

    @property
    def obstacle(self) -> Problem | None:
        """The first Problem that forbids training."""
        return next((problem for problem in self.problems if problem.is_error), None)


_Key = tuple[Mapping[str, Node], tuple[Edge, ...], DatasetSpec, TrainingSpec]
_remembered: "OrderedDict[tuple[int, ...], tuple[_Key, Report]]" = OrderedDict()
_memory = Lock()  # the window asks in its thread while a run that starts asks in another


def examine(project: Project) -> Report:
    """The report of a project; the last few answers are remembered by identity.

    It is about the network that is really trained, told of the nodes that are drawn. A move
    changes only positions, so it is answered from memory. Any thread may ask.
    """
    network = unrolled(project.graph)
    graph = network.graph
    parts: _Key = (graph.nodes, graph.edges, project.dataset, project.training)
    key = tuple(id(part) for part in parts)
    with _memory:
        known = _remembered.get(key)
    if known is not None:  # the kept parts guarantee that their ids were not given to others
        return known[1]
    # Without the lock: nobody waits for another project's answer.
    report = _report(replace(project, graph=graph) if graph is not project.graph else project)
    report = _of_drawn(report, project.graph, network)
    with _memory:
        _remembered[key] = (parts, report)
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return report


def _report(project: Project) -> Report:
    flow = shape_flow(project.graph, project.dataset)
    by_node = {i: list(told) for i, told in with_ways_back(project.graph, flow.problems).items()}
    ends = end_problems(project, flow, before_gaps(by_node))
    loose = []
    weights = own_weights(project.graph, flow.weights)
    learning = learning_problems(project.graph, flow.calls, weights)
    memory = memory_problems(project, flow.signals, weights, flow.calls)
    fed = fed_problems(project.graph, project.dataset, flow.calls)
    for problem in (*ends, *learning, *memory, *fed):
        if problem.place.kind == "node":
            by_node.setdefault(problem.place.key, []).append(problem)
        else:
            loose.append(problem)
    nodes = {
        node_id: NodeReport(
            flow.signals.get(node_id), weights.get(node_id, 0), tuple(by_node.get(node_id, ()))
        )
        for node_id in project.graph.nodes
    }
    problems = [
        *_of_data(project),
        *loose,
        *(p for node in nodes.values() for p in node.problems),
        *training_problems(project),
    ]
    if any(problem.is_error and problem.code != NOTHING for problem in problems):
        # A network that is yet to be drawn has no weights; that is not the news.
        problems = [problem for problem in problems if problem.code != NOTHING]
    return Report(
        nodes,
        tuple(sorted(problems, key=lambda p: _ORDER[p.severity])),
        sum(node.weights for node in nodes.values()),
    )


def _of_drawn(report: Report, drawn: Graph, network: Effective) -> Report:
    """The same report about the nodes that are drawn, where others are trained."""
    if network.graph is drawn and not network.hindered:
        return report
    told = without_muted(lifted(report.problems, network), drawn, network)
    problems = (*hindered_problems(drawn, network), *told)
    at_nodes: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.place.kind == "node":
            at_nodes.setdefault(problem.place.key, []).append(problem)
    stand_for = network.of_drawn()
    nodes = {}
    for node_id in drawn.nodes:
        found = [report.nodes[i] for i in stand_for.get(node_id, ())]
        through = report.nodes.get(network.passed.get(node_id, ""), NodeReport())
        nodes[node_id] = NodeReport(
            found[0].signal if found else through.signal,
            sum(one.weights for one in found),
            tuple(at_nodes.get(node_id, ())),
            max(1, len(found)),
            found[-1].signal if len(found) > 1 else None,
        )
    return Report(
        nodes, tuple(sorted(problems, key=lambda p: _ORDER[p.severity])), report.parameters
    )


def _of_data(project: Project) -> Iterator[Problem]:
    """What is wrong with the data, less what the training settings already answer."""
    is_balanced = project.training.balance != "none"
    for problem in dataset_problems(project.dataset):
        if not (is_balanced and problem.code == IMBALANCE):
            yield problem
