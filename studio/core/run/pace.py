"""Pace: how fast a run goes and how long it has yet to go, from the times its events bring."""

from collections import deque
from statistics import median

from studio.core.run.events import EpochDone, RunStarted, StepDone

RECENT = 40  # reports; enough to be calm, few enough to follow a change
FEWEST = 4  # reports before anything is said
SHORTEST = 0.5  # seconds of running before anything is said: the first steps are slow


class Pace:
    """Fed with the events of a run; what it says is as of the last one."""

    def __init__(self) -> None:
        self._run: RunStarted | None = None
        self._marks: deque[tuple[int, float]] = deque(maxlen=RECENT)
        self._extras: deque[float] = deque(maxlen=5)
        self._steps = 0
        self._epochs_done = 0
        self._seconds = 0.0
        self._began: float | None = None

    @property
    def seconds(self) -> float:
        """How long the run has taken so far, without its pauses."""
        return self._seconds

    @property
    def steps(self) -> int:
        """How many steps are done, those before a resume among them."""
        return self._steps

    def start(self, event: RunStarted) -> None:
        """A run begins or goes on."""
        self.__init__()  # type: ignore[misc]
        self._run = event
        self._epochs_done = event.first_epoch - 1
        self._steps = (event.first_epoch - 1) * event.steps_per_epoch + event.first_step - 1

    def step(self, event: StepDone) -> None:
        """A step was reported."""
        if self._run is None:
            return
        self._steps = (event.epoch - 1) * self._run.steps_per_epoch + event.step
        self._seconds = event.seconds
        if self._began is None:
            self._began = event.seconds
        self._marks.append((self._steps, event.seconds))

    def epoch(self, event: EpochDone) -> None:
        """An epoch was done: what it took beyond its steps is the price of validation."""
        if self._run is None:
            return
        self._steps, self._epochs_done = event.epoch * self._run.steps_per_epoch, event.epoch
        per_step = self._seconds_per_step()
        if per_step is not None:
            extra = event.seconds - per_step * self._run.steps_per_epoch
            self._extras.append(max(0.0, extra))

    @property
    def samples_per_second(self) -> float | None:
        """How many rows are learnt from in a second, or None while that is not known."""
        per_step = self._seconds_per_step()
        if not per_step or self._run is None or not self._run.batch_size:
            return None
        return self._run.batch_size / per_step

    @property
    def seconds_left(self) -> float | None:
        """How long the run has yet to go, validation included; None in the first moments."""
        per_step = self._seconds_per_step()
        if per_step is None or self._run is None or self._seconds - (self._began or 0) < SHORTEST:
            return None
        total = self._run.steps_per_epoch * self._run.epochs
        epochs_left = self._run.epochs - self._epochs_done
        extra = median(self._extras) if self._extras else 0.0
        return max(0.0, (total - self._steps) * per_step + epochs_left * extra)

    def _seconds_per_step(self) -> float | None:
        """The middle of the recent ones, so that one slow epoch end does not count for many."""
        if len(self._marks) < FEWEST:
            return None
        marks = list(self._marks)
        paces = [
            (later - earlier) / (after - before)
            for (before, earlier), (after, later) in zip(marks, marks[1:], strict=False)
            if after > before
        ]
        return median(paces) if paces else None
