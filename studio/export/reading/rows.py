"""Rows: what a network can be tried with: what the data are like, else sizes that are usual."""

from collections.abc import Iterator, Sequence
from itertools import islice, product
from operator import attrgetter

import torch
from torch import Tensor, fx, nn

from studio.core.catalogue.entry import Signal
from studio.export.reading.answer import Row
from studio.export.reading.traced import BATCH, name_of

MOST_TRIED = 48
_SIDES = (28, 32, 64, 224, 96, 128, 227, 299, 256, 16, 8)
_LENGTHS = (128, 1000, 16000, 64, 16)
_STEPS = (16, 32, 8)
_CLIPS = ((8, 32, 32), (16, 112, 112), (16, 64, 64))
_TELLING = (
    (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear, nn.Embedding, nn.LSTM, nn.GRU, nn.RNN)
    + (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.LayerNorm, nn.MultiheadAttention)
    + (nn.TransformerEncoderLayer, nn.TransformerEncoder)
)


def tries(told: Sequence[Row], first: Sequence[nn.Module | None]) -> Iterator[tuple[Row, ...]]:
    """Rows for every input: as the data are, where as many are told, then what is usual.

    `first` is for each input the first layer that says something of its sizes, and whether it
    takes the numbers of categories, which the data may have more or fewer of.
    """
    options = [list(_usual(layer)) for layer in first]
    if len(told) == len(first):
        yield tuple(
            Row(
                row.shape, row.categories or (options[place][0].categories if options[place] else 0)
            )
            for place, row in enumerate(told)
        )
    yield from islice(product(*options), MOST_TRIED)


def tensors(rows: Sequence[Row]) -> tuple[Tensor, ...]:
    """A batch of noise, or of the numbers of categories; the same each time."""
    torch.manual_seed(0)
    return tuple(
        torch.randint(0, row.categories, (BATCH, *row.shape))
        if row.categories
        else torch.rand(BATCH, *row.shape)
        for row in rows
    )


def signals(rows: Sequence[Row]) -> list[Signal]:
    """What each input gives."""
    return [Signal(row.shape, row.categories) for row in rows]


def first_layers(module: fx.GraphModule) -> list[nn.Module | None]:
    """For each input of a graph the first layer that tells its sizes, along what it leads to."""
    places = [node for node in module.graph.nodes if node.op == "placeholder"]
    return [_first_after(module, node) for node in places]


def category_counts(module: fx.GraphModule) -> list[int]:
    """For each input of an exported graph how many categories are embedded there; 0: numbers."""
    places = [node for node in module.graph.nodes if node.op == "placeholder"]
    return [_embedded(module, node) for node in places]


def _embedded(module: fx.GraphModule, place: fx.Node) -> int:
    for user in place.users:
        weight = user.args[0] if user.args else None
        if name_of(user) == "embedding" and isinstance(weight, fx.Node):
            return len(attrgetter(str(weight.target))(module))
    return 0


def first_parts(module: nn.Module, count: int) -> list[nn.Module | None]:
    """The same where there is no graph: the first that was made, for each of `count` inputs."""
    found = next((part for part in module.modules() if isinstance(part, _TELLING)), None)
    return [found] * count


def _first_after(module: fx.GraphModule, place: fx.Node) -> nn.Module | None:
    waiting, seen = [place], {place}
    for node in waiting:  # grows while it is walked
        for user in node.users:
            if user.op == "call_module":
                part = module.get_submodule(str(user.target))
                if isinstance(part, _TELLING):
                    return part
            if user not in seen:
                seen.add(user)
                waiting.append(user)
    return None


def _usual(layer: nn.Module | None) -> Iterator[Row]:
    match layer:
        case nn.Conv2d(in_channels=channels) | nn.BatchNorm2d(num_features=channels):
            yield from (Row((int(channels), side, side)) for side in _SIDES)
        case nn.Conv1d(in_channels=channels):
            yield from (Row((int(channels), length)) for length in _LENGTHS)
        case nn.Conv3d(in_channels=channels) | nn.BatchNorm3d(num_features=channels):
            yield from (Row((int(channels), *size)) for size in _CLIPS)
        case nn.Embedding(num_embeddings=count):
            yield from (Row((steps,), int(count)) for steps in _STEPS)
        case _:
            yield from _lines(layer)


def _lines(layer: nn.Module | None) -> Iterator[Row]:
    width = next(
        (
            int(found)
            for name in ("in_features", "input_size", "num_features", "embed_dim")
            if isinstance(found := getattr(layer, name, None), int)
        ),
        0,
    )
    if isinstance(layer, nn.LayerNorm):
        yield Row(tuple(layer.normalized_shape))
        width = int(layer.normalized_shape[-1])
    if isinstance(layer, nn.TransformerEncoderLayer | nn.TransformerEncoder):
        inner = layer if isinstance(layer, nn.TransformerEncoderLayer) else layer.layers[0]
        width = int(inner.self_attn.embed_dim)
    if width and not isinstance(layer, nn.RNNBase):
        yield Row((width,))
    if width:
        yield from (Row((steps, width)) for steps in _STEPS)
    if not width and not isinstance(layer, nn.LayerNorm):  # not known, or not settled yet
        yield from (Row(shape) for shape in ((8,), (3, 32, 32), (1, 28, 28), (16, 8)))
        yield from (Row(shape, 2) for shape in ((8,), ()))  # numbers of categories
