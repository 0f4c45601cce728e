"""Which past run is meant: the best one, the one that was named, the one that can go on."""

from pathlib import Path

from studio.core.design.training_check import metrics_for
from studio.core.problems import Place, refuse
from studio.core.run.archive import Archive
from studio.core.run.results import RunRecord
from studio.core.run.wording import LOSS
from studio.core.words import tr

FINISHED = ("completed", "stopped")


def best_run(folder: Path) -> RunRecord | None:
    """The best finished run that asked the newest one's question, or None.

    Runs on other columns or other data are not compared: their figures mean something else.
    """
    finished = [r for r in Archive(folder).records() if r.has_weights and r.outcome in FINISHED]
    finished = [r for r in finished if r.outcome == "completed"] or finished
    if not finished:
        return None
    newest = finished[-1]
    alike = [r for r in finished if _question(r) == _question(newest)]
    task = newest.project.dataset.task()
    if task is None:
        return newest
    metric = metrics_for(newest.project.training, task)[0]
    # Of several outputs only the loss stands for all of them.
    key = metric.key if metric.key in newest.figures else LOSS
    comparable = [r for r in alike if key in r.figures]
    sign = 1 if key == metric.key and metric.is_more_better else -1
    return max(comparable, key=lambda r: (sign * r.figures[key], r.number), default=newest)


def chosen_run(folder: Path, run: str | None) -> RunRecord:
    """The run of that name, or the best one; StudioError where there is none with weights."""
    record = Archive(folder).record(run) if run else best_run(folder)
    if record is None or not record.has_weights:
        raise refuse(
            tr("There is no trained model yet."),
            tr("Train the project first, to the end of one epoch at least."),
            place=Place("run", run or ""),
            code="not-trained",
        )
    return record


def run_to_resume(folder: Path, run: str | None) -> RunRecord:
    """The run of that name, or the last one that can go on."""
    if run is not None:
        return Archive(folder).record(run)
    resumable = [record for record in Archive(folder).records() if record.is_resumable]
    if not resumable:
        raise refuse(
            tr("There is no run that could go on."),
            tr("Only a run that was stopped or interrupted can; start a new one."),
            code="not-resumable",
        )
    return resumable[-1]


def _question(record: RunRecord) -> tuple[object, ...]:
    dataset = record.project.dataset
    return dataset.source, Path(dataset.path).name, dataset.columns
