"""Profiles of a dataset, column after column: what was known at once, then what the data hold."""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from studio.core.design.dataset import ColumnChoice, ColumnKind, ColumnSummary, DatasetSpec
from studio.core.design.features import MEDIA_KINDS
from studio.core.design.profile import ColumnProfile, DatasetProfile, Spread, Trait
from studio.data.arrays import Held
from studio.data.column_profile import FREQUENT, profile_of, targets_of
from studio.data.duplicates import (
    Prints,
    prints_of_cells,
    prints_of_files,
    prints_of_rows,
    repeated,
)
from studio.data.join import material_of
from studio.data.material import Material
from studio.data.media_profile import media_profile
from studio.data.recipe import as_written, read_column
from studio.data.tables import Table, blocks

_TRAITS: Mapping[ColumnKind, Trait] = MappingProxyType({"number": "value", "sound": "seconds"})
_SHOWN = 5

Looks = Iterator[ColumnProfile]


def profile(spec: DatasetSpec) -> Looks:
    """What each column holds, before steps leave rows out but with values read as they say.

    First, at once, what the summary knows of every column (`is_first_look`); then the data
    are read and each column comes again. Between any two profiles it may be left: while a
    large table is read the first column's first look is repeated, and of pictures, sounds
    and clips a profile comes every quarter of a second until enough were looked at.
    """
    firsts = [_first_look(choice, spec) for choice in spec.columns]
    yield from firsts
    material = yield from _read(spec, firsts)
    targets = targets_of(material.table, spec)
    for choice in spec.columns:
        if choice.name not in material.frame.columns:
            continue
        if choice.kind in MEDIA_KINDS:
            yield from media_profile(choice.name, choice.kind, material)
        else:
            yield profile_of(choice, material.table, spec, targets)


def profile_of_rows(spec: DatasetSpec) -> DatasetProfile:
    """How many rows are copies of others in every column in use, and how even the classes are."""
    material = material_of(spec)
    used = [c for c in spec.columns if c.role != "ignore" and c.name in material.frame.columns]
    classes = tuple(zip(spec.labels(), spec.label_counts(), strict=True))
    if not used:
        return DatasetProfile(len(material), classes=classes)
    again = np.flatnonzero(repeated([prints_of_column(c, material, spec) for c in used]))
    shown = tuple((again[:_SHOWN] + 1).tolist())
    return DatasetProfile(len(material), len(again), shown, classes)


def prints_of_column(choice: ColumnChoice, material: Material, spec: DatasetSpec) -> Prints:
    """What tells its cells apart: values as they are read, the bytes of files, or pixels."""
    if choice.name in material.blocks:
        return prints_of_rows(Held(material.blocks[choice.name]))
    if choice.kind in MEDIA_KINDS:
        return prints_of_files(material.references(choice.name))
    return prints_of_cells(read_column(material.table, spec, choice.name)[0])


def _read(
    spec: DatasetSpec, firsts: list[ColumnProfile]
) -> Generator[ColumnProfile, None, Material]:
    """All columns; of a file with a table block after block, so that it may be left."""
    if spec.source != "table" or spec.joined:
        return material_of(spec)
    kinds = as_written(spec, {c.name: c.kind for c in spec.columns})
    parts: list[pd.DataFrame] = []
    name = Path(spec.path).name
    for block in blocks(Path(spec.path), spec.settings, kinds):
        parts.append(block.frame)
        yield from firsts[:1]
    names = list(parts[0].columns) if parts else []
    columns = {column: pd.concat([part.pop(column) for part in parts]) for column in names}
    table = Table(name, pd.DataFrame(columns, copy=False), spec.settings)  # type: ignore[arg-type]
    return Material(table, root=Path(spec.path).parent)


def _first_look(choice: ColumnChoice, spec: DatasetSpec) -> ColumnProfile:
    """What the summary says."""
    column = spec.found(choice.name) or ColumnSummary(choice.name, choice.kind, choice.role)
    pairs = sorted(
        zip(column.categories, column.counts, strict=True), key=lambda pair: (-pair[1], pair[0])
    )
    trait = _TRAITS.get(choice.kind)
    spread = Spread(
        trait or "value", column.edges, column.bars, mean=column.mean, deviation=column.deviation
    )
    return ColumnProfile(
        choice.name,
        choice.kind,
        spec.summary.rows if spec.summary else 0,
        column.missing,
        column.distinct,
        tuple(pairs[:FREQUENT]),
        spreads=(spread,) if trait and column.edges else (),
        is_first_look=True,
    )
