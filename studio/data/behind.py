"""The rows or pictures behind some positions of loaded data, as a person reads them."""

from collections.abc import Sequence

import numpy as np

from studio.core.design.dataset import DatasetSpec, ImagePreview, TablePreview
from studio.data.arrays import Arrays
from studio.data.sources import preview


def samples_at(
    spec: DatasetSpec, arrays: Arrays, positions: Sequence[int]
) -> TablePreview | ImagePreview:
    """The samples at `positions` of `arrays`, in that order; row numbers count from 1."""
    return (_pictures if arrays.kind == "images" else _rows)(spec, arrays, positions)


def _rows(spec: DatasetSpec, arrays: Arrays, positions: Sequence[int]) -> TablePreview:
    wanted = [int(arrays.rows[position]) for position in positions]
    if not wanted:
        return TablePreview()
    first = min(wanted)
    around = preview(spec, max(wanted) - first + 1, first - 1)
    assert isinstance(around, TablePreview)
    by_number = dict(zip(around.row_numbers, around.rows, strict=True))
    found = [number for number in wanted if number in by_number]
    return TablePreview(around.columns, tuple(by_number[number] for number in found), tuple(found))


def _pictures(_spec: DatasetSpec, arrays: Arrays, positions: Sequence[int]) -> ImagePreview:
    channels, height, width = arrays.inputs.shape[1:]
    pixels = (np.ascontiguousarray(arrays.inputs[p].transpose(1, 2, 0)) for p in positions)
    labels = (arrays.labels[int(arrays.targets[position])] for position in positions)
    names = (_name(arrays, position) for position in positions)
    return ImagePreview(
        height,
        width,
        channels,
        tuple(picture.tobytes() for picture in pixels),
        tuple(labels),
        tuple(names),
    )


def _name(arrays: Arrays, position: int) -> str:
    return arrays.names[position] if arrays.names else str(int(arrays.rows[position]))
