"""Raw values of a model's input as a person sees them: the sample as it is, and its variants."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import ModelInput
from studio.core.design.previews import (
    ImagePreview,
    SeriesPreview,
    SoundClip,
    SoundPreview,
    Varied,
    VideoPreview,
)
from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.data.preview import preview_of_pixels


def preview_of_values(
    spec: DatasetSpec, source: ModelInput, raw: NDArray[Any], made: NDArray[Any]
) -> Varied:
    """The sample `raw` [1, ...] and its variants `made` [n, ...], in raw units, to be shown."""
    values = np.concatenate((raw, made))
    names = [tr("as it is"), *(str(number) for number in range(1, len(values)))]
    if source.kind == "image":
        return _pictures(values, names)
    if source.kind == "video":
        return VideoPreview(
            tuple(
                _pictures(clip, [name] * len(clip))
                for clip, name in zip(values, names, strict=True)
            )
        )
    if source.kind == "sound":
        rate = spec.sound.rate
        clips = (
            SoundClip(name, "", rate, np.ascontiguousarray(wave, np.float32).tobytes())
            for wave, name in zip(values, names, strict=True)
        )
        return SoundPreview(tuple(clips))
    if source.kind == "series":
        return _lines(values, names)
    raise refuse(
        tr("{name} cannot be varied.", name=source.name),
        tr("Pictures, sounds, clips and series can."),
        place=Place("data"),
        code="cannot-vary",
    )


def _pictures(values: NDArray[Any], names: list[str]) -> ImagePreview:
    return preview_of_pixels(values.astype(np.uint8, copy=False), [""] * len(values), names)


def _lines(windows: NDArray[Any], names: list[str]) -> SeriesPreview:
    """The first column of each window, one line for each variant."""
    lines = windows[:, :, 0].astype(np.float64)
    values = tuple(
        tuple(None if np.isnan(value) else float(value) for value in line) for line in lines
    )
    return SeriesPreview(tuple(names), tuple(float(n) for n in range(lines.shape[1])), values)
