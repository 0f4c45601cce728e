"""Remedies: the edit that would answer what the curves say, as a Fix of the next run's settings."""

from collections.abc import Callable, Mapping

from studio.core.design.project import Project
from studio.core.problems import Fix, Problem
from studio.core.words import tr

LEAST_RATE, MOST_RATE = 1e-7, 10.0
TENFOLD = 10.0
PATIENCE = 3
MORE_EPOCHS = 2
MOST_EPOCHS = 1000


def remedy(problem: Problem, project: Project) -> Fix | None:
    """The problem's own fix, or the change of settings that it calls for, if it still helps."""
    if problem.fix is not None:
        return problem.fix
    make = _REMEDIES.get(problem.code)
    return make(project) if make else None


def _slower(project: Project) -> Fix | None:
    rate = float(f"{project.training.learning_rate / TENFOLD:.3g}")
    return _learning_rate(rate) if rate >= LEAST_RATE else None


def _faster(project: Project) -> Fix | None:
    rate = float(f"{project.training.learning_rate * TENFOLD:.3g}")
    return _learning_rate(rate) if rate <= MOST_RATE else None


def _learning_rate(rate: float) -> Fix:
    words = tr("Learning rate {rate} next time", rate=f"{rate:g}")
    return Fix("set_training", words, {"key": "learning_rate", "value": rate})


def _stop_early(project: Project) -> Fix | None:
    if project.training.patience:
        return None
    words = tr("Stop early next time")
    return Fix("set_training", words, {"key": "patience", "value": PATIENCE})


def _longer(project: Project) -> Fix | None:
    epochs = project.training.epochs * MORE_EPOCHS
    if epochs > MOST_EPOCHS:
        return None
    words = tr("{count} {count|epoch|epochs} next time", count=epochs)
    return Fix("set_training", words, {"key": "epochs", "value": epochs})


_REMEDIES: Mapping[str, Callable[[Project], Fix | None]] = {
    "jumping-loss": _slower,
    "loss-not-finite": _slower,
    "flat-loss": _faster,
    "overfitting": _stop_early,
    "learning": _longer,
}
