"""What the rows of a table should be answered with: classes, numbers or texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec, TaskKind
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr
from studio.data.columns import category_indices
from studio.data.inputs import texts_of
from studio.data.material import Material
from studio.data.tables import Table, as_numbers


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """The targets of all rows, and which rows have one."""

    values: NDArray[Any]
    known: NDArray[np.bool_]
    problems: tuple[Problem, ...] = ()


def task_of(spec: DatasetSpec) -> TaskKind:
    """What is asked of the model; StudioError while that cannot be learnt."""
    if not spec.targets():
        raise refuse(
            tr("No column is the target. Expected a column that holds what the model should tell."),
            tr("Set the role of one column to target."),
            place=Place("field", "target"),
            code="no-target",
        )
    if not spec.features():
        raise refuse(
            tr("No column is an input. Expected at least one to learn from."),
            tr("Set the role of a column to input."),
            place=Place("data"),
            code="no-input",
        )
    task = spec.task()
    if task is None:
        kinds = ", ".join(f"{c.name} ({c.kind})" for c in spec.targets())
        raise refuse(
            tr(
                "The targets {targets} cannot be learnt together. Expected one category, one "
                "text, or only numbers.",
                targets=kinds,
            ),
            tr("Change the kind of the target, or set others to ignore."),
            place=Place("field", "target"),
            code="target-kind",
        )
    return task


def targets_of(
    material: Material, spec: DatasetSpec, task: TaskKind, *, is_part: bool = False
) -> Targets:
    """The targets of data that is learnt from; StudioError for classes that are not known.

    A part of the data may be without any target; all of them may not.
    """
    name, table = spec.targets()[0].name, material.table
    if task == "classes":
        indices, unseen = category_indices(table.frame[name], spec.labels(), table.notation)
        if unseen:
            hint = tr("The file has changed: open the data again.")
            raise unknown_class(table.name, name, unseen, spec.labels(), hint)
        found = Targets(indices, indices >= 0)
    else:
        found = _numbers_or_texts(table, spec, task)
    if not is_part:
        refuse_no_targets(found, spec, table)
    return found


def targets_to_judge(material: Material, spec: DatasetSpec, task: TaskKind) -> Targets:
    """The targets of other data.

    Classes that differ by a full stop at the end only are taken as the same. An unknown
    class is refused in a table; a picture, sound or clip of one is left out.
    """
    table = material.table
    if task != "classes":
        found = _numbers_or_texts(table, spec, task)
    else:
        found = _classes_to_judge(material, spec)
    refuse_no_targets(found, spec, table)
    return found


def no_targets(count: int, spec: DatasetSpec, task: TaskKind) -> Targets:
    """For rows that are only to be answered."""
    known = np.ones(count, bool)
    if task == "classes":
        return Targets(np.full(count, -1, np.int64), known)
    if task == "sequences":
        return Targets(np.full(count, "", object), known)
    return Targets(np.full((count, len(spec.target_names())), np.nan, np.float32), known)


def refuse_no_targets(found: Targets, spec: DatasetSpec, table: Table) -> None:
    """StudioError where no row at all has a target."""
    if found.known.any():
        return
    names = [c.name for c in spec.targets()]
    raise refuse(
        tr(
            "No row of {file} has a value in the target {name}. Expected a value to learn from.",
            file=table.name,
            name=", ".join(names),
        ),
        tr("Choose another target."),
        place=Place("column", names[0]),
        code="all-missing",
    )


def refuse_one_class(targets: NDArray[Any], spec: DatasetSpec, file: str) -> None:
    """StudioError where every row is of the same class."""
    if len(np.unique(targets)) >= 2:
        return
    name = spec.targets()[0].name
    raise refuse(
        tr(
            "All rows of {file} are of one class in the target {name}: {label}. Expected at "
            "least two classes.",
            file=file,
            name=name,
            label=spec.labels()[int(targets[0])],
        ),
        tr("Add rows of other classes, or choose another target."),
        place=Place("column", name),
        code="one-class",
    )


def unknown_class(
    file: str, name: str, unseen: Iterable[str], labels: tuple[str, ...], hint: str
) -> Exception:
    """What to raise for classes that nobody knows."""
    return refuse(
        tr(
            "Column {name} of {file} holds classes that are not known: {unseen}. Expected one of "
            "{labels}.",
            name=name,
            file=file,
            unseen=", ".join(list(unseen)[:5]),
            labels=", ".join(labels[:10]),
        ),
        hint,
        place=Place("column", name),
        code="unseen-class",
    )


def _numbers_or_texts(table: Table, spec: DatasetSpec, task: TaskKind) -> Targets:
    names = [c.name for c in spec.targets()]
    if task == "sequences":
        texts = texts_of(table.frame[names[0]])
        known = np.array([text is not None for text in texts], bool)
        return Targets(np.where(known, texts, ""), known)
    columns = [as_numbers(n, table.frame[n], table.name, table.notation)[0] for n in names]
    numbers = np.column_stack([c.to_numpy() for c in columns]).astype(np.float32)
    return Targets(numbers, np.asarray(~np.isnan(numbers).any(axis=1)))


def _classes_to_judge(material: Material, spec: DatasetSpec) -> Targets:
    table, name, labels = material.table, spec.targets()[0].name, spec.labels()
    values = table.frame[name]
    indices, unseen = category_indices(values, labels, table.notation)
    if not unseen:
        return Targets(indices, indices >= 0)
    if material.media:
        return Targets(indices, indices >= 0, (_left_out(indices, table, labels),))
    bare = _without_stops(values)
    indices, still = category_indices(bare, labels, table.notation)
    if still:
        hint = tr("Write the classes as they were written before, or leave these rows out.")
        raise unknown_class(table.name, name, unseen, labels, hint)
    return Targets(indices, indices >= 0, (_stops(table.name, name, unseen),))


def _without_stops(values: "pd.Series[Any]") -> "pd.Series[Any]":
    cells = values.to_numpy(object)
    bare = [cell.rstrip().removesuffix(".") if isinstance(cell, str) else cell for cell in cells]
    return pd.Series(bare, dtype=object)


def _stops(file: str, name: str, unseen: list[str]) -> Problem:
    return Problem(
        tr(
            "In {file} the classes of {name} end in a full stop, such as {class_name}. "
            "They are taken as the classes without it.",
            name=name,
            file=file,
            class_name=unseen[0],
        ),
        tr("Nothing needs to be done."),
        Severity.NOTE,
        Place("column", name),
        "full-stops",
    )


def _left_out(indices: NDArray[np.int64], table: Table, labels: tuple[str, ...]) -> Problem:
    return Problem(
        tr(
            "{count} of {all} files belong to no known class and are left out. Expected {labels}.",
            count=int((indices < 0).sum()),
            all=len(indices),
            labels=", ".join(labels[:10]),
        ),
        tr("Name the folders like the classes that the model was trained on."),
        Severity.WARNING,
        Place("file", table.name),
        "unseen-class",
    )
