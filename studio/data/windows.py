"""A table as windows of a time series: each sample some rows in a row, none across a border."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec
from studio.core.design.shaping import SeriesSpec
from studio.core.problems import Place, Problem, StudioError, refuse
from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted, Positions
from studio.data.inputs import learnt, values_of
from studio.data.material import Material
from studio.data.series import Ordered, ordered
from studio.data.series_parts import PARTS, Parts, parts_of_rows
from studio.data.stretches import Stretches, rows_needed, target_rows, with_targets
from studio.data.tables import Table
from studio.data.targets import (
    asked_of,
    no_targets,
    refuse_one_class,
    targets_of,
    targets_to_judge,
)
from studio.data.window_problems import (
    about_gaps,
    about_windows,
    left_out,
    no_known_targets,
    no_training,
    no_windows,
    too_few_to_judge,
)


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows of `base` [rows, F] that begin at `starts`, made only as they are taken."""

    base: NDArray[np.float32]
    starts: Positions
    window: int

    @property
    def shape(self) -> tuple[int, ...]:
        """(windows, rows of each, columns)."""
        return (len(self.starts), self.window, self.base.shape[1])

    @property
    def held(self) -> None:
        """None: as one block each row would be in memory as often as a window is long."""
        return

    def take(self, positions: Positions) -> NDArray[np.float32]:
        """Some windows as a block of their own, [n, T, F]."""
        taken = _rows_from(self.base, self.starts[positions], self.window)
        return taken.reshape(len(positions), *self.shape[1:])


def series_arrays(table: Table, spec: DatasetSpec) -> Arrays:
    """Windows for training, each within one group, one part and one stretch without gaps.

    StudioError where the training part has no stretch as long as a window.
    """
    series, outputs = _series_of(spec), asked_of(spec)
    rows = ordered(table, series)
    parts = parts_of_rows(rows, table, spec)
    targets = targets_of(Material(table), spec, outputs)
    possible = Stretches.of(rows, parts).windows(rows_needed(series), series.stride)
    possible = possible[parts[possible] >= 0]
    starts = with_targets(possible, targets.known[rows.rows], series)
    dealt = {name: np.flatnonzero(parts[starts] == number) for number, name in enumerate(PARTS)}
    if not len(dealt["training"]):
        raise _nothing_to_learn_from(table, spec, rows, parts)
    values = _targets(targets.values[0][rows.rows], starts, series)
    refuse_one_class((values,), outputs, table.name)
    said = (
        *targets.problems,
        *about_windows(rows, parts, dealt, spec),
        *left_out(len(possible) - len(starts), len(possible), table.name),
    )
    return _arrays(table, spec, _Cut(rows, starts, values, dealt, said))


def series_to_judge(
    table: Table, spec: DatasetSpec, *, needs_target: bool, fitted: Fitted | None = None
) -> Arrays:
    """All windows of another table as the test part.

    Without `needs_target` there is one for every row that has enough rows before it, the
    last one too, whose future nobody knows; targets are -1 or NaN.
    """
    series, outputs = _series_of(spec), asked_of(spec)
    rows = ordered(table, series, is_strict=False)
    need, stride = (rows_needed(series), series.stride) if needs_target else (series.window, 1)
    starts = Stretches.of(rows, None).windows(need, stride)
    if not len(starts):
        raise too_few_to_judge(rows, need, table.name)
    said: tuple[Problem, ...] = tuple(about_gaps(rows, None, series))
    if needs_target:
        targets = targets_to_judge(Material(table), spec, outputs)
        possible = len(starts)
        starts = with_targets(starts, targets.known[rows.rows], series)
        if not len(starts):
            raise _no_target(spec, table)
        values = _targets(targets.values[0][rows.rows], starts, series)
        said = (*said, *targets.problems, *left_out(possible - len(starts), possible, table.name))
    else:
        values = no_targets(len(starts), outputs).values[0]
    nothing = np.zeros(0, np.int64)
    parts = {"training": nothing, "validation": nothing, "test": np.arange(len(starts))}
    return _arrays(table, spec, _Cut(rows, starts, values, parts, said), fitted)


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Where windows start in the ordered rows, with their targets and parts."""

    rows: Ordered
    starts: Positions
    targets: NDArray[Any]
    parts: Mapping[str, Positions]
    problems: tuple[Problem, ...]


def _arrays(table: Table, spec: DatasetSpec, cut: _Cut, fitted: Fitted | None = None) -> Arrays:
    model_inputs = learnt(spec.model_inputs(), table, fitted)
    base, problems = values_of(table, model_inputs[0].features, cut.rows.rows)
    window = _series_of(spec).window
    return Arrays(
        "series",
        model_inputs,
        (Windows(base, cut.starts, window),),
        asked_of(spec),
        (cut.targets,),
        cut.parts,
        cut.rows.rows[cut.starts + window - 1] + 1,
        (),
        (*cut.rows.problems, *problems, *cut.problems),
    )


def _targets(values: NDArray[Any], starts: Positions, series: SeriesSpec) -> NDArray[Any]:
    """The label of the last row, or the numbers of all target rows, one row after the other."""
    first, last = target_rows(series)
    if series.purpose == "classify":
        return values[starts + first]
    return _rows_from(values, starts + first, last - first)


def _rows_from(values: NDArray[Any], starts: Positions, count: int) -> NDArray[Any]:
    """So many rows from each start on, one after the other in a line: [n, count * columns]."""
    width = values.shape[1]
    if not len(starts):
        return np.zeros((0, count * width), values.dtype)
    lines = sliding_window_view(np.ascontiguousarray(values).reshape(-1), count * width)
    taken: NDArray[Any] = lines[starts * width]
    return taken


def _series_of(spec: DatasetSpec) -> SeriesSpec:
    assert spec.series is not None
    alone = [one.feature.name for one in spec.model_inputs() if one.kind != "series"]
    if alone:
        raise refuse(
            tr(
                "Column {name} cannot be an input of a time series. Expected numbers, categories "
                "and dates.",
                name=alone[0],
            ),
            tr("Set it to ignore, or do not read the rows as a time series."),
            place=Place("column", alone[0]),
            code="series-input",
        )
    return spec.series


def _nothing_to_learn_from(
    table: Table, spec: DatasetSpec, rows: Ordered, parts: Parts
) -> StudioError:
    series = _series_of(spec)
    need = rows_needed(series)
    if not len(Stretches.of(rows, None).windows(need, 1)):
        return no_windows(rows, series, table.name)
    if not (parts[Stretches.of(rows, parts).windows(need, 1)] == 0).any():
        return no_training(rows, parts, series)
    return _no_target(spec, table)


def _no_target(spec: DatasetSpec, table: Table) -> StudioError:
    return no_known_targets(", ".join(c.name for c in spec.targets()), table.name)
