"""Fits preparation (fill, scale, encode) on the training part, and on nothing else."""

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec, Feature, Scaling
from studio.data.arrays import Arrays, Fitted, FittedFeature

_TINY = 1e-12


def fit(spec: DatasetSpec, arrays: Arrays) -> Fitted:
    """What the training part teaches about inputs and targets."""
    training = arrays.parts["training"]
    offsets, scales = _targets(spec, arrays, training)
    if arrays.kind == "images":
        shifts, spans = _channels(arrays.inputs[training], spec.scaling)
        return Fitted(
            "images",
            arrays.task,
            (),
            tuple(arrays.inputs.shape[1:]),
            shifts,
            spans,
            arrays.labels,
            arrays.target_names,
            offsets,
            scales,
        )
    rows = arrays.inputs[training]
    features = tuple(
        _fitted(feature, rows[:, i].astype(np.float64), spec.scaling)
        for i, feature in enumerate(arrays.features)
    )
    width = sum(feature.width for feature in arrays.features)
    return Fitted(
        "table",
        arrays.task,
        features,
        (width,),
        (),
        (),
        arrays.labels,
        arrays.target_names,
        offsets,
        scales,
    )


def _fitted(feature: Feature, values: NDArray[np.float64], scaling: Scaling) -> FittedFeature:
    if feature.kind == "category":
        indices = values[values >= 0].astype(np.int64)
        often = np.bincount(indices, minlength=len(feature.categories))
        return FittedFeature(feature, seen=tuple(bool(n) for n in often))
    known = values[~np.isnan(values)]
    if not len(known):
        return FittedFeature(feature)
    fill = float(np.median(known))
    offset, scale = _scaled(np.where(np.isnan(values), fill, values), scaling)
    return FittedFeature(feature, fill, offset, scale, (), float(known.min()), float(known.max()))


def _scaled(values: NDArray[np.float64], scaling: Scaling) -> tuple[float, float]:
    """What to take off and to divide by; a constant column is divided by 1."""
    low, high = float(values.min()), float(values.max())
    if scaling == "none":
        return 0.0, 1.0
    if scaling == "min-max":
        return low, (high - low) or 1.0
    mean, deviation = float(values.mean()), float(values.std())
    is_constant = low == high or deviation <= _TINY * abs(mean)
    return mean, 1.0 if is_constant else deviation


def _targets(
    spec: DatasetSpec, arrays: Arrays, training: NDArray[np.int64]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if arrays.task != "numbers":
        return (), ()
    values = arrays.targets[training].astype(np.float64)
    scaling: Scaling = "standard" if spec.scales_target and len(values) else "none"
    pairs = [
        _scaled(values[:, i], scaling) if len(values) else (0.0, 1.0)
        for i in range(values.shape[1])
    ]
    return tuple(offset for offset, _ in pairs), tuple(scale for _, scale in pairs)


def _channels(
    images: NDArray[np.uint8] | NDArray[np.float32], scaling: Scaling
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """For each channel what to take off and to divide by, of pixels from 0 to 1."""
    channels = images.shape[1]
    if scaling == "min-max" or not len(images):
        return (0.0,) * channels, (1.0,) * channels
    if scaling == "none":
        return (0.0,) * channels, (1 / 255,) * channels
    pairs = [_mean_and_deviation(images[:, c]) for c in range(channels)]
    return tuple(mean for mean, _ in pairs), tuple(deviation for _, deviation in pairs)


def _mean_and_deviation(pixels: NDArray[np.uint8] | NDArray[np.float32]) -> tuple[float, float]:
    """From a count of the 256 shades, which is exact and needs no copy in floats."""
    often = np.zeros(256, np.int64)
    for image in np.array_split(pixels, max(1, len(pixels) // 4096)):
        often += np.bincount(image.astype(np.uint8, copy=False).ravel(), minlength=256)
    shades = np.arange(256) / 255
    mean = float((often * shades).sum() / often.sum())
    deviation = float(np.sqrt((often * (shades - mean) ** 2).sum() / often.sum()))
    return mean, deviation if deviation > _TINY else 1.0
