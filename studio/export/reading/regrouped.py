"""Regrouped: modules that torch.export took apart into calls stand in the graph whole again.

A module that is put back must give the very numbers that its calls gave; else they stay.
"""

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Argument

from studio.export.reading.agreeing import is_close
from studio.export.reading.pieces import Pieces
from studio.export.reading.rebuilt import MAKERS, rebuilt
from studio.export.reading.stacks import Within, around
from studio.export.reading.traced import looks_back, recorded

Places = Mapping[fx.Node, tuple[int, ...]]
_CAUSAL = "looks_back_{steps}"
_MASK = {
    "MultiheadAttention": "attn_mask",
    "TransformerEncoderLayer": "src_mask",
    "TransformerEncoder": "mask",
    "TransformerDecoderLayer": "tgt_mask",
    "TransformerDecoder": "tgt_mask",
}
_PADDING = {
    "MultiheadAttention": ("key_padding_mask",),
    "TransformerEncoderLayer": ("src_key_padding_mask",),
    "TransformerEncoder": ("src_key_padding_mask",),
    "TransformerDecoderLayer": ("memory_key_padding_mask", "tgt_key_padding_mask"),
    "TransformerDecoder": ("memory_key_padding_mask", "tgt_key_padding_mask"),
}


@dataclass(frozen=True, slots=True)
class _Call:
    """A way to call a module: with what, and with which masks."""

    takes: tuple[fx.Node, ...]
    masks: Mapping[str, fx.Node]


def regrouped(module: fx.GraphModule, given: tuple[object, ...]) -> fx.GraphModule:
    """The same module, changed; `given` are all its arguments, as it is run with them."""
    found = _occurrences(module.graph)
    if found:
        work = _Regrouping(module, recorded(module, given))
        for within, calls in found:
            work.put_back(within, calls)
        module.graph.eliminate_dead_code()
        module.recompile()
    return module


def _occurrences(graph: fx.Graph) -> list[tuple[Within, list[fx.Node]]]:
    """Every call of a module that may come apart, the outermost first."""
    found: dict[str, tuple[int, Within, list[fx.Node]]] = {}
    for node in graph.nodes:
        for depth, within in enumerate(around(node)):
            if within.plain_kind in MAKERS and node.op == "call_function":
                found.setdefault(within.key, (depth, within, []))[2].append(node)
    return [(within, calls) for _, within, calls in sorted(found.values(), key=lambda one: one[0])]


