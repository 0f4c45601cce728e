"""Material becomes a DatasetSpec: columns summarised, kinds, roles and lengths guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DataKind,
    DatasetSpec,
    DatasetSummary,
)
from studio.core.params import Values
from studio.core.problems import Problem
from studio.data.columns import summarised, summary_of, with_lengths
from studio.data.leaks import leaks
from studio.data.listing import KINDS
from studio.data.material import Material, is_media
from studio.data.media_columns import looked_at, media_of
from studio.data.roles import guess, notes
from studio.data.suggestions import with_suggestions
from studio.data.survey import Survey
from studio.data.time_leak import time_leaks

Chosen = tuple[ColumnChoice, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where material came from, as a DatasetSpec keeps it."""

    source: str
    path: str
    size: int = 0
    sha256: str = ""


def spec_of(
    material: Material, origin: Origin, chosen: Chosen = (), surveyed: Survey | None = None
) -> DatasetSpec:
    """What a person sees first of data: everything guessed, with Problems.

    `surveyed` says what a table holds of which the material is only a sample.
    """
    material = replace(material, media=media_of(material))
    guessed = _guessed(material, chosen)
    columns, found = described(material, _aimed(guessed, material.target, chosen))
    columns = columns if chosen else _at_masks(columns)
    rows = len(material)
    if surveyed is not None:
        columns, rows = surveyed.of_all(columns), surveyed.rows
    problems = (
        *material.table.problems,
        *notes(columns, rows),
        *leaks(material.frame, columns),
        *time_leaks(material.frame, columns),
        *found,
    )
    spec = DatasetSpec(
        origin.source,
        origin.path,
        _settings(material, origin.source),
        tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns),
        size=origin.size,
        sha256=origin.sha256,
        summary=DatasetSummary(_shown_as(columns), rows, columns, material.own_test, problems),
    )
    return with_suggestions(spec, material, is_first=not chosen and surveyed is None)


def described(
    material: Material, columns: tuple[ColumnSummary, ...]
) -> tuple[tuple[ColumnSummary, ...], tuple[Problem, ...]]:
    """The columns with what their kind asks for: lengths of texts, sizes of pictures, an order."""
    done: list[ColumnSummary] = []
    problems: list[Problem] = []
    for column in columns:
        described = _in_order(column, material.orders.get(column.name, ()))
        if column.kind == "text":
            described = with_lengths(described, material.frame[column.name])
        elif is_media(column):
            described, found = looked_at(described, material)
            problems.extend(found)
        done.append(described)
    return _of_readable(done, material), tuple(problems)


def _of_readable(columns: Sequence[ColumnSummary], material: Material) -> tuple[ColumnSummary, ...]:
    """With the categories counted in the rows whose files can be read: no others are learnt."""
    files = [c for c in columns if is_media(c) and c.role in ("input", "both")]
    unread = sorted({row for column in files for row in column.unread})
    if not unread:
        return tuple(columns)
    left = material.frame.iloc[unread]
    return tuple(c if is_media(c) else _without(c, left[c.name]) for c in columns)


def _without(column: ColumnSummary, values: "pd.Series[Any]") -> ColumnSummary:
    if not column.categories:
        return column
    lost = summary_of(column.name, values)
    often = dict(zip(lost.categories, lost.counts, strict=True))
    pairs = zip(column.categories, column.counts, strict=True)
    return replace(column, counts=tuple(count - often.get(name, 0) for name, count in pairs))


def _aimed(
    columns: tuple[ColumnSummary, ...], target: str, chosen: Chosen
) -> tuple[ColumnSummary, ...]:
    """With the target that the source itself names."""
    if not target or chosen:
        return columns
    return tuple(
        replace(c, role="target", kind=c.kind if is_media(c) else "category")
        if c.name == target
        else replace(c, role="ignore" if c.role == "target" else c.role)
        for c in columns
    )


def _at_masks(columns: tuple[ColumnSummary, ...]) -> tuple[ColumnSummary, ...]:
    """Where there is no other target, the masks among pictures are one."""
    masks = [c.name for c in columns if c.kind == "image" and c.categories]
    is_alone = len(masks) == 1 and any(c.kind == "image" and not c.categories for c in columns)
    if not is_alone or any(c.role == "target" for c in columns):
        return columns
    return tuple(replace(c, role="target") if c.name in masks else c for c in columns)


def _guessed(material: Material, chosen: Chosen) -> tuple[ColumnSummary, ...]:
    """The columns with their kinds and roles; those that a source sets aside stay ignored."""
    found = summarised(material.table)
    if chosen or not material.ignored:
        return guess(material.frame, found, chosen, material.media)
    aside = [c for c in found if c.name in material.ignored]
    frame = material.frame.drop(columns=[c.name for c in aside])
    rest = tuple(c for c in found if c not in aside)
    return (
        *guess(frame, rest, chosen, material.media),
        *(replace(c, kind="category", role="ignore") for c in aside),
    )


def _in_order(column: ColumnSummary, order: tuple[str, ...]) -> ColumnSummary:
    if not order or not column.categories:
        return column
    often = dict(zip(column.categories, column.counts, strict=True))
    return replace(column, categories=order, counts=tuple(often.get(name, 0) for name in order))


def _shown_as(columns: tuple[ColumnSummary, ...]) -> DataKind:
    media = [c for c in columns if is_media(c)]
    used = [c for c in media if c.role in ("input", "both")] or media
    return KINDS[used[0].kind] if used else "table"


def _settings(material: Material, source: str) -> Values:
    return MappingProxyType({} if source == "sample" else dict(material.table.settings))
