"""What a person should know about the windows of a series: too long, left out, cut by gaps."""

from collections.abc import Iterator, Mapping

import numpy as np

from studio.core.design.dataset import DatasetSpec
from studio.core.design.shaping import SeriesSpec
from studio.core.problems import Place, Problem, Severity, StudioError, refuse
from studio.core.words import tr
from studio.data.arrays import Positions
from studio.data.series import Ordered
from studio.data.series_parts import PARTS, Parts
from studio.data.split_column import TEST, TRAINING, VALIDATION
from studio.data.stretches import Stretches, rows_needed


def no_windows(rows: Ordered, series: SeriesSpec, file: str) -> StudioError:
    """What to raise where no stretch of the whole series is as long as a window."""
    stretches = Stretches.of(rows, None)
    longest = int(stretches.lengths.argmax()) if len(stretches.starts) else -1
    return _too_long(
        tr(
            "{windows} need {need} {need|row|rows} that follow each other, but the longest "
            "stretch of "
            "{file}{where} has {longest}.",
            windows=_windows(series),
            need=rows_needed(series),
            file=file,
            where=_group(rows, int(stretches.starts[longest])) if longest >= 0 else "",
            longest=int(stretches.lengths[longest]) if longest >= 0 else 0,
        ),
        rows,
    )


def too_few_to_judge(rows: Ordered, need: int, file: str) -> StudioError:
    """What to raise where no stretch of other data is as long as the windows learnt from."""
    lengths = Stretches.of(rows, None).lengths
    return refuse(
        tr(
            "The model looks at {need} {need|row|rows} that follow each other, but the longest "
            "stretch of {file} has {longest}.",
            need=need,
            file=file,
            longest=int(lengths.max()) if len(lengths) else 0,
        ),
        tr(
            "Give it a file with {need} rows or more without a gap in time, the newest last.",
            need=need,
        ),
        place=Place("data"),
        code="window-too-long",
    )


def no_training(rows: Ordered, parts: Parts, series: SeriesSpec) -> StudioError:
    """What to raise where the training part has no stretch as long as a window."""
    return _too_long(
        tr(
            "{windows} need {need} {need|row|rows} that follow each other, but the longest "
            "stretch of the "
            "training part has {longest}.",
            windows=_windows(series),
            need=rows_needed(series),
            longest=_longest(rows, parts, TRAINING),
        ),
        rows,
    )


def no_known_targets(names: str, file: str) -> StudioError:
    """What to raise where every window lacks a target."""
    return refuse(
        tr(
            "No window of {file} has all values of the target {names}. Expected windows to learn "
            "from.",
            file=file,
            names=names,
        ),
        tr("Fill what is missing with a repair step, shorten the horizon, or change the target."),
        place=Place("data"),
        code="all-missing",
    )


def about_windows(
    rows: Ordered, parts: Parts, dealt: Mapping[str, Positions], spec: DatasetSpec
) -> Iterator[Problem]:
    """Gaps that windows do not bridge, and parts that are wanted but that no window fits into."""
    series = spec.series
    assert series is not None
    yield from about_gaps(rows, parts, series)
    for number, share in ((VALIDATION, spec.split.validation), (TEST, spec.split.test)):
        if (share or (parts == number).any()) and not len(dealt[PARTS[number]]):
            yield _empty_part(number, _longest(rows, parts, number), series)


def about_gaps(rows: Ordered, parts: Parts | None, series: SeriesSpec) -> Iterator[Problem]:
    """How many windows gaps cost, or that times are too irregular for gaps."""
    count = int(rows.gaps().sum())
    if not count:
        return
    if not rows.has_regular_steps():
        yield _irregular(series.time)
        return
    need = rows_needed(series)
    whole = len(Stretches.of(rows, parts, keeps_gaps=False).windows(need, series.stride))
    lost = whole - len(Stretches.of(rows, parts).windows(need, series.stride))
    yield Problem(
        tr(
            "Time is missing at {count} {count|place|places} of column {name}, first before row "
            "{row}. Windows do not reach over these gaps: {lost} of {whole} are left out.",
            count=count,
            name=series.time,
            row=int(rows.rows[int(np.flatnonzero(rows.gaps())[0]) + 1]) + 1,
            lost=max(lost, 0),
            whole=whole,
        ),
        tr("Add the missing rows, or choose no time column to go over the gaps."),
        Severity.NOTE,
        Place("column", series.time),
        "time-gaps",
    )


def left_out(count: int, whole: int, file: str) -> Iterator[Problem]:
    """Windows that lack a target."""
    if not count:
        return
    yield Problem(
        tr(
            "{count} of {whole} windows of {file} are left out, because a value of their target "
            "is missing.",
            count=count,
            whole=whole,
            file=file,
        ),
        tr("Fill what is missing with a repair step to use them."),
        Severity.NOTE,
        Place("data"),
        "target-missing",
    )


def _windows(series: SeriesSpec) -> str:
    if series.purpose != "forecast":
        return tr("Windows of {window} {window|row|rows}", window=series.window)
    return tr(
        "Windows of {window} {window|row|rows} with {horizon} to forecast",
        window=series.window,
        horizon=series.horizon,
    )


def _group(rows: Ordered, place: int) -> str:
    name = rows.names[int(rows.groups[place])]
    return tr(" (group {name})", name=name[:40]) if len(rows.names) > 1 else ""


def _longest(rows: Ordered, parts: Parts, number: int) -> int:
    stretches = Stretches.of(rows, parts)
    lengths = stretches.lengths[parts[stretches.starts] == number]
    return int(lengths.max()) if len(lengths) else 0


def _too_long(message: str, rows: Ordered) -> StudioError:
    hint = tr("Choose a shorter window, give that part a larger share, or add rows.")
    if rows.has_regular_steps() and rows.gaps().any():
        hint = tr(
            "Gaps in time end a stretch: fill missing values rather than leave rows out, choose "
            "a shorter window, or no time column to go over the gaps."
        )
    return refuse(message, hint, place=Place("data"), code="window-too-long")


def _empty_part(number: int, longest: int, series: SeriesSpec) -> Problem:
    names = (tr("training"), tr("validation"), tr("test"))
    return Problem(
        tr(
            "The {part} part holds no window: it needs {need} {need|row|rows} that follow each "
            "other, and "
            "the longest stretch has {longest}.",
            part=names[number],
            need=rows_needed(series),
            longest=longest,
        ),
        tr("Choose a shorter window, or give that part a larger share."),
        Severity.WARNING,
        Place("field", "split"),
        "empty-part",
    )


def _irregular(name: str) -> Problem:
    return Problem(
        tr(
            "The times in column {name} are irregular, so a window is so many rows, however long "
            "that takes.",
            name=name,
        ),
        tr("Nothing needs to be done. Even steps are learnt from more easily."),
        Severity.NOTE,
        Place("column", name),
        "irregular-times",
    )