class _Regrouping:
    """Puts modules into one graph."""

    def __init__(self, module: fx.GraphModule, seen: dict[fx.Node, object]) -> None:
        self._module, self._seen = module, seen
        self._gone: set[fx.Node] = set()

    def put_back(self, within: Within, calls: Sequence[fx.Node]) -> None:
        """One module in place of these calls, where one gives the same."""
        if self._gone & set(calls):
            return  # it is part of one that was put back
        outputs = [one for one in calls if set(one.users) - set(calls)]
        outputs = [one for one in outputs if isinstance(self._seen.get(one), Tensor)]
        if not outputs:
            return
        for made in rebuilt(within.plain_kind, self._pieces(within, calls)):
            for call in self._ways(within, calls):
                places = self._places(made, call, outputs)
                if places is not None:
                    self._put(made, within, call, places)
                    self._gone |= set(calls)
                    return

    def _pieces(self, within: Within, calls: Sequence[fx.Node]) -> Pieces:
        try:
            weights = self._module.get_submodule(within.path).state_dict()
        except AttributeError:  # a module without weights is not there any more
            weights = {}
        return Pieces(within.path, weights, tuple(calls), self._seen)

    def _ways(self, within: Within, calls: Sequence[fx.Node]) -> Iterator[_Call]:
        """What comes in from outside, in each order that makes sense."""
        inside = set(calls)
        outer = dict.fromkeys(one for call in calls for one in call.all_input_nodes)
        tensors = [
            one
            for one in outer
            if one not in inside
            and isinstance(self._seen.get(one), Tensor)
            and not (one.op == "get_attr" and str(one.target).startswith(f"{within.path}."))
        ]
        masks = [one for one in tensors if looks_back(self._seen[one])]
        paddings = [one for one in tensors if one not in masks and _is_mask(self._seen[one])]
        taken = [one for one in tensors if one not in masks and one not in paddings]
        if not masks and any(_is_causal(call) for call in calls):
            masks = [self._made_mask(calls)]
        kind = within.plain_kind
        named = {_MASK[kind]: masks[0]} if masks and kind in _MASK else {}
        for one in _orders(kind, taken):
            for key in _PADDING.get(kind, ()) if paddings else ("",):
                yield _Call(one, {**named, key: paddings[0]} if key else named)

    def _made_mask(self, calls: Sequence[fx.Node]) -> fx.Node:
        """A mask that says the same as a call that only looks back."""
        call = next(one for one in calls if _is_causal(one))
        steps = _tensor(self._seen[call.all_input_nodes[0]]).shape[-2]
        name = _CAUSAL.format(steps=steps)
        if not hasattr(self._module, name):
            mask = torch.full((steps, steps), float("-inf")).triu(1)
            self._module.register_buffer(name, mask)
        first = next(iter(self._module.graph.nodes))
        with self._module.graph.inserting_before(first):
            node = self._module.graph.get_attr(name)
        self._seen[node] = getattr(self._module, name)
        return node

    def _places(self, made: nn.Module, call: _Call, outputs: Sequence[fx.Node]) -> Places | None:
        """Where in what the module gives each output stands; None where it gives another."""
        takes = [self._seen[one] for one in call.takes]
        more = {key: self._seen[one] for key, one in call.masks.items()}
        try:
            with torch.no_grad():
                answer = made(*takes, **more)
        except (RuntimeError, AssertionError, ValueError, KeyError):  # it takes other sizes
            return None
        found = {}
        for one in outputs:
            expected = _tensor(self._seen[one])
            at = next((p for p, v in _parts(answer) if is_close(v, expected)), None)
            if at is None:
                return None
            found[one] = at
        return found

    def _put(self, made: nn.Module, within: Within, call: _Call, places: Places) -> None:
        graph, first = self._module.graph, next(iter(places))
        self._module.add_submodule(within.path, made)
        more: dict[str, Argument] = dict(call.masks)
        with graph.inserting_before(first):
            whole = graph.call_module(within.path, call.takes, more)
            whole.meta = _meta(first, within)
            for output, at in places.items():
                part = whole
                for index in at:
                    part = graph.call_function(operator.getitem, (part, index))
                    part.meta = dict(whole.meta)
                self._seen[part] = self._seen[output]
                output.replace_all_uses_with(part)


def _is_mask(value: object) -> bool:
    """Whether it says yes or no of each step of each row."""
    return isinstance(value, Tensor) and value.dtype == torch.bool


def _is_causal(call: fx.Node) -> bool:
    """Whether attention that only looks back is called so, without a mask."""
    packet = getattr(call.target, "__name__", "")
    is_attention = "scaled_dot_product" in packet
    return is_attention and (call.kwargs.get("is_causal") is True or True in call.args[4:6])


def _orders(kind: str, taken: Sequence[fx.Node]) -> Iterator[tuple[fx.Node, ...]]:
    one, two, three = 1, 2, 3
    if kind == "MultiheadAttention":
        if len(taken) == one:
            yield (taken[0],) * three
        if len(taken) == two:
            yield taken[0], taken[1], taken[1]
            yield taken[1], taken[0], taken[0]
    elif "Decoder" in kind:
        if len(taken) == one:
            yield (taken[0],) * two
        if len(taken) == two:
            yield taken[0], taken[1]
            yield taken[1], taken[0]
    else:
        yield from ((node,) for node in taken)


def _parts(answer: object, at: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], object]]:
    if isinstance(answer, list | tuple):
        for index, one in enumerate(answer):
            yield from _parts(one, (*at, index))
    else:
        yield at, answer


def _meta(node: fx.Node, within: Within) -> dict[str, object]:
    """Where the module stands itself, and the line of the call."""
    meta = dict(node.meta)
    stack = list(meta.get("nn_module_stack", {}).items())
    keys = [str(key) for key, _ in stack]
    meta["nn_module_stack"] = dict(stack[: keys.index(within.key)])
    return meta


def _tensor(value: object) -> Tensor:
    assert isinstance(value, Tensor)
    return value
