"""Finds input columns that give the target away, so that a score is not too good to be true."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import USABLE_KINDS, ColumnSummary, leak_detail
from studio.core.patience import go_on
from studio.core.problems import Fix, Place, Problem, Severity
from studio.core.words import tr
from studio.data.tables import is_text_column

# A value of a column gives a rare class away when at least so many rows hold it,
# nearly all of them in that class, and so much more often than in the whole table.
FEWEST_ROWS = 20
SURE = 0.95
LIFT = 8.0
# A column gives everything away when it alone finds nearly every row of every class.
NEAR_PERFECT = 0.995
SAME_ORDER = 0.9995
_SAMPLE = 20_000
_MOST_ROWS = 50_000
_MOST_VALUES = 20
_ROWS_EACH = 5


def leaks(frame: pd.DataFrame, columns: Sequence[ColumnSummary]) -> tuple[Problem, ...]:
    """A warning for each input that gives the one target away.

    Rare classes are looked for in all rows; whether a column alone tells every class or rises
    and falls with the target, in a sample of 50,000 or 20,000 rows from everywhere.
    """
    targets = [c for c in columns if c.role == "target" and c.kind in USABLE_KINDS]
    inputs = [c for c in columns if c.role in ("input", "both") and c.kind in USABLE_KINDS]
    if len(targets) != 1 or len(inputs) < 2:  # a single input is all there is to learn from
        return ()
    has_target = frame[targets[0].name].notna()
    known = frame if has_target.all() else frame[has_target]
    if len(known) < FEWEST_ROWS:
        return ()
    target, reasons = known[targets[0].name], dict[str, str]()
    classes = pd.factorize(target)[0] if targets[0].kind == "category" else None
    some, truths = _some(len(known)), _Truths(np.asarray(target))
    for column in inputs:
        go_on()
        values = known[column.name]
        reasons[column.name] = (
            _gives_number(values, truths, column)
            if classes is None
            else _gives_class(values, classes, some, column)
        )
    return tuple(_warning(name, targets[0].name, why) for name, why in reasons.items() if why)


def _gives_class(
    values: "pd.Series[float] | pd.Series[str]",
    classes: NDArray[np.int64],
    some: NDArray[np.int64],
    column: ColumnSummary,
) -> str:
    if column.distinct <= _MOST_VALUES:
        why = _rare_class(values, classes)
        if why:
            return why
    if _alone(values.iloc[some], classes[some], column) >= NEAR_PERFECT:
        return tr("It alone tells the class of nearly every row.")
    return ""


def _rare_class(values: "pd.Series[float] | pd.Series[str]", classes: NDArray[np.int64]) -> str:
    codes, uniques = pd.factorize(values)
    count = int(classes.max()) + 1
    table = _counts(codes, classes, (len(uniques), count))
    rows = table.sum(axis=1)
    base = np.bincount(classes, minlength=count) / len(classes)
    for i in np.flatnonzero(rows >= FEWEST_ROWS):
        best = int(table[i].argmax())
        share = table[i, best] / rows[i]
        if share >= SURE and share / base[best] >= LIFT:
            return tr(
                "In {share} of the {rows} {rows|row|rows} where it is {value}, the target is the "
                "same, which is rare elsewhere.",
                share=tr("{percent} %", percent=round(100 * share)),
                rows=int(rows[i]),
                value=_plain(uniques[int(i)]),
            )
    return ""


def _alone(
    values: "pd.Series[float] | pd.Series[str]", classes: NDArray[np.int64], column: ColumnSummary
) -> float:
    """Share of rows found in each class, averaged, when only this column is looked at."""
    if is_text_column(values) or column.kind == "category":
        groups = pd.factorize(values)[0]
    else:
        groups = _runs(np.asarray(values, np.float64), classes)
    held = groups >= 0
    if held.mean() < NEAR_PERFECT or groups.max() + 1 > len(groups) / _ROWS_EACH:
        return 0.0
    count = int(classes.max()) + 1
    table = _counts(groups, classes, (int(groups.max()) + 1, count))
    right = np.zeros(count)
    np.add.at(right, table.argmax(axis=1), table.max(axis=1))
    return float((right / np.maximum(table.sum(axis=0), 1)).mean())


def _some(count: int) -> NDArray[np.int64]:
    """Rows drawn from everywhere, all where they are not too many; the same ones every time."""
    if count <= _MOST_ROWS:
        return np.arange(count, dtype=np.int64)
    return np.sort(np.random.default_rng(0).choice(count, _MOST_ROWS, replace=False))


def _counts(
    groups: NDArray[np.int64], classes: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """How often each group and class stand together; -1 is no group."""
    held = groups >= 0
    places = groups[held] * shape[1] + classes[held]
    return np.bincount(places, minlength=shape[0] * shape[1]).astype(np.float64).reshape(shape)


def _runs(numbers: NDArray[np.float64], classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers cut into as few ranges as there would be if each class had two of its own.

    Ranges end where the class changes; when it changes more often than that, the
    column does not give the target away and all rows share one range.
    """
    known = np.flatnonzero(~np.isnan(numbers))
    order = known[np.lexsort((classes[known], numbers[known]))]
    changes = np.flatnonzero(np.diff(classes[order])) + 1
    groups = np.full(len(numbers), -1, np.int64)
    groups[known] = 0
    if len(changes) > 4 * (int(classes.max()) + 1) or not len(known):
        return groups
    ties = numbers[order][changes] == numbers[order][changes - 1]
    starts = np.zeros(len(order), np.int64)
    starts[changes[~ties]] = 1
    groups[order] = np.cumsum(starts)
    return groups


