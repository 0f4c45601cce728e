"""What can be wrong with the data and the choices about it, found without opening a file."""

from collections.abc import Iterator, Mapping

from studio.core.design.dataset import (
    MOST_CATEGORIES,
    USABLE_KINDS,
    ColumnChoice,
    ColumnKind,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
    leak_detail,
)
from studio.core.design.split_check import split_problems
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr

_FEWEST_OF_A_CLASS = 3
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
    )


def _found(spec: DatasetSpec, summary: DatasetSummary) -> Iterator[Problem]:
    """What reading found, less what a change of roles has settled."""
    roles = {column.name: column.role for column in spec.columns}
    details = {leak_detail(column.name) for column in spec.targets()}
    for problem in summary.problems:
        is_ignored = problem.place.kind == "column" and roles.get(problem.place.key) == "ignore"
        if problem.code == "leakage" and (is_ignored or problem.detail not in details):
            continue
        if not (is_ignored and problem.severity is Severity.WARNING):
            yield problem


def _from_choices(spec: DatasetSpec, summary: DatasetSummary) -> Iterator[Problem]:
    if summary.kind == "images":
        yield from _classes(summary.labels, summary.label_counts, _DATA, tr("the folders"))
        return
    columns = {column.name: column for column in summary.columns}
    for choice in spec.columns:
        if choice.name not in columns and choice.role != "ignore":
            yield _unknown(choice)
    yield from _targets(spec, columns, summary.rows)
    if not any(c.kind in USABLE_KINDS for c in spec.inputs()):
        yield from _no_input(spec, columns)
    for choice in spec.inputs():
        if choice.name in columns:
            yield from _input(choice, columns[choice.name], summary.rows)


def _targets(
    spec: DatasetSpec, columns: Mapping[str, ColumnSummary], rows: int
) -> Iterator[Problem]:
    targets = spec.targets()
    if not targets:
        yield _no_target(spec, columns)
    elif len(targets) > 1 and {c.kind for c in targets} != {"number"}:
        yield _mixed_targets(targets)
    else:
        for choice in targets:
            if choice.name in columns:
                yield from _target(choice, columns[choice.name], rows)


def _target(choice: ColumnChoice, column: ColumnSummary, rows: int) -> Iterator[Problem]:
    place = Place("column", choice.name)
    if choice.kind not in USABLE_KINDS:
        yield _target_kind(choice, column)
    elif column.missing == rows:
        yield Problem(
            tr(
                "The target {name} holds no values. Expected a value in the rows to learn from.",
                name=choice.name,
            ),
            tr("Choose another target."),
            place=place,
            code="all-missing",
        )
    elif choice.kind == "number":
        yield from _number_target(choice, column)
    elif column.distinct > len(column.categories):
        yield _too_many_classes(choice, column)
    else:
        yield from _classes(column.categories, column.counts, place, choice.name)
    if 0 < column.missing < rows:
        yield Problem(
            tr(
                "{count} of {rows} rows have no value in the target {name}. They are left out.",
                count=column.missing,
                rows=rows,
                name=choice.name,
            ),
            tr("Fill them in the file if they are known."),
            Severity.NOTE,
            place,
            "target-missing",
        )


def _number_target(choice: ColumnChoice, column: ColumnSummary) -> Iterator[Problem]:
    place = Place("column", choice.name)
    if column.low is None:
        yield Problem(
            tr("The target {name} is set to number, but holds texts.", name=choice.name),
            tr("Make it a category."),
            place=place,
            code="target-kind",
            fix=_kind_fix(choice.name, "category"),
        )
    elif column.distinct == 1:
        yield Problem(
            tr(
                "The target {name} is the same number in all rows. Expected numbers that differ.",
                name=choice.name,
            ),
            tr("Choose another target."),
            place=place,
            code="constant",
        )


def _classes(
    labels: tuple[str, ...], counts: tuple[int, ...], place: Place, owner: str
) -> Iterator[Problem]:
    if len(labels) < 2:
        yield Problem(
            tr(
                "All rows are of one class in {owner}: {label}. Expected at least two classes.",
                owner=owner,
                label=labels[0] if labels else "-",
            ),
            tr("Add data of other classes, or choose another target."),
            place=place,
            code="one-class",
        )
        return
    rare = [
        label for label, count in zip(labels, counts, strict=True) if count < _FEWEST_OF_A_CLASS
    ]
    if rare:
        yield Problem(
            tr(
                "{count} classes of {owner} have fewer than {least} rows: {labels}. They "
                "cannot be in every part.",
                count=len(rare),
                owner=owner,
                least=_FEWEST_OF_A_CLASS,
                labels=", ".join(rare[:5]),
            ),
            tr("Add rows of these classes, or leave them out."),
            Severity.NOTE,
            place,
            "rare-class",
        )


