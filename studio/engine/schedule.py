"""Schedule: the learning rate of each step, from the settings and where the run stands."""

import math
from dataclasses import dataclass

from studio.core.catalogue import SCHEDULES
from studio.core.catalogue.rates import Moment, number_of
from studio.core.design.training import TrainingSpec
from studio.core.params import Values
from studio.engine.optimizers import checked_values


@dataclass(frozen=True, slots=True)
class Watched:
    """What a schedule that watches the loss has seen: it travels in the state of a run."""

    share: float = 1.0
    best: float | None = None
    waited: int = 0
    resting: int = 0


class Schedule:
    """The share of the learning rate for every step. `watched` stands as of the epoch at work."""

    def __init__(self, training: TrainingSpec, steps_each: int) -> None:
        self.entry = SCHEDULES[training.schedule]
        self.values: Values = checked_values(
            self.entry.params, training.schedule_params, "schedule", self.entry.title
        )  # type: ignore[assignment]
        self.base = training.learning_rate
        self.watched = Watched()
        self._shares: dict[int, float] = {}  # by epoch, for steps that are taken again
        self._steps_each, self._epochs = max(1, steps_each), max(1, training.epochs)

    @property
    def moves_each_step(self) -> bool:
        """True where the rate has to be set before every step."""
        return self.entry.is_per_batch

    def rate(self, step: int) -> float:
        """The learning rate of a step of the whole run, from 0."""
        moment = Moment(step, self._steps_each, self._epochs)
        if self.entry.watches_loss:
            return self.base * self._shares.get(moment.epoch, self.watched.share)
        return self.base * self.entry.share(moment, self.values)

    def epoch_over(self, epoch: int, loss: float) -> None:
        """Takes in the loss of an epoch, from 1 (torch's ReduceLROnPlateau)."""
        if not self.entry.watches_loss:
            return
        self._shares[epoch - 1] = self.watched.share
        self.watched = _after(self.watched, loss, self.values)
        self._shares[epoch] = self.watched.share


def _after(seen: Watched, loss: float, values: Values) -> Watched:
    margin = number_of(values, "threshold")
    is_better = seen.best is None or loss < seen.best - abs(seen.best) * margin
    best = loss if is_better and math.isfinite(loss) else seen.best
    waited = 0 if is_better or seen.resting else seen.waited + 1
    resting = max(0, seen.resting - 1)
    if waited <= number_of(values, "patience"):
        return Watched(seen.share, best, waited, resting)
    share = max(number_of(values, "least"), seen.share * number_of(values, "gamma"))
    return Watched(share, best, 0, int(number_of(values, "rest")))
