"""Random networks: what is called valid trains with the shapes shown, what is refused fails."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
import torch
from torch import Tensor, fx, nn
from typing_extensions import override

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY, LayerCall, Signal
from studio.core.design.project import Project
from studio.core.design.report import Report, examine
from studio.core.design.sharing import owner_of
from studio.core.problems import Problem
from studio.engine import modules
from studio.engine.build import build, model_inputs, parameter_count, part_name
from tests.calls import INNER_LAYERS, placed_at_ports
from tests.engine.random_graphs import call_at, random_project
from tests.engine.test_contract import REFUSED_WITH_NUMBERS, STRICTER, TORCH_REFUSES

BATCH = 3
PARTS, EACH = 10, 520  # together more than 5,000
REAL_EVERY = 12
NO_SLOPE_ON_META = {"fractional_max_pool3d"}
# Rules about the drawing as a whole, which torch knows nothing of.
STATED = {
    "not-connected": "a layer needs its inputs",
    "cycle": "what a layer gives cannot come back to it",
    "needs-embedding": "the number of a category is no quantity",
    "wrong-outputs": "the answer has one number for each class or target",
    "cannot-share": "weights fit only a layer of the same kind, settings and inputs",
    "nothing-to-learn": "there is no weight to move",
    "bad-value": "a setting is outside its range",
    "all-frozen": "there is no weight to move",
    "unclear-input": "it is not said which columns come in",
}


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("part", range(PARTS))
def test_the_verdict_on_random_networks_is_that_of_torch(part: int) -> None:
    verdicts: Counter[bool] = Counter()
    for seed in range(part * EACH, (part + 1) * EACH):
        project = random_project(seed)
        report = examine(project)
        verdicts[report.can_train] += 1
        with_numbers = seed % REAL_EVERY == 0
        try:
            if report.can_train:
                _trains(project, report, "cpu" if with_numbers else _cheapest(project))
            else:
                _is_refused_rightly(project, report)
        except Exception as reason:
            raise AssertionError(f"network {seed}: {_drawn(project)}") from reason
    assert min(verdicts[True], verdicts[False]) > EACH // 6


def test_random_networks_are_of_all_layers() -> None:
    seen = Counter(
        node.layer for seed in range(PARTS * EACH) for node in random_project(seed).graph
    )
    assert set(seen) >= set(INNER_LAYERS)


def _cheapest(project: Project) -> str:
    """Without numbers, unless torch has no slope for that."""
    return "cpu" if any(node.layer in NO_SLOPE_ON_META for node in project.graph) else "meta"


def _drawn(project: Project) -> str:
    nodes = ", ".join(f"{n.id}={n.layer}{dict(n.params)}" for n in project.graph)
    wires = ", ".join(f"{e.source}->{e.target}.{e.port}" for e in project.graph.edges)
    return f"{nodes}; {wires}"


class _Shapes(fx.Interpreter):
    """Runs a model and notes the shape that each of its parts gives."""

    def __init__(self, model: fx.GraphModule) -> None:
        super().__init__(model)
        self.found: list[tuple[str, tuple[int, ...]]] = []

    @override
    def run_node(self, n: fx.Node) -> Any:
        answer = super().run_node(n)
        if n.op in ("placeholder", "call_module"):
            self.found.append((str(n.target), tuple(answer.shape)))
        return answer


def _trains(project: Project, report: Report, device: str) -> None:
    """One step, as the shapes are shown."""
    torch.manual_seed(1)
    with torch.device(device):
        model = build(project.graph, project.dataset).train()
        signals = [report.nodes[node.id].signal for node in model_inputs(project.graph)]
        inputs = [_input(signal) for signal in signals if signal is not None]
        target = _target(project)
    shapes = _Shapes(model)
    answer = shapes.run(*inputs)
    shown = {
        part_name(node.learning.shares or node.id): set[tuple[int, ...]]() for node in project.graph
    }
    for node in project.graph:
        signal = report.nodes[node.id].signal
        if signal is not None:
            shown[part_name(node.learning.shares or node.id)].add((BATCH, *signal.shape))
    assert all(shape in shown[name] for name, shape in shapes.found)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    loss = (nn.MSELoss() if target.is_floating_point() else nn.CrossEntropyLoss())(answer, target)
    loss.backward()
    optimizer.step()
    nodes = project.graph.nodes
    leading = project.graph.ancestors(n.id for n in project.graph if n.layer == "output")
    owners = {owner_of(nodes, node_id) for node_id in leading}
    assert parameter_count(model) == sum(report.nodes[one].weights for one in owners)


def _is_refused_rightly(project: Project, report: Report) -> None:
    signals = {key: one.signal for key, one in report.nodes.items() if one.signal is not None}
    for problem in _errors(report.problems):
        if problem.code in STATED or problem.code in STRICTER:
            continue
        assert problem.place.kind == "node", problem
        node = project.graph.nodes[problem.place.key]
        call = call_at(project, node, signals)
        with pytest.raises(TORCH_REFUSES):
            _tried(node.layer, call, "cpu" if problem.code in REFUSED_WITH_NUMBERS else "meta")


def _errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.is_error]


def _tried(layer: str, call: LayerCall, device: str) -> None:
    entry = LAYERS[layer]
    name = entry.torch_name(call)
    kind = getattr(nn, name, None) or getattr(modules, name)
    with torch.device(device):
        module = kind(**entry.arguments(call))
        inputs = [_input(signal) for signal in call.inputs]
    answer = module(inputs) if entry.arity[1] == MANY else module(*placed_at_ports(call, inputs))
    assert answer.shape[0] == BATCH
    assert answer.numel()


def _input(signal: Signal) -> Tensor:
    if signal.categories:
        return torch.randint(signal.categories, (BATCH, *signal.shape))
    return torch.randn(BATCH, *signal.shape)


def _target(project: Project) -> Tensor:
    count = project.dataset.outputs()
    if project.dataset.task() == "classes":
        return torch.randint(count, (BATCH,))
    return torch.randn(BATCH, count)
