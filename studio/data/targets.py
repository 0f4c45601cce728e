"""What the rows of a table should be answered with: classes, numbers or texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.answers import ModelOutput
from studio.core.design.dataset import DatasetSpec
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr
from studio.data.arrays import UNKNOWN_PIXEL
from studio.data.columns import category_indices
from studio.data.inputs import texts_of
from studio.data.material import Material
from studio.data.tables import Table, as_numbers

LONGEST_NAMED = 40  # letters of a class in a message


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """The targets of all rows, one block for each output, and which rows have all of them."""

    values: tuple[NDArray[Any], ...]
    known: NDArray[np.bool_]
    problems: tuple[Problem, ...] = ()


def asked_of(spec: DatasetSpec) -> tuple[ModelOutput, ...]:
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
    outputs = spec.model_outputs()
    if not outputs:
        kinds = ", ".join(f"{c.name} ({c.kind})" for c in spec.targets())
        raise refuse(
            tr(
                "The targets {targets} cannot be learnt. Expected categories, numbers, masks, "
                "texts told from texts, or pictures that are inputs, too.",
                targets=kinds,
            ),
            tr("Change the kind of the target, or set others to ignore."),
            place=Place("field", "target"),
            code="target-kind",
        )
    return outputs


def targets_of(
    material: Material,
    spec: DatasetSpec,
    outputs: Sequence[ModelOutput],
    *,
    is_part: bool = False,
) -> Targets:
    """The targets of data that is learnt from; StudioError for classes that are not known.

    A part of the data may be without any target; all of them may not.
    """
    found = _together([_target_of(material, one) for one in outputs])
    if not is_part:
        refuse_no_targets(found, spec, material.table)
    return found


def targets_to_judge(
    material: Material, spec: DatasetSpec, outputs: Sequence[ModelOutput]
) -> Targets:
    """The targets of other data.

    Classes that differ by a full stop at the end only are taken as the same. An unknown
    class is refused in a table; a picture, sound or clip of one is left out.
    """
    found = _together(
        [
            _classes_to_judge(material, one) if one.task == "classes" else _target_of(material, one)
            for one in outputs
        ]
    )
    refuse_no_targets(found, spec, material.table)
    return found


def no_targets(count: int, outputs: Sequence[ModelOutput]) -> Targets:
    """For rows that are only to be answered."""
    return Targets(tuple(_nothing(count, one) for one in outputs), np.ones(count, bool))


def targets_unasked(
    material: Material, spec: DatasetSpec, outputs: Sequence[ModelOutput]
) -> Targets:
    """For rows that are only to be answered: what is given again is its own truth."""
    given = {choice.name for choice in spec.columns if choice.role == "both"}
    found = no_targets(len(material), outputs)
    values = tuple(
        _numbers_or_texts(material.table, one).values
        if one.task == "numbers" and given.issuperset(one.columns)
        else block
        for one, block in zip(outputs, found.values, strict=True)
    )
    return Targets(values, found.known)


@dataclass(frozen=True, slots=True, eq=False)
class _Target:
    """The truths of one output, which rows have one, and what was found."""

    values: NDArray[Any]
    known: NDArray[np.bool_]
    problems: tuple[Problem, ...] = ()


def _together(found: Sequence[_Target]) -> Targets:
    return Targets(
        tuple(one.values for one in found),
        np.logical_and.reduce([one.known for one in found]),
        tuple(problem for one in found for problem in one.problems),
    )


def _target_of(material: Material, output: ModelOutput) -> _Target:
    table, labels = material.table, output.labels
    if output.task in ("images", "masks"):
        return _pictures(material, output)
    if output.task != "classes":
        return _numbers_or_texts(table, output)
    name = output.columns[0]
    indices, unseen = category_indices(table.frame[name], labels, table.notation)
    if unseen:
        hint = tr("The file has changed: open the data again.")
        raise unknown_class(table.name, name, unseen, labels, hint)
    return _Target(indices, indices >= 0)


def _pictures(material: Material, output: ModelOutput) -> _Target:
    """Masks, or nothing yet of pictures that are rebuilt: they are read as inputs."""
    if output.task == "images":
        count = len(material)
        return _Target(np.zeros((count, 0), np.uint8), np.ones(count, bool))
    from studio.data.masks import masks_of  # late: reading pictures is slow to import

    return _Target(*masks_of(material, output))


def _nothing(count: int, output: ModelOutput) -> NDArray[Any]:
    if output.task == "masks":
        return np.full((count, *output.shape[1:]), UNKNOWN_PIXEL, np.uint8)
    if output.task == "images":
        return np.zeros((count, 0), np.uint8)
    if output.task == "classes":
        return np.full(count, -1, np.int64)
    if output.task == "sequences":
        return np.full(count, "", object)
    return np.full((count, len(output.names)), np.nan, np.float32)


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


def refuse_one_class(
    targets: Sequence[NDArray[Any]], outputs: Sequence[ModelOutput], file: str
) -> None:
    """StudioError where every row is of the same class."""
    for values, output in zip(targets, outputs, strict=True):
        if output.task == "classes" and len(np.unique(values)) < 2:
            raise _one_class(values, output, file)


def _one_class(values: NDArray[Any], output: ModelOutput, file: str) -> Exception:
    name = output.columns[0]
    return refuse(
        tr(
            "All rows of {file} are of one class in the target {name}: {label}. Expected at "
            "least two classes.",
            file=file,
            name=name,
            label=output.labels[int(values[0])],
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
            unseen=_named(list(unseen)[:5]),
            labels=_named(labels[:10]),
        ),
        hint,
        place=Place("column", name),
        code="unseen-class",
    )


def _named(labels: Sequence[str]) -> str:
    """Some labels side by side; a text that stands in their place is cut."""
    return ", ".join(label[:LONGEST_NAMED] for label in labels)


def _numbers_or_texts(table: Table, output: ModelOutput) -> _Target:
    names = output.columns
    if output.task == "sequences":
        texts = texts_of(table.frame[names[0]])
        known = np.array([text is not None for text in texts], bool)
        return _Target(np.where(known, texts, ""), known)
    columns = [as_numbers(n, table.frame[n], table.name, table.notation)[0] for n in names]
    numbers = np.column_stack([c.to_numpy() for c in columns]).astype(np.float32)
    return _Target(numbers, np.asarray(~np.isnan(numbers).any(axis=1)))


def _classes_to_judge(material: Material, output: ModelOutput) -> _Target:
    table, name, labels = material.table, output.columns[0], output.labels
    values = table.frame[name]
    indices, unseen = category_indices(values, labels, table.notation)
    if not unseen:
        return _Target(indices, indices >= 0)
    if material.media:
        return _Target(indices, indices >= 0, (_left_out(indices, table, labels),))
    bare = _without_stops(values)
    indices, still = category_indices(bare, labels, table.notation)
    if still:
        hint = tr("Write the classes as they were written before, or leave these rows out.")
        raise unknown_class(table.name, name, unseen, labels, hint)
    return _Target(indices, indices >= 0, (_stops(table.name, name, unseen),))


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
            labels=_named(labels[:10]),
        ),
        tr("Name the folders like the classes that the model was trained on."),
        Severity.WARNING,
        Place("file", table.name),
        "unseen-class",
    )
