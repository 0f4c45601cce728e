"""Columns of a second source beside those of the first, matched by a key or row by row."""

from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec
from studio.core.design.shaping import Joined
from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, StudioError, refuse
from studio.core.words import tr
from studio.data.arrays import Positions
from studio.data.columns import category_text, summarised
from studio.data.material import Kinds, Material, is_media
from studio.data.media_columns import media_of
from studio.data.numbers import Notation
from studio.data.opening import described
from studio.data.origins import ORIGINS, origin_of
from studio.data.recognition import recognised
from studio.data.roles import guess
from studio.data.suggestions import with_suggestions

_NOTHING: Values = MappingProxyType({})
_NO_MATCH = -1


def material_of(spec: DatasetSpec, kinds: Kinds | None = None) -> Material:
    """The rows of a dataset before its recipe, with all that was joined to them.

    `kinds` names the columns that are needed and what they are; None: all, as they seem.
    """
    wanted = kinds
    if kinds is not None:
        keys = {j.key: "text" for j in spec.joined if j.key and j.key not in kinds}
        wanted = {**kinds, **keys}  # type: ignore[dict-item]  # "text" is a kind
    material = origin_of(spec).read(spec.path, spec.settings, wanted)
    for number, joined in enumerate(spec.joined, 1):
        other = ORIGINS[joined.source].read(joined.path, joined.settings, None)
        material = beside(material, other, joined, number)
    if not material.media and spec.summary is not None:
        material = replace(material, media=_media_in(spec, material))
    return material


def join(spec: DatasetSpec, path: str, key: str = "", other_key: str = "") -> DatasetSpec:
    """The dataset with the columns of the data at `path`.

    Rows are matched where `key` here equals `other_key` there; without `other_key` it equals
    the name of the file, with its ending or without. Both empty: row by row.
    """
    found = recognised(path, _NOTHING)
    origin = ORIGINS[found.source]
    other = origin.read(found.path, found.settings, None)
    other = replace(other, media=media_of(other))
    size, digest = origin.mark(found.path, found.settings)
    joined = Joined(found.source, found.path, other.table.settings, key, other_key, size, digest)
    first = material_of(spec)
    both = beside(first, other, joined, len(spec.joined) + 1)
    return with_suggestions(_widened(spec, first, both, joined), both, is_first=False)


def beside(first: Material, other: Material, joined: Joined, number: int) -> Material:
    """The first material with the columns of the other; missing where a row has no match."""
    places, problems = _matched(first, other, joined)
    names = _names_beside(first, other, joined, number)
    columns = {
        new: _taken(_cells(other, old), places, first.frame.index) for old, new in names.items()
    }
    frame = pd.concat([first.frame, pd.DataFrame(columns, index=first.frame.index)], axis=1)
    table = replace(
        first.table,
        frame=frame,
        problems=(*first.table.problems, *other.table.problems, *problems),
    )
    blocks = {
        names[name]: block[np.maximum(places, 0)]
        for name, block in other.blocks.items()
        if name in names
    }
    return replace(
        first,
        table=table,
        media={**first.media, **{names[n]: k for n, k in other.media.items() if n in names}},
        blocks=MappingProxyType({**first.blocks, **blocks}),
        rates={**first.rates, **{names[n]: r for n, r in other.rates.items() if n in names}},
        orders={**first.orders, **{names[n]: o for n, o in other.orders.items() if n in names}},
    )


def _media_in(spec: DatasetSpec, material: Material) -> Kinds:
    kinds = {c.name: c.kind for c in spec.columns if c.name in material.frame}
    return {n: k for n, k in kinds.items() if k in ("image", "sound", "video")}


def _matched(
    first: Material, other: Material, joined: Joined
) -> tuple[Positions, tuple[Problem, ...]]:
    """For each row the row of the other (from 0, -1 for none)."""
    if not joined.key and not joined.other_key:
        if len(first) != len(other):
            raise _other_length(first, other)
        return np.arange(len(first), dtype=np.int64), ()
    keys = _keys(first, joined.key)
    there: dict[str, int] = {}
    again = 0
    for place, key in enumerate(_keys(other, joined.other_key)):
        for name in key:
            again += name in there and name == key[0]
            there.setdefault(name, place)
    places = np.array(
        [next((there[n] for n in key if n in there), _NO_MATCH) for key in keys], np.int64
    )
    return places, tuple(_of_matching(places, other, joined, again))


def _keys(material: Material, name: str) -> list[tuple[str, ...]]:
    """What each row is called: its cell; for files also the name without folder and ending."""
    name = name or next(iter(material.media), "")
    if name not in material.frame.columns:
        raise refuse(
            tr(
                "{file} has no column {name} to match rows by. Expected one of {all}.",
                file=material.table.name,
                name=name or "-",
                all=", ".join(str(c) for c in material.frame.columns[:12]),
            ),
            tr("Choose a column that both have, or match row by row."),
            place=Place("column", name),
            code="missing-key",
        )
    notation = material.table.notation
    return [_key(cell, notation) for cell in material.frame[name].to_numpy(object)]


