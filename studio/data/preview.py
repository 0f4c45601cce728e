"""The first rows, pictures, sounds or clips as plain values, for a screen or a terminal."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import Cell, ColumnChoice, ColumnKind, DatasetSpec
from studio.core.design.features import MEDIA_KINDS, Feature
from studio.core.design.previews import ImagePreview, Preview, SoundClip, TablePreview, VideoPreview
from studio.core.design.usable import unread_rows
from studio.data.columns import category_indices, moment_texts
from studio.data.material import Material
from studio.data.tables import first_rows


def preview_of_material(material: Material, spec: DatasetSpec, rows: int, start: int) -> Preview:
    """Some rows; pictures, sounds and clips going round the classes."""
    media = shown_media(spec)
    if not media:
        return preview_of_frame(_as_known(material.frame, spec), rows, start)
    unread = np.array(sorted(unread_rows(spec)), np.int64)
    there = np.setdiff1d(np.arange(len(material), dtype=np.int64), unread, assume_unique=True)
    order = there[mixed_order(_classes(material, spec)[there])][start : start + rows]
    return preview_of_media(material, media, order, spec)


def preview_of_head(spec: DatasetSpec, rows: int, start: int) -> TablePreview:
    """Some rows of a file, read no further than they stand: numbers where all of it has them."""
    columns = spec.summary.columns if spec.summary else ()
    kinds: dict[str, ColumnKind] = {c.name: "number" if c.edges else "text" for c in columns}
    table = first_rows(Path(spec.path), spec.settings, rows, start=start, kinds=kinds)
    return preview_of_frame(table.frame, rows, 0, start + 1)


def clip_of_material(material: Material, spec: DatasetSpec, row: int) -> SoundClip:
    """The sound of a row (from 0)."""
    name = shown_media(spec)
    [label] = _labels(material, spec, np.array([row]))
    if name in material.blocks:
        from studio.data.sound import clip_of_samples

        rate = material.rates[name]
        return clip_of_samples(material.blocks[name][row], rate, str(row + 1), label)
    from studio.data.media import clip_of

    return clip_of(material.references(name)[row], label)


def preview_of_media(
    material: Material, name: str, order: NDArray[np.int64], spec: DatasetSpec
) -> Preview:
    """The pictures, sounds or clips of a column at some rows (from 0), in their order."""
    labels = _labels(material, spec, order)
    feature = media_feature(spec, name)
    kind = feature.kind
    block = material.blocks.get(name)
    if block is None:
        from studio.data.media import previews_of  # late: sound and video are slow to import

        every = material.references(name)
        return previews_of([every[row] for row in order], labels, feature, spec)
    names = [str(row + 1) for row in order]
    if kind == "image":
        return preview_of_pixels(block[order], labels, names)
    if kind == "video":
        clips = (
            preview_of_pixels(clip, [label] * len(clip), [name] * len(clip))
            for clip, label, name in zip(block[order], labels, names, strict=True)
        )
        return VideoPreview(tuple(clips))
    from studio.data.sound import clips_of_samples

    return clips_of_samples(block[order], material.rates[name], names, labels)


def media_feature(spec: DatasetSpec, name: str) -> Feature:
    """A column of pictures, sounds or clips as the model takes it, or would."""
    taken = replace(spec, columns=(replace(_choice(spec, name), role="input"),), series=None)
    return taken.features()[0]


def shown_media(spec: DatasetSpec) -> str:
    """The column that a row is shown by, where rows are pictures, sounds or clips."""
    if spec.summary is None or spec.summary.kind == "table":
        return ""
    media = [c for c in spec.columns if c.kind in MEDIA_KINDS]
    used = [c for c in media if c.role in ("input", "both")] or media
    return used[0].name if used else ""


def preview_of_frame(frame: pd.DataFrame, rows: int, start: int, first: int = 1) -> TablePreview:
    """Some rows of a table in memory, whose first row has the number `first`."""
    part = frame.iloc[start : start + rows]
    columns = [_cells(part.iloc[:, i]) for i in range(part.shape[1])]
    shown = tuple(zip(*columns, strict=True)) if columns else ()
    numbers = tuple(range(start + first, start + first + len(part)))
    return TablePreview(tuple(str(name) for name in frame.columns), shown, numbers)


def preview_of_pixels(
    pixels: NDArray[np.uint8], labels: Sequence[str], names: Sequence[str]
) -> ImagePreview:
    """Pictures [N, C, H, W] as bytes."""
    _, channels, height, width = pixels.shape
    rows_first = np.moveaxis(pixels, 1, 3)
    return ImagePreview(
        height,
        width,
        channels,
        tuple(picture.tobytes() for picture in rows_first),
        tuple(labels),
        tuple(names),
    )


def mixed_order(classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions that go round the classes: the first of each, then the second of each."""
    order = np.argsort(classes, kind="stable")
    starts = np.searchsorted(classes[order], classes[order])
    rank = np.empty(len(classes), np.int64)
    rank[order] = np.arange(len(classes)) - starts
    return np.lexsort((classes, rank)).astype(np.int64)


def _as_known(frame: pd.DataFrame, spec: DatasetSpec) -> pd.DataFrame:
    """The columns that a person knows of, in the order in which they were found."""
    names = [c.name for c in spec.columns if c.name in frame.columns]
    return frame[names] if names else frame


def _choice(spec: DatasetSpec, name: str) -> ColumnChoice:
    return next(choice for choice in spec.columns if choice.name == name)


def _classes(material: Material, spec: DatasetSpec) -> NDArray[np.int64]:
    """The class of each row, its number without one: they are shown in their order then."""
    if spec.task() != "classes":
        return np.zeros(len(material), np.int64)
    name = spec.targets()[0].name
    values = material.frame[name]
    return category_indices(values, spec.labels(), material.table.notation)[0]


def _labels(material: Material, spec: DatasetSpec, order: NDArray[np.int64]) -> list[str]:
    targets = [c.name for c in spec.targets() if c.name in material.frame]
    if not targets:
        return [""] * len(order)
    cells = _cells(material.frame[targets[0]].iloc[order])
    return ["" if cell is None else str(cell) for cell in cells]


def _cells(values: "pd.Series[Any]") -> list[Cell]:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = moment_texts(values)
    if values.dtype == np.float64:
        numbers: list[float] = values.to_numpy().tolist()
        return [None if math.isnan(number) else _number(number) for number in numbers]
    return [_plain(value) for value in values.to_numpy(object)]


def _plain(value: object) -> Cell:
    if value is None or isinstance(value, str):
        return value
    number = float(str(value))
    return None if np.isnan(number) else _number(number)


def _number(value: float) -> Cell:
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
