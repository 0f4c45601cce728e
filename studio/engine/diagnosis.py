"""Diagnosis: at which node of a model the first value arose that is not a number."""

from typing import Literal

import torch
from torch import Tensor, fx, nn
from typing_extensions import override

from studio.core.design.graph import Graph
from studio.core.design.inputs import outputs_of
from studio.core.problems import Place, Problem
from studio.core.words import tr
from studio.engine.build import node_of_part
from studio.engine.loaders import Inputs

Where = Literal["inputs", "weights", "outputs", "loss"]
Finding = tuple[Where, str]


def bad_weights(model: fx.GraphModule) -> str | None:
    """The part whose weights are not finite; of several the one nearest to the Output.

    Slopes run from the Output back, so that is where the trouble began.
    """
    called = [node.target for node in model.graph.nodes if node.op == "call_module"]
    for name in reversed(called):
        part: nn.Module = model.get_submodule(str(name))
        if not all(_is_finite(weights) for weights in part.state_dict().values()):
            return str(name)
    return None


def first_bad(model: fx.GraphModule, inputs: Inputs) -> Finding:
    """Where in a forward pass the first value that is not finite stands.

    Weights are looked at before what they give; "loss" means that all up to it is finite.
    """
    named = [str(node.target) for node in model.graph.nodes if node.op == "placeholder"]
    for name, tensor in zip(named, inputs, strict=True):
        if not _is_finite(tensor):
            return "inputs", name
    watch = _Watch(model)
    with torch.no_grad():
        watch.run(*inputs)
    return watch.finding


def not_finite_problem(graph: Graph, finding: Finding | None, epoch: int, step: int) -> Problem:
    """What a person is told when a loss is not a number."""
    when = {"epoch": epoch, "step": step}
    if finding is None:
        message = tr("The loss stopped being a number in epoch {epoch}, step {step}.", **when)
        return Problem(message, _slower(), place=Place("run"), code="not-finite")
    where, part = finding
    node = node_of_part(graph, part) if where != "loss" else outputs_of(graph)[0]
    name = node.name if node else part
    message = tr(_MESSAGES[where], name=name, **when)
    hint = _cleaner() if where == "inputs" else _slower()
    if where == "outputs" and (epoch, step) == (1, 1):  # no weight has moved yet
        hint = _tamer()
    return Problem(message, hint, place=Place("node", node.id if node else ""), code="not-finite")


class _Watch(fx.Interpreter):
    """Runs a model part by part and remembers the first that gives a bad value."""

    def __init__(self, model: fx.GraphModule) -> None:
        super().__init__(model)
        self.finding: Finding = ("loss", "")

    @override
    def run_node(self, n: fx.Node) -> object:
        result = super().run_node(n)
        if n.op == "call_module" and self.finding[0] == "loss":
            part = self.fetch_attr(str(n.target))
            weights = part.state_dict().values()
            if not all(_is_finite(tensor) for tensor in weights):
                self.finding = ("weights", str(n.target))
            elif isinstance(result, Tensor) and not _is_finite(result):
                self.finding = ("outputs", str(n.target))
        return result


_MESSAGES: dict[Where, str] = {
    "inputs": "In epoch {epoch}, step {step}, {name} got values that are no numbers.",
    "weights": "In epoch {epoch}, step {step}, the weights of {name} grew beyond all bounds.",
    "outputs": "In epoch {epoch}, step {step}, {name} gave the first value that is no number.",
    "loss": "In epoch {epoch}, step {step}, what reached {name} was so large that the loss "
    "is no number.",
}


def _slower() -> str:
    return tr(
        "Set the learning rate to a tenth of what it is, or put a Batch normalization "
        "before the layer. The best weights so far are kept."
    )


def _tamer() -> str:
    return tr(
        "It was so before anything was learnt: the layer divides by zero, takes a root or "
        "logarithm of what is not above zero, or grows beyond all numbers. Change it, or put a "
        "Batch normalization before it."
    )


def _cleaner() -> str:
    return tr("Look at that column on the Data page: its values are too large to be scaled.")


def _is_finite(tensor: Tensor) -> bool:
    return not tensor.is_floating_point() or bool(torch.isfinite(tensor).all())
