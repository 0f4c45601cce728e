"""Layers where they might stand: calls with given or with random settings and inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY, LayerCall, LayerEntry, Signal
from studio.core.expression import FUNCTIONS
from studio.core.params import Param, Value, checked
from studio.core.problems import Place, Problem
from studio.core.shapes import Shape
from tests import backbones

T = TypeVar("T")
NAME = "Layer 1"
LARGEST_SIZE = 12
LARGEST_RANK = 4
USUAL = 7  # categories

# The two ends take their shape from the data, not from a rule.
INNER_LAYERS = sorted(key for key, entry in LAYERS.items() if entry.end is None)


def call_of(
    layer: str, *shapes: Shape | None, categories: int = 0, name: str = NAME, **given: object
) -> LayerCall:
    """The layer on inputs of these shapes, with the values given and defaults for the others.

    None stands for an input that is left open. `categories` are those of the inputs that may
    be the numbers of categories; where an input can be nothing else, it has some anyway.
    """
    entry = LAYERS[layer]
    values, problems = checked(entry.params, given, Place(), name)
    assert problems == ()
    filled = {port: shape for port, shape in enumerate(shapes) if shape is not None}
    inputs = tuple(
        Signal(shape, (categories or USUAL) if port in entry.index_ports else categories)
        for port, shape in filled.items()
    )
    return LayerCall(name, inputs, values, () if entry.arity[1] == MANY else tuple(filled))


def outcome_of(layer: str, *shapes: Shape | None, **given: object) -> Shape | Problem:
    """What the layer's shape rule says."""
    return LAYERS[layer].shape(call_of(layer, *shapes, **given))


@st.composite
def random_calls(draw: st.DrawFn, layer: str) -> LayerCall:
    """A call with any settings and any inputs; about as many that fit as that do not."""
    entry = LAYERS[layer]
    ports = draw(_ports(entry))
    inputs = draw(_inputs(entry, ports))
    values = {param.key: draw(values_of(param, inputs[0].shape)) for param in entry.params}
    return LayerCall(NAME, inputs, values, () if entry.arity[1] == MANY else ports)


def values_of(param: Param, near: Shape = (6,)) -> st.SearchStrategy[Value]:
    """Values that the param allows: the default, small ones; shapes close to what comes in."""
    usual = st.just(param.default)
    low = max(int(param.at_least or 0), -6)
    smalls = st.integers(low, min(int(param.at_most or 9), low + 6))
    larges = st.integers(low, min(int(param.at_most or 40), low + 40))
    return {
        "whole": st.one_of(usual, smalls, larges),
        "number": st.floats(
            param.at_least if param.above is None else param.above,
            param.at_most,
            exclude_min=param.above is not None,
        ),
        "switch": st.booleans(),
        "choice": st.sampled_from([choice.key for choice in param.choices] or [""]),
        "sizes": st.one_of(usual, st.tuples(*[smalls] * param.length)),
        "shape": _shape_values(near, param),
        "columns": st.lists(st.text(max_size=8), max_size=4).map(tuple),
        "backbone": st.sampled_from(["", *backbones.SETTINGS]).map(backbones.text_of),
        "text": st.text(max_size=20),
        "formula": FORMULAS,
    }[param.kind]


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(parts, st.sampled_from("+-*/^"), parts).map(lambda p: f"({p[0]} {p[1]} {p[2]})")
    one = st.sampled_from(sorted(name for name, count in FUNCTIONS.items() if count == 1))
    called = st.tuples(one, parts).map(lambda p: f"{p[0]}({p[1]})")
    larger = st.tuples(parts, parts).map(lambda p: f"max({p[0]}, {p[1]})")
    return st.one_of(two, called, larger)


FORMULAS = st.recursive(st.sampled_from(["a", "a", "b", "2", "0.5", "-1", "foo"]), _joined)


def _shape_values(near: Shape, param: Param) -> st.SearchStrategy[Value]:
    low, high = int(param.at_least or 0), int(param.at_most or 0)
    fitting = st.permutations(near).map(tuple)
    order = st.permutations(range(1, len(near) + 1)).map(tuple)
    with_rest = st.lists(st.sampled_from(near), max_size=len(near)).map(lambda s: (*s, -1))
    any_sizes = st.lists(st.integers(1, min(high, 12)), min_size=1, max_size=4).map(tuple)
    allowed = st.one_of(fitting, order, with_rest, any_sizes)
    return allowed.filter(lambda sizes: low <= min(sizes) and max(sizes) <= high)


