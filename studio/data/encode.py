"""A table in memory becomes Arrays by the DatasetSpec; rows without a target are left out."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnKind, DatasetSpec, Feature, TaskKind
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr
from studio.data.arrays import Arrays
from studio.data.columns import category_indices
from studio.data.split import deal
from studio.data.tables import Table, as_numbers

Targets = NDArray[np.int64] | NDArray[np.float32]


def kinds_needed(spec: DatasetSpec, *, targets: bool = True) -> dict[str, ColumnKind]:
    """The columns to read, and as what: the usable inputs and the targets."""
    needed = {feature.name: feature.kind for feature in spec.features()}
    return needed | ({c.name: c.kind for c in spec.targets()} if targets else {})


def arrays_of(table: Table, spec: DatasetSpec) -> Arrays:
    """Inputs, targets and dealt parts for training."""
    _require(table, [*kinds_needed(spec)])
    task = _task(spec)
    inputs, problems = _inputs(table, spec)
    targets, known = _targets(table, spec, task)
    inputs, targets = inputs[known], targets[known]
    _refuse_one_class(targets, task, spec, table)
    dealt = deal(len(targets), spec.split, _classes(targets, task))
    rows = np.flatnonzero(known).astype(np.int64) + 1
    return _arrays(spec, task, inputs, targets, rows, dealt.parts, (*problems, *dealt.problems))


def arrays_to_judge(table: Table, spec: DatasetSpec, *, needs_target: bool) -> Arrays:
    """All rows of another table as its test part; without `needs_target` no row is left out.

    Where the target is missing or unseen, classes hold -1 and numbers NaN.
    """
    names = [f.name for f in spec.features()] + [c.name for c in spec.targets() if needs_target]
    _require(table, names)
    task = _task(spec)
    inputs, problems = _inputs(table, spec)
    if needs_target:
        targets, known = _targets(table, spec, task, are_new=True)
    else:
        targets, known = _no_targets(len(inputs), spec, task), np.ones(len(inputs), bool)
    inputs, targets = inputs[known], targets[known]
    nothing = np.zeros(0, np.int64)
    parts = {
        "training": nothing,
        "validation": nothing,
        "test": np.arange(len(inputs), dtype=np.int64),
    }
    return _arrays(
        spec, task, inputs, targets, np.flatnonzero(known).astype(np.int64) + 1, parts, problems
    )


def _arrays(
    spec: DatasetSpec,
    task: TaskKind,
    inputs: NDArray[np.float32],
    targets: Targets,
    rows: NDArray[np.int64],
    parts: Mapping[str, NDArray[np.int64]],
    problems: tuple[Problem, ...],
) -> Arrays:
    return Arrays(
        "table",
        task,
        inputs,
        targets,
        parts,
        rows,
        spec.features(),
        spec.labels(),
        tuple(c.name for c in spec.targets()),
        (),
        problems,
    )


def _task(spec: DatasetSpec) -> TaskKind:
    if not spec.targets():
        raise refuse(
            tr("No column is the target. Expected a column that holds what the model should tell."),
            tr("Set the role of one column to target."),
            place=Place("field", "target"),
            code="no-target",
        )
    if not spec.features():
        raise refuse(
            tr("No column is an input. Expected at least one number or category."),
            tr("Set the role of a column to input."),
            place=Place("data"),
            code="no-input",
        )
    task = spec.task()
    if task is None:
        kinds = ", ".join(f"{c.name} ({c.kind})" for c in spec.targets())
        raise refuse(
            tr(
                "The targets {targets} cannot be learnt together. Expected one category, "
                "or only numbers.",
                targets=kinds,
            ),
            tr("Change the kind of the target, or set others to ignore."),
            place=Place("field", "target"),
            code="target-kind",
        )
    return task


def _require(table: Table, names: list[str]) -> None:
    absent = [name for name in names if name not in table.frame.columns]
    if absent:
        raise refuse(
            tr(
                "{file} has no column {name}. Expected the columns that the model was made for: "
                "{all}.",
                file=table.name,
                name=", ".join(absent[:5]),
                all=", ".join(names[:12]) + (" …" if len(names) > 12 else ""),
            ),
            tr("Add the column, or check the names in the first line."),
            place=Place("column", absent[0]),
            code="missing-column",
        )


def _inputs(table: Table, spec: DatasetSpec) -> tuple[NDArray[np.float32], tuple[Problem, ...]]:
    features = spec.features()
    inputs = np.empty((len(table.frame), len(features)), np.float32)
    problems = list(table.problems)
    for i, feature in enumerate(features):
        inputs[:, i], found = _input(table, feature)
        problems.extend(found)
    return inputs, tuple(problems)


def _input(table: Table, feature: Feature) -> tuple[NDArray[np.generic], list[Problem]]:
    values = table.frame[feature.name]
    if feature.kind == "category":
        indices, unseen = category_indices(values, feature.categories, table.notation)
        problems = [_unseen(table.name, feature.name, unseen)] if unseen else []
        return indices, problems
    numbers, problems = as_numbers(feature.name, values, table.name, table.notation)
    return numbers.to_numpy(), problems


def _unseen(file: str, name: str, unseen: list[str]) -> Problem:
    return Problem(
        tr(
            "Column {name} of {file} holds {count} values that were not known before: {values}. "
            "They count as missing.",
            name=name,
            file=file,
            count=len(unseen),
            values=", ".join(text[:30] for text in unseen[:5]),
        ),
        tr("Correct them, or look at the data again and train with them."),
        Severity.WARNING,
        Place("column", name),
        "unseen-category",
    )


def _targets(
    table: Table, spec: DatasetSpec, task: TaskKind, *, are_new: bool = False
) -> tuple[Targets, NDArray[np.bool_]]:
    """The targets of all rows, and which rows have one."""
    names = [c.name for c in spec.targets()]
    if task == "numbers":
        columns = [as_numbers(n, table.frame[n], table.name, table.notation)[0] for n in names]
        numbers = np.column_stack([c.to_numpy() for c in columns]).astype(np.float32)
        known: NDArray[np.bool_] = np.asarray(~np.isnan(numbers).any(axis=1))
        _refuse_no_targets(known, names, table)
        return numbers, known
    values: pd.Series[str] = table.frame[names[0]]
    indices, unseen = category_indices(values, spec.labels(), table.notation)
    if unseen:
        raise _unknown_class(table.name, names[0], unseen, spec.labels(), are_new)
    _refuse_no_targets(indices >= 0, names, table)
    return indices, indices >= 0


def _no_targets(count: int, spec: DatasetSpec, task: TaskKind) -> Targets:
    if task == "classes":
        return np.full(count, -1, np.int64)
    return np.full((count, len(spec.targets())), np.nan, np.float32)


def _unknown_class(
    file: str, name: str, unseen: list[str], labels: tuple[str, ...], are_new: bool
) -> Exception:
    hint = (
        tr("Write the classes as they were written before, or leave these rows out.")
        if are_new
        else tr("The file has changed: open the data again.")
    )
    return refuse(
        tr(
            "Column {name} of {file} holds classes that are not known: {unseen}. Expected one of "
            "{labels}.",
            name=name,
            file=file,
            unseen=", ".join(unseen[:5]),
            labels=", ".join(labels[:10]),
        ),
        hint,
        place=Place("column", name),
        code="unseen-class",
    )


def _refuse_no_targets(known: NDArray[np.bool_], names: list[str], table: Table) -> None:
    if not known.any():
        raise refuse(
            tr(
                "No row of {file} has a value in the target {name}. Expected a value to "
                "learn from.",
                file=table.name,
                name=", ".join(names),
            ),
            tr("Choose another target."),
            place=Place("column", names[0]),
            code="all-missing",
        )


def _refuse_one_class(targets: Targets, task: TaskKind, spec: DatasetSpec, table: Table) -> None:
    if task == "classes" and len(np.unique(targets)) < 2:
        name = spec.targets()[0].name
        raise refuse(
            tr(
                "All rows of {file} are of one class in the target {name}: {label}. Expected at "
                "least two classes.",
                file=table.name,
                name=name,
                label=spec.labels()[int(targets[0])],
            ),
            tr("Add rows of other classes, or choose another target."),
            place=Place("column", name),
            code="one-class",
        )


def _classes(targets: Targets, task: TaskKind) -> NDArray[np.int64] | None:
    return targets.astype(np.int64, copy=False) if task == "classes" else None
