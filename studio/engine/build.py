"""Build: from a Graph to a torch.fx.GraphModule whose parts bear the names of the nodes."""

import keyword
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Argument
from torch.overrides import TorchFunctionMode
from typing_extensions import override

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY, LayerCall
from studio.core.design.aims import aims_of
from studio.core.design.dataset import DatasetSpec
from studio.core.design.effective import effective
from studio.core.design.graph import Graph, Node
from studio.core.design.inputs import follows_answer, inputs_of, is_end, outputs_of
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.shape_flow import layer_calls
from studio.core.design.training import AUTO, TrainingSpec
from studio.core.problems import StudioError
from studio.engine import modules
from studio.engine.node_learning import begin, owner_of


def build(
    graph: Graph, dataset: DatasetSpec, *, draws: bool = True, loss: str = AUTO
) -> fx.GraphModule:
    """The model of a graph: its inputs are those of `model_inputs`, its result the Output's.

    Of several Outputs it gives a tuple, in the order of what the data ask.

    StudioError with the first Problem of a graph that cannot be built. What does not lead
    to the Output is left out. Weights are drawn from torch's own random numbers, and as was
    set for their node unless `draws` is off. A node that shares the weights of another has no
    part of its own: that of the other is called once more.
    """
    graph = effective(graph)
    obstacle = examine(Project(dataset, graph, TrainingSpec(loss=loss))).obstacle
    if obstacle is not None:
        raise StudioError(obstacle)
    calls = layer_calls(graph, dataset)
    parts: dict[str, nn.Module] = {}
    drawn = fx.Graph()
    results = {node.id: drawn.placeholder(part_name(node.id)) for node in model_inputs(graph)}
    ends = model_ends(graph, dataset)
    for node in nodes_between(graph, ends):
        owner = owner_of(graph, node)
        if part_name(owner.id) not in parts:
            parts[part_name(owner.id)] = made(owner, calls[owner.id], draws=draws)
        results[node.id] = _called(drawn, graph, node, results)
    answers = tuple(results[graph.incoming(end.id)[0].source] for end in ends)
    drawn.output(answers[0] if len(answers) == 1 else answers)
    return fx.GraphModule(parts, drawn, class_name="Network")


def build_unfilled(graph: Graph, dataset: DatasetSpec, loss: str = AUTO) -> fx.GraphModule:
    """The model with weights still to be put in: takes no random numbers from a run beside it."""
    with _NoDraws():
        return build(graph, dataset, draws=False, loss=loss)


def model_inputs(graph: Graph) -> tuple[Node, ...]:
    """The Inputs that lead to an Output, in the order in which the model takes them.

    Those that take of the data come first, then those that take the answer so far.
    """
    leading = graph.ancestors(node.id for node in outputs_of(graph))
    found = [node for node in inputs_of(graph) if node.id in leading]
    return tuple(sorted(found, key=follows_answer))


def data_inputs(graph: Graph) -> tuple[Node, ...]:
    """The Inputs of the model that take of the data."""
    return tuple(node for node in model_inputs(graph) if not follows_answer(node))


def written_count(graph: Graph) -> int:
    """How many Inputs of the model take what was written of the answer so far."""
    return len(model_inputs(graph)) - len(data_inputs(graph))


def model_ends(graph: Graph, dataset: DatasetSpec) -> tuple[Node, ...]:
    """The Outputs in the order in which the model gives their answers."""
    return tuple(aim.node for aim in aims_of(graph, dataset)) or outputs_of(graph)[:1]


def part_name(node_id: str) -> str:
    """The name of a node's part in the model: its id, unless torch or Python needs that word."""
    is_taken = hasattr(fx.GraphModule, node_id) or node_id in _INSTANCE_NAMES
    return f"{node_id}_layer" if is_taken or keyword.iskeyword(node_id) else node_id


def node_parts(graph: Graph, model: nn.Module) -> dict[str, nn.Module]:
    """The parts of a model by the ids of the nodes whose weights they hold."""
    known = dict(model.named_children())
    names = {node.id: part_name(node.id) for node in graph}
    return {node_id: known[name] for node_id, name in names.items() if name in known}


def node_of_part(graph: Graph, name: str) -> Node | None:
    """The node whose part in the model has that name."""
    return next((node for node in graph if part_name(node.id) == name), None)


def parameter_count(model: nn.Module) -> int:
    """How many numbers the model learns."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def made(node: Node, call: LayerCall, *, draws: bool = True) -> nn.Module:
    """The part of a node where it stands, with weights drawn as was set unless told not to."""
    entry = LAYERS[node.layer]
    name = entry.torch_name(call)
    kind = getattr(nn, name, None) or getattr(modules, name)
    part: nn.Module = kind(**entry.arguments(call))
    begin(part, node.learning, draws=draws)
    return part


# Where weights are drawn; pretrained networks bring a module of their own for it.
_DRAWING = (nn.init.__name__, "transformers.initialization")


class OwnDraws(TorchFunctionMode):
    """In this thread alone, weights are drawn from random numbers of their own."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._generator = torch.Generator().manual_seed(seed)

    @override
    def __torch_function__(
        self, func: Callable[..., object], types: object, args: Any = (), kwargs: Any = None
    ) -> object:
        kwargs = kwargs or {}
        is_draw = func in (Tensor.uniform_, Tensor.normal_, torch.randn)
        if is_draw or "generator" in getattr(func, "__annotations__", {}):
            kwargs = {**kwargs, "generator": self._generator}
        return func(*args, **kwargs)


class _NoDraws(TorchFunctionMode):
    """In this thread alone, weights are left as they lie in memory."""

    @override
    def __torch_function__(
        self, func: Callable[..., object], types: object, args: Any = (), kwargs: Any = None
    ) -> object:
        kwargs = kwargs or {}
        is_draw = getattr(func, "__module__", "") in _DRAWING
        if is_draw or func in (Tensor.uniform_, Tensor.normal_):
            return kwargs["tensor"] if "tensor" in kwargs else args[0]
        if func is torch.randn:
            return torch.zeros(*args, **kwargs)
        return func(*args, **kwargs)


# Set on each module when it is made, so the class does not show them.
_INSTANCE_NAMES = frozenset(vars(nn.Module())) | frozenset(vars(fx.GraphModule({}, fx.Graph())))


def nodes_between(graph: Graph, ends: tuple[Node, ...]) -> tuple[Node, ...]:
    """What leads to these Outputs, in order, less the Inputs and the Outputs themselves."""
    leading = graph.ancestors(node.id for node in ends)
    nodes = (graph.nodes[node_id] for node_id in graph.order() if node_id in leading)
    return tuple(n for n in nodes if not is_end(n, "input") and not is_end(n, "output"))


def _called(drawn: fx.Graph, graph: Graph, node: Node, results: Mapping[str, fx.Node]) -> fx.Node:
    edges = graph.incoming(node.id)
    if LAYERS[node.layer].arity[1] == MANY:
        takes: tuple[Argument, ...] = ([results[edge.source] for edge in edges],)
    else:  # an input left open before one that is not gets None
        by_port = {edge.port: results[edge.source] for edge in edges}
        takes = tuple(by_port.get(port) for port in range(max(by_port, default=-1) + 1))
    return drawn.call_module(part_name(owner_of(graph, node).id), takes)
