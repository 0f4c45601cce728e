"""RunEvent: the closed set of news from a run, from trainer to curves, log, archive and terminal.

The grammar: RunStarted first; then for each epoch StepDone*, EpochDone and perhaps
CheckpointSaved; Note anywhere between; exactly one RunEnded, last, whatever happens.

=================  =========  =======  ======
event              completed  stopped  failed
=================  =========  =======  ======
RunStarted         once       once     once, or not at all where the run could not begin
StepDone           some       perhaps  perhaps
EpochDone          each       perhaps  perhaps
CheckpointSaved    some       some     perhaps
Note               perhaps    perhaps  perhaps
RunEnded           last       last     last
=================  =========  =======  ======
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from studio.core.problems import Problem

Outcome = Literal["completed", "stopped", "failed"]
Figures: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins, or goes on at `first_epoch` (from 1) where it was resumed."""

    run: str
    device: str
    parameters: int
    steps_per_epoch: int
    epochs: int
    first_epoch: int = 1


@dataclass(frozen=True, slots=True)
class StepDone:
    """The loss of one step's batch; sent as often as a reader can use, not every step.

    `step` counts from 1 within the epoch, `epoch` from 1.
    """

    epoch: int
    step: int
    loss: float
    learning_rate: float


@dataclass(frozen=True, slots=True)
class EpochDone:
    """Figures of the training and validation parts after an epoch; "loss" is among them.

    `is_best` says that the validation loss (training loss where there is no validation
    part) is the lowest so far.
    """

    epoch: int
    training: Figures
    validation: Figures
    seconds: float
    samples_per_second: float
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    """Weights were written: `why` is "best" or "resume"."""

    epoch: int
    path: str
    why: str = "resume"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the log."""

    text: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run is over. `test` holds the figures of the test part with the best weights."""

    outcome: Outcome
    best_epoch: int = 0
    test: Figures = field(default_factory=dict)
    problem: Problem | None = None


RunEvent: TypeAlias = RunStarted | StepDone | EpochDone | CheckpointSaved | Note | RunEnded