class _Truths:
    """The numbers of the target; where they stand in order is found out once for all columns."""

    def __init__(self, values: NDArray[np.generic]) -> None:
        self._values = values
        self._ranks: NDArray[np.float64] | None = None

    def ranks(self, taken: NDArray[np.int64], *, is_usual: bool) -> NDArray[np.float64]:
        """Their ranks among those taken; `is_usual` where every column takes the same ones."""
        if not is_usual:
            return _ranks(self._values[taken])
        if self._ranks is None:
            self._ranks = _ranks(self._values[taken])
        return self._ranks


def _gives_number(
    values: "pd.Series[float] | pd.Series[str]", truths: _Truths, column: ColumnSummary
) -> str:
    if is_text_column(values) or column.distinct <= _MOST_VALUES:
        return ""
    numbers = np.asarray(values, np.float64)
    held = np.flatnonzero(~np.isnan(numbers))
    if len(held) < FEWEST_ROWS or len(held) < 0.5 * len(numbers):
        return ""
    taken = held[:: max(1, len(held) // _SAMPLE)]
    ranks = _ranks(numbers[taken])
    true_ranks = truths.ranks(taken, is_usual=len(held) == len(numbers))
    size = np.sqrt((ranks @ ranks) * (true_ranks @ true_ranks))
    if size and abs(ranks @ true_ranks) >= SAME_ORDER * size:
        return tr("It rises and falls with the target in nearly every row.")
    return ""


def _ranks(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """How far in order each value is from the middle; equal ones share the middle of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    middles: NDArray[np.float64] = np.cumsum(counts) - (counts - 1) / 2
    return middles[places] - (len(values) + 1) / 2


def _plain(value: object) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _warning(name: str, target: str, why: str) -> Problem:
    fix = Fix("set_role", tr("Ignore {name}", name=name), {"column": name, "role": "ignore"})
    return Problem(
        tr(
            "Column {name} seems to give {target} away. {why} A model that reads it looks better "
            "than it will be.",
            name=name,
            target=target,
            why=why,
        ),
        tr("If it is only known after {target}, set it to ignore.", target=target),
        Severity.WARNING,
        Place("column", name),
        "leakage",
        fix,
        leak_detail(target),
    )
