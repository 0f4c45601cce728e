"""Preparation: raw values to what the model takes.

The same module prepares the rows for training and travels inside every export.
"""

from torch import Tensor, nn
from typing_extensions import override

from studio.core.catalogue import LAYERS
from studio.core.design.dataset import DatasetSpec, Feature
from studio.core.design.graph import Graph, Node
from studio.core.design.inputs import gives_index, node_inputs
from studio.data.arrays import Fitted, FittedInput
from studio.engine.build import data_inputs
from studio.engine.column_values import ColumnIndex, ColumnValues
from studio.engine.media_values import ClipValues, ImageValues, SoundValues, TokenNumbers


class Preparation(nn.Module):
    """Raw batches, as in section 3 of the contract, to a tensor for each input of the model.

    `takes` says of which raw tensor each part makes its own.
    """

    def __init__(self, parts: list[nn.Module], takes: list[int]) -> None:
        super().__init__()
        self.parts = nn.ModuleList(parts)
        self.takes = takes

    @override
    def forward(self, raws: list[Tensor]) -> list[Tensor]:
        prepared: list[Tensor] = []
        for place, part in enumerate(self.parts):
            prepared.append(part(raws[self.takes[place]]))
        return prepared


def preparation_of(
    graph: Graph, dataset: DatasetSpec, fitted: Fitted, *, is_writing: bool = False
) -> Preparation:
    """What makes raw batches into the inputs of the graph's model, in their order.

    For one that `is_writing` the beginning of the text comes last, where there is one.
    """
    taken = node_inputs(graph, dataset)
    places = {known.input.name: place for place, known in enumerate(fitted.inputs)}
    plain = _plain_inputs(graph)
    parts: list[nn.Module] = []
    takes: list[int] = []
    for node in data_inputs(graph):
        source, features = taken[node.id]
        takes.append(places[source.name])
        known = fitted.inputs[takes[-1]]
        parts.append(_part(node, features, known, is_plain=node.id in plain))
    prompt = prompt_of(dataset, fitted) if is_writing else None
    if prompt is not None:
        takes.append(prompt)
        parts.append(TokenNumbers())
    return Preparation(parts, takes)


def prompt_of(dataset: DatasetSpec, fitted: Fitted) -> int | None:
    """The place of the input that is the beginning of the text asked for: the target itself."""
    asked = {name for output in dataset.model_outputs() for name in output.columns}
    texts = (
        place
        for place, one in enumerate(fitted.inputs)
        if one.input.kind == "text" and one.input.feature.source in asked
    )
    return next(texts, None)


def _plain_inputs(graph: Graph) -> frozenset[str]:
    """The nodes that lead to a layer which scales pictures itself."""
    return graph.ancestors(node.id for node in graph if LAYERS[node.layer].wants_plain_pictures)


def _part(
    node: Node, features: tuple[Feature, ...], known: FittedInput, *, is_plain: bool
) -> nn.Module:
    match known.input.kind:
        case "image" if is_plain:
            return ImageValues((0.0,) * len(known.offsets), (1.0,) * len(known.scales))
        case "image":
            return ImageValues(known.offsets, known.scales)
        case "video":
            return ClipValues(known.offsets, known.scales)
        case "sound":
            return SoundValues(known.offsets[0], known.scales[0])
        case "text":
            return TokenNumbers()
    places = {column.feature.name: place for place, column in enumerate(known.columns)}
    chosen = [places[feature.name] for feature in features]
    if gives_index(node):
        return ColumnIndex(chosen[0], known.columns[chosen[0]], features[0].count)
    return ColumnValues(chosen, [known.columns[place] for place in chosen], known.smooth)
