"""What can be wrong with one column as input or as target."""

from collections.abc import Iterator

from studio.core.design.class_share import RARE
from studio.core.design.dataset import (
    MOST_CATEGORIES,
    USABLE_KINDS,
    ColumnChoice,
    ColumnKind,
    ColumnSummary,
)
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr

IMBALANCE = "imbalance"
_FEWEST_OF_A_CLASS = 3
_FROM_VALUES = ("number", "category")


def target_problems(choice: ColumnChoice, column: ColumnSummary, rows: int) -> Iterator[Problem]:
    """All that is wrong with a target."""
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
                "{count} of {rows} {rows|row|rows} {count|has|have} no value in the target "
                "{name}. {count|It is|They are} left out.",
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
            fix=kind_fix(choice.name, "category"),
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
    yield from _imbalance(labels, counts, place, owner)
    rare = [
        label for label, count in zip(labels, counts, strict=True) if count < _FEWEST_OF_A_CLASS
    ]
    if rare:
        yield Problem(
            tr(
                "{count} {count|class|classes} of {owner} {count|has|have} fewer than {least} "
                "{least|row|rows}: {labels}. They "
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


def input_problems(choice: ColumnChoice, column: ColumnSummary, rows: int) -> Iterator[Problem]:
    """All that is wrong with an input."""
    place, ignore = Place("column", choice.name), role_fix(choice.name, "ignore")
    if column.missing == rows:
        yield Problem(
            tr("The input {name} holds no values. Expected some to learn from.", name=choice.name),
            tr("Set it to ignore."),
            place=place,
            code="all-missing",
            fix=ignore,
        )
    elif choice.kind not in _FROM_VALUES:
        return
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
            fix=kind_fix(choice.name, "category"),
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
        fix=kind_fix(choice.name, kind) if can else None,
    )


def _too_many_classes(choice: ColumnChoice, column: ColumnSummary) -> Problem:
    return Problem(
        tr(
            "The target {name} has {count} {count|class|classes}. Expected at most {most}.",
            name=choice.name,
            count=column.distinct,
            most=MOST_CATEGORIES,
        ),
        tr("Make it a number if it counts something, or choose another target."),
        place=Place("column", choice.name),
        code="too-many-classes",
        fix=kind_fix(choice.name, "number") if column.low is not None else None,
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
        tr("Make it a number if it counts something, or an identifier, which an Embedding reads.")
        if is_number
        else tr("Make it an identifier, which an Embedding reads, or set it to ignore."),
        place=Place("column", choice.name),
        code="too-many-categories",
        fix=kind_fix(choice.name, "number") if is_number else role_fix(choice.name, "ignore"),
    )


def role_fix(name: str, role: str) -> Fix:
    """Sets the role of a column."""
    words = {"ignore": tr("Ignore {name}", name=name), "input": tr("Use {name}", name=name)}
    return Fix("set_role", words[role], {"column": name, "role": role})


def kind_fix(name: str, kind: ColumnKind) -> Fix:
    """Sets the kind of a column."""
    words = {
        "category": tr("Make {name} a category", name=name),
        "number": tr("Make {name} a number", name=name),
        "identifier": tr("Make {name} an identifier", name=name),
    }
    return Fix("set_kind", words[kind], {"column": name, "kind": kind})


def _imbalance(
    labels: tuple[str, ...], counts: tuple[int, ...], place: Place, owner: str
) -> Iterator[Problem]:
    """Offered where it matters; what was chosen for it is not a Problem any more."""
    known = [(count, label) for count, label in zip(counts, labels, strict=True) if count]
    least, most = min(known, default=(1, "")), max(known, default=(1, ""))
    if least[0] < RARE * most[0]:
        yield Problem(
            tr(
                "{rare} is rare in {owner}: {few} {few|row|rows}, and {many} of {common}. A "
                "network easily "
                "passes over it.",
                rare=least[1],
                owner=owner,
                few=least[0],
                many=most[0],
                common=most[1],
            ),
            tr("Let rare classes count more in the loss, and look at F1 rather than accuracy."),
            Severity.NOTE,
            place,
            IMBALANCE,
            Fix(
                "set_training",
                tr("Let rare classes count more"),
                {"key": "balance", "value": "weights"},
            ),
        )
