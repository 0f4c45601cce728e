"""When the rows of a time series were."""

from collections.abc import Sequence

import numpy as np

from studio.core.design.dataset import DatasetSpec
from studio.data.join import material_of
from studio.data.series import ordered


def row_times(spec: DatasetSpec, rows: Sequence[int]) -> tuple[float, ...]:
    """For each row number (from 1) its seconds since 1970.

    Nothing where the series has no column of dates, or several groups whose times overlap.
    """
    series = spec.series
    if series is None or not series.time or series.group:
        return ()
    kinds = {c.name: c.kind for c in spec.columns if c.name == series.time}
    found = ordered(material_of(spec, kinds).table, series, is_strict=False)
    if not found.is_time or not len(rows):
        return ()
    times = np.full(max(int(found.rows.max(initial=0)) + 1, max(rows)), np.nan)
    times[found.rows] = found.times
    wanted = times[np.asarray(rows, np.int64) - 1]
    return tuple(wanted.tolist()) if np.isfinite(wanted).all() else ()
