"""Cross-validation: the same project trained once for each fold, and what all of them say."""

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

from studio.core.design.project import Project
from studio.core.problems import Place, refuse
from studio.core.run.events import Figures
from studio.core.words import tr

MOST_FOLDS = 100


def fold_projects(project: Project, folds: int) -> tuple[Project, ...]:
    """The project once for each fold: another part of the rows validates each time."""
    if not 2 <= folds <= MOST_FOLDS:
        raise refuse(
            tr("{folds} folds cannot be made. Expected 2 to {most}.", folds=folds, most=MOST_FOLDS),
            tr("5 or 10 folds are usual."),
            place=Place("field", "split"),
            code="folds",
        )
    split = project.dataset.split
    return tuple(
        replace(
            project, dataset=replace(project.dataset, split=replace(split, folds=folds, fold=n))
        )
        for n in range(folds)
    )


def mean_and_deviation(figures: Sequence[Figures]) -> dict[str, tuple[float, float]]:
    """For each figure that all have, its mean over the folds and its sample deviation."""
    if not figures:
        return {}
    shared = [key for key in figures[0] if all(key in each for each in figures)]
    return {key: _spread([float(each[key]) for each in figures]) for key in shared}


def _spread(values: Sequence[float]) -> tuple[float, float]:
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, 0.0
    return mean, sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
