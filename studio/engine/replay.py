"""Replay: goes back to a snapshot and takes the same steps again, looking for the first fault."""

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain

from studio.core.problems import Problem
from studio.engine.checkpoints import Snapshot
from studio.engine.devices import random_states, set_random_states
from studio.engine.diagnosis import Finding, bad_weights, first_bad, not_finite_problem
from studio.engine.loaders import Batch
from studio.engine.run_state import RunState

Take = Callable[[Iterator[Batch]], bool]
Moment = tuple[int, int]  # epoch and step, both from 1


class Replay:
    """The steps since a snapshot, one at a time. `take` is the trainer's own way to take them.

    On the processor they come out the same to the last bit. On other devices a fault may not
    come back; then what is seen in the weights of now is told.
    """

    def __init__(self, state: RunState, snapshot: Snapshot | None, take: Take) -> None:
        self._state = state
        self._snapshot = snapshot
        self._take = take

    def diagnosis(self, step: int) -> Problem:
        """What a person is told of a loss that was no number in that step of the epoch."""
        state, graph = self._state, self._state.project.graph
        last = (state.facts.epoch, step)
        found = self._first_fault(last)
        if found is not None and found[0] == "weights":
            # The loss of that step was a number still: was there a value before it?
            found = self._first_fault(self._now()) or found
        if found is None:
            part = bad_weights(state.model)
            return not_finite_problem(graph, ("weights", part) if part else None, *last)
        return not_finite_problem(graph, found, *self._now())

    def _now(self) -> Moment:
        return self._state.facts.epoch, self._state.facts.step

    def _first_fault(self, last: Moment) -> Finding | None:
        if self._snapshot is None:
            return None
        state = self._state
        state.restore(self._snapshot)
        while state.facts.epoch <= last[0]:
            state.begin_epoch()
            order = state.batches.order(state.facts.epoch)
            blocks = state.batches.blocks(state.facts.epoch, order, state.facts.step)
            with closing(blocks):
                for batch in chain.from_iterable(blocks):
                    finding = self._fault_of(batch, last)
                    if finding is not None or self._now() >= last:
                        return finding
            state.facts = replace(state.facts, epoch=state.facts.epoch + 1, step=0)
        return None

    def _fault_of(self, batch: Batch, last: Moment) -> Finding | None:
        """Takes one step; before the last one looks at each value on its way."""
        state = self._state
        if (state.facts.epoch, state.facts.step + 1) == last:
            random = random_states(state.device)
            finding = first_bad(state.model, batch[:-1])
            set_random_states(state.device, random)
            if finding[0] != "loss":
                state.facts = replace(state.facts, step=state.facts.step + 1)
                return finding
        self._take(iter((batch,)))
        if not math.isfinite(state.gather()[0]):
            return "loss", ""
        part = bad_weights(state.model)
        return ("weights", part) if part else None
