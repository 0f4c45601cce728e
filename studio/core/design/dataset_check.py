"""What can be wrong with the data and the choices about it, found without opening a file."""

from collections.abc import Iterator, Mapping

from studio.core.design.answers import ModelOutput
from studio.core.design.column_check import input_problems, role_fix, target_problems
from studio.core.design.dataset import (
    USABLE_KINDS,
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
    leak_detail,
)
from studio.core.design.series_check import series_problems
from studio.core.design.split_check import split_problems
from studio.core.design.step_check import step_problems
from studio.core.design.text_check import text_problems
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr

_TARGET = Place("field", "target")
_DATA = Place("data")


def dataset_problems(spec: DatasetSpec) -> tuple[Problem, ...]:
    """All that is wrong: what reading found and still holds, and what follows from the choices.

    Empty while no data was opened.
    """
    if spec.is_empty or spec.summary is None:
        return ()
    return (
        *_found(spec, spec.summary),
        *_from_choices(spec, spec.summary),
        *split_problems(spec, spec.summary),
        *series_problems(spec, spec.summary),
        *step_problems(spec),
        *text_problems(spec),
    )


def _found(spec: DatasetSpec, summary: DatasetSummary) -> Iterator[Problem]:
    """What reading found, less what a change of roles has settled."""
    roles = {column.name: column.role for column in spec.columns}
    details = {leak_detail(column.name) for column in spec.targets()}
    for problem in summary.problems:
        is_ignored = problem.place.kind == "column" and roles.get(problem.place.key) == "ignore"
        if problem.code == "leakage" and (is_ignored or problem.detail not in details):
            continue
        if problem.code == "leakage-by-time" and (
            spec.split.method != "random"
            or spec.series is not None
            or problem.detail not in details
        ):
            continue
        if problem.code == "leakage-by-group" and (
            spec.split.method != "random" or spec.split.together or not is_ignored
        ):
            continue
        if not (is_ignored and problem.severity is Severity.WARNING):
            yield problem


def _from_choices(spec: DatasetSpec, summary: DatasetSummary) -> Iterator[Problem]:
    columns = {column.name: column for column in summary.columns}
    for choice in spec.columns:
        if choice.name not in columns and choice.role != "ignore":
            yield _unknown(choice)
    yield from _targets(spec, columns, summary.rows)
    if not spec.features():
        yield from _no_input(spec, columns)
    for choice in spec.inputs():
        if choice.name in columns:
            yield from input_problems(choice, columns[choice.name], summary.rows)


def _targets(
    spec: DatasetSpec, columns: Mapping[str, ColumnSummary], rows: int
) -> Iterator[Problem]:
    targets = spec.targets()
    if not targets:
        yield _no_target(spec, columns)
    elif not spec.model_outputs() and spec.series is not None:
        yield _series_target(spec, targets[-1])
    else:
        others = {"sequences", "images", "masks"}
        asked = [one for one in spec.model_outputs() if one.task in others]
        settled = {name for one in asked for name in one.columns}
        for choice in targets:
            if choice.name in columns and choice.name not in settled:
                yield from target_problems(choice, columns[choice.name], rows)
        yield from (_no_classes(one) for one in asked if one.task == "masks" and not one.labels)


def _no_target(spec: DatasetSpec, columns: Mapping[str, ColumnSummary]) -> Problem:
    usable = [choice.name for choice in _telling(spec, columns)]
    fix = (
        Fix(
            "set_role",
            tr("Make {name} the target", name=usable[-1]),
            {"column": usable[-1], "role": "target"},
        )
        if usable
        else None
    )
    return Problem(
        tr("No column is the target. Expected a column that holds what the model should tell."),
        tr("Set the role of one column to target."),
        place=_TARGET,
        code="no-target",
        fix=fix,
    )


def _series_target(spec: DatasetSpec, target: ColumnChoice) -> Problem:
    is_class = spec.series is not None and spec.series.purpose == "classify"
    wanted = tr("one category to tell") if is_class else tr("numbers to follow")
    return Problem(
        tr(
            "The target {name} is of kind {kind}. For this use of a series {wanted} is expected.",
            name=target.name,
            kind=target.kind,
            wanted=wanted,
        ),
        tr("Change its kind, choose another target, or use the series for something else."),
        place=Place("column", target.name),
        code="target-kind",
    )


def _no_classes(output: ModelOutput) -> Problem:
    return Problem(
        tr(
            "The target {name} are pictures whose pixels are of too many shades to be classes. "
            "Expected masks, or pictures that are to be rebuilt.",
            name=output.name,
        ),
        tr("Make it input and target, if the picture itself is to be rebuilt, or ignore it."),
        place=Place("column", output.name),
        code="no-mask",
        fix=Fix(
            "set_role",
            tr("Make {name} input and target", name=output.name),
            {"column": output.name, "role": "both"},
        ),
    )


def _no_input(spec: DatasetSpec, columns: Mapping[str, ColumnSummary]) -> Iterator[Problem]:
    usable = [choice.name for choice in _telling(spec, columns) if choice.role == "ignore"]
    yield Problem(
        tr("No column is an input. Expected at least one that something can be learnt from."),
        tr("Set the role of a column to input."),
        place=_DATA,
        code="no-input",
        fix=role_fix(usable[0], "input") if usable else None,
    )


def _telling(spec: DatasetSpec, columns: Mapping[str, ColumnSummary]) -> Iterator[ColumnChoice]:
    """The columns that something can be learnt from: of a usable kind, with values that differ."""
    for choice in spec.columns:
        found = columns.get(choice.name)
        if choice.kind in USABLE_KINDS and found is not None and found.distinct > 1:
            yield choice


def _unknown(choice: ColumnChoice) -> Problem:
    return Problem(
        tr(
            "The data has no column {name} any more, but it is used as {role}.",
            name=choice.name,
            role=choice.role,
        ),
        tr("Open the data again, or set the column to ignore."),
        place=Place("column", choice.name),
        code="missing-column",
        fix=role_fix(choice.name, "ignore"),
    )
