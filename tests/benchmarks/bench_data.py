"""Every set of ../shared/data as a newcomer meets it: dropped, guessed, trained, judged.

    python tests/benchmarks/bench_data.py [NAME ...]

Each row: the set, its rows, what was guessed, seconds until the first trained model stands
(opening, fitting and training), the figure of the test part beside the reference of the
set's README. `change` is what a person would still click; everything else is as guessed.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from studio import jobs
from studio.core.design.dataset import DatasetSpec
from studio.core.design.project import Project
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, RunEnded

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def as_found(dataset: DatasetSpec) -> DatasetSpec:
    """Nothing to change."""
    return dataset


def ignoring(*names: str) -> Callable[[DatasetSpec], DatasetSpec]:
    """Some columns left out."""

    def change(dataset: DatasetSpec) -> DatasetSpec:
        for name in names:
            dataset = dataset.with_column(name, role="ignore")
        return dataset

    return change


def split_by(method: str, column: str) -> Callable[[DatasetSpec], DatasetSpec]:
    """Another split."""

    def change(dataset: DatasetSpec) -> DatasetSpec:
        split = replace(dataset.split, method=method, column=column)  # type: ignore[arg-type]
        return replace(dataset, split=split)

    return change


@dataclass(frozen=True)
class Case:
    """One set: where it lies, what is clicked, how long it trains, what it is held against."""

    name: str
    path: str
    metric: str
    reference: str
    change: Callable[[DatasetSpec], DatasetSpec] = as_found
    epochs: int = 0


CASES = (
    Case(
        "ai4i-2020",
        "ai4i-2020",
        "f1",
        "0.756 (boosting, 5 folds)",
        ignoring("TWF", "HDF", "PWF", "OSF", "RNF"),
    ),
    Case(
        "adult-census", "adult-census/adult-train.csv.gz", "accuracy", "0.874 (boosting)", epochs=8
    ),
    Case("telco-churn", "telco-churn", "accuracy", "0.790 (boosting, 5 folds)"),
    Case("penguins", "penguins/penguins.csv", "accuracy", "0.971 (boosting, 5 folds)"),
    Case("iris", "iris", "accuracy", "0.947 (boosting, 5 folds)"),
    Case("wine", "wine", "accuracy", "0.972 (boosting, 5 folds)"),
    Case("fashion-mnist", "fashion-mnist", "accuracy", "0.883 (dense network)"),
    Case("ballscrew-surface", "ballscrew-surface", "accuracy", "0.82 (texture features, by group)"),
    Case("sign-language-digits", "sign-language-digits", "accuracy", "none"),
    Case("free-spoken-digits", "free-spoken-digits", "accuracy", "0.970 (cepstra, official split)"),
    Case("sms-spam", "sms-spam", "f1", "0.949 (TF-IDF, 5 folds)"),
    Case(
        "sentiment-sentences",
        "sentiment-sentences",
        "accuracy",
        "0.838 (TF-IDF, 5 folds)",
    ),
    Case("translation", "translation-tatoeba-fra-eng", "token_accuracy", "none", epochs=1),
    Case("nab taxi", "nab/nyc_taxi.csv", "rmse", "last value (see below)"),
    Case("nab machine", "nab/machine_temperature_system_failure.csv", "rmse", "last value"),
    Case("movietweetings-100k", "movietweetings-100k/ratings.csv.gz", "rmse", "1.879 (the mean)"),
)


def main(names: list[str]) -> None:
    """Prints the table."""
    print(f"{'set':22}{'rows':>9}  {'guessed':44}{'seconds':>8}  {'test':30}reference")
    for case in CASES:
        if not names or any(name in case.name for name in names):
            print(row_of(case), flush=True)


def row_of(case: Case) -> str:
    """One line of the table."""
    began = time.perf_counter()
    dataset = case.change(jobs.open_data(str(DATA / case.path)))
    project = jobs.new_project(None, dataset)
    if case.epochs:
        project = jobs.with_overrides(project, epochs=case.epochs)
    ended, epochs = trained(project)
    seconds = time.perf_counter() - began
    targets = ", ".join(c.name for c in dataset.targets())
    taken = ", ".join(f"{one.kind} {one.shape}" for one in dataset.model_inputs())
    guessed = f"{dataset.kind}: {taken} -> {targets}"[:43]
    rows = dataset.summary.rows if dataset.summary else 0
    figures = f"{case.metric} {ended.test.get(case.metric, float('nan')):.4f} ({epochs} epochs)"
    if ended.problem is not None:
        figures = str(ended.problem)[:60]
    return f"{case.name:22}{rows:>9,}  {guessed:44}{seconds:>8.1f}  {figures:30}{case.reference}"


def trained(project: Project) -> tuple[RunEnded, int]:
    """The end of a run of that project, and how many epochs it took."""
    epochs, ended = 0, RunEnded("failed")
    with tempfile.TemporaryDirectory() as folder:
        for event in jobs.train(project, Path(folder) / "show.runs", RunControl()):
            epochs += isinstance(event, EpochDone)
            ended = event if isinstance(event, RunEnded) else ended
    return ended, epochs


if __name__ == "__main__":
    main(sys.argv[1:])
