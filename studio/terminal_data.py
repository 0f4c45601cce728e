"""How data look in a terminal and as JSON: what was read, its columns and its first rows."""

from collections.abc import Sequence

from studio.core.design.dataset import ColumnSummary, DatasetSpec
from studio.core.design.previews import ImagePreview, Preview, SoundPreview, TablePreview
from studio.core.design.templates import template_for
from studio.core.design.usable import broken_rows, readable_rows
from studio.core.plain import to_plain
from studio.core.problems import StudioError
from studio.core.shapes import show
from studio.core.words import tr
from studio.terminal import say, show_problem, show_table

MOST_COLUMNS = 40  # of a table's head: more is no help to a reader


def looked(spec: DatasetSpec, preview: Preview) -> dict[str, object]:
    """The object of `studio look --json`."""
    summary = spec.summary
    assert summary is not None
    return {
        "kind": spec.kind,
        "settings": spec.settings,
        "rows": readable_rows(spec),
        "broken_rows": broken_rows(spec),
        "columns": _columns(spec, summary.columns),
        "head": _head(preview),
        "problems": [problem.as_json() for problem in summary.problems],
        "task": spec.task(),
        "template": _fitting_template(spec),
        "sample_shape": summary.sample_shape or None,
        "labels": dict(zip(spec.labels(), spec.label_counts(), strict=True)),
        "series": to_plain(spec.series) if spec.series else None,
        "split": to_plain(spec.split),
    }


def _head(preview: Preview) -> object:
    """Rows as lists; of pictures, sounds and clips their names and classes."""
    if isinstance(preview, TablePreview):
        return preview.rows
    if isinstance(preview, ImagePreview):
        return tuple(zip(preview.names, preview.labels, strict=False))
    if isinstance(preview, SoundPreview):
        return tuple((clip.name, clip.label, round(clip.seconds, 3)) for clip in preview.clips)
    return tuple((clip.names[0], clip.labels[0]) for clip in preview.clips if clip.names)


def _fitting_template(spec: DatasetSpec) -> str | None:
    try:
        return template_for(spec)
    except StudioError:
        return None


def _broken_words(spec: DatasetSpec) -> str:
    count = broken_rows(spec)
    return tr(" ({count} more cannot be read)", count=count) if count else ""


def show_data(spec: DatasetSpec, preview: Preview) -> None:
    """What was read, for a person."""
    summary = spec.summary
    assert summary is not None
    settings = ", ".join(f"{key} {value!r}" for key, value in spec.settings.items())
    say(
        tr(
            "{kind}, {rows} {rows|row|rows}{broken}, read with: {settings}",
            kind=spec.kind,
            rows=f"{readable_rows(spec):,}",
            broken=_broken_words(spec),
            settings=settings or "-",
        )
    )
    if spec.series is not None:
        say(
            tr(
                "In order of {time}, windows of {window} {window|row|rows}.",
                time=spec.series.time or tr("the file"),
                window=spec.series.window,
            )
        )
    if isinstance(preview, TablePreview):
        _show_columns(spec, preview)
    else:
        if summary.sample_shape:
            say(tr("Each sample: {shape}", shape=show(summary.sample_shape)))
        for label, count in zip(spec.labels(), spec.label_counts(), strict=True):
            say(f"  {label:30} {count:>8,}")
    for problem in summary.problems:
        show_problem(problem)


def _columns(spec: DatasetSpec, found: Sequence[ColumnSummary]) -> list[dict[str, object]]:
    """What each column holds, with the kind and role that are chosen for it."""
    chosen = {column.name: column for column in spec.columns}
    return [
        {
            "name": column.name,
            "kind": chosen[column.name].kind,
            "role": chosen[column.name].role,
            "missing": column.missing,
            "distinct": column.distinct,
        }
        for column in found
    ]


def _show_columns(spec: DatasetSpec, preview: TablePreview) -> None:
    assert spec.summary is not None
    show_table(
        (tr("column"), tr("kind"), tr("role"), tr("missing"), tr("distinct")),
        [tuple(map(str, column.values())) for column in _columns(spec, spec.summary.columns)],
    )
    say("")
    show_table(
        preview.columns[:MOST_COLUMNS],
        [
            tuple("" if cell is None else str(cell) for cell in row[:MOST_COLUMNS])
            for row in preview.rows
        ],
    )
    if len(preview.columns) > MOST_COLUMNS:
        say(tr("... and {count} columns more", count=f"{len(preview.columns) - MOST_COLUMNS:,}"))
