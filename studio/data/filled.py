"""Missing numbers among the rows that a model answers: how many are filled, and where."""

from collections import Counter

import numpy as np

from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted, FittedInput, Rows

_AT_ONCE = 65_536
_NAMED = 5


def filled_problems(arrays: Arrays, fitted: Fitted) -> tuple[Problem, ...]:
    """A note that counts the missing numbers by column; none where no number is missing."""
    counts = Counter[str]()
    for one, rows in zip(fitted.inputs, arrays.inputs, strict=True):
        if one.columns:
            counts.update(_missing(one, rows))
    if not counts:
        return ()
    said = Problem(
        tr(
            "{count} {count|number is|numbers are} missing and {count|is|are} filled as in "
            "training: {columns}.",
            count=counts.total(),
            columns=_named(counts),
        ),
        tr("Put them into the file where they are known."),
        Severity.NOTE,
        Place("data"),
        "filled-numbers",
    )
    return (said,)


def _missing(one: FittedInput, rows: Rows) -> dict[str, int]:
    """How many values of each column are missing; those of windows as often as they are seen."""
    total = np.zeros(len(one.columns), np.int64)
    for start in range(0, rows.shape[0], _AT_ONCE):
        block = rows.take(np.arange(start, min(start + _AT_ONCE, rows.shape[0]), dtype=np.int64))
        total += np.isnan(block).sum(axis=tuple(range(block.ndim - 1)))
    names = (column.feature.name for column in one.columns)
    return {name: count for name, count in zip(names, total.tolist(), strict=True) if count}


def _named(counts: Counter[str]) -> str:
    """The columns with the most of them first."""
    some = counts.most_common(_NAMED)
    words = [tr("{count} in {column}", count=count, column=name) for name, count in some]
    more = len(counts) - len(some)
    words += [tr("more in {count} other {count|column|columns}", count=more)] if more else []
    return ", ".join(words)
