"""Material becomes Arrays by the DatasetSpec; rows without a target are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.design.answers import ModelOutput
from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import MEDIA_KINDS
from studio.core.problems import Place, Problem, refuse
from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted, Positions
from studio.data.dates import as_dates
from studio.data.duplicates import (
    alike,
    duplicate_problems,
    prints_of_files,
    prints_of_rows,
    prints_of_values,
)
from studio.data.inputs import Encoded, encoded, kinds_needed, learnt
from studio.data.material import Material
from studio.data.recipe import (
    prints_for,
    read_steps,
    repaired,
    require_some,
    steps_at,
    without_outliers,
)
from studio.data.room import room
from studio.data.split import deal
from studio.data.stray_categories import only_in_test
from studio.data.tables import is_text_column
from studio.data.targets import (
    Targets,
    asked_of,
    refuse_one_class,
    targets_of,
    targets_to_judge,
    targets_unasked,
)
from studio.data.window_outliers import without_outlier_windows

NOTHING = np.zeros(0, np.int64)


def arrays_of(material: Material, spec: DatasetSpec, *, memory: int = 0) -> Arrays:
    """Inputs, targets and dealt parts for training; `memory` bounds pictures, sounds and clips."""
    require_columns(material, [*kinds_needed(spec)])
    outputs = asked_of(spec)
    mended, numbers, problems = _mended(material, spec)
    if spec.series is not None:
        return _windows(mended, numbers, spec, problems)
    targets = targets_of(mended, spec, outputs)
    asked = np.flatnonzero(targets.known)
    # Of all rows: the numbers of identifiers do not depend on the steps, nor on where rows lie.
    model_inputs = learnt(spec.model_inputs(), material.table)
    found = encoded(mended, model_inputs, asked, spec, memory=memory)
    taken = _taken(mended, asked[found.kept], numbers, targets)
    refuse_one_class(taken.targets, outputs, mended.table.name)
    parts, said = _dealt(mended, spec, found, taken, len(material) - material.own_test)
    return _arrays(spec, found, taken, parts, (*problems, *targets.problems, *said))


def arrays_to_judge(
    material: Material, spec: DatasetSpec, *, needs_target: bool, fitted: Fitted | None = None
) -> Arrays:
    """All rows of other material as the test part; without `needs_target` none is left out.

    Where the target is missing or unseen, classes hold -1, numbers NaN and texts are empty.
    """
    names = {f.source for f in spec.features()}
    names |= {c.name for c in spec.targets() if needs_target}
    require_columns(material, [c.name for c in spec.columns if c.name in names])
    outputs = asked_of(spec)
    told = read_steps(material.table, spec)
    material = replace(material, table=told)
    if spec.series is not None:
        from studio.data.windows import series_to_judge

        judged = series_to_judge(told, spec, needs_target=needs_target, fitted=fitted)
        return replace(judged, problems=(*told.problems, *judged.problems))
    count = len(material)
    targets = (
        targets_to_judge(material, spec, outputs)
        if needs_target
        else targets_unasked(material, spec, outputs)
    )
    model_inputs = learnt(spec.model_inputs(), told, fitted)
    found = encoded(material, model_inputs, np.flatnonzero(targets.known), spec)
    rows = np.flatnonzero(targets.known)[found.kept]
    taken = _taken(material, rows, np.arange(count), targets)
    said = (*told.problems, *targets.problems, *found.problems)
    return _arrays(spec, found, taken, _all_as_test(len(rows)), said)


def require_columns(material: Material, names: Sequence[str]) -> None:
    """StudioError naming the first column that the material does not have."""
    absent = [name for name in names if name not in material.frame.columns]
    if absent:
        raise refuse(
            tr(
                "{file} has no column {name}. Expected the columns that the model was made for: "
                "{all}.",
                file=material.table.name,
                name=", ".join(absent[:5]),
                all=", ".join(names[:12]) + (" …" if len(names) > 12 else ""),
            ),
            tr("Add the column, or check the names in the first line."),
            place=Place("column", absent[0]),
            code="missing-column",
        )


def dealing_values(material: Material, spec: DatasetSpec, rows: Positions) -> NDArray[Any] | None:
    """What the rows are dealt by: the cells of the split's column, dates as seconds."""
    name = spec.split.column
    if spec.split.method not in ("group", "time", "column") or not name:
        return None
    if name not in material.frame.columns:
        require_columns(material, [name])
    cells = material.frame[name].iloc[rows]
    if spec.split.method == "time" and is_text_column(cells):
        whens, _ = as_dates(name, cells, material.table.name)
        seconds = whens.to_numpy("datetime64[ms]").astype(np.float64) / 1000
        return np.where(whens.isna(), np.nan, seconds)
    return cells.to_numpy()


def together_values(material: Material, spec: DatasetSpec, rows: Positions) -> NDArray[Any] | None:
    """The cells of the column whose rows stay in one part, where the split has one."""
    name = spec.split.together
    if not spec.split.keeps_together:
        return None
    require_columns(material, [name])
    return material.frame[name].iloc[rows].to_numpy()


def classes_among(
    outputs: Sequence[ModelOutput], targets: Sequence[NDArray[Any]]
) -> NDArray[Any] | None:
    """The first classes that are asked for: by them rows are dealt evenly."""
    pairs = zip(outputs, targets, strict=True)
    return next((values for one, values in pairs if one.task == "classes"), None)


