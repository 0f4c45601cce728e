"""Which columns of a table stand for pictures, sounds or clips, and what these are like."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from studio.core.design.dataset import ColumnKind, ColumnSummary
from studio.core.problems import Problem
from studio.data.listing import CLIPS, SOUNDS
from studio.data.masks import mask_classes, named_classes, shades_of
from studio.data.material import Material
from studio.data.numbers import arrow_texts
from studio.data.pixels import SUFFIXES as PICTURES
from studio.data.tables import is_text_column

SUFFIXES: Mapping[str, ColumnKind] = MappingProxyType(
    {
        **dict.fromkeys(PICTURES, "image"),
        **dict.fromkeys(SOUNDS, "sound"),
        **dict.fromkeys(CLIPS, "video"),
    }
)

_SAMPLE = 50
_ENOUGH = 0.5


def media_of(material: Material) -> dict[str, ColumnKind]:
    """The columns whose cells are the paths of files that are there, and what these hold."""
    if material.media or material.root is None:
        return dict(material.media)
    found = {
        str(name): _kind_of(values, material.root)
        for name, values in material.frame.items()
        if is_text_column(values)
    }
    return {name: kind for name, kind in found.items() if kind is not None}


def looked_at(
    column: ColumnSummary, material: Material
) -> tuple[ColumnSummary, tuple[Problem, ...]]:
    """The column with the size, or the length, of what its cells stand for."""
    block = material.blocks.get(column.name)
    if block is None:
        from studio.data.media import look_at

        facts, problems = look_at(
            material.references(column.name), column.kind, material.table.settings
        )
        if column.kind == "image":
            labels, counts = mask_classes(material.references(column.name))
            column = replace(column, categories=labels, counts=counts)
        return replace(
            column,
            missing=facts.missing,
            low=facts.low,
            high=facts.high,
            mean=facts.mean,
            deviation=facts.deviation,
            shape=facts.shape,
            unread=facts.unread,
        ), problems
    if column.kind == "sound":
        seconds = block.shape[1] / material.rates[column.name]
        return replace(column, low=seconds, high=seconds, mean=seconds, deviation=0.0), ()
    if column.kind == "image":
        shades, counts = shades_of(block)
        labels = named_classes(shades, material.orders.get(column.name, ()))
        column = replace(column, categories=labels, counts=counts)
    return replace(column, shape=tuple(int(size) for size in block.shape[-3:])), ()


def _kind_of(values: "pd.Series[Any]", folder: Path) -> ColumnKind | None:
    cells = pc.unique(arrow_texts(values).drop_null())
    places = range(0, len(cells), max(1, len(cells) // _SAMPLE))[:_SAMPLE]
    some: list[str] = cells.take(list(places)).to_pylist() if places else []
    kinds = Counter(SUFFIXES.get(PurePosixPath(cell).suffix.lower()) for cell in some)
    kind = max(kinds, key=lambda key: kinds[key]) if kinds else None
    if kind is None or kinds[kind] < _ENOUGH * len(some):
        return None
    return kind if sum(_is_there(folder, cell) for cell in some) >= _ENOUGH * len(some) else None


def _is_there(folder: Path, cell: str) -> bool:
    try:
        return (folder / cell).is_file()
    except (OSError, ValueError):  # too long a name, or a character that no name can have
        return False
