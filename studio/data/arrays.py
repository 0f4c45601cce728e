"""Arrays: raw inputs, targets and parts, what every source of data ends in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import DataKind, Feature, TaskKind
from studio.core.problems import Problem


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """A dataset in memory, raw as in section 3 of the contract: nothing filled, scaled or encoded.

    inputs: table float32 [N, F], one column a feature, a category as its index in
        `features[i].categories` (-1: none of them), NaN for a missing number;
        images uint8 [N, C, H, W].
    targets: classes int64 [N], an index into `labels`; numbers float32 [N, T].
    parts: "training", "validation", "test" -> int64 positions into the above.
    rows: int64 [N], the row in the file (from 1) or the number of the image.
    names: for images the file of each sample; empty for tables.
    problems: what was found while reading (rows left out, texts among numbers).
    """

    kind: DataKind
    task: TaskKind
    inputs: NDArray[np.float32] | NDArray[np.uint8]
    targets: NDArray[np.int64] | NDArray[np.float32]
    parts: Mapping[str, NDArray[np.int64]]
    rows: NDArray[np.int64]
    features: tuple[Feature, ...] = ()
    labels: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=())
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FittedFeature:
    """How one table column is prepared, from the training part only.

    number: a missing value becomes `fill`, then ``(value - offset) / scale``.
    category: one-hot; an index whose `seen` is False (never in the training part), or
    -1, gives all zeros.
    """

    feature: Feature
    fill: float = 0.0
    offset: float = 0.0
    scale: float = 1.0
    seen: tuple[bool, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learnt from the training part for preparing inputs and decoding answers.

    Images: ``(pixel / 255 - offsets[channel]) / scales[channel]``. A number target is
    trained as ``(value - target_offsets[i]) / target_scales[i]``.
    """

    kind: DataKind
    task: TaskKind
    features: tuple[FittedFeature, ...] = ()
    sample_shape: tuple[int, ...] = ()
    offsets: tuple[float, ...] = ()
    scales: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    target_offsets: tuple[float, ...] = ()
    target_scales: tuple[float, ...] = ()
