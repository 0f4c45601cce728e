"""Tables of time series, and their specs, for tests."""

import numpy as np
import pandas as pd

from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
    SplitSpec,
)
from studio.core.design.shaping import SeriesSpec
from studio.data.tables import Table

KINDS = {"time": "date", "machine": "identifier", "part": "category", "label": "category"}


def table(**columns):
    frame = {
        name: pd.Series(values, dtype="str" if any(isinstance(v, str) for v in values) else float)
        for name, values in columns.items()
    }
    return Table("series.csv", pd.DataFrame(frame), {"decimal": ".", "thousands": ""})


def dates(hours):
    """Dates so many hours after the start of a year; None stays a missing cell."""
    start = pd.Timestamp("2024-01-01")
    return [np.nan if h is None else str(start + pd.Timedelta(hours=h)) for h in hours]


def spec(of, series=None, split=None, target="value", ignored=("time", "machine", "part")):
    summaries = []
    for name in of.frame.columns:
        kind = KINDS.get(name, "number")
        labels = tuple(sorted(set(of.frame[name].dropna()))) if kind == "category" else ()
        role = "ignore" if name in ignored else "target" if name == target else "input"
        distinct = of.frame[name].nunique()
        summaries.append(ColumnSummary(name, kind, role, distinct=distinct, categories=labels))
    return DatasetSpec(
        "table",
        "/data/series.csv",
        columns=tuple(ColumnChoice(c.name, c.kind, c.role) for c in summaries),
        split=split or SplitSpec(method="time", column="time"),
        summary=DatasetSummary("table", len(of.frame), tuple(summaries)),
        series=series or SeriesSpec(time="time", window=4),
    )
