"""Parts by time: the latest rows are test, those before them validation, the rest training."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.data.dates import as_dates

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class InTime:
    """The places of each part in what was dealt; `unused` are later than the validation fold."""

    training: Positions
    validation: Positions
    test: Positions
    unused: Positions


def instants(values: NDArray[Any]) -> NDArray[np.float64]:
    """A number for each cell that grows with time: numbers as they are, dates as seconds.

    NaN where it cannot be told.
    """
    series = pd.Series(values)
    if pd.api.types.is_numeric_dtype(series.dtype):
        return np.asarray(series, np.float64)
    numbers = pd.to_numeric(series, errors="coerce")
    if numbers.notna().sum() == series.notna().sum():
        return np.asarray(numbers, np.float64)
    if not any(isinstance(value, str) for value in series.dropna().iloc[:100]):
        series = pd.to_datetime(series)  # dates as Python has them
    since = as_dates("", series, "")[0] - pd.Timestamp(0)
    return np.asarray(since.dt.total_seconds(), np.float64)


def deal_in_time(
    when: NDArray[np.float64], validation: int, test: int, folds: int = 0, fold: int = 0
) -> InTime:
    """The parts of rows with these times, about so many in validation and test.

    Rows of one time stay together: a border moves to the nearest change of time. Rows
    without a time count as the earliest. With `folds` the rows before the test part are cut
    into one block more than there are folds; fold 0 is trained on the first block and
    validated on the second, and so on, so that nothing is trained on what comes later (the
    expanding window of scikit-learn's TimeSeriesSplit); later blocks are `unused`.
    """
    filled = np.where(np.isnan(when), -np.inf, when)
    order = np.argsort(filled, kind="stable").astype(np.int64)
    ordered = filled[order]
    changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    changes = np.concatenate([[0], changes, [len(order)]])
    end = _nearest(changes, len(order) - test) if test else len(order)
    first, last = _nearest(changes, end - validation) if validation else end, end
    if folds >= 2:
        borders = [_nearest(changes, round(end * b / (folds + 1))) for b in range(folds + 2)]
        first, last = borders[fold % folds + 1], borders[fold % folds + 2]
    return InTime(order[:first], order[first:last], order[end:], order[last:end])


def _nearest(changes: NDArray[np.int64], place: int) -> int:
    """The change of time nearest to a place; the later one where two are as near."""
    after = int(np.searchsorted(changes, place))
    if after == 0 or int(changes[min(after, len(changes) - 1)]) == place:
        return place if after else 0
    before, behind = int(changes[after - 1]), int(changes[after])
    return before if place - before < behind - place else behind
