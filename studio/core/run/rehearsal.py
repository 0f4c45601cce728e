"""Rehearsal: what one real batch on the chosen device tells of the run to come, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.core.problems import Problem


@dataclass(frozen=True, slots=True)
class NodeCost:
    """What one node takes for a batch: seconds forward, and bytes of what it gives."""

    seconds: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A forward and a backward pass and a step on one batch of the training part.

    `seconds_a_step` is the middle of several, of which `seconds_forward` is the first half;
    `seconds_an_epoch` is worked out from it, validation included. `memory` is bytes: weights,
    slopes, what the optimizer remembers and what was kept for the slopes. `problems` say what
    the device cannot run, each at its node; then there are no times.
    """

    device: str
    rows: int
    steps: int
    seconds_forward: float = 0.0
    seconds_a_step: float = 0.0
    seconds_an_epoch: float = 0.0
    memory: int = 0
    loss: float = 0.0
    nodes: Mapping[str, NodeCost] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
