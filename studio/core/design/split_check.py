"""What can be wrong with the parts that rows are dealt to."""

from collections.abc import Iterator

from studio.core.design.dataset import DatasetSpec, DatasetSummary, split_counts
from studio.core.problems import Place, Problem, Severity
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
    rows = _usable_rows(spec, summary) - own
    counts = split_counts(max(rows, 0), split, has_own_test=own > 0)
    if counts[0] < 2:
        yield Problem(
            tr("The training part has {count} rows. Expected at least 2.", count=counts[0]),
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


def _usable_rows(spec: DatasetSpec, summary: DatasetSummary) -> int:
    names = {c.name for c in spec.targets()}
    return summary.rows - max((c.missing for c in summary.columns if c.name in names), default=0)
