"""Which part each row of a series belongs to: by time, by whole groups, or as a column says."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec, SplitSpec, split_counts
from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.data.series import Ordered
from studio.data.split import deal
from studio.data.split_column import TEST, TRAINING, VALIDATION, named_parts
from studio.data.split_time import deal_in_time
from studio.data.tables import Table

PARTS = ("training", "validation", "test")
UNUSED = -1

Parts = NDArray[np.int64]


def parts_of_rows(rows: Ordered, table: Table, spec: DatasetSpec) -> Parts:
    """TRAINING, VALIDATION, TEST or UNUSED for each row in order.

    By time the test part is later than validation, and that later than training: at the
    same two instants for all groups where times are dates, in each group on its own where
    they are numbers or there are none, since those of one group say nothing about another.
    """
    if spec.split.method == "group":
        return _by_groups(rows, table, spec)
    if spec.split.method == "column":
        return _by_column(rows, table, spec)
    return _by_time(rows, np.arange(len(rows.rows)), spec.split)


def _by_time(rows: Ordered, places: NDArray[np.int64], split: SplitSpec) -> Parts:
    """The parts of some of the rows; UNUSED for all others."""
    parts = np.full(len(rows.rows), UNUSED, np.int64)
    for some in [places] if rows.is_time else _each_group(rows, places):
        _, validation, test = split_counts(len(some), split)
        found = deal_in_time(rows.times[some], validation, test, split.folds, split.fold)
        parts[some[found.training]] = TRAINING
        parts[some[found.validation]] = VALIDATION
        parts[some[found.test]] = TEST
    return parts


def _each_group(rows: Ordered, places: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    groups = rows.groups[places]
    yield from np.split(places, np.flatnonzero(np.diff(groups)) + 1)


def _by_groups(rows: Ordered, table: Table, spec: DatasetSpec) -> Parts:
    name = spec.split.column or (spec.series.group if spec.series else "")
    cells = _cells(table, name)[rows.rows]
    split = replace(spec.split, is_stratified=False)
    return _numbered(deal(len(cells), split, values=cells).parts, len(cells))


def _numbered(dealt: Mapping[str, Parts], count: int) -> Parts:
    parts = np.full(count, UNUSED, np.int64)
    for number, part in enumerate(PARTS):
        parts[dealt[part]] = number
    return parts


def _by_column(rows: Ordered, table: Table, spec: DatasetSpec) -> Parts:
    """As the column says; a part that it never names are the latest of its training rows.

    Where rows stay together it is whole units of them instead, as in rows without an order.
    """
    name, split = spec.split.column, replace(spec.split, is_stratified=False)
    if split.keeps_together:
        cells, units = (_cells(table, one)[rows.rows] for one in (name, split.together))
        return _numbered(deal(len(cells), split, values=cells, together=units).parts, len(cells))
    parts = np.asarray(named_parts(name, _cells(table, name)[rows.rows]), np.int64)
    lacking = replace(
        split,
        validation=0.0 if (parts == VALIDATION).any() else split.validation,
        test=0.0 if (parts == TEST).any() else split.test,
        folds=0,
    )
    training = np.flatnonzero(parts == TRAINING)
    return np.where(parts == TRAINING, _by_time(rows, training, lacking), parts)


def _cells(table: Table, name: str) -> NDArray[np.object_]:
    if name in table.frame.columns:
        return table.frame[name].to_numpy(object)
    raise refuse(
        tr("No column to split by was chosen. Expected one for this way to split."),
        tr("Choose the column, or split by time."),
        place=Place("field", "split"),
        code="split-column",
    )