# What the tiny pretrained networks take, and a little else.
PICTURES = st.one_of(
    st.tuples(st.sampled_from([1, 3]), st.just(8), st.just(12)),
    st.tuples(st.sampled_from([1, 2, 3]), st.integers(1, 40), st.integers(1, 40)),
)


def _shapes(ranks: st.SearchStrategy[int]) -> st.SearchStrategy[Shape]:
    sizes = st.one_of(st.integers(1, LARGEST_SIZE), st.sampled_from([1, 4, 8, 16]))
    return ranks.flatmap(lambda rank: st.tuples(*[sizes] * rank))


@st.composite
def _ports(draw: st.DrawFn, entry: LayerEntry) -> tuple[int, ...]:
    """Those that must be filled, and any of the others."""
    least, most = entry.arity
    if most == MANY:
        return tuple(range(draw(st.integers(least, least + 2))))
    return tuple(p for p in range(max(1, most)) if p < max(1, least) or draw(st.booleans()))


@st.composite
def _inputs(draw: st.DrawFn, entry: LayerEntry, ports: tuple[int, ...]) -> tuple[Signal, ...]:
    usual, others = st.sampled_from(_ranks_taken(entry.key)), st.integers(1, LARGEST_RANK)
    sizes = _shapes(st.one_of(usual, usual, others))
    first = draw(st.one_of(PICTURES, PICTURES, sizes) if entry.is_pretrained else sizes)
    drawn = [Signal(first, draw(_categories(entry, 0)))]
    for port in ports[1:]:
        like = _steps_of(first) if port in entry.index_ports else _like(first)
        drawn.append(Signal(draw(like), draw(_categories(entry, port))))
    return tuple(drawn)


def _categories(entry: LayerEntry, port: int) -> st.SearchStrategy[int]:
    return st.sampled_from([0, 2, 30]) if entry.takes_categories(port) else st.just(0)


def _steps_of(shape: Shape) -> st.SearchStrategy[Shape]:
    """One number for each step of a sequence of that shape, or any."""
    return st.one_of(st.just(shape[:1]), st.just(shape[:1]), _like(shape))


def _like(shape: Shape) -> st.SearchStrategy[Shape]:
    """The same shape, one that differs in one size, or any."""
    changed = st.tuples(st.integers(0, len(shape) - 1), st.integers(1, LARGEST_SIZE)).map(
        lambda change: (*shape[: change[0]], change[1], *shape[change[0] + 1 :])
    )
    return st.one_of(st.just(shape), changed, _shapes(st.integers(1, LARGEST_RANK)))


@cache
def _ranks_taken(layer: str) -> list[int]:
    entry = LAYERS[layer]
    count, categories = max(1, entry.arity[0]), 3 if entry.takes_indices else 0
    given = {"backbone": backbones.some_text(entry)} if entry.is_pretrained else {}
    taken = [
        rank
        for rank in range(1, LARGEST_RANK + 1)
        if any(
            not isinstance(
                entry.shape(
                    call_of(layer, *[(side,) * rank] * count, categories=categories, **given)
                ),
                Problem,
            )
            for side in (12, 16, 1)
        )
    ]
    assert taken, f"{layer} takes no shape at all with its defaults"
    return taken


def is_many(layer: str) -> bool:
    """True where the module gets its inputs as one list."""
    return LAYERS[layer].arity[1] == MANY


def needs_categories(layer: str) -> bool:
    """True where the layer takes the numbers of categories and makes something else of them."""
    return LAYERS[layer].takes_indices and not LAYERS[layer].keeps_indices


def placed_at_ports(call: LayerCall, values: Sequence[T]) -> list[T | None]:
    """What goes into the module for each port, None where it is left open."""
    ports = call.ports or tuple(range(len(values)))
    by_port = dict(zip(ports, values, strict=True))
    return [by_port.get(port) for port in range(max(ports, default=-1) + 1)]


def changed(call: LayerCall, values: Mapping[str, Value]) -> LayerCall:
    """The same call with other values."""
    return replace(call, values={**call.values, **values})
