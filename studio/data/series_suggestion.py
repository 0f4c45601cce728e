"""Whether a table is a time series: what orders it, what groups it, how long a window is."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnKind, ColumnSummary
from studio.core.design.shaping import SeriesSpec
from studio.data.roles import words_of
from studio.data.split_time import instants

SHORTEST, LONGEST, USUAL = 4, 100, 48
_TIME_WORDS = frozenset(
    {"time", "timestamp", "date", "datetime", "ts", "cycle", "day", "hour", "minute", "second"}
)
_GROUP_KINDS: tuple[ColumnKind, ...] = ("identifier", "category", "number")
_FEWEST_ROWS = 30
_MOST_GROUPS = 0.05  # of the rows
_SHARE = 0.9  # of the rows that must be in order, and of their times that must differ
_EVEN = 0.5  # of the steps that are as long as the usual one; fewer are single events
_SAMPLE = 50_000
_LIKELIEST = 12  # columns that are tried as groups, the likeliest kinds first
# A minute, an hour, a day, a month of days, a year: what usually repeats.
_PERIODS = (60.0, 3600.0, 86_400.0, 30 * 86_400.0, 365.25 * 86_400.0)
_STEPS = 24  # a period has at least so many steps
_FITS = 8  # windows fit into the series at least
_LIKE_ITSELF = 0.3


def suggested_series(frame: pd.DataFrame, columns: Sequence[ColumnSummary]) -> SeriesSpec | None:
    """A series to forecast, or None where the rows are no series.

    One needs a column of times, nearly in order, with even steps and each time once (or
    once in each group of a column), and a number that varies. The window is the period
    that such steps usually have (a day of hours), or the one found in the numbers.
    """
    part = frame.iloc[:_SAMPLE]
    numbers = [c for c in columns if c.kind == "number" and c.distinct > 2]
    if sum(c.kind == "identifier" and 2 * c.distinct < len(frame) for c in columns) > 1:
        return None  # ratings or orders: who, and what
    for column in _time_columns(columns):
        times = instants(part[column.name].to_numpy())
        values = [c.name for c in numbers if c.name != column.name]
        if not values or np.isnan(times).mean() > 1 - _SHARE:
            continue
        for group, codes in _groupings(part, columns, column):
            if _is_series(times, codes):
                window = _window(times, codes, part[values[-1]], is_date=column.kind == "date")
                return SeriesSpec(time=column.name, group=group, window=window)
    return None


def _time_columns(columns: Sequence[ColumnSummary]) -> Iterator[ColumnSummary]:
    yield from (c for c in columns if c.kind == "date")
    for column in columns:
        if column.kind in ("number", "identifier") and _TIME_WORDS & set(words_of(column.name)):
            yield column


def _groupings(
    frame: pd.DataFrame, columns: Sequence[ColumnSummary], time: ColumnSummary
) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """All rows together, then by each column that may tell machines apart."""
    yield "", np.zeros(len(frame), np.int64)
    most = max(2.0, _MOST_GROUPS * len(frame))
    likely = [c for c in columns if c.kind in _GROUP_KINDS and 2 <= c.distinct <= most]
    likely.sort(key=lambda column: _GROUP_KINDS.index(column.kind))
    for column in likely[:_LIKELIEST]:
        if column.name != time.name:
            yield column.name, pd.factorize(frame[column.name])[0].astype(np.int64)


def _is_series(times: NDArray[np.float64], codes: NDArray[np.int64]) -> bool:
    known = ~np.isnan(times) & (codes >= 0)
    by_group = np.argsort(codes[known], kind="stable")
    steps = _steps(times[known][by_group], codes[known][by_group])
    if len(steps) < _FEWEST_ROWS or len(steps) < _SHARE * len(times):
        return False
    forward = steps[steps > 0]
    if len(forward) < _SHARE * len(steps) or _repeats(times[known], codes[known]) > 1 - _SHARE:
        return False
    return bool((np.abs(forward / np.median(forward) - 1) < 0.1).mean() >= _EVEN)


def _repeats(times: NDArray[np.float64], codes: NDArray[np.int64]) -> float:
    """The share of rows whose time stands in their group already."""
    order = np.lexsort((times, codes))
    is_same = (np.diff(times[order]) == 0) & (np.diff(codes[order]) == 0)
    return float(is_same.mean())


def _steps(times: NDArray[np.float64], codes: NDArray[np.int64]) -> NDArray[np.float64]:
    steps: NDArray[np.float64] = np.diff(times)[np.diff(codes) == 0]
    return steps


def _window(
    times: NDArray[np.float64],
    codes: NDArray[np.int64],
    values: "pd.Series[float]",
    *,
    is_date: bool,
) -> int:
    order = np.lexsort((times, codes))
    steps = _steps(times[order], codes[order])
    step = float(np.median(steps[steps > 0]))
    window = (_usual_period(step) if is_date else 0) or _found_period(values, codes) or USUAL
    longest = int(np.bincount(codes[codes >= 0]).max()) // _FITS
    return max(SHORTEST, min(window, longest))


def _usual_period(step: float) -> int:
    """The steps in the shortest period that has enough of them; 0 where there are too many."""
    lengths = (round(period / step) for period in _PERIODS)
    found = next((length for length in lengths if length >= _STEPS), 0)
    return found if found <= LONGEST else 0


def _found_period(values: "pd.Series[float]", codes: NDArray[np.int64]) -> int:
    """The lag at which the longest group is most like itself; 0 where it never is.

    The autocorrelation of the differences, which no trend disturbs, by the Fourier transform.
    """
    longest = int(np.bincount(codes[codes >= 0]).argmax())
    known = pd.to_numeric(values[codes == longest], errors="coerce").dropna().to_numpy(np.float64)
    known = known[np.isfinite(known)]
    if len(known) < 4 * SHORTEST:
        return 0
    changes = np.diff(known)
    power = np.abs(np.fft.rfft(changes - changes.mean(), 2 * len(changes))) ** 2
    alike = np.fft.irfft(power)[: min(LONGEST, len(changes) // 2)]
    if not alike.size or alike[0] <= 0:
        return 0
    alike = alike / alike[0]
    lag = int(alike[SHORTEST:].argmax()) + SHORTEST if len(alike) > SHORTEST else 0
    return lag if lag and alike[lag] > _LIKE_ITSELF else 0
