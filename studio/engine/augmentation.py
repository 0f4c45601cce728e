"""Augmentation: the steps of a dataset that vary each batch of the training part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.core.catalogue import AUGMENTATION
from studio.core.design.dataset import DatasetSpec, Feature
from studio.core.design.features import ModelInput
from studio.core.design.graph import Graph
from studio.core.design.inputs import gives_index, node_inputs
from studio.core.params import Value, checked
from studio.core.problems import Place
from studio.data.arrays import Fitted, FittedInput
from studio.engine import variations
from studio.engine.build import data_inputs
from studio.engine.variations import Draws

Vary = Callable[[list[Tensor], torch.Generator], list[Tensor]]
Variation = Callable[[Tensor, Draws], Tensor]

WHITE = 255.0


def augmenter_of(graph: Graph, dataset: DatasetSpec, fitted: Fitted) -> Vary | None:
    """What varies a batch of prepared inputs, in the order of `data_inputs`; None for nothing.

    The same generator state gives the same batch. Several Inputs that take the same pictures,
    or columns of the same windows, see them varied alike. Steps that are off, unknown or for
    another kind of input are passed over.
    """
    taken = node_inputs(graph, dataset)
    known = {one.input.name: one for one in fitted.inputs}
    branches: list[_Branch] = []
    for node in data_inputs(graph):
        source, features = taken[node.id]
        numbers = _number_places(features) if not gives_index(node) else [False]
        steps = _steps_for(dataset, source, numbers)
        branches.append(_Branch(source.name, _in_plain_units(steps, known[source.name])))
    return _Augmenter(branches) if any(branch.vary for branch in branches) else None


def varied(
    spec: DatasetSpec,
    fitted: Fitted,
    raw: NDArray[Any],
    input_name: str,
    count: int,
    *,
    seed: int = 0,
) -> NDArray[Any]:
    """A raw sample varied `count` times, [count, ...], raw again.

    Texts are token numbers. The same seed gives the same variants.
    """
    source = next(one.input for one in fitted.inputs if one.input.name == input_name)
    steps = _steps_for(spec, source, [feature.kind == "number" for feature in source.features])
    samples = torch.from_numpy(np.array(raw)[None]).repeat(count, *[1] * raw.ndim)
    draws = Draws(torch.Generator().manual_seed(seed))
    if source.kind not in ("image", "video"):
        return _all(steps, samples, draws).numpy()
    planes = samples.to(torch.float32).reshape(count, -1, *raw.shape[-2:]) / WHITE
    pixels = (_all(steps, planes, draws) * WHITE).round().to(torch.uint8)
    return pixels.reshape(samples.shape).numpy()


@dataclass(frozen=True, slots=True)
class _Branch:
    """One Input of a model: the input of the data that it takes, and what varies it."""

    source: str
    vary: Variation | None


class _Augmenter:
    """Varies the inputs of a model, those of one source by the same random numbers."""

    def __init__(self, branches: list[_Branch]) -> None:
        self._branches = branches

    def __call__(self, inputs: list[Tensor], generator: torch.Generator) -> list[Tensor]:
        begun: dict[str, Tensor] = {}
        found: list[Tensor] = []
        for branch, samples in zip(self._branches, inputs, strict=False):
            if branch.vary is None:
                found.append(samples)
                continue
            before = begun.setdefault(branch.source, generator.get_state())
            generator.set_state(before)
            found.append(branch.vary(samples, Draws(generator)))
        return found + inputs[len(found) :]  # what was written so far stays as it is


def _steps_for(spec: DatasetSpec, source: ModelInput, numbers: list[bool]) -> tuple[Variation, ...]:
    """What the steps that are on do to that input, in their order."""
    found: list[Variation] = []
    for step in spec.augmentation:
        entry = AUGMENTATION.get(step.key)
        if entry is None or not step.is_on or source.kind not in entry.kinds:
            continue
        if step.columns and source.name not in step.columns:
            continue
        values, _problems = checked(entry.params, step.params, Place(), entry.title)
        mask = torch.tensor(numbers) if source.kind == "series" else None
        found.append(_variation(entry.function, values, mask))
    return tuple(found)


def _variation(name: str, values: Mapping[str, Value], numbers: Tensor | None) -> Variation:
    function = getattr(variations, name)
    if numbers is None:
        return lambda samples, draws: function(samples, draws, **values)
    return lambda samples, draws: function(samples, draws, numbers, **values)


def _in_plain_units(steps: tuple[Variation, ...], known: FittedInput) -> Variation | None:
    """Pictures and sounds are taken back to 0 to 1, or -1 to 1, and prepared again afterwards."""
    if not steps:
        return None
    if known.input.kind not in ("image", "video", "sound"):
        return lambda samples, draws: _all(steps, samples, draws)
    offsets, scales = torch.tensor(known.offsets), torch.tensor(known.scales)

    def vary(samples: Tensor, draws: Draws) -> Tensor:
        offset, scale = _on_channels(offsets, samples), _on_channels(scales, samples)
        plain = samples * scale + offset
        flat = plain.flatten(1, 2) if plain.dim() == 5 else plain
        return (_all(steps, flat, draws).reshape(samples.shape) - offset) / scale

    return vary


def _on_channels(values: Tensor, samples: Tensor) -> Tensor:
    """A number for each channel, to be multiplied with samples [N, C, ...]; one for a sound."""
    return values.to(samples).reshape(-1, *[1] * (samples.dim() - 2))


def _all(steps: tuple[Variation, ...], samples: Tensor, draws: Draws) -> Tensor:
    for vary in steps:
        samples = vary(samples, draws)
    return samples


def _number_places(features: tuple[Feature, ...]) -> list[bool]:
    """For each number that the columns become, whether it measures something."""
    return [
        feature.kind == "number" and place == 0
        for feature in features
        for place in range(feature.width)
    ]
