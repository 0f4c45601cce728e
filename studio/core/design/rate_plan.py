"""The learning rate of a run before it begins, as a curve over its epochs."""

from studio.core.catalogue import SCHEDULES
from studio.core.catalogue.rates import Moment
from studio.core.design.training import TrainingSpec
from studio.core.params import checked
from studio.core.problems import Place

POINTS = 240
STEPS_EACH = 24  # of an epoch: enough to see what moves with each step


def planned_rates(training: TrainingSpec) -> tuple[list[float], list[float]]:
    """Epochs, from 0, and the rate at each; a rate that hangs on the loss is shown as it begins.

    Values that are not allowed are shown as the usual ones; nothing for an unknown schedule.
    """
    entry = SCHEDULES.get(training.schedule)
    if entry is None:
        return [], []
    values, _ = checked(entry.params, training.schedule_params, Place("field", "schedule"), "")
    epochs = max(1, training.epochs)
    total = epochs * STEPS_EACH
    stride = max(1, total // POINTS)
    xs: list[float] = []
    ys: list[float] = []
    for step in (*range(0, total, stride), total - 1):
        rate = training.learning_rate * entry.share(Moment(step, STEPS_EACH, epochs), values)
        if not entry.is_per_batch and ys and rate != ys[-1]:  # it falls between two epochs
            xs.append(float(step // STEPS_EACH))
            ys.append(ys[-1])
            xs.append(xs[-1])
        else:
            xs.append(step / STEPS_EACH)
        ys.append(rate)
    return xs, ys
