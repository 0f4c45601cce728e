"""Layers where they might stand: calls with given or with random settings and inputs."""

from collections.abc import Mapping
from functools import cache

from hypothesis import strategies as st

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY, LayerCall, LayerEntry, Signal
from studio.core.params import Param, Value, checked
from studio.core.problems import Place, Problem
from studio.core.shapes import Shape

NAME = "Layer 1"
LARGEST_SIZE = 12
LARGEST_RANK = 4

# The two ends take their shape from the data, not from a rule.
INNER_LAYERS = sorted(key for key, entry in LAYERS.items() if entry.end is None)


def call_of(
    layer: str, *shapes: Shape, categories: int = 0, name: str = NAME, **given: object
) -> LayerCall:
    """The layer on inputs of these shapes, with the values given and defaults for the others."""
    values, problems = checked(LAYERS[layer].params, given, Place(), name)
    assert problems == ()
    return LayerCall(name, tuple(Signal(shape, categories) for shape in shapes), values)


def outcome_of(layer: str, *shapes: Shape, **given: object) -> Shape | Problem:
    """What the layer's shape rule says."""
    return LAYERS[layer].shape(call_of(layer, *shapes, **given))


@st.composite
def random_calls(draw: st.DrawFn, layer: str) -> LayerCall:
    """A call with any settings and any inputs; about as many that fit as that do not."""
    entry = LAYERS[layer]
    inputs = draw(_inputs(entry))
    values = {param.key: draw(values_of(param, inputs[0].shape)) for param in entry.params}
    return LayerCall(NAME, inputs, values)


def values_of(param: Param, near: Shape = (6,)) -> st.SearchStrategy[Value]:
    """Values that the param allows: the default, small ones; shapes close to what comes in."""
    usual = st.just(param.default)
    low = int(param.at_least or 0)
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
        "shape": _shape_values(near),
        "columns": st.lists(st.text(max_size=8), max_size=4).map(tuple),
        "text": st.text(max_size=20),
    }[param.kind]


def _shape_values(near: Shape) -> st.SearchStrategy[Value]:
    fitting = st.permutations(near).map(tuple)
    with_rest = st.lists(st.sampled_from(near), max_size=len(near)).map(lambda s: (*s, -1))
    any_sizes = st.lists(st.integers(1, 12), min_size=1, max_size=4).map(tuple)
    return st.one_of(fitting, with_rest, any_sizes)


def _shapes(ranks: st.SearchStrategy[int]) -> st.SearchStrategy[Shape]:
    sizes = st.integers(1, LARGEST_SIZE)
    return ranks.flatmap(lambda rank: st.tuples(*[sizes] * rank))


@st.composite
def _inputs(draw: st.DrawFn, entry: LayerEntry) -> tuple[Signal, ...]:
    usual, others = st.sampled_from(_ranks_taken(entry.key)), st.integers(1, LARGEST_RANK)
    first = draw(_shapes(st.one_of(usual, usual, others)))
    categories = draw(st.sampled_from([0, 2, 30])) if entry.takes_indices else 0
    least, most = entry.arity
    count = draw(st.integers(least, min(most, least + 2)))
    rest = [draw(_like(first)) for _ in range(count - 1)]
    return tuple(Signal(shape, categories) for shape in (first, *rest))


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
    taken = [
        rank
        for rank in range(1, LARGEST_RANK + 1)
        if not isinstance(
            entry.shape(call_of(layer, *[(12,) * rank] * count, categories=categories)), Problem
        )
    ]
    assert taken, f"{layer} takes no shape at all with its defaults"
    return taken


def is_many(layer: str) -> bool:
    """True where the module gets its inputs as one list."""
    return LAYERS[layer].arity[1] == MANY


def changed(call: LayerCall, values: Mapping[str, Value]) -> LayerCall:
    """The same call with other values."""
    return LayerCall(call.name, call.inputs, {**call.values, **values})
