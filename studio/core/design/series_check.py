"""What can be wrong with the way in which rows become windows of a time series."""

from collections.abc import Iterator

from studio.core.design.dataset import DatasetSpec, DatasetSummary
from studio.core.problems import Place, Problem
from studio.core.words import tr

LARGEST = 100_000  # rows in a window, or steps to forecast


def series_problems(spec: DatasetSpec, summary: DatasetSummary) -> Iterator[Problem]:
    """Windows longer than the data, columns that are not there, texts among the inputs."""
    series = spec.series
    if series is None:
        return
    names = {column.name for column in summary.columns}
    for key, name in (("time", series.time), ("group", series.group)):
        if name and name not in names:
            yield Problem(
                tr("The series is ordered by {name}, but there is no such column.", name=name)
                if key == "time"
                else tr("The series is grouped by {name}, but there is no such column.", name=name),
                tr("Choose another column."),
                place=Place("field", key),
                code="missing-column",
            )
    ahead = series.horizon if series.purpose == "forecast" else 0
    if min(series.window, series.stride, series.horizon) < 1 or series.window > LARGEST:
        yield Problem(
            tr(
                "Windows have {window} {window|row|rows}, {stride} apart, and look {horizon} "
                "ahead. Expected "
                "numbers from 1 to {most}.",
                window=series.window,
                stride=series.stride,
                horizon=series.horizon,
                most=LARGEST,
            ),
            tr("Correct them on the Data page."),
            place=Place("field", "window"),
            code="bad-value",
        )
    elif series.window + ahead > summary.rows:
        yield Problem(
            tr(
                "A window of {window} {window|row|rows} and {ahead} to come are more than the "
                "{rows} {rows|row|rows} there "
                "are.",
                window=series.window,
                ahead=ahead,
                rows=summary.rows,
            ),
            tr("Choose a shorter window."),
            place=Place("field", "window"),
            code="window-too-long",
        )
    alone = [c.name for c in spec.inputs() if c.kind in ("text", "image", "sound", "video")]
    if alone:
        yield Problem(
            tr("{name} cannot be part of a window. Expected numbers or categories.", name=alone[0]),
            tr("Set it to ignore."),
            place=Place("column", alone[0]),
            code="input-kind",
        )
