"""The rows, pictures, sounds or clips behind some positions of loaded data, to be looked at."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import MEDIA_KINDS, ModelInput
from studio.core.design.previews import (
    ImagePreview,
    Preview,
    SoundPreview,
    TablePreview,
    VideoPreview,
)
from studio.data.arrays import Arrays, reference_name
from studio.data.preview import preview_of_frame, preview_of_pixels
from studio.data.remembered import remembered
from studio.data.tables import blocks

WHITE, GAP_SHARE = 255, 12


def samples_at(spec: DatasetSpec, arrays: Arrays, positions: Sequence[int]) -> Preview:
    """The samples at `positions` of `arrays`, in that order; row numbers count from 1."""
    media = [i for i, one in enumerate(arrays.model_inputs) if one.kind in MEDIA_KINDS]
    if not media:
        return _rows(spec, arrays, positions)
    first = arrays.model_inputs[media[0]]
    alike = [i for i in media if arrays.model_inputs[i].kind == "image" == first.kind]
    alike = [i for i in alike if arrays.model_inputs[i].shape == first.shape] or media[:1]
    chosen = np.array(positions, np.int64)
    values = [arrays.inputs[place].take(chosen) for place in alike]
    shown = values[0] if len(values) == 1 else _side_by_side(values)
    return _media(spec, arrays, positions, (first, shown))


def _side_by_side(pictures: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Pictures [N, C, H, W] of one size that are looked at together, white between them."""
    between = max(1, pictures[0].shape[3] // GAP_SHARE)
    parts: list[NDArray[Any]] = []
    for picture in pictures:
        gap = np.full((*picture.shape[:3], between), WHITE, picture.dtype)
        parts += [gap, picture] if parts else [picture]
    return np.concatenate(parts, axis=3)


def _rows(spec: DatasetSpec, arrays: Arrays, positions: Sequence[int]) -> TablePreview:
    wanted = [int(arrays.rows[position]) for position in positions]
    if not wanted:
        return TablePreview()
    frame = _frame_of(spec, sorted(set(wanted)))
    shown = preview_of_frame(frame, len(frame), 0)
    by_number = dict(zip(frame.index, shown.rows, strict=True))
    found = [number for number in wanted if number in by_number]
    return TablePreview(shown.columns, tuple(by_number[n] for n in found), tuple(found))


def _frame_of(spec: DatasetSpec, numbers: Sequence[int]) -> pd.DataFrame:
    """The rows of these numbers (from 1), a file read no further than the last of them."""
    if spec.source not in ("table", "sql") or spec.joined:
        frame = remembered(spec).frame
        kept = [number for number in numbers if number <= len(frame)]
        return frame.iloc[[number - 1 for number in kept]].set_axis(kept)
    kinds = {c.name: c.kind for c in spec.columns}
    wanted = pd.Index([number - 1 for number in numbers])
    found = []
    for block in blocks(Path(spec.path), spec.settings, kinds):
        found.append(block.frame[block.frame.index.isin(wanted)])
        if block.frame.index[-1] >= wanted[-1]:
            break
    frame = pd.concat(found)
    return frame[[c for c in kinds if c in frame.columns]].set_axis(frame.index + 1)


def _media(
    spec: DatasetSpec,
    arrays: Arrays,
    positions: Sequence[int],
    taken: tuple[ModelInput, NDArray[Any]],
) -> ImagePreview | SoundPreview | VideoPreview:
    one, values = taken
    labels = [_label(arrays, position) for position in positions]
    names = [_name(arrays, position) for position in positions]
    if one.kind == "image":
        return preview_of_pixels(values, labels, names)
    if one.kind == "video":
        clips = zip(values, labels, names, strict=True)
        return VideoPreview(
            tuple(preview_of_pixels(c, [said] * len(c), [name] * len(c)) for c, said, name in clips)
        )
    from studio.data.sound import clips_of_samples  # late: sound is slow to import

    return clips_of_samples(values, spec.sound.rate, names, labels)


def _label(arrays: Arrays, position: int) -> str:
    target = arrays.targets[0][position]
    if arrays.task == "classes":
        return arrays.labels[int(target)] if target >= 0 else ""
    if isinstance(target, str):
        return target
    if arrays.task in ("masks", "images"):
        return ""  # a picture is no label
    return ", ".join(f"{value:.6g}" for value in np.ravel(target))


def _name(arrays: Arrays, position: int) -> str:
    if arrays.names:
        return reference_name(arrays.names[position])
    return str(int(arrays.rows[position]))