@dataclass(frozen=True, slots=True, eq=False)
class _Taken:
    """The rows that are learnt from or asked about.

    `places` are those in the material, `numbers` those in the source, both from 0; `names`
    are their files where each has one of its own.
    """

    places: Positions
    numbers: Positions
    targets: tuple[NDArray[Any], ...]
    names: tuple[str, ...]


def _taken(material: Material, places: Positions, numbers: Positions, targets: Targets) -> _Taken:
    values = tuple(block[places] for block in targets.values)
    return _Taken(places, numbers[places], values, _names(material, places))


def _dealt(
    material: Material, spec: DatasetSpec, found: Encoded, taken: _Taken, first_own: int
) -> tuple[Mapping[str, Positions], tuple[Problem, ...]]:
    """The parts, and what was found on the way; rows of the source from `first_own` are test."""
    codes = _codes(material, found, taken.places, taken.targets)
    own_test = np.flatnonzero(taken.numbers >= first_own)
    dealt = deal(
        len(taken.places),
        spec.split,
        classes_among(spec.model_outputs(), taken.targets),
        own_test if len(own_test) else None,
        dealing_values(material, spec, taken.places),
        alike=codes,
        together=together_values(material, spec, taken.places),
    )
    parts, left = _without_outliers(dealt.parts, material, taken.places, spec)
    return parts, (
        *found.problems,
        *dealt.problems,
        *left,
        *duplicate_problems(codes, parts, taken.numbers + 1),
        *only_in_test(found, parts),
    )


def _mended(
    material: Material, spec: DatasetSpec
) -> tuple[Material, Positions, tuple[Problem, ...]]:
    """The material after the recipe, which rows are left (from 0), and what was found."""
    done = repaired(material.table, spec, prints_for(material, spec))
    require_some(done.kept, steps_at(spec, "rows"), len(material))
    blocks = material.blocks
    if len(done.kept) < len(material):
        blocks = MappingProxyType({name: block[done.kept] for name, block in blocks.items()})
    mended = replace(material, table=done.table, blocks=blocks)
    return mended, done.kept, (*material.table.problems, *done.problems)


def _without_outliers(
    parts: Mapping[str, Positions], material: Material, rows: Positions, spec: DatasetSpec
) -> tuple[Mapping[str, Positions], tuple[Problem, ...]]:
    """The parts with the rows that the recipe leaves out of training in none of them."""
    training = parts["training"]
    kept, problems = without_outliers(material.table, rows[training], spec)
    if len(kept) == len(training):
        return parts, problems
    return {**parts, "training": training[np.isin(rows[training], kept)]}, problems


def _windows(
    material: Material, numbers: Positions, spec: DatasetSpec, problems: tuple[Problem, ...]
) -> Arrays:
    from studio.data.windows import series_arrays  # late: it needs what is above

    arrays = without_outlier_windows(series_arrays(material.table, spec), spec)
    return replace(
        arrays,
        rows=numbers[arrays.rows - 1] + 1,
        problems=(*problems, *arrays.problems),
    )


def _codes(
    material: Material, found: Encoded, rows: Positions, targets: Sequence[NDArray[Any]]
) -> Positions:
    """A number for each row that its exact duplicates share, in inputs and target."""
    # Pictures are told apart as inputs; whether their masks differ is not asked.
    prints = [prints_of_values(values) for values in targets if values.dtype != np.uint8]
    for one, values in zip(found.model_inputs, found.inputs, strict=True):
        if values.held is None and one.kind in MEDIA_KINDS:
            every = material.references(one.feature.source)
            prints.append(prints_of_files([every[row] for row in rows]))
        else:
            prints.append(prints_of_rows(values))
    return alike(prints)


def _arrays(
    spec: DatasetSpec,
    found: Encoded,
    taken: _Taken,
    parts: Mapping[str, Positions],
    problems: tuple[Problem, ...],
) -> Arrays:
    outputs = asked_of(spec)
    targets = zip(outputs, taken.targets, strict=True)
    return Arrays(
        spec.kind,
        found.model_inputs,
        found.inputs,
        outputs,
        tuple(_pixels(one, found) if one.task == "images" else block for one, block in targets),
        parts,
        taken.numbers + 1,
        taken.names,
        problems,
    )


def _pixels(output: ModelOutput, found: Encoded) -> NDArray[Any]:
    """The pictures that are rebuilt, as they came in; StudioError where memory is too small."""
    names = [one.feature.source for one in found.model_inputs]
    rows = found.inputs[names.index(output.columns[0])]
    if rows.held is not None:
        return rows.held
    if prod(rows.shape) > room():
        raise refuse(
            tr(
                "The pictures of {name} do not fit into memory. To be rebuilt, they must.",
                name=output.name,
            ),
            tr("Set a smaller height and width in the import settings."),
            place=Place("column", output.columns[0]),
            code="out-of-memory",
        )
    return rows.take(np.arange(rows.shape[0], dtype=np.int64))


def _names(material: Material, rows: Positions) -> tuple[str, ...]:
    """The short names of the files, where a row is a file."""
    column = next((name for name in material.media if name not in material.blocks), "")
    if not column or material.kind == "table":
        return ()
    cells = material.frame[column].to_numpy(object)
    return tuple(str(cells[row]) for row in rows)


def _all_as_test(count: int) -> Mapping[str, Positions]:
    everything = np.arange(count, dtype=np.int64)
    return {"training": NOTHING, "validation": NOTHING, "test": everything}
