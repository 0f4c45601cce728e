"""Calibration: a second or two at the start of a run in which the fastest way to compute is found.

A few passes forward and back on one real batch for each way. Nothing of them stays: neither
weights, nor what layers count, nor where the random numbers stand.
"""

import math
import os
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor, nn

from studio.core.design.shape_flow import shape_flow
from studio.core.run.control import RunControl
from studio.core.run.events import Note
from studio.core.words import tr
from studio.engine.build import node_parts
from studio.engine.devices import CPU, cores, is_busy, random_states, set_random_states
from studio.engine.given import each
from studio.engine.loaders import Batch
from studio.engine.run_state import RunState
from studio.engine.ways import Form, Way

SWITCH = "STUDIO_CALIBRATION"  # an environment variable; "off" leaves all runs to the rule
THREADS = "OMP_NUM_THREADS"  # set by a person, it stands
MOST_SECONDS = 2.0
LEAST_STEP = 1e9  # multiplications and additions of a step: some 50 ms
LEAST_RUN = 1e12  # of a run: a minute
EACH = 0.25  # seconds in which a way is looked at
LEAST_PASSES = 2  # of each way, the first of which pays for what torch gets ready
WORTH = 0.95  # of the usual way's time: what gains less is not worth other rounding
# Times the best so far: what takes longer in its first pass, or in two, is not looked at again.
HOPELESS_AT_ONCE, HOPELESS = 3.0, 1.5
ENOUGH_ROWS = 0.1  # seconds that a pass should take at least; more rows tell nothing more
LEAST_ROWS = 4


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was found: the way, how many were tried in how many seconds, and what is gained.

    `share` is the time of a step beside that of the usual way in one thread.
    """

    way: Way
    tried: int
    seconds: float
    share: float

    @property
    def words(self) -> str:
        """What a person reads of it."""
        said = tr(
            "{count} {count|way|ways} of computing {count|was|were} tried in {seconds} s.",
            count=self.tried,
            seconds=f"{self.seconds:.1f}",
        )
        how = tr(
            "The run takes {form}, in {threads} {threads|thread|threads}",
            form=_words_of(self.way.form),
            threads=self.way.threads,
        )
        if self.share >= 1.0:
            return f"{said} {how}{tr(', as by rule.')}"
        gained = tr(": a step takes {share} % of the usual time.", share=round(100 * self.share))
        return f"{said} {how}{gained}"


def way_found(state: RunState, control: RunControl) -> Iterator[Note]:
    """Lets a run that begins be computed as a person has set it, or as is fastest here."""
    facts, threads = state.facts, state.project.training.threads
    if facts.way is not None or (facts.epoch, facts.step) != (1, 0):
        return  # it goes on
    if threads and state.device.type == CPU:
        state.take_way(Way(state.stepper.forms.usual, threads))
        return
    found = calibrated(state, control)
    if found is not None:
        state.take_way(found.way)
        yield Note(found.words)


def calibrated(state: RunState, control: RunControl) -> Calibration | None:
    """The fastest way for this run on this machine; None where nothing is to be tried.

    That is so on other devices, where a person has switched it off, and where a run is too
    short to win back the time.
    """
    is_wanted = state.project.training.tries_ways and os.environ.get(SWITCH) != "off"
    if not is_wanted or state.device.type != CPU or not _is_long(state):
        return None
    ways = _Ways(state, control)
    return ways.found() if ways.count > 1 else None


class _Ways:
    """The ways that are tried on one batch, the most promising first, as long as there is time."""

    def __init__(self, state: RunState, control: RunControl) -> None:
        self._state, self._control = state, control
        self._forms = state.stepper.forms.known
        self._threads = _thread_counts()
        self._seconds: dict[Way, float] = {}

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._forms) * len(self._threads)

    def found(self) -> Calibration:
        """Tries them, and puts everything back."""
        began = time.perf_counter()
        usual = Way(self._state.stepper.forms.usual, 1)
        with _untouched(self._state), closing(self._tried(began)) as tried:
            for way, seconds in tried:
                self._seconds[way] = seconds
        best = min(self._seconds, key=lambda way: self._seconds[way], default=usual)
        share = self._seconds[best] / self._seconds[usual] if usual in self._seconds else 1.0
        way, share = (best, share) if share < WORTH else (usual, 1.0)
        return Calibration(way, len(self._seconds), time.perf_counter() - began, share)

    def _tried(self, began: float) -> Generator[tuple[Way, float], None, None]:
        """Every form in one thread, then the quickest two of them in more threads."""
        batch = self._smaller(_batch_of(self._state))
        for form in self._forms:
            if self._is_over(began):
                return
            yield Way(form, 1), self._timed(Way(form, 1), batch)
        quickest = sorted(self._forms, key=lambda form: self._seconds[Way(form, 1)])[:2]
        for threads in self._threads[1:]:
            for form in quickest:
                if self._is_over(began):
                    return
                yield Way(form, threads), self._timed(Way(form, threads), batch)

    def _is_over(self, began: float) -> bool:
        """True where the next way would take more than the time that is left."""
        longest = max(self._seconds.values(), default=0.0) * 2
        return self._control.is_stopped or time.perf_counter() - began + longest > MOST_SECONDS

    def _smaller(self, batch: Batch) -> Batch:
        """So many of its rows that a pass takes long enough to be told from another."""
        rows, few, taken = len(batch[0]), _rows_of(batch, LEAST_ROWS), math.inf
        for _ in range(LEAST_PASSES):
            began = time.perf_counter()
            self._pass(self._state.stepper.forms.usual, few)
            taken = min(taken, max(1e-9, time.perf_counter() - began))
        wanted = round(LEAST_ROWS * ENOUGH_ROWS / taken)
        return _rows_of(batch, max(LEAST_ROWS, min(rows, wanted)))

    def _timed(self, way: Way, batch: Batch) -> float:
        """The shortest of a few passes: whatever else the machine does only adds to it."""
        torch.set_num_threads(way.threads)
        best = min(self._seconds.values(), default=math.inf)
        taken: list[float] = []
        while sum(taken) < EACH or len(taken) < LEAST_PASSES:
            began = time.perf_counter()
            self._pass(way.form, batch)
            taken.append(time.perf_counter() - began)
            hopeless = HOPELESS if len(taken) >= LEAST_PASSES else HOPELESS_AT_ONCE
            if min(taken) > hopeless * best:
                break
        return min(taken)

    def _pass(self, form: Form, batch: Batch) -> None:
        """Forward and back, without leaving a slope anywhere."""
        *inputs, target = batch
        weights = [one for one in self._state.model.parameters() if one.requires_grad]
        loss = self._state.loss.forward(self._state.stepper.forms.forward(form)(*inputs), target)
        torch.autograd.grad(loss, weights, allow_unused=True)


def work_of_step(state: RunState) -> float:
    """Multiplications and additions of a step, there and back, as the weights are used."""
    flow = shape_flow(state.project.graph, state.project.dataset)
    total = 0
    for node_id, part in node_parts(state.project.graph, state.model).items():
        if node_id in flow.signals:
            shape = flow.signals[node_id].shape
            is_sliding = any(isinstance(one, _SLIDING) for one in part.modules())
            total += flow.weights.get(node_id, 0) * prod(shape[1:] if is_sliding else shape[:-1])
    return 6.0 * total * state.batches.batch_size


_SLIDING = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose2d, nn.ConvTranspose3d)


def _is_long(state: RunState) -> bool:
    step = work_of_step(state)
    steps = state.batches.steps * state.project.training.epochs
    return step >= LEAST_STEP and step * steps >= LEAST_RUN


def _thread_counts() -> tuple[int, ...]:
    """One, half of the cores and all of them; one alone where a person has set how many.

    That too where others work on this machine: on cores that are taken, threads wait for
    each other.
    """
    if os.environ.get(THREADS) or is_busy():
        return (1,)
    return tuple(sorted({1, max(1, cores() // 2), cores()}))


def _batch_of(state: RunState) -> Batch:
    """The first one of the run, as its first step will take it."""
    with closing(state.batches.blocks(1, state.batches.order(1))) as blocks:
        return next(blocks)[0]


def _rows_of(batch: Batch, count: int) -> Batch:
    return tuple(each(part, lambda one: one[:count]) for part in batch)


@contextmanager
def _untouched(state: RunState) -> Iterator[None]:
    """Puts back what a pass changes: what layers count, random numbers, threads, modes."""
    kept: dict[str, Tensor] = {name: one.clone() for name, one in state.model.named_buffers()}
    random = random_states(state.device)
    modes = {part: part.training for part in state.model.modules()}
    threads = torch.get_num_threads()
    state.begin_epoch()
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        for part, mode in modes.items():
            part.training = mode
        for name, one in state.model.named_buffers():
            one.copy_(kept[name])
        set_random_states(state.device, random)


def _words_of(form: Form) -> str:
    return {
        "plain": tr("layer after layer"),
        "channels_last": tr("the channels of a pixel side by side"),
        "blocked": tr("a few pictures at a time"),
    }[form]
