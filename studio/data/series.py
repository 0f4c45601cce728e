"""The rows of a table in the order of time, each group on its own, and where they break off."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.shaping import SeriesSpec
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr
from studio.data.arrays import Positions
from studio.data.split_time import instants
from studio.data.tables import Table, is_text_column

GAP = 1.5  # times the usual step: what is longer is a gap
# Above this share of steps the times are irregular (only working days, say), and no step is a gap.
_MOST_GAPS = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """Rows by group and then by time; all arrays are as long as there are rows with a time.

    rows: positions in the table. groups: an index into `names`. times: seconds since 1970
    where `is_time`, else numbers, or row numbers where there is no time column.
    """

    rows: Positions
    groups: NDArray[np.int64]
    times: NDArray[np.float64]
    names: tuple[str, ...]
    is_time: bool
    problems: tuple[Problem, ...] = ()

    def is_new_group(self) -> NDArray[np.bool_]:
        """For each row but the first whether it is the first of its group."""
        return np.asarray(np.diff(self.groups) != 0)

    def steps(self) -> NDArray[np.float64]:
        """The time from each row to the next one, NaN where that is another group."""
        return np.where(self.is_new_group(), np.nan, np.diff(self.times))

    def usual_step(self) -> float:
        """The middle one of the steps that go forward; 0 where there is none."""
        steps = self.steps()
        forward = steps[steps > 0]
        return float(np.median(forward)) if len(forward) else 0.0

    def gaps(self) -> NDArray[np.bool_]:
        """For each row but the first whether time is missing before it."""
        with np.errstate(invalid="ignore"):
            return self.steps() > GAP * self.usual_step()

    def has_regular_steps(self) -> bool:
        """False where so many steps are longer than usual that they are no gaps."""
        gaps = self.gaps()
        return int(gaps.sum()) <= _MOST_GAPS * len(gaps)


def ordered(table: Table, series: SeriesSpec, *, is_strict: bool = True) -> Ordered:
    """The rows of a table in order, with Problems for times that are missing, equal or backward.

    Without `is_strict` a table that lacks the time column keeps its order, and one that
    lacks the column of groups is one group.
    """
    codes, names = _groups(table, series.group, is_strict)
    times, is_time = _times(table, series.time, is_strict)
    known = np.flatnonzero(~np.isnan(times))
    if len(times) and not len(known):
        raise _no_times(table.name, series.time)
    order = known[np.lexsort((times[known], codes[known]))]
    problems = (
        *_missing(table.name, series.time, times),
        *_backward(table, series, known, codes, times),
        *_equal(table, series, order, codes, times),
    )
    return Ordered(order, codes[order], times[order], names, is_time, problems)


def _groups(table: Table, name: str, is_strict: bool) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    if not name or (name not in table.frame.columns and not is_strict):
        return np.zeros(len(table.frame), np.int64), ("",)
    _require(table, name)
    codes, uniques = pd.factorize(table.frame[name], use_na_sentinel=False)
    return codes.astype(np.int64), tuple(_text(value) for value in uniques)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _times(table: Table, name: str, is_strict: bool) -> tuple[NDArray[np.float64], bool]:
    if not name or (name not in table.frame.columns and not is_strict):
        return np.arange(1, len(table.frame) + 1, dtype=np.float64), False
    _require(table, name)
    cells = table.frame[name]
    times = instants(cells.to_numpy())
    return times, _are_dates(cells)


def _are_dates(cells: "pd.Series[float] | pd.Series[str]") -> bool:
    if not is_text_column(cells):
        return bool(pd.api.types.is_datetime64_any_dtype(cells.dtype))
    return bool(pd.to_numeric(cells, errors="coerce").isna().sum() > cells.isna().sum())


def _require(table: Table, name: str) -> None:
    if name in table.frame.columns:
        return
    raise refuse(
        tr(
            "{file} has no column {name}. Expected the column that orders the rows of the series "
            "or tells its groups.",
            file=table.name,
            name=name,
        ),
        tr("Choose another column for the time or the group of the series."),
        place=Place("column", name),
        code="missing-column",
    )


def _no_times(file: str, name: str) -> Exception:
    return refuse(
        tr(
            "Column {name} of {file} holds no times. Expected dates or numbers that grow with "
            "time.",
            name=name,
            file=file,
        ),
        tr("Choose another column for the time of the series, or none to keep the order."),
        place=Place("column", name),
        code="no-times",
    )


def _missing(file: str, name: str, times: NDArray[np.float64]) -> list[Problem]:
    rows = np.flatnonzero(np.isnan(times)) + 1
    if not len(rows):
        return []
    message = tr(
        "{count} {count|row|rows} of {file} {count|has|have} no time in column {name}, the first "
        "is row {row}. They are "
        "in no window.",
        count=len(rows),
        file=file,
        name=name,
        row=int(rows[0]),
    )
    return [_of_times(message, tr("Correct the times in the file."), name, "no-time")]


def _backward(
    table: Table,
    series: SeriesSpec,
    known: Positions,
    codes: NDArray[np.int64],
    times: NDArray[np.float64],
) -> list[Problem]:
    by_group = known[np.argsort(codes[known], kind="stable")]
    is_same = np.diff(codes[by_group]) == 0
    back = np.flatnonzero(is_same & (np.diff(times[by_group]) < 0))
    if not len(back) or not series.time:
        return []
    row, before = int(by_group[back[0] + 1]), int(by_group[back[0]])
    cells = table.frame[series.time]
    message = tr(
        "Time steps back in column {name} of {file}: in row {row} from {before} to {after}"
        "{more}. The rows are put in the order of time.",
        more=tr(" and {count} times more", count=len(back) - 1) if len(back) > 1 else "",
        name=series.time,
        file=table.name,
        row=row + 1,
        before=str(cells.iloc[before])[:40],
        after=str(cells.iloc[row])[:40],
    )
    hint = tr("If the times are right, nothing needs to be done. Otherwise correct them.")
    if not series.group:
        hint = tr(
            "If several machines stand in one table, choose the column that tells them apart."
        )
    return [_of_times(message, hint, series.time, "time-backward")]


def _equal(
    table: Table,
    series: SeriesSpec,
    order: Positions,
    codes: NDArray[np.int64],
    times: NDArray[np.float64],
) -> list[Problem]:
    is_equal = (np.diff(times[order]) == 0) & (np.diff(codes[order]) == 0)
    where = np.flatnonzero(is_equal)
    if not len(where):
        return []
    row = int(order[where[0] + 1])
    message = tr(
        "{count} {count|row|rows} of {file} {count|has|have} the same time as another in column "
        "{name}, first row {row} "
        "with {time}. They keep the order of the file.",
        count=len(where),
        file=table.name,
        name=series.time,
        row=row + 1,
        time=str(table.frame[series.time].iloc[row])[:40],
    )
    hint = tr("Leave out rows that stand there twice.")
    if not series.group:
        hint = tr(
            "If several machines stand in one table, choose the column that tells them apart."
        )
    return [_of_times(message, hint, series.time, "time-equal")]


def _of_times(message: str, hint: str, name: str, code: str) -> Problem:
    return Problem(message, hint, Severity.WARNING, Place("column", name), code)