def _key(cell: object, notation: Notation) -> tuple[str, ...]:
    if not isinstance(cell, str):
        is_known = isinstance(cell, float) and not np.isnan(cell)
        return (category_text(cell, notation, {}),) if is_known else ()
    path = PurePosixPath(cell.rstrip("/").rsplit("!/", 1)[-1])
    return tuple(dict.fromkeys((cell, path.name, path.stem)))


def _names_beside(first: Material, other: Material, joined: Joined, number: int) -> dict[str, str]:
    """What each column of the other is called beside the first; its key is not taken twice."""
    taken = {str(name) for name in first.frame.columns}
    names = {}
    for column in other.frame.columns:
        name = str(column)
        if name == joined.other_key and name not in other.media and joined.key:
            continue
        names[name] = f"{name} ({number + 1})" if name in taken else name
    return names


def _cells(material: Material, name: str) -> "pd.Series[Any]":
    if name in material.media and name not in material.blocks:
        references = pd.Series(material.references(name), dtype="str")
        return references.where(references != "")
    return material.frame[name].reset_index(drop=True)


def _taken(values: "pd.Series[Any]", places: Positions, index: pd.Index) -> "pd.Series[Any]":
    """The values at some places, missing at -1."""
    taken = values.reindex(places).set_axis(index)
    return taken if values.dtype.kind in "fM" else taken.astype(values.dtype)


def _widened(spec: DatasetSpec, first: Material, both: Material, joined: Joined) -> DatasetSpec:
    """The spec with the new columns as choices and in its summary."""
    assert spec.summary is not None
    new = [str(c) for c in both.frame.columns if c not in set(first.frame.columns)]
    only = replace(both, table=replace(both.table, frame=both.frame[new]))
    guessed = guess(only.frame, summarised(only.table), (), both.media)
    columns, found = described(only, tuple(_as_input(c, spec) for c in guessed))
    said = tuple(p for p in both.table.problems if p not in first.table.problems)
    summary = replace(
        spec.summary,
        columns=(*spec.summary.columns, *columns),
        problems=(*spec.summary.problems, *said, *found),
    )
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    return replace(
        spec,
        columns=(*spec.columns, *choices),
        summary=summary,
        joined=(*spec.joined, joined),
    )


def _as_input(column: ColumnSummary, spec: DatasetSpec) -> ColumnSummary:
    """There is one target already; what would be another is learnt from."""
    if column.role != "target" or not spec.targets():
        return column
    return replace(
        column, role="input" if is_media(column) or not _names_class(column) else "ignore"
    )


def _names_class(column: ColumnSummary) -> bool:
    return column.name.rsplit(" (", 1)[0] in ("class", "part")


def _of_matching(places: Positions, other: Material, joined: Joined, again: int) -> list[Problem]:
    missing = int((places == _NO_MATCH).sum())
    if missing == len(places):
        raise refuse(
            tr(
                "No row of {file} matches: no value of {key} is found there.",
                file=other.table.name,
                key=joined.key,
            ),
            tr("Choose another column to match by."),
            place=Place("column", joined.key),
            code="no-match",
        )
    left = len(other) - len(np.unique(places[places >= 0]))
    problems = []
    if missing:
        problems.append(_unmatched(missing, len(places), other))
    if left:
        problems.append(_unused(left, other))
    if again:
        problems.append(_ambiguous(again, other))
    return problems


def _unmatched(count: int, rows: int, other: Material) -> Problem:
    return Problem(
        tr(
            "{count} of {rows} {rows|row|rows} {count|has|have} no match in {file}. There its "
            "columns are missing.",
            count=count,
            rows=rows,
            file=other.table.name,
        ),
        tr("Look whether the keys are written alike in both."),
        Severity.WARNING,
        Place("file", other.table.name),
        "unmatched-rows",
    )


def _unused(count: int, other: Material) -> Problem:
    return Problem(
        tr(
            "{count} {count|row|rows} of {file} "
            "{count|matches no row and is|match no row and are} not used.",
            count=count,
            file=other.table.name,
        ),
        tr("Nothing needs to be done."),
        Severity.NOTE,
        Place("file", other.table.name),
        "unused-rows",
    )


def _ambiguous(count: int, other: Material) -> Problem:
    return Problem(
        tr(
            "{count} {count|row|rows} of {file} {count|has|have} a key that came before. The "
            "first of them is taken.",
            count=count,
            file=other.table.name,
        ),
        tr("Match by a column whose values are all different."),
        Severity.WARNING,
        Place("file", other.table.name),
        "repeated-keys",
    )


def _other_length(first: Material, other: Material) -> StudioError:
    return refuse(
        tr(
            "{first} has {rows} {rows|row|rows}, but {other} has {found}. Row by row both need as "
            "many.",
            first=first.table.name,
            rows=len(first),
            other=other.table.name,
            found=len(other),
        ),
        tr("Match the rows by a column that both have."),
        place=Place("file", other.table.name),
        code="lengths-differ",
    )
