"""Traced: a module that runs becomes steps, each with the sizes and numbers that were seen.

Runs in the child process alone: what it is given is somebody's own code.
"""

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, fx, nn
from typing_extensions import override

from studio.export.reading.described import described
from studio.export.reading.housed import home_of
from studio.export.reading.steps import Held, Step, Taken, Walk, names_in

BATCH = 2
_WORDS: Mapping[object, str] = {
    operator.add: "add",
    operator.iadd: "add",
    operator.sub: "sub",
    operator.isub: "sub",
    operator.mul: "mul",
    operator.imul: "mul",
    operator.truediv: "truediv",
    operator.itruediv: "truediv",
    operator.pow: "pow",
    operator.neg: "neg",
    operator.matmul: "matmul",
    operator.getitem: "getitem",
    operator.eq: "eq",
}
_UNDERSCORED = frozenset({"requires_grad_"})


@dataclass(slots=True)
class Trace:
    """A walk, and of each step what came out, the module behind it, and the part it stands in."""

    walk: Walk
    values: dict[str, object] = field(default_factory=dict)
    modules: dict[str, nn.Module] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)


class _Recorder(fx.Interpreter):
    """Runs a graph and keeps what each node gave."""

    def __init__(self, module: fx.GraphModule) -> None:
        super().__init__(module, garbage_collect_values=False)
        self.seen: dict[fx.Node, object] = {}

    @override
    def run_node(self, n: fx.Node) -> Any:  # noqa: ANN401 - whatever torch gives
        found = super().run_node(n)
        self.seen[n] = _kept(found)
        return found


def traced(module: fx.GraphModule, given: tuple[object, ...]) -> Trace:
    """The steps of a graph that is run on these rows, in evaluation mode.

    `given` are all its arguments one after the other, however they are nested in the call.
    """
    return _Reader(module, recorded(module, given), _batch_of(given)).trace()


def recorded(module: fx.GraphModule, given: tuple[object, ...]) -> dict[fx.Node, object]:
    """What each node of a graph gives that is run on these arguments."""
    recorder, is_fast = _Recorder(module), torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # which gives nothing where padding stands
    try:
        with torch.no_grad():
            recorder.run(*given, enable_io_processing=False)
    finally:
        torch.backends.mha.set_fastpath_enabled(is_fast)
    return recorder.seen


def _batch_of(given: tuple[object, ...]) -> int:
    """How many rows go in: a program may be written for one number of them alone."""
    sizes = (one.shape[0] for one in given if isinstance(one, Tensor) and one.dim())
    return next(sizes, BATCH)


class _Reader:
    """Writes down what was recorded."""

    def __init__(
        self, module: fx.GraphModule, seen: dict[fx.Node, object], batch: int = BATCH
    ) -> None:
        self._module, self._seen, self._batch = module, seen, batch
        self._of_input: set[fx.Node] = set()
        self._weights = {name for name, _ in module.named_parameters(remove_duplicate=False)}

    def trace(self) -> Trace:
        inputs, outputs = list[str](), list[str]()
        steps, trace = list[Step](), Trace(Walk((), (), ()))
        for node in self._module.graph.nodes:
            if node.op == "placeholder":
                if self._is_numbers(node):
                    inputs.append(node.name)
                    self._of_input.add(node)
                    trace.values[node.name] = self._seen[node]
            elif node.op == "get_attr":
                trace.values[str(node.target)] = self._seen[node]
            elif node.op == "output":
                outputs = self._outputs(node)
            elif self._hangs_on_input(node):
                steps.append(self._step(node))
                self._note(node, trace)
        trace.walk = Walk(tuple(inputs), _needed(steps, outputs), tuple(outputs))
        return trace

    def _is_numbers(self, node: fx.Node) -> bool:
        return isinstance(self._seen[node], Tensor)

    def _hangs_on_input(self, node: fx.Node) -> bool:
        """Whether it works numbers out from the input; sizes and plain constants do not count."""
        if not _has_tensor(self._seen[node]):
            return False
        hangs = any(one in self._of_input for one in node.all_input_nodes)
        if hangs and not _is_made_of_sizes(node):
            self._of_input.add(node)
            return True
        return False

    def _outputs(self, node: fx.Node) -> list[str]:
        found: list[fx.Node] = []
        fx.node.map_arg(node.args[0], lambda one: found.append(one))
        return [one.name for one in found]

    def _step(self, node: fx.Node) -> Step:
        takes = tuple(self._argument(one) for one in node.args)
        given = {key: self._argument(value) for key, value in node.kwargs.items()}
        gives = _shape_of(self._seen[node], self._batch)
        line = _line_of(node)
        if node.op == "call_module":
            path = str(node.target)
            kind, settings = described(self._module.get_submodule(path))
            asked = {f"asked_{key}": value for key, value in given.items() if value is not None}
            return Step(
                name=node.name,
                kind=kind,
                takes=takes,
                settings={**settings, **asked},
                is_layer=True,
                part=path,
                gives=gives,
                words=f"{path} ({kind})",
                line=line,
            )
        kind = name_of(node)
        given.pop("inplace", None)
        words = _words_of(node, kind)
        return Step(
            node.name, kind, takes, given, part=_part_of(takes), gives=gives, words=words, line=line
        )

    def _argument(self, value: object) -> object:
        if isinstance(value, fx.Node):
            return self._held_or_taken(value)
        if isinstance(value, list | tuple):
            return type(value)([self._argument(one) for one in value])
        if isinstance(value, slice):
            parts = (self._argument(one) for one in (value.start, value.stop, value.step))
            return slice(*parts)
        return value

    def _held_or_taken(self, node: fx.Node) -> object:
        if node in self._of_input:
            return Taken(node.name)
        name = str(node.target) if node.op == "get_attr" else node.name
        held = _held(name, self._seen[node])
        return replace(held, is_learnt=self._is_learnt(node)) if isinstance(held, Held) else held

    def _is_learnt(self, node: fx.Node) -> bool:
        """Whether it is a weight, or a weight that is only laid out otherwise."""
        while node.op != "get_attr":
            tensors = [one for one in node.all_input_nodes if _has_tensor(self._seen[one])]
            if len(tensors) != 1 or node.op == "placeholder":
                return False
            node = tensors[0]
        return str(node.target) in self._weights

    def _note(self, node: fx.Node, trace: Trace) -> None:
        trace.values[node.name] = self._seen[node]
        trace.homes[node.name] = home_of(node)
        if node.op == "call_module":
            trace.modules[node.name] = self._module.get_submodule(str(node.target))


