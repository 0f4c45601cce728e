"""Expression: a formula becomes a module of plain torch calls, which every format can carry."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, fx

from studio.core.expression import INPUT_NAMES, Call, Name, Number, Part, inputs_named, parsed

_Drawn = fx.Node | float


def Expression(expression: str, inputs: int) -> fx.GraphModule:  # noqa: N802 - named as a module
    """The module of a formula over so many inputs; those it does not name may be None.

    BadExpression where the text is no formula.
    """
    tree = parsed(expression)
    graph, named = fx.Graph(), inputs_named(tree)
    kinds = [Tensor if port in named else Tensor | None for port in range(inputs)]
    given = [
        graph.placeholder(f"input_{INPUT_NAMES[port]}", type_expr=kind)
        for port, kind in enumerate(kinds)
    ]
    graph.output(_drawn(graph, tree, given))
    return fx.GraphModule({}, graph, class_name="Expression")


def _drawn(graph: fx.Graph, tree: Part, given: list[fx.Node]) -> _Drawn:
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return given[tree.port]
    parts = [_drawn(graph, part, given) for part in tree.arguments]
    return _DRAWERS.get(tree.function, _plainly)(graph, tree, parts)


def _plainly(graph: fx.Graph, call: Call, parts: list[_Drawn]) -> fx.Node:
    return graph.call_function(_FUNCTIONS[call.function], tuple(parts))


def _along_last(graph: fx.Graph, call: Call, parts: list[_Drawn]) -> fx.Node:
    return graph.call_function(
        _FUNCTIONS[call.function], tuple(parts), {"dim": -1, "keepdim": True}
    )


def _kept_last(graph: fx.Graph, call: Call, parts: list[_Drawn]) -> fx.Node:
    return graph.call_function(_FUNCTIONS[call.function], tuple(parts), {"dim": -1})


def _smaller(graph: fx.Graph, _call: Call, parts: list[_Drawn]) -> fx.Node:
    return _bounded(graph, parts, torch.minimum, "max")


def _larger(graph: fx.Graph, _call: Call, parts: list[_Drawn]) -> fx.Node:
    return _bounded(graph, parts, torch.maximum, "min")


def _clip(graph: fx.Graph, call: Call, parts: list[_Drawn]) -> fx.Node:
    value, low, high = parts
    return _smaller(graph, call, [_larger(graph, call, [value, low]), high])


def _bounded(
    graph: fx.Graph, parts: list[_Drawn], both: Callable[..., Tensor], side: str
) -> fx.Node:
    """The smaller or larger of two, one of which may be a plain number."""
    first, second = parts
    if isinstance(first, fx.Node) and isinstance(second, fx.Node):
        return graph.call_function(both, (first, second))
    if isinstance(first, fx.Node):
        return graph.call_function(torch.clamp, (first,), {side: second})
    return graph.call_function(torch.clamp, (second,), {side: first})


_Drawer = Callable[[fx.Graph, Call, list[_Drawn]], fx.Node]
_DRAWERS: Mapping[str, _Drawer] = {
    "min": _smaller,
    "max": _larger,
    "clip": _clip,
    **dict.fromkeys(("sum", "mean", "largest", "smallest"), _along_last),
    **dict.fromkeys(("softmax", "cumsum"), _kept_last),
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "power": operator.pow,
    "negative": operator.neg,
    "abs": torch.abs,
    "exp": torch.exp,
    "log": torch.log,
    "log1p": torch.log1p,
    "sqrt": torch.sqrt,
    "square": torch.square,
    "sign": torch.sign,
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "softplus": torch.nn.functional.softplus,
    "round": torch.round,
    "floor": torch.floor,
    "ceil": torch.ceil,
    "sum": torch.sum,
    "mean": torch.mean,
    "largest": torch.amax,
    "smallest": torch.amin,
    "softmax": torch.softmax,
    "cumsum": torch.cumsum,
}
