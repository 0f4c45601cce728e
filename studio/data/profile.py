"""Profiles of a dataset, column after column: what was known at once, then what the data hold."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from studio.core.design.dataset import ColumnChoice, ColumnKind, ColumnSummary, DatasetSpec
from studio.core.design.features import MEDIA_KINDS
from studio.core.design.profile import ColumnProfile, DatasetProfile, Spread, Trait
from studio.core.patience import go_on
from studio.core.problems import Problem
from studio.data.arrays import Positions
from studio.data.column_profile import FREQUENT, profile_of, targets_of
from studio.data.duplicates import (
    Prints,
    alike,
    duplicate_problems,
    prints_of_cells,
    prints_of_files,
    prints_of_values,
    together,
)
from studio.data.join import material_of
from studio.data.material import Material
from studio.data.media_profile import media_profile
from studio.data.recipe import prints_for, read_column, repaired, steps_at, used_columns
from studio.data.row_sample import RowSample, is_plain_table, kinds_to_read, rows_to_look_at
from studio.data.tables import blocks

_TRAITS: Mapping[ColumnKind, Trait] = MappingProxyType({"number": "value", "sound": "seconds"})
_SHOWN = 5

Looks = Iterator[ColumnProfile]


def profile(spec: DatasetSpec) -> Looks:
    """What each column holds, before steps leave rows out but with values read as they say.

    First, at once, what the summary knows of every column (`is_first_look`); then the data
    are read and each column comes again. Between any two profiles it may be left, and while
    a table is read by whoever waits for it (`core.patience`); of pictures, sounds and clips a
    profile comes every quarter of a second until enough were looked at. Of a table larger
    than a million rows or 512 MB a sample is kept, and said.
    """
    yield from (_first_look(choice, spec) for choice in spec.columns)
    material, sample = rows_to_look_at(spec)
    targets = targets_of(material.table, spec)
    for choice in spec.columns:
        if choice.name not in material.frame.columns:
            continue
        if choice.kind in MEDIA_KINDS:
            yield from media_profile(choice.name, choice.kind, material)
        else:
            yield _of_all(profile_of(choice, material.table, spec, targets), sample)


def profile_of_rows(spec: DatasetSpec) -> DatasetProfile:
    """How many rows are copies of others in every column in use, and how even the classes are.

    Its problems name copies that stand in two parts, as far as the source deals them.
    """
    prints = [together(some) for some in _prints(spec) if some]
    classes = tuple(zip(spec.labels(), spec.label_counts(), strict=True))
    left_out = _left_out(spec)
    if not prints:
        rows = spec.summary.rows if spec.summary else 0
        return DatasetProfile(rows, classes=classes, left_out=left_out)
    codes = alike([np.concatenate(prints)])
    first = np.unique(codes, return_index=True)[1]
    again = np.setdiff1d(np.arange(len(codes)), first)
    shown = tuple((again[:_SHOWN] + 1).tolist())
    problems = () if _removes_copies(spec) else _about_copies(codes, spec)
    return DatasetProfile(len(codes), len(again), shown, classes, problems, left_out)


def _left_out(spec: DatasetSpec) -> int:
    """How many rows the repairs leave out of all parts; 0 where only a sample was looked at."""
    if not steps_at(spec, "rows"):
        return 0
    material, sample = rows_to_look_at(spec)
    if sample is not None and sample.kept < sample.rows:
        return 0
    return len(material) - len(repaired(material.table, spec, prints_for(material, spec)).kept)


def _about_copies(codes: Positions, spec: DatasetSpec) -> tuple[Problem, ...]:
    """What is to be said of copies: those in a test part of the source are in two parts."""
    if spec.series is not None:  # windows are dealt by time, and no row is like another
        return ()
    rows = np.arange(len(codes), dtype=np.int64)
    own_test = spec.summary.own_test_rows if spec.summary else 0
    border = len(rows) - own_test
    return duplicate_problems(codes, {"training": rows[:border], "test": rows[border:]}, rows + 1)


def _removes_copies(spec: DatasetSpec) -> bool:
    return any(step.key == "remove_duplicates" for step in steps_at(spec, "rows"))


def _prints(spec: DatasetSpec) -> Iterator[list[Prints]]:
    """For some rows after others, what tells the cells of each column in use apart."""
    used = used_columns(spec)
    if is_plain_table(spec):
        for block in blocks(Path(spec.path), spec.settings, kinds_to_read(spec)):
            go_on()
            yield [
                prints_of_cells(read_column(block, spec, c.name)[0])
                for c in used
                if c.name in block.frame.columns
            ]
        return
    material = material_of(spec)
    found = []
    for choice in used:
        if choice.name in material.frame.columns:
            found.append(_of_column(choice, material, spec))
            go_on()
    yield found


def _of_column(choice: ColumnChoice, material: Material, spec: DatasetSpec) -> Prints:
    """Values as they are read, the bytes of files, or pixels and samples in memory."""
    if choice.name in material.blocks:
        return prints_of_values(material.blocks[choice.name])
    if choice.kind in MEDIA_KINDS:
        return prints_of_files(material.references(choice.name))
    return prints_of_cells(read_column(material.table, spec, choice.name)[0])


def _of_all(found: ColumnProfile, sample: RowSample | None) -> ColumnProfile:
    """A profile of a sample of a table, with the counts of all its rows."""
    if sample is None or sample.kept == sample.rows:
        return found
    return replace(
        found,
        rows=sample.rows,
        missing=sample.missing[found.name],
        sampled=found.sampled or sample.kept,
    )


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
