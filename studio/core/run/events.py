"""RunEvent: the closed set of news from a run, from trainer to curves, log, archive and terminal.

The grammar: RunStarted first; then for each epoch StepDone* and EpochDone; CheckpointSaved,
HealthSeen and Note anywhere between; exactly one RunEnded, last, whatever happens.

=================  =========  =======  ======
event              completed  stopped  failed
=================  =========  =======  ======
RunStarted         once       once     once, or not at all where the run could not begin
StepDone           some       perhaps  perhaps
EpochDone          each       perhaps  perhaps
HealthSeen         some       perhaps  perhaps
CheckpointSaved    some       some     perhaps
Note               perhaps    perhaps  perhaps
RunEnded           last       last     last
=================  =========  =======  ======
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from studio.core.plain import from_plain, to_plain
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr

Outcome = Literal["completed", "stopped", "failed"]
Figures: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins, or goes on at `first_epoch` and `first_step` (from 1) where it was resumed."""

    run: str
    device: str
    parameters: int
    steps_per_epoch: int
    epochs: int
    first_epoch: int = 1
    first_step: int = 1
    batch_size: int = 0


@dataclass(frozen=True, slots=True)
class StepDone:
    """The loss of one step's batch; sent as often as a reader can use, not every step.

    `step` counts from 1 within the epoch, `epoch` from 1. `seconds` is the time the run
    has taken so far without its pauses; two events that differ in it alone are equal.
    """

    epoch: int
    step: int
    loss: float
    learning_rate: float
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class EpochDone:
    """Figures of the training and validation parts after an epoch; "loss" is among them.

    `is_best` says that the validation loss (training loss where there is no validation
    part) is the lowest so far. `samples_per_second` is of the steps alone, `seconds` of
    all; events that differ in these two alone are equal.
    """

    epoch: int
    training: Figures
    validation: Figures
    seconds: float = field(compare=False)
    samples_per_second: float = field(compare=False)
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class NodeHealth:
    """How one node is while it learns; None for what it does not have.

    `slope` is the length of its gradient relative to that of its weights. `dead` is the share of
    the units of a ReLU-like node that gave 0 for every row that was looked at, `saturated` the
    share of values of a sigmoid- or tanh-like node close to an end. `fault` says what of it is no
    number any more: its "weights", "slopes" or "values"; "" where all are.
    """

    slope: float | None = None
    dead: float | None = None
    saturated: float | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class HealthSeen:
    """How the nodes are after a step, by the ids of drawn nodes. Sent seldom."""

    epoch: int
    step: int
    nodes: Mapping[str, NodeHealth]


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


RunEvent: TypeAlias = (
    RunStarted | StepDone | EpochDone | HealthSeen | CheckpointSaved | Note | RunEnded
)

KINDS: Mapping[str, type] = MappingProxyType(
    {
        "run_started": RunStarted,
        "step_done": StepDone,
        "epoch_done": EpochDone,
        "health_seen": HealthSeen,
        "checkpoint_saved": CheckpointSaved,
        "note": Note,
        "run_ended": RunEnded,
    }
)
_NAMES = {kind: name for name, kind in KINDS.items()}


def event_to_json(event: RunEvent) -> dict[str, object]:
    """The event as plain values, as `studio train --json` prints it and the archive keeps it."""
    values = {f.name: to_plain(getattr(event, f.name)) for f in fields(event)}
    if isinstance(event, RunEnded) and event.problem is not None:
        values["problem"] = event.problem.as_json()
    return {"event": _NAMES[type(event)], **values}


def event_from_json(data: Mapping[str, object]) -> RunEvent:
    """The event out of plain values; StudioError where they are none."""
    values = dict(data)
    kind = KINDS.get(str(values.pop("event", "")))
    if kind is None:
        raise refuse(
            tr("The log of the run holds something that is no event."),
            tr("Open it with a newer version of Studio."),
            code="unknown-event",
        )
    problem = values.pop("problem", None)
    event: RunEvent = from_plain(kind, values, tr("The log of the run"))
    if isinstance(event, RunEnded) and isinstance(problem, dict):
        return replace(event, problem=problem_from_json(problem))
    return event


def problem_from_json(data: Mapping[str, object]) -> Problem:
    """A Problem out of what `as_json` gave; its fix is not kept."""
    place = data.get("place")
    known = from_plain(Place, place, tr("The log of the run")) if place else Place()
    return Problem(
        str(data.get("message", "")),
        str(data.get("hint", "")),
        Severity(str(data.get("severity", Severity.ERROR))),
        known,
        str(data.get("code", "")),
    )