def _input(choice: ColumnChoice, column: ColumnSummary, rows: int) -> Iterator[Problem]:
    place, ignore = Place("column", choice.name), _role_fix(choice.name, "ignore")
    if column.missing == rows:
        yield Problem(
            tr("The input {name} holds no values. Expected some to learn from.", name=choice.name),
            tr("Set it to ignore."),
            place=place,
            code="all-missing",
            fix=ignore,
        )
    elif choice.kind not in USABLE_KINDS:
        yield Problem(
            tr(
                "The input {name} is of kind {kind}, which is not used for learning. "
                "Expected a number or a category.",
                name=choice.name,
                kind=choice.kind,
            ),
            tr("Set it to ignore, or change its kind."),
            Severity.WARNING,
            place,
            "unused-kind",
            ignore,
        )
    elif choice.kind == "category" and column.distinct > len(column.categories):
        yield _too_many_categories(choice, column)
    elif choice.kind == "number" and column.low is None:
        yield Problem(
            tr(
                "The input {name} is set to number, but holds texts. Expected numbers.",
                name=choice.name,
            ),
            tr("Make it a category, or set it to ignore."),
            place=place,
            code="input-kind",
            fix=_kind_fix(choice.name, "category"),
        )
    elif column.distinct == 1:
        yield Problem(
            tr(
                "The input {name} is the same in all rows. It says nothing about the target.",
                name=choice.name,
            ),
            tr("Set it to ignore."),
            Severity.WARNING,
            place,
            "constant",
            ignore,
        )


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


def _mixed_targets(targets: tuple[ColumnChoice, ...]) -> Problem:
    last = targets[-1].name
    names = ", ".join(f"{c.name} ({c.kind})" for c in targets)
    return Problem(
        tr(
            "The targets {names} cannot be learnt together. Expected one category, or "
            "only numbers.",
            names=names,
        ),
        tr("Keep one target."),
        place=_TARGET,
        code="mixed-targets",
        fix=_role_fix(last, "ignore"),
    )


def _target_kind(choice: ColumnChoice, column: ColumnSummary) -> Problem:
    kind: ColumnKind = "category" if column.categories else "number"
    can = bool(column.categories) or column.low is not None
    return Problem(
        tr(
            "The target {name} is of kind {kind}. Expected a number or a category.",
            name=choice.name,
            kind=choice.kind,
        ),
        tr("Change its kind, or choose another target."),
        place=Place("column", choice.name),
        code="target-kind",
        fix=_kind_fix(choice.name, kind) if can else None,
    )


def _too_many_classes(choice: ColumnChoice, column: ColumnSummary) -> Problem:
    return Problem(
        tr(
            "The target {name} has {count} classes. Expected at most {most}.",
            name=choice.name,
            count=column.distinct,
            most=MOST_CATEGORIES,
        ),
        tr("Make it a number if it counts something, or choose another target."),
        place=Place("column", choice.name),
        code="too-many-classes",
        fix=_kind_fix(choice.name, "number") if column.low is not None else None,
    )


def _too_many_categories(choice: ColumnChoice, column: ColumnSummary) -> Problem:
    is_number = column.low is not None
    return Problem(
        tr(
            "The input {name} has {count} categories. Expected at most {most}.",
            name=choice.name,
            count=column.distinct,
            most=MOST_CATEGORIES,
        ),
        tr("Make it a number.") if is_number else tr("Set it to ignore."),
        place=Place("column", choice.name),
        code="too-many-categories",
        fix=_kind_fix(choice.name, "number") if is_number else _role_fix(choice.name, "ignore"),
    )


def _no_input(spec: DatasetSpec, columns: Mapping[str, ColumnSummary]) -> Iterator[Problem]:
    usable = [choice.name for choice in _telling(spec, columns) if choice.role == "ignore"]
    yield Problem(
        tr("No column is an input. Expected at least one number or category."),
        tr("Set the role of a column to input."),
        place=_DATA,
        code="no-input",
        fix=_role_fix(usable[0], "input") if usable else None,
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
        fix=_role_fix(choice.name, "ignore"),
    )


def _role_fix(name: str, role: str) -> Fix:
    words = {"ignore": tr("Ignore {name}", name=name), "input": tr("Use {name}", name=name)}
    return Fix("set_role", words[role], {"column": name, "role": role})


def _kind_fix(name: str, kind: ColumnKind) -> Fix:
    words = {
        "category": tr("Make {name} a category", name=name),
        "number": tr("Make {name} a number", name=name),
    }
    return Fix("set_kind", words[kind], {"column": name, "kind": kind})
