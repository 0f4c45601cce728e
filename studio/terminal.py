"""How results look in a terminal and as JSON lines: standard output, and progress on the other."""

import json
import sys
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from studio.core.catalogue import METRICS
from studio.core.design.dataset import DatasetSpec, ImagePreview, TablePreview
from studio.core.design.project import Project
from studio.core.design.report import Report
from studio.core.plain import to_plain
from studio.core.problems import Problem
from studio.core.run.events import (
    Figures,
)
from studio.core.run.results import Evaluation, ExportResult, RunRecord
from studio.core.shapes import show
from studio.core.words import tr

if TYPE_CHECKING:
    pass


def say(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")


def write_json(value: object) -> None:
    """One object on one line; numbers that JSON lacks become null."""
    sys.stdout.write(json.dumps(_finite(to_plain(value)), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def show_problem(problem: Problem) -> None:
    """What happened, what was expected and how to fix it, on standard error."""
    sys.stderr.write(f"{problem.severity.value}: {problem}\n")
    if problem.fix is not None:
        sys.stderr.write(
            tr("  In the window one click does it: {label}.", label=problem.fix.label) + "\n"
        )


def looked(spec: DatasetSpec, preview: TablePreview | ImagePreview) -> dict[str, object]:
    """The object of `studio look --json`."""
    summary = spec.summary
    assert summary is not None
    head = (
        preview.rows
        if isinstance(preview, TablePreview)
        else tuple(zip(preview.names, preview.labels, strict=False))
    )
    return {
        "kind": summary.kind,
        "settings": spec.settings,
        "rows": summary.rows,
        "columns": [_column(spec, column.name) for column in summary.columns],
        "head": head,
        "problems": [problem.as_json() for problem in summary.problems],
        **(
            {
                "sample_shape": summary.sample_shape,
                "labels": dict(zip(summary.labels, summary.label_counts, strict=True)),
            }
            if summary.kind == "images"
            else {}
        ),
    }


def show_data(spec: DatasetSpec, preview: TablePreview | ImagePreview) -> None:
    """What was read, for a person."""
    summary = spec.summary
    assert summary is not None
    settings = ", ".join(f"{key} {value!r}" for key, value in spec.settings.items())
    say(
        tr(
            "{kind}, {rows} rows, read with: {settings}",
            kind=summary.kind,
            rows=f"{summary.rows:,}",
            settings=settings or "-",
        )
    )
    if isinstance(preview, ImagePreview):
        say(tr("Each image: {shape}", shape=show(summary.sample_shape)))
        for label, count in zip(summary.labels, summary.label_counts, strict=True):
            say(f"  {label:30} {count:>8,}")
    else:
        _show_columns(spec, preview)
    for problem in summary.problems:
        show_problem(problem)


def checked(project: Project, report: Report) -> dict[str, object]:
    """The object of `studio check --json`."""
    return {
        "can_train": report.can_train,
        "parameters": report.parameters,
        "nodes": [
            {
                "id": node.id,
                "name": node.name,
                "layer": node.layer,
                "shape": found.signal.shape if found.signal else None,
                "parameters": found.weights,
            }
            for node in project.graph
            if (found := report.nodes[node.id])
        ],
        "problems": [problem.as_json() for problem in report.problems],
    }


def show_report(project: Project, report: Report) -> None:
    """Shapes and counts on standard output, Problems on standard error."""
    _show_table(
        (tr("node"), tr("output shape"), tr("parameters")),
        [
            (node.name, show(found.signal.shape) if found.signal else "?", f"{found.weights:,}")
            for node in project.graph
            if (found := report.nodes[node.id])
        ],
    )
    for problem in report.problems:
        show_problem(problem)
    say(
        tr("{parameters} parameters. Ready to train.", parameters=f"{report.parameters:,}")
        if report.can_train
        else tr("Not ready to train.")
    )


def record(found: RunRecord) -> dict[str, object]:
    """One line of `studio runs --json`."""
    plain = {
        f.name: getattr(found, f.name)
        for f in fields(found)
        if f.name not in ("project", "problem")
    }
    return {
        **plain,
        "training": to_plain(found.project.training),
        "problem": found.problem.as_json() if found.problem else None,
    }


def show_record(found: RunRecord) -> None:
    """One past run on one line."""
    training = found.project.training
    started = datetime.fromtimestamp(found.started).strftime("%Y-%m-%d %H:%M")
    say(
        tr(
            "{run}  {started}  {outcome}, {done} of {epochs} epochs, {optimizer}, learning rate "
            "{rate:g}, batch {batch}, seed {seed}, {device}. {figures}",
            run=found.run,
            started=started,
            outcome=found.outcome,
            done=found.epochs_done,
            epochs=training.epochs,
            optimizer=training.optimizer,
            rate=training.learning_rate,
            batch=training.batch_size,
            seed=training.seed,
            device=found.device,
            figures=figures_line(found.figures),
        )
    )


def evaluated(found: Evaluation) -> dict[str, object]:
    """The object of `studio evaluate --json`."""
    return {
        "run": found.run,
        "part": found.part,
        "task": found.task,
        "rows": len(found.truths),
        "figures": found.figures,
        "labels": found.labels,
        "matrix": found.matrix,
        "per_class": found.per_class,
        "targets": found.target_names,
    }


def show_evaluation(found: Evaluation) -> None:
    """The figures, and for classes the confusion matrix."""
    say(
        tr(
            "Run {run}, {part} part, {rows} rows",
            run=found.run,
            part=found.part,
            rows=f"{len(found.truths):,}",
        )
    )
    for key, value in found.figures.items():
        say(f"  {figure_title(key):12} {value:.4f}")
    if found.matrix:
        say(tr("Rows are the truth, columns the answer:"))
        _show_table(
            ("", *found.labels),
            [
                (label, *(f"{count:,}" for count in row))
                for label, row in zip(found.labels, found.matrix, strict=True)
            ],
        )


def show_export(result: ExportResult) -> None:
    """Where the file is, and what the fresh process found."""
    assert result.proof is not None
    say(tr("{path} is written, {size} bytes.", path=result.path, size=f"{result.size:,}"))
    say(
        tr(
            "Proven: loaded in a fresh process, {rows} rows, largest difference {difference:.2g}.",
            rows=f"{result.proof.rows:,}",
            difference=result.proof.largest_difference,
        )
    )


def show_facts(facts: Mapping[str, object], indent: str = "") -> None:
    """Facts line by line, groups indented."""
    for key, value in facts.items():
        if isinstance(value, Mapping):
            say(f"{indent}{key}")
            show_facts(value, indent + "  ")
        elif isinstance(value, list | tuple):
            say(f"{indent}{key}: " + (", ".join(str(part) for part in value) or "-"))
        else:
            say(f"{indent}{key:14} {value}")


def figures_line(figures: Figures) -> str:
    """The figures in one line: ``Loss 0.3012, Accuracy 0.8861``."""
    return ", ".join(f"{figure_title(key)} {value:.4f}" for key, value in figures.items())


def figure_title(key: str) -> str:
    """A metric's title; "Loss" for the loss."""
    return tr(METRICS[key].title) if key in METRICS else tr("Loss")


def _column(spec: DatasetSpec, name: str) -> dict[str, object]:
    assert spec.summary is not None
    found = spec.summary.column(name)
    chosen = next(column for column in spec.columns if column.name == name)
    assert found is not None
    return {
        "name": name,
        "kind": chosen.kind,
        "role": chosen.role,
        "missing": found.missing,
        "distinct": found.distinct,
    }


def _show_columns(spec: DatasetSpec, preview: TablePreview) -> None:
    keys = ("name", "kind", "role", "missing", "distinct")
    columns = [_column(spec, column.name) for column in spec.columns]
    _show_table(
        (tr("column"), tr("kind"), tr("role"), tr("missing"), tr("distinct")),
        [tuple(str(column[key]) for key in keys) for column in columns],
    )
    say("")
    _show_table(
        preview.columns,
        [tuple("" if cell is None else str(cell) for cell in row) for row in preview.rows],
    )


def _show_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [min(28, max(len(row[i]) for row in [head, *rows])) for i in range(len(head))]
    for row in [head, *rows]:
        cells = (_fitted(cell, width) for cell, width in zip(row, widths, strict=True))
        say("  ".join(cells).rstrip())


def _fitted(cell: str, width: int) -> str:
    cell = " ".join(cell.split())
    return cell.ljust(width) if len(cell) <= width else cell[: width - 1] + "…"


def _finite(value: Any) -> Any:  # noqa: ANN401 - JSON has no narrower type
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    return [_finite(part) for part in value] if isinstance(value, list) else value
