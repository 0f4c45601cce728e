"""The steps of a recipe that change how values are read and which rows stay."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.catalogue import CLEANING
from studio.core.design.dataset import ColumnChoice, ColumnKind, DatasetSpec
from studio.core.design.features import MEDIA_KINDS
from studio.core.design.shaping import Step
from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr
from studio.data.arrays import Positions
from studio.data.dates import as_dates
from studio.data.duplicates import (
    Prints,
    prints_of_cells,
    prints_of_files,
    prints_of_values,
    repeated,
    together,
)
from studio.data.fit_columns import limits_of
from studio.data.material import Material
from studio.data.tables import Table, as_numbers, is_text_column
from studio.data.units import numbers_with_units

Mask = NDArray[np.bool_]
Marks: TypeAlias = NDArray[np.bool_] | Prints


@dataclass(frozen=True, slots=True, eq=False)
class Repaired:
    """A table after a recipe's steps on reading and rows; `kept` are its rows there, from 0.

    `problems` are what the steps found, without those of the table itself.
    """

    table: Table
    kept: Positions
    problems: tuple[Problem, ...] = ()


def as_written(spec: DatasetSpec, kinds: Mapping[str, ColumnKind]) -> dict[str, ColumnKind]:
    """The columns to read, with those that a step turns into numbers or dates as texts."""
    kept = dict(kinds)
    for step in steps_at(spec, "read"):
        for name in columns_of(spec, step):
            if name in kept:
                kept[name] = "text"
    return kept


def read_steps(table: Table, spec: DatasetSpec) -> Table:
    """The table with texts read as the recipe says, and what was found among its Problems."""
    frame, problems = table.frame, list(table.problems)
    steps = steps_at(spec, "read")
    touched = dict.fromkeys(n for step in steps for n in columns_of(spec, step, frame))
    for name in touched:
        values, found = read_column(table, spec, name)
        frame = frame.assign(**{name: values})
        problems.extend(found)
    return replace(table, frame=frame, problems=tuple(problems))


def read_column(
    table: Table, spec: DatasetSpec, name: str
) -> tuple["pd.Series[Any]", list[Problem]]:
    """One column with its texts read as the recipe says, and what was found."""
    values, problems = table.frame[name], []
    for step in steps_at(spec, "read"):
        if name in columns_of(spec, step):
            values, found = _READERS[step.key](name, values, table, values_of(step))
            problems.extend(found)
    return values, problems


def repaired(
    table: Table, spec: DatasetSpec, prints: Mapping[str, Prints] | None = None
) -> Repaired:
    """The table after the steps that read values and those that leave rows out, in their order.

    Gaps and copies are left out of all rows; outliers only of the training part, once rows
    are dealt (`without_outliers`). `prints` (of `prints_for`) compare what the cells of a
    column stand for, such as pictures, where their names are not enough.
    """
    told = read_steps(table, spec)
    kept = np.arange(len(table.frame), dtype=np.int64)
    problems = list(told.problems[len(table.problems) :])
    for step in steps_at(spec, "rows"):
        marks = marks_of(told, spec, step, prints)
        if marks is None:
            continue
        out = is_left_out(step, marks[kept])
        kept = kept[~out]
        problems.append(left_out(step, int(out.sum()), len(out)))
    frame = told.frame if len(kept) == len(told.frame) else told.frame.iloc[kept]
    return Repaired(replace(told, frame=frame), kept, tuple(problems))


def marks_of(
    table: Table, spec: DatasetSpec, step: Step, prints: Mapping[str, Prints] | None = None
) -> Marks | None:
    """What a step that leaves rows out goes by, one for each row; None where it has no column.

    Each row has its mark whatever the others hold, so that a table can be marked in blocks.
    """
    mark = _MARKS.get(step.key)
    names = columns_of(spec, step, table.frame)
    return mark(table, spec, names, prints or {}) if mark and names else None


def is_left_out(step: Step, marks: Marks) -> Mask:
    """Which of the rows with these marks a step leaves out."""
    if step.key == "remove_duplicates":
        return repeated([marks.astype(np.uint64)])
    return marks.astype(bool)


def prints_for(material: Material, spec: DatasetSpec) -> dict[str, Prints]:
    """The `prints` for `repaired`: of what is in memory or in files, where copies are left out."""
    steps = [step for step in steps_at(spec, "rows") if step.key == "remove_duplicates"]
    names = dict.fromkeys(n for step in steps for n in columns_of(spec, step, material.frame))
    found: dict[str, Prints] = {}
    for name in names:
        choice = spec.choice(name)
        if name in material.blocks:
            found[name] = prints_of_values(material.blocks[name])
        elif choice is not None and choice.kind in MEDIA_KINDS:
            found[name] = prints_of_files(material.references(name))
    return found


def without_outliers(
    table: Table, training: Positions, spec: DatasetSpec
) -> tuple[Positions, tuple[Problem, ...]]:
    """The rows of the training part that are no outliers, by the recipe's `drop_outliers` steps.

    `training` are rows of the table, from 0. Limits are taken from them alone, after the
    steps before; a missing value is no outlier. Rows of other parts are never left out,
    since new rows will have outliers, too. StudioError where no row would be left.
    """
    problems: list[Problem] = []
    for step in [s for s in steps_at(spec, "rows") if s.key == "drop_outliers"]:
        out = np.zeros(len(training), bool)
        for name in columns_of(spec, step, table.frame):
            out |= outliers_of(table, name, training, values_of(step))
        training = require_some(training[~out], [step], len(out))
        problems.append(left_out(step, int(out.sum()), len(out)))
    return training, tuple(problems)


def outliers_of(table: Table, name: str, rows: Positions, params: Values) -> Mask:
    """Which of some rows hold an outlier in a column of numbers, by limits from these rows."""
    column = table.frame[name].iloc[rows]
    series = as_numbers(name, column, table.name, table.notation)[0]
    numbers: NDArray[np.float64] = np.asarray(series, np.float64)
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return np.zeros(len(rows), bool)
    low, high = limits_of(known, params)
    outside: Mask = (numbers < low) | (numbers > high)
    return outside


def steps_at(spec: DatasetSpec, stage: str) -> list[Step]:
    """The steps of a stage that are on, in the order of the recipe."""
    return [
        s for s in spec.recipe if s.is_on and s.key in CLEANING and CLEANING[s.key].stage == stage
    ]


def values_of(step: Step) -> Values:
    """All values of a step, defaults where none was given."""
    return CLEANING[step.key].defaults() | dict(step.params)


def columns_of(spec: DatasetSpec, step: Step, frame: pd.DataFrame | None = None) -> tuple[str, ...]:
    """The columns that a step works on: those named, else all in use that it fits.

    A series uses the columns for time and group, too. A named column that the frame does
    not have is left out (the checks say so).
    """
    fitting = CLEANING[step.key].kinds
    used = set(step.columns) or {c.name for c in used_columns(spec)}
    names = [c.name for c in spec.columns if c.kind in fitting and c.name in used]
    return tuple(name for name in names if frame is None or name in frame.columns)


def used_columns(spec: DatasetSpec) -> tuple[ColumnChoice, ...]:
    """The inputs and targets, and what tells the rows of a series apart."""
    series = {spec.series.time, spec.series.group} if spec.series else set()
    return tuple(c for c in spec.columns if c.role != "ignore" or c.name in series)


def missing_in(table: Table, name: str, kind: ColumnKind) -> Mask:
    """Which cells of a column hold no value that can be read as what it is meant to be."""
    values = table.frame[name]
    if kind == "number":
        values = as_numbers(name, values, table.name, table.notation)[0]
    elif kind == "date":
        values = as_dates(name, values, table.name)[0]
    missing: Mask = values.isna().to_numpy(bool)
    return missing


def _gaps(
    table: Table, spec: DatasetSpec, names: Sequence[str], _prints: Mapping[str, Prints]
) -> Marks:
    out = np.zeros(len(table.frame), bool)
    for name in names:
        choice = spec.choice(name)
        assert choice is not None
        out |= missing_in(table, name, choice.kind)
    return out


def _whole_rows(
    table: Table, _spec: DatasetSpec, names: Sequence[str], prints: Mapping[str, Prints]
) -> Marks:
    cells = table.frame
    return together([prints[n] if n in prints else prints_of_cells(cells[n]) for n in names])


_Mark = Callable[[Table, DatasetSpec, Sequence[str], Mapping[str, Prints]], Marks]
_MARKS: Mapping[str, _Mark] = {"drop_missing": _gaps, "remove_duplicates": _whole_rows}


def _to_number(
    name: str, values: "pd.Series[Any]", table: Table, params: Values
) -> tuple["pd.Series[Any]", list[Problem]]:
    if not is_text_column(values):
        return values, []
    texts = values.astype("str")
    decimal, strips = str(params["decimal"]), bool(params["strip_text"])
    return numbers_with_units(name, texts, table.name, decimal, strips=strips)


def _to_date(
    name: str, values: "pd.Series[Any]", table: Table, params: Values
) -> tuple["pd.Series[Any]", list[Problem]]:
    return as_dates(name, values, table.name, day_first=bool(params["day_first"]))


_READERS: Mapping[
    str,
    Callable[[str, "pd.Series[Any]", Table, Values], tuple["pd.Series[Any]", list[Problem]]],
] = {"to_number": _to_number, "to_date": _to_date}


def require_some(kept: Positions, steps: Sequence[Step], of: int) -> Positions:
    """The rows that steps leave; StudioError where there are none any more."""
    if len(kept) or not of:
        return kept
    raise refuse(
        tr(
            "No row of {of} is left by the steps: {steps}. Expected some rows to learn from.",
            steps=", ".join(tr(CLEANING[step.key].title) for step in steps),
            of=of,
        ),
        tr("Choose fewer columns or another limit for them, or switch them off."),
        place=Place("data"),
        code="no-rows-left",
    )


def left_out(step: Step, count: int, of: int) -> Problem:
    """The note on how many of the rows a step leaves out."""
    return Problem(
        tr(
            "{step}: {count} of {of} {of|row|rows} {count|is|are} left out.",
            step=tr(CLEANING[step.key].title),
            count=count,
            of=of,
        ),
        tr("Switch the step off to keep them."),
        Severity.NOTE,
        Place("data"),
        "rows-left-out",
    )
