"""How results look in a terminal and as JSON lines: standard output, and progress on the other."""

import io
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from studio.core.design.formats_check import in_the_way
from studio.core.design.project import Project
from studio.core.design.report import Report
from studio.core.plain import to_plain
from studio.core.problems import Problem
from studio.core.run.events import Figures, RunEnded
from studio.core.run.results import Evaluation, ExportResult, RunRecord
from studio.core.run.wording import metric_title
from studio.core.shapes import show
from studio.core.words import tr
from studio.text_table import table_lines

FIGURE_WIDTH = 12  # letters of the name of a figure, where none is longer
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def write_what_can_be_written() -> None:
    """A letter that this terminal does not know is shown by its number and stops nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """One line on standard output, without what would steer the terminal."""
    sys.stdout.write(_harmless(text) + "\n")


def write_json(value: object) -> None:
    """One object on one line; numbers that JSON lacks become null."""
    sys.stdout.write(json.dumps(_finite(to_plain(value)), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def show_problem(problem: Problem) -> None:
    """What happened, what was expected and how to fix it, on standard error."""
    sys.stderr.write(f"{problem.severity.value}: {_harmless(str(problem))}\n")
    if problem.fix is not None:
        sys.stderr.write(
            _harmless(tr("  In the window one click does it: {label}.", label=problem.fix.label))
            + "\n"
        )


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
                **({} if node.learning.is_plain else {"learning": to_plain(node.learning)}),
            }
            for node in project.graph
            if (found := report.nodes[node.id])
        ],
        "problems": [problem.as_json() for problem in report.problems],
        "formats": {
            key: [problem.as_json() for problem in found]
            for key, found in in_the_way(project.graph).items()
        },
    }


def show_report(project: Project, report: Report) -> None:
    """Shapes and counts on standard output, Problems on standard error."""
    show_table(
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


def show_records(records: Sequence[RunRecord]) -> None:
    """Past runs, one a line, with the validation figures of their best epoch."""
    figures = list(dict.fromkeys(key for found in records for key in found.figures))
    show_table(
        (
            *(tr("run"), tr("started"), tr("outcome"), tr("epochs"), tr("optimizer"), tr("rate")),
            *(tr("batch"), tr("seed"), tr("device"), *map(metric_title, figures)),
        ),
        [
            (
                *_run_cells(found),
                *(number(found.figures[k]) if k in found.figures else "" for k in figures),
            )
            for found in records
        ],
    )


def _run_cells(found: RunRecord) -> tuple[str, ...]:
    training = found.project.training
    return (
        found.run,
        datetime.fromtimestamp(found.started).strftime("%Y-%m-%d %H:%M"),
        found.outcome,
        tr("{done} of {epochs}", done=found.epochs_done, epochs=training.epochs),
        training.optimizer,
        f"{training.learning_rate:g}",
        str(training.batch_size),
        str(training.seed),
        found.device or "-",
    )


def show_end(ended: RunEnded) -> None:
    """What came of a run: the result, on standard output."""
    if ended.test:
        figures = figures_line(ended.test)
        best = ended.best_epoch
        say(tr("Best epoch {epoch}. Test part: {figures}", epoch=best, figures=figures))


def show_folds(
    figures: Mapping[str, tuple[float, float]], folds: int, *, as_json: bool = False
) -> None:
    """What all folds say together: the mean of each validation figure, and how far they differ."""
    if as_json:
        spread = {key: {"mean": mean, "deviation": by} for key, (mean, by) in figures.items()}
        write_json({"event": "folds_done", "folds": folds, "validation": spread})
        return
    shown = [
        f"{metric_title(key)} {number(mean)} ± {number(by)}" for key, (mean, by) in figures.items()
    ]
    say(tr("{folds} folds, validation: {figures}", folds=folds, figures=", ".join(shown)))


def evaluated(found: Evaluation) -> dict[str, object]:
    """The object of `studio evaluate --json`; `others` are those of further outputs."""
    others = [evaluated(other) for other in found.others]
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
        **({"output": found.output, "others": others} if others else {}),
    }


def show_evaluation(found: Evaluation, data: str | None = None) -> None:
    """The figures, and for classes the confusion matrix; `data` where it was other data."""
    where = tr("all of {path}", path=data) if data else tr("{part} part", part=found.part)
    rows = f"{len(found.truths):,}"
    say(tr("Run {run}, {where}, {rows} {rows|row|rows}", run=found.run, where=where, rows=rows))
    for one in (found, *found.others):
        if found.others:
            say(f"{one.output}:")
        width = max((len(metric_title(key)) for key in one.figures), default=0)
        for key, value in one.figures.items():
            say(f"  {metric_title(key):{max(width, FIGURE_WIDTH)}} {number(value):>12}")
        if one.matrix:
            say(tr("Rows are the truth, columns the answer:"))
            counts = [[f"{count:,}" for count in row] for row in one.matrix]
            pairs = zip(one.labels, counts, strict=True)
            show_table(("", *one.labels), [(label, *row) for label, row in pairs])


def show_export(result: ExportResult) -> None:
    """Where the file is, and what the fresh process found."""
    assert result.proof is not None
    say(tr("{path} is written, {size} bytes.", path=result.path, size=f"{result.size:,}"))
    say(
        tr(
            "Proven: loaded in a fresh process, {rows} {rows|row|rows}, largest difference "
            "{difference:.2g}.",
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
            say(f"{indent}{_title(key, indent)} {', '.join(map(str, value)) or '-'}")
        else:
            say(f"{indent}{_title(key, indent)} {_fact(value)}")


def figures_line(figures: Figures) -> str:
    """The figures in one line: ``Loss 0.3012, Accuracy 0.8861``."""
    return ", ".join(f"{metric_title(key)} {number(value)}" for key, value in figures.items())


def number(value: float) -> str:
    """A figure as a person reads it: four places, or four digits where it is far from 1."""
    is_usual = value == 0 or 1e-3 <= abs(value) < 1e6
    return f"{value:,.4f}" if is_usual else f"{value:.4g}"


def show_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under their heads, each column as wide as it needs."""
    for line in table_lines(head, rows):
        say(line)


def _harmless(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _title(key: str, indent: str) -> str:
    # Names of packages and devices are shown as they are called.
    return (key if indent else key.replace("_", " ")).ljust(20 - len(indent))


def _fact(value: object) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return str(value) or "-"


def _finite(value: Any) -> Any:  # noqa: ANN401 - JSON has no narrower type
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    return [_finite(part) for part in value] if isinstance(value, list) else value