def _part_of(takes: tuple[object, ...]) -> str:
    """Where the weights that a function takes are kept: ``layer1.conv`` of its weight."""
    listed = [
        one for value in takes for one in (value if isinstance(value, list | tuple) else [value])
    ]
    parts = [one.name.rpartition(".")[0] for one in listed if isinstance(one, Held)]
    return next(filter(None, parts), "")


def name_of(node: fx.Node) -> str:
    """The bare name of a function, method or exported operation."""
    target = node.target
    if isinstance(target, str):
        return _bare(target)
    if target in _WORDS:
        return _WORDS[target]
    packet = getattr(target, "overloadpacket", None)
    if packet is not None:
        return _bare(packet.__name__)
    return _bare(getattr(target, "__name__", str(target)))


def _words_of(node: fx.Node, kind: str) -> str:
    """How a call is told of: ``torch.fft.fft``, ``x.relu``, and what it is called in the code."""
    target = node.target
    if isinstance(target, str):
        return f".{target}(…)"
    if target in _WORDS or hasattr(target, "overloadpacket"):
        return kind
    home = getattr(target, "__module__", None) or ""
    name = getattr(target, "__name__", kind)
    for owner in (torch, torch.fft, torch.linalg, torch.special, nn.functional):
        short = name.rpartition("_")[2]
        for one in (name, short):
            if getattr(owner, one, None) is target:
                return f"{owner.__name__}.{one}"
    return f"{home}.{name}".lstrip(".")


def _bare(name: str) -> str:
    name = name.strip("_") if name.startswith("__") else name
    return name if name in _UNDERSCORED or name.startswith("_") else name.rstrip("_")


def _needed(steps: list[Step], outputs: list[str]) -> tuple[Step, ...]:
    """Those that lead to an output."""
    wanted, kept = set(outputs), list[Step]()
    for step in reversed(steps):
        if step.name in wanted:
            kept.append(step)
            wanted |= set(names_in((step.takes, tuple(step.settings.values()))))
    return tuple(reversed(kept))


def _held(name: str, value: object) -> object:
    if isinstance(value, Tensor):
        if value.dim() == 0 and not value.is_floating_point():
            return value.item()
        is_zero = bool((value == 0).all()) if value.numel() else True
        return Held(name, tuple(value.shape), is_zero, looks_back(value))
    if isinstance(value, list | tuple):
        return tuple(_held(name, one) for one in value)
    return value


def looks_back(mask: object) -> bool:
    """Whether these numbers are a mask: each step sees itself and those before it, no others."""
    if not isinstance(mask, Tensor) or mask.dim() != 2 or len(set(mask.shape)) > 1:  # noqa: PLR2004
        return False
    if not mask.numel() or mask[0, -1].item() not in (True, float("-inf")):
        return False  # nearly all that are square are no masks
    later = torch.ones_like(mask, dtype=torch.bool).triu(1)
    if mask.dtype == torch.bool:
        return bool((mask == later).all())
    return bool((mask[~later] == 0).all() and (mask[later] == float("-inf")).all())


def _kept(value: Any) -> object:  # noqa: ANN401 - whatever torch gives
    """As it was then: what works in place changes its input afterwards."""
    if isinstance(value, Tensor):
        return value.detach().clone()
    if isinstance(value, list | tuple):
        return tuple(_kept(one) for one in value)
    return value


def _has_tensor(value: object) -> bool:
    if isinstance(value, list | tuple):
        return any(_has_tensor(one) for one in value)
    return isinstance(value, Tensor)


def _shape_of(value: object, batch: int) -> tuple[int, ...] | None:
    """Without the batch; None where it is no plain row of numbers for each row."""
    if not isinstance(value, Tensor) or value.dim() < 2 or value.shape[0] != batch:  # noqa: PLR2004
        return None
    return tuple(value.shape[1:])


_OF_SIZES: frozenset[str] = frozenset(
    ("zeros", "ones", "full", "empty", "arange", "zeros_like", "ones_like", "full_like")
    + ("new_zeros", "new_ones", "new_full", "empty_like", "new_empty", "randn", "rand", "tensor")
)


def _is_made_of_sizes(node: fx.Node) -> bool:
    """Whether only the size of the input goes into it, such as zeros for an LSTM to begin with."""
    return node.op != "call_module" and name_of(node) in _OF_SIZES


def _line_of(node: fx.Node) -> int:
    """The line of the person's file, where torch wrote it down."""
    trace: str = node.meta.get("stack_trace") or node.stack_trace or ""
    for part in reversed(trace.splitlines()):
        marked = part.strip()
        if marked.startswith("File ") and ", line " in marked and "torch" not in marked:
            number = marked.split(", line ")[1].split(",")[0]
            return int(number) if number.isdigit() else 0
    return 0
