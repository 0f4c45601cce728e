"""History: the events of a run folded into curves, best epoch, state; and what the curves say."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from studio.core.problems import Problem
from studio.core.run.curve import Curve as Curve
from studio.core.run.events import (
    EpochDone,
    Figures,
    HealthSeen,
    Note,
    RunEnded,
    RunEvent,
    RunStarted,
    StepDone,
)
from studio.core.run.health import HealthHistory
from studio.core.run.pace import Pace

State: TypeAlias = Literal["waiting", "running", "completed", "stopped", "failed"]
LOSS = "loss"
RATE = "learning_rate"  # what its curve is called beside those of the figures


class History:
    """What is known of a run. Grows as events come; adding one costs the same at any length.

    `steps` is the loss of the reported steps, `rates` their learning rates; `training` and
    `validation` hold a curve for each figure, "loss" among them. `epoch` and `step` say where
    the run is; `health` is how the nodes are and were.
    """

    def __init__(self) -> None:
        self.run = ""
        self.device = ""
        self.parameters = 0
        self.steps_per_epoch = 0
        self.epochs = 0
        self.state: State = "waiting"
        self.epoch = 0
        self.step = 0
        self.learning_rate = 0.0
        self.rate_moves = False
        self.steps = Curve()
        self.rates = Curve()
        self.training: dict[str, Curve] = {}
        self.validation: dict[str, Curve] = {}
        self.best_epoch = 0
        self.latest: EpochDone | None = None
        self.notes: list[str] = []
        self.test: Figures = {}
        self.problem: Problem | None = None
        self.health = HealthHistory()
        self._pace = Pace()

    def add_all(self, events: Iterable[RunEvent]) -> None:
        """Takes in several events, in order."""
        for event in events:
            self.add(event)

    def add(self, event: RunEvent) -> None:
        """Takes in the next event."""
        match event:
            case StepDone():
                self._add_step(event)
            case EpochDone():
                self._add_epoch(event)
            case HealthSeen():
                self.health.add(self._place(event.epoch, event.step), event.nodes)
            case RunStarted():
                self._start(event)
            case Note():
                self.notes.append(event.text)
            case RunEnded():
                self._end(event)

    @property
    def is_over(self) -> bool:
        """True once the run has ended, in whatever way."""
        return self.state in ("completed", "stopped", "failed")

    @property
    def epochs_done(self) -> int:
        """How many epochs were finished."""
        return self.latest.epoch if self.latest else 0

    @property
    def progress(self) -> float:
        """How much of the run is done, from 0 to 1."""
        total = self.steps_per_epoch * self.epochs
        if self.state == "completed":
            return 1.0
        return min(1.0, self._pace.steps / total) if total else 0.0

    @property
    def seconds(self) -> float:
        """How long the run has taken so far, without its pauses."""
        return self._pace.seconds

    @property
    def seconds_left(self) -> float | None:
        """How long the run has yet to go; None in the first moments and when it is over."""
        return None if self.is_over else self._pace.seconds_left

    @property
    def samples_per_second(self) -> float | None:
        """How many rows are learnt from in a second, or None while that is not known."""
        recent = self._pace.samples_per_second
        return self.latest.samples_per_second if recent is None and self.latest else recent

    def _start(self, event: RunStarted) -> None:
        self.run, self.device, self.parameters = event.run, event.device, event.parameters
        self.steps_per_epoch, self.epochs = event.steps_per_epoch, event.epochs
        self.state, self.problem, self.test = "running", None, {}
        self.epoch, self.step = event.first_epoch, event.first_step - 1
        self._pace.start(event)
        self.health.cut(self._place(event.first_epoch, event.first_step))
        for curve in (self.steps, self.rates):
            curve.cut(self._place(event.first_epoch, event.first_step))
        for curve in (*self.training.values(), *self.validation.values()):
            curve.cut(event.first_epoch)

    def _add_step(self, event: StepDone) -> None:
        self.epoch, self.step, self.learning_rate = event.epoch, event.step, event.learning_rate
        place = self._place(event.epoch, event.step)
        self.steps.add(place, event.loss)
        self.rates.add(place, event.learning_rate)
        self.rate_moves = self.rate_moves or event.learning_rate != self.rates.y[0]
        self._pace.step(event)

    def _add_epoch(self, event: EpochDone) -> None:
        self.latest, self.epoch, self.step = event, event.epoch, self.steps_per_epoch
        if event.is_best:
            self.best_epoch = event.epoch
        for curves, figures in (
            (self.training, event.training),
            (self.validation, event.validation),
        ):
            for key, value in figures.items():
                curves.setdefault(key, Curve()).add(event.epoch, value)
        self._pace.epoch(event)

    def _end(self, event: RunEnded) -> None:
        self.state, self.test, self.problem = event.outcome, event.test, event.problem
        self.best_epoch = event.best_epoch or self.best_epoch

    def _place(self, epoch: int, step: int) -> float:
        return epoch - 1 + step / max(1, self.steps_per_epoch)
