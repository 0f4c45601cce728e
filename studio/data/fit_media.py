"""What the training part teaches about pictures, clips and sounds: an offset and a scale each."""

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import ModelInput
from studio.data.arrays import FittedInput, Positions, Rows
from studio.data.fit_columns import blocks_of, drawn, scaling_of

SHADES = 256
MOST_STREAMED = 2048
_TINY = 1e-12


def fit_pixels(spec: DatasetSpec, one: ModelInput, rows: Rows, training: Positions) -> FittedInput:
    """For each channel what to take off and to divide by, of pixels from 0 to 1.

    From a count of the 256 shades of all training pictures where they are held, else of
    2048 of them drawn with a fixed seed. min-max leaves pixels from 0 to 1, none from 0
    to 255; robust takes the median and the range of the middle half.
    """
    channels = one.shape[-3]
    scaling = scaling_of(spec, one.feature)
    if scaling == "min-max" or not len(training):
        return FittedInput(one, offsets=(0.0,) * channels, scales=(1.0,) * channels)
    if scaling == "none":
        return FittedInput(one, offsets=(0.0,) * channels, scales=(1 / 255,) * channels)
    counts = _shades(rows, _looked_at(rows, training), channels)
    pairs = [_of_shades(often, scaling) for often in counts]
    return FittedInput(one, offsets=tuple(p[0] for p in pairs), scales=tuple(p[1] for p in pairs))


def fit_sound(spec: DatasetSpec, one: ModelInput, rows: Rows, training: Positions) -> FittedInput:
    """One offset and one scale for all samples of all sounds.

    From the mean and deviation of all training sounds where they are held, else of 2048
    of them drawn with a fixed seed; min-max and none leave sounds from -1 to 1, robust is
    as standard, since most of a sound lies near silence.
    """
    if scaling_of(spec, one.feature) in ("min-max", "none") or not len(training):
        return FittedInput(one, offsets=(0.0,), scales=(1.0,))
    count, total, squares = 0, 0.0, 0.0
    for block in blocks_of(_looked_at(rows, training), 8 * int(np.prod(rows.shape[1:]))):
        values = rows.take(block).astype(np.float64)
        count += values.size
        total += float(values.sum())
        squares += float(np.square(values).sum())
    mean = total / count
    deviation = max(0.0, squares / count - mean**2) ** 0.5
    return FittedInput(one, offsets=(mean,), scales=(deviation if deviation > _TINY else 1.0,))


def _looked_at(rows: Rows, training: Positions) -> Positions:
    return training if rows.held is not None else drawn(training, MOST_STREAMED)


def _shades(rows: Rows, positions: Positions, channels: int) -> NDArray[np.int64]:
    """How often each shade occurs in each channel; the channel is the third axis from the end."""
    often = np.zeros((channels, SHADES), np.int64)
    for block in blocks_of(positions, int(np.prod(rows.shape[1:]))):
        pixels = rows.take(block).astype(np.uint8, copy=False)
        for c in range(channels):
            often[c] += np.bincount(pixels[..., c, :, :].ravel(), minlength=SHADES)
    return often


def _of_shades(often: NDArray[np.int64], scaling: str) -> tuple[float, float]:
    """Exact, and with no copy of the pixels in floats."""
    shades = np.arange(SHADES) / 255
    mean = float((often * shades).sum() / often.sum())
    deviation = float(np.sqrt((often * (shades - mean) ** 2).sum() / often.sum()))
    if deviation <= _TINY:
        return mean, 1.0
    if scaling != "robust":
        return mean, deviation
    places = np.searchsorted(np.cumsum(often), np.array([0.25, 0.5, 0.75]) * often.sum())
    quarter, half, three = shades[places].tolist()
    return half, three - quarter if three > quarter else deviation
