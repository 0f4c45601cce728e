"""Reach: how much of the input one number behind each layer depends on (its receptive field)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import Argument, LayerCall, LayerEntry
from studio.core.design.graph import Graph
from studio.core.design.shape_flow import Flow
from studio.core.shapes import Shape

# What these give at a place depends on that place alone.
_IN_PLACE = frozenset({"activation", "normalization", "regularization", "source"})
_SLIDING = frozenset({"convolution", "pooling"})
_LEAST_AXES = 2  # channels, and at least one direction to slide in


@dataclass(frozen=True, slots=True)
class Reach:
    """Along each direction of the input: how many values are seen, and how far apart.

    `sizes` never exceed the input. `steps` is the distance in the input between what two
    neighbouring numbers look at.
    """

    sizes: tuple[int, ...]
    steps: tuple[float, ...]


def reaches(graph: Graph, flow: Flow) -> Mapping[str, Reach]:
    """The reach of each node for which it can be told: those that slide and keep places apart.

    By the recurrence of Araujo, Norris and Sim, "Computing receptive fields of convolutional
    neural networks" (Distill 2019). Branches that meet see as far as the farthest of them.
    """
    found: dict[str, Reach] = {}
    limits: dict[str, Shape] = {}
    sources = graph.sources()
    for node_id in graph.order():
        call, signal = flow.calls.get(node_id), flow.signals.get(node_id)
        if call is None or signal is None:
            continue
        entry = LAYERS[graph.nodes[node_id].layer]
        before = [edge.source for edge in sources[node_id]]
        if entry.end == "input":
            if len(signal.shape) >= _LEAST_AXES:
                sides = signal.shape[1:]
                found[node_id] = Reach((1,) * len(sides), (1.0,) * len(sides))
                limits[node_id] = sides
            continue
        reach = _reach(entry, call, signal.shape, [found.get(one) for one in before])
        if reach is not None:
            limit = limits[before[0]]
            found[node_id] = Reach(tuple(map(min, reach.sizes, limit)), reach.steps)
            limits[node_id] = limit
    return found


def _reach(
    entry: LayerEntry, call: LayerCall, shape: Shape, before: Sequence[Reach | None]
) -> Reach | None:
    known = [one for one in before if one is not None]
    if not known or len(known) < len(before) or len({len(one.sizes) for one in known}) > 1:
        return None
    farthest = Reach(
        tuple(max(sizes) for sizes in zip(*(one.sizes for one in known), strict=True)),
        known[0].steps,
    )
    if len(shape) != len(farthest.sizes) + 1 or len(call.shape) != len(shape):
        return None
    if entry.family in _IN_PLACE or entry.end == "output":
        return farthest
    if entry.family == "merging":
        return farthest if all(one.shape[1:] == shape[1:] for one in call.inputs) else None
    return _slid(entry, call, shape, farthest) if entry.family in _SLIDING else None


def _slid(entry: LayerEntry, call: LayerCall, shape: Shape, before: Reach) -> Reach | None:
    """One that slides sees further by what its window adds; one that enlarges, a little."""
    arguments, directions = entry.arguments(call), len(before.sizes)
    kernel = _each(arguments.get("kernel_size"), directions)
    if kernel is None:
        return None
    stride = _each(arguments.get("stride"), directions) or (1,) * directions
    apart = _each(arguments.get("dilation"), directions) or (1,) * directions
    is_enlarging = any(after > side for after, side in zip(shape[1:], call.shape[1:], strict=True))
    sizes, steps = [], []
    for place, (size, step) in enumerate(zip(before.sizes, before.steps, strict=True)):
        wide = apart[place] * (kernel[place] - 1)
        if is_enlarging and stride[place] > 1:
            sizes.append(round(size + wide // stride[place] * step))
            steps.append(step / stride[place])
        else:
            sizes.append(round(size + wide * step))
            steps.append(step * stride[place])
    return Reach(tuple(sizes), tuple(steps))


def _each(value: Argument, directions: int) -> tuple[int, ...] | None:
    """One whole number for each direction, or None where the layer has no such setting."""
    if isinstance(value, int):
        return (value,) * directions
    if not isinstance(value, tuple) or not value:
        return None
    sizes = tuple(int(part) for part in value)
    return sizes * directions if len(sizes) == 1 else sizes if len(sizes) == directions else None
