"""Preparation and Decoding: raw values to what the model takes, and its answers to plain ones.

The same modules prepare the rows for training and travel inside every export.
"""

import numpy as np
import torch
from torch import Tensor, nn
from typing_extensions import override

from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Graph
from studio.core.design.inputs import gives_index, input_features
from studio.data.arrays import Arrays, Fitted, FittedFeature
from studio.engine.build import model_inputs

NEVER = -2.0  # no row holds this category index


class Preparation(nn.Module):
    """A raw batch, as in section 3 of the contract, to a tensor for each input of the model."""

    def __init__(self, parts: list[nn.Module]) -> None:
        super().__init__()
        self.parts = nn.ModuleList(parts)

    @override
    def forward(self, raw: Tensor) -> list[Tensor]:
        prepared: list[Tensor] = []
        for part in self.parts:
            prepared.append(part(raw))
        return prepared


class ColumnValues(nn.Module):
    """Numbers filled and scaled, categories one-hot; an unseen category gives zeros."""

    source: Tensor
    code: Tensor
    is_category: Tensor
    fill: Tensor
    offset: Tensor
    scale: Tensor

    def __init__(self, places: list[int], features: list[FittedFeature]) -> None:
        super().__init__()
        rows = [
            row
            for place, feature in zip(places, features, strict=True)
            for row in _value_columns(place, feature)
        ]
        source, codes, fills, offsets, scales = zip(*rows, strict=True)
        self.register_buffer("source", torch.tensor(source, dtype=torch.int64))
        self.register_buffer("code", torch.tensor([NEVER if c is None else c for c in codes]))
        self.register_buffer("is_category", torch.tensor([c is not None for c in codes]))
        self.register_buffer("fill", torch.tensor(fills, dtype=torch.float32))
        self.register_buffer("offset", torch.tensor(offsets, dtype=torch.float32))
        self.register_buffer("scale", torch.tensor(scales, dtype=torch.float32))

    @override
    def forward(self, raw: Tensor) -> Tensor:
        spread = raw.index_select(1, self.source)
        filled = torch.where(torch.isnan(spread), self.fill, spread)
        scaled = (filled - self.offset) / self.scale
        return torch.where(self.is_category, (spread == self.code).to(torch.float32), scaled)


class ColumnIndex(nn.Module):
    """The number of a category for an embedding: its index + 1, 0 for missing or unseen."""

    source: Tensor
    numbers: Tensor

    def __init__(self, place: int, feature: FittedFeature) -> None:
        super().__init__()
        numbers = [index + 1 if seen else 0 for index, seen in enumerate(feature.seen)]
        self.register_buffer("source", torch.tensor([place], dtype=torch.int64))
        self.register_buffer("numbers", torch.tensor([0, *numbers], dtype=torch.int64))

    @override
    def forward(self, raw: Tensor) -> Tensor:
        index = torch.nan_to_num(raw.index_select(1, self.source), nan=-1.0) + 1.0
        is_known = (index >= 0.0) & (index < float(self.numbers.shape[0]))
        index = torch.where(is_known, index, torch.zeros_like(index)).to(torch.int64)
        return self.numbers.index_select(0, index.reshape(-1)).reshape(index.shape)


class ImageValues(nn.Module):
    """Bytes from 0 to 255 to numbers about 0, channel by channel."""

    offset: Tensor
    scale: Tensor

    def __init__(self, offsets: tuple[float, ...], scales: tuple[float, ...]) -> None:
        super().__init__()
        shape = (1, len(offsets), 1, 1)
        self.register_buffer("offset", torch.tensor(offsets, dtype=torch.float32).reshape(shape))
        self.register_buffer("scale", torch.tensor(scales, dtype=torch.float32).reshape(shape))

    @override
    def forward(self, raw: Tensor) -> Tensor:
        return (raw.to(torch.float32) / 255.0 - self.offset) / self.scale


class Probabilities(nn.Module):
    """Scores to the probability of each class."""

    @override
    def forward(self, outputs: Tensor) -> Tensor:
        return torch.softmax(outputs, dim=1)


class Numbers(nn.Module):
    """Scaled numbers back to each target's own unit."""

    offset: Tensor
    scale: Tensor

    def __init__(self, offsets: tuple[float, ...], scales: tuple[float, ...]) -> None:
        super().__init__()
        self.register_buffer("offset", torch.tensor(offsets, dtype=torch.float32))
        self.register_buffer("scale", torch.tensor(scales, dtype=torch.float32))

    @override
    def forward(self, outputs: Tensor) -> Tensor:
        return outputs * self.scale + self.offset


def preparation_of(graph: Graph, dataset: DatasetSpec, fitted: Fitted) -> Preparation:
    """What makes a raw batch into the inputs of the graph's model, in their order."""
    if fitted.kind == "images":
        return Preparation(
            [ImageValues(fitted.offsets, fitted.scales) for _node in model_inputs(graph)]
        )
    places = {known.feature.name: place for place, known in enumerate(fitted.features)}
    features = input_features(graph, dataset)
    parts: list[nn.Module] = []
    for node in model_inputs(graph):
        columns = [places[feature.name] for feature in features[node.id]]
        known = [fitted.features[place] for place in columns]
        parts.append(
            ColumnIndex(columns[0], known[0]) if gives_index(node) else ColumnValues(columns, known)
        )
    return Preparation(parts)


def decoding_of(fitted: Fitted) -> nn.Module:
    """What makes the model's outputs into probabilities, or numbers in their own unit."""
    if fitted.task == "classes":
        return Probabilities()
    return Numbers(fitted.target_offsets, fitted.target_scales)


def training_targets(arrays: Arrays, fitted: Fitted) -> Tensor:
    """The targets of all rows as the loss wants them: class indices, or scaled numbers."""
    if fitted.task == "classes":
        return torch.from_numpy(np.array(arrays.targets, dtype=np.int64))
    offsets = np.asarray(fitted.target_offsets, dtype=np.float64)
    scaled = (arrays.targets - offsets) / np.asarray(fitted.target_scales, dtype=np.float64)
    return torch.from_numpy(scaled.astype(np.float32))


def raw_tensor(arrays: Arrays) -> Tensor:
    """The raw inputs of all rows, without a copy where that can be."""
    inputs = arrays.inputs if arrays.inputs.flags.writeable else arrays.inputs.copy()
    return torch.from_numpy(np.ascontiguousarray(inputs))


def _value_columns(
    place: int, known: FittedFeature
) -> list[tuple[int, float | None, float, float, float]]:
    """For each number that a column becomes: source, category, fill, offset, scale."""
    if known.feature.kind != "category":
        return [(place, None, known.fill, known.offset, known.scale)]
    return [
        (place, float(index) if seen else NEVER, 0.0, 0.0, 1.0)
        for index, seen in enumerate(known.seen)
    ]
