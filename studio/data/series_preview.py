"""A series as lines for a screen: thinned so that spikes stay, with the borders of its parts."""

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec
from studio.core.design.previews import SeriesPreview
from studio.data.arrays import Positions
from studio.data.inputs import kinds_needed
from studio.data.join import material_of
from studio.data.series import Ordered, ordered
from studio.data.series_parts import parts_of_rows
from studio.data.split_column import TEST, VALIDATION
from studio.data.tables import Table, as_numbers

MOST_LINES = 8
MOST_GROUPS = 200


def series_preview(spec: DatasetSpec, group: str = "", points: int = 2000) -> SeriesPreview:
    """The numbers of one group over time, the first group where none is named."""
    if spec.series is None:
        return SeriesPreview()
    return preview_of_table(material_of(spec, kinds_needed(spec)).table, spec, group, points)


def preview_of_table(
    table: Table, spec: DatasetSpec, group: str = "", points: int = 2000
) -> SeriesPreview:
    """The same for a table that was read."""
    if spec.series is None:
        return SeriesPreview()
    rows = ordered(table, spec.series)
    number = rows.names.index(group) if group in rows.names else 0
    places = np.flatnonzero(rows.groups == number)
    names = _names(spec)
    lines = [_numbers(table, name)[rows.rows[places]] for name in names]
    kept = thinned(lines, len(places), points)
    parts = parts_of_rows(rows, table, spec)[places]
    return SeriesPreview(
        names,
        tuple(rows.times[places][kept].tolist()),
        tuple(tuple(None if np.isnan(v) else float(v) for v in line[kept]) for line in lines),
        _borders(rows, places, parts),
        rows.is_time,
        rows.names[:MOST_GROUPS] if spec.series.group else (),
    )


def thinned(lines: list[NDArray[np.float64]], count: int, points: int) -> Positions:
    """At most so many of `count` places, with the highest and lowest value of each stretch."""
    if count <= points:
        return np.arange(count, dtype=np.int64)
    stretches = max(1, points // max(2, 2 * len(lines)))
    edges = np.linspace(0, count, stretches + 1).astype(np.int64)
    kept = [edges[:-1]] if not lines else []
    for line in lines:
        for values, replaced in ((line, np.inf), (-line, np.inf)):
            filled = np.where(np.isnan(values), replaced, values)
            kept.append(
                np.array(
                    [a + int(filled[a:b].argmin()) for a, b in zip(edges, edges[1:], strict=False)]
                )
            )
    return np.unique(np.concatenate(kept)).astype(np.int64)


def _names(spec: DatasetSpec) -> tuple[str, ...]:
    """The numbers that are learnt from, those to be told first."""
    chosen = [*spec.targets(), *spec.inputs()]
    return tuple(c.name for c in chosen if c.kind == "number")[:MOST_LINES]


def _numbers(table: Table, name: str) -> NDArray[np.float64]:
    numbers, _ = as_numbers(name, table.frame[name], table.name, table.notation)
    return np.asarray(numbers, np.float64)


def _borders(rows: Ordered, places: Positions, parts: NDArray[np.int64]) -> tuple[float, ...]:
    """Where validation and test begin, if they begin once each."""
    found = []
    for part in (VALIDATION, TEST):
        of_part = np.flatnonzero(parts == part)
        if len(of_part) and of_part[0] > 0:
            found.append(float(rows.times[places[of_part[0]]]))
    return tuple(found)
