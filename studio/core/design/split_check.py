"""What can be wrong with the parts that rows are dealt to."""

from collections.abc import Iterator

from studio.core.design.dataset import DatasetSpec, DatasetSummary, split_counts
from studio.core.design.usable import usable_rows
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr

_SPLIT = Place("field", "split")


def split_problems(spec: DatasetSpec, summary: DatasetSummary) -> Iterator[Problem]:
    """Shares that do not fit, and parts that would be empty."""
    split, own = spec.split, summary.own_test_rows
    test = 0.0 if own else split.test
    if not (
        0 <= split.validation <= 0.9 and 0 <= test <= 0.9 and split.validation + test <= 0.9 + 1e-9
    ):
        yield Problem(
            tr(
                "Validation and test take {share:.0%} of the rows. Expected shares from "
                "0 to 90 % together.",
                share=split.validation + test,
            ),
            tr("Make one of them smaller."),
            place=_SPLIT,
            code="split-shares",
        )
        return
    yield from _column_problems(spec)
    if split.method == "column" or spec.series is not None:
        return  # how many rows each part gets is told by their values
    rows = usable_rows(spec) - own
    counts = split_counts(max(rows, 0), split, has_own_test=own > 0)
    if split.folds > counts[0] + counts[1]:
        yield _too_many_folds(split.folds, counts[0] + counts[1])
    elif counts[0] < 2:
        yield Problem(
            tr(
                "The training part has {count} {count|row|rows}. Expected at least 2.",
                count=counts[0],
            ),
            tr("Add rows, or give less to validation and test."),
            place=_SPLIT,
            code="empty-part",
        )
    elif counts[1] == 0:
        yield Problem(
            tr(
                "The validation part is empty. Without it nobody sees when a model learns by heart."
            ),
            tr("Give 10 to 20 % of the rows to validation."),
            Severity.WARNING,
            _SPLIT,
            "no-validation",
        )
    elif counts[2] + own == 0:
        yield Problem(
            tr("The test part is empty, so there is no last, honest figure."),
            tr("Give 10 to 20 % of the rows to test."),
            Severity.NOTE,
            _SPLIT,
            "no-test",
        )


def _column_problems(spec: DatasetSpec) -> Iterator[Problem]:
    split = spec.split
    needs_one = split.method in ("group", "column")
    if (needs_one or split.column) and spec.choice(split.column) is None:
        yield Problem(
            tr("The data are split by a column, but none is chosen.")
            if not split.column
            else tr("The data are split by {name}, which they do not have.", name=split.column),
            tr("Choose the column that tells what belongs together."),
            place=_SPLIT,
            code="split-column",
        )
    chosen = spec.choice(split.column)
    if split.method == "group" and chosen is not None and chosen.role == "target":
        yield Problem(
            tr(
                "The data are split by the target {name}: each class would be in one part only.",
                name=split.column,
            ),
            tr("Choose the column that tells what belongs together, such as a machine."),
            place=_SPLIT,
            code="split-column",
        )
    yield from _together_problems(spec)
    if split.folds == 1 or split.folds < 0 or (split.folds and not 0 <= split.fold < split.folds):
        yield Problem(
            tr("Fold {fold} of {folds} does not exist.", fold=split.fold + 1, folds=split.folds),
            tr("Choose two or more folds, and one of them."),
            place=_SPLIT,
            code="folds",
        )


def _together_problems(spec: DatasetSpec) -> Iterator[Problem]:
    name = spec.split.together
    chosen = spec.choice(name)
    if not spec.split.keeps_together or (chosen is not None and chosen.role != "target"):
        return
    yield Problem(
        tr("Rows are kept together by {name}, which the data do not have.", name=name)
        if chosen is None
        else tr(
            "Rows are kept together by the target {name}: no class would be in two parts.",
            name=name,
        ),
        tr("Choose the column that tells what belongs together, or none."),
        place=_SPLIT,
        code="split-together",
        fix=Fix("set_split", tr("Keep nothing together"), {"together": ""}),
    )


def _too_many_folds(folds: int, rows: int) -> Problem:
    return Problem(
        tr(
            "{folds} folds need a row each, but beside the test part there are {count}.",
            folds=folds,
            count=rows,
        ),
        tr("Choose fewer folds, or add rows."),
        place=_SPLIT,
        code="folds",
    )
