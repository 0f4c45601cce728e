"""Trainer: the only training loop, a generator of RunEvents that knows no listener."""

import math
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from studio.core.design.effective import Effective, effective_project, unrolled
from studio.core.design.lifting import lifted_problem
from studio.core.design.project import Project
from studio.core.problems import Place, refuse
from studio.core.run.control import RunControl
from studio.core.run.events import (
    CheckpointSaved,
    EpochDone,
    Note,
    Outcome,
    RunEnded,
    RunEvent,
    RunStarted,
    StepDone,
)
from studio.core.words import tr
from studio.data.arrays import Arrays, Fitted
from studio.engine.backbone_folder import begin_pretrained
from studio.engine.build import node_parts
from studio.engine.calibration import way_found
from studio.engine.checkpoints import Keeper, Snapshot, read_snapshot, write_fitted
from studio.engine.devices import use_one_thread
from studio.engine.diagnosis import bad_weights
from studio.engine.health import HealthWatch
from studio.engine.judging import answered
from studio.engine.loaders import Batch
from studio.engine.replay import Replay
from studio.engine.run_state import RunState, figures_of_part

MOST_REPORTS = 1000  # of steps in a run, unless steps are slow
PATIENCE = 0.25  # seconds without a report that a reader bears
STEPS_BETWEEN_SNAPSHOTS = 500


def train(
    project: Project,
    arrays: Arrays,
    control: RunControl,
    *,
    fitted: Fitted,
    run: str,
    folder: Path,
    resume: Path | None = None,
    watches_health: bool = True,
) -> Iterator[RunEvent]:
    """One run, or the rest of one: what happens, by the grammar of `core.run.events`.

    Weights and state go into `folder`; `resume` is the folder of the run that goes on. They
    are the same whether or not the health of the nodes is watched on the way.
    Raises what it cannot put right; the best weights so far are on the disk by then.
    """
    network = unrolled(project.graph)
    project = effective_project(project)
    with memory_told():
        fitted = answered(project, fitted)
        state = RunState(project, arrays, fitted)
        if resume is not None:
            state.restore(read_snapshot(resume), resume)
        else:
            begin_pretrained(node_parts(project.graph, state.model))
        write_fitted(fitted, folder)
        watch = HealthWatch(state, network) if watches_health else None
        try:
            for event in _Run(state, control, Keeper(folder), watch).events(run):
                yield _of_drawn(event, network)
        finally:
            use_one_thread()


def _of_drawn(event: RunEvent, network: Effective) -> RunEvent:
    """The end of a run with its Problem at the node that is drawn."""
    if not isinstance(event, RunEnded) or event.problem is None:
        return event
    return replace(event, problem=lifted_problem(event.problem, network))


class _NotFinite(Exception):  # noqa: N818 - it is news, and never leaves this file
    """The loss of a step is not a number."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step


class _Run:
    """A run from its start, or where it goes on, to its end."""

    def __init__(
        self, state: RunState, control: RunControl, keeper: Keeper, watch: HealthWatch | None
    ) -> None:
        self._state, self._watch = state, watch
        self._control = control
        self._keeper = keeper
        self._training = state.project.training
        self._steps_each = state.batches.steps
        self._stride = max(1, self._steps_each * self._training.epochs // MOST_REPORTS)
        self._is_best_kept = True
        self._snapshot: Snapshot | None = None
        self._since_snapshot = 0
        self._gathered_at = 0.0
        self._reported_at = 0.0
        self._epoch_began = (0.0, 0)

    def events(self, run: str) -> Iterator[RunEvent]:
        """Everything that happens, in order."""
        yield self._started(run)
        yield from self._opening_notes()
        yield from way_found(self._state, self._control)
        try:
            yield from self._epochs()
            outcome: Outcome = "completed" if self._is_finished else "stopped"
            yield from self._keep()
            yield RunEnded(outcome, self._state.facts.best_epoch, self._test_figures())
        except _NotFinite as trouble:
            best_epoch = self._state.facts.best_epoch
            yield from self._keep_best()
            problem = Replay(self._state, self._snapshot, self._take).diagnosis(trouble.step)
            yield RunEnded("failed", best_epoch, problem=problem)
        finally:
            list(self._keep_best())  # whatever broke, the best weights are not lost

    def _epochs(self) -> Iterator[RunEvent]:
        """Epoch after epoch, until all are done, patience is out or the person stops."""
        while not self._is_finished and not self._control.is_stopped:
            order = self._state.batches.order(self._state.facts.epoch)
            yield from self._steps(order)
            if self._state.facts.step < self._steps_each:  # stopped on the way
                return
            yield self._finish_epoch(order)
            if self._is_out_of_patience:
                yield Note(
                    tr(
                        "Stopped early: {count} epochs brought no better loss.",
                        count=self._training.patience,
                    )
                )
            if self._keeper.is_due():
                yield from self._keep()

    def _steps(self, order: Tensor) -> Iterator[RunEvent]:
        """The steps of the epoch that are yet to be taken."""
        state = self._state
        state.begin_epoch()
        self._epoch_began = (state.seconds, state.facts.step)
        self._gathered_at = self._reported_at = state.seconds
        with closing(state.batches.blocks(state.facts.epoch, order, state.facts.step)) as blocks:
            for block in blocks:
                yield from self._block(block)
                if self._control.is_stopped:
                    return

    def _block(self, block: list[Batch]) -> Iterator[RunEvent]:
        """The steps of a block, or those until the person stops."""
        self._snapshot_seldom(len(block))
        batches = iter(block)
        while self._take(batches):
            yield from self._reports()
            if self._watch is not None:
                yield from self._watch.due()
            if self._control.is_paused:
                yield from self._pause()
            if self._control.is_stopped:
                return
            if self._keeper.is_overdue():
                yield from self._keep()

    def _take(self, batches: Iterator[Batch]) -> bool:
        """Takes steps until a report is due, something is asked for, or there are no more.

        The heart of it: nothing here reads from the device, and each name is looked up once.
        """
        state, control, clock = self._state, self._control, time.perf_counter
        forward, loss_of, take_step = state.stepper.ways(state.loss.forward)
        parameters = tuple(state.model.parameters())
        losses, outputs, kept = state.losses, state.outputs, state.kept
        is_awaited = self._watch is not None and self._watch.is_waiting
        deadline = clock() + (0.0 if is_awaited else PATIENCE)
        for *inputs, target in batches:
            output = forward(*inputs)
            loss = loss_of(output, target)
            for parameter in parameters:
                parameter.grad = None
            loss.backward()
            take_step()
            losses.append(loss.detach())
            outputs.append(kept(output))
            if control.is_wanted or clock() > deadline:
                break
        return bool(losses)

    def _reports(self) -> Iterator[RunEvent]:
        """Reads the losses of the latest steps and sends those that a reader can use."""
        state = self._state
        epoch, done = state.facts.epoch, state.facts.step
        values = state.gather()
        began, self._gathered_at = self._gathered_at, state.seconds
        each = (self._gathered_at - began) / len(values)
        for count, loss in enumerate(values, 1):
            if not math.isfinite(loss):
                raise _NotFinite(done + count)
            number = (epoch - 1) * self._steps_each + done + count
            is_last = count == len(values)
            is_late = is_last and self._gathered_at - self._reported_at > PATIENCE
            if number % self._stride == 0 or number == 1 or is_late:
                self._reported_at = began + each * count
                rate = state.stepper.schedule.rate(number - 1)
                yield StepDone(epoch, done + count, loss, rate, self._reported_at)

    def _finish_epoch(self, order: Tensor) -> EpochDone:
        state, began = self._state, self._epoch_began
        if bad_weights(state.model) is not None:
            raise _NotFinite(state.facts.step)
        rows = state.batches.rows - began[1] * state.batches.batch_size
        pace = rows / max(1e-9, state.seconds - began[0])
        training = state.training_figures(order)
        validation = figures_of_part(state, state.parts.validation)
        watched = validation if len(state.parts.validation) else training
        state.stepper.schedule.epoch_over(state.facts.epoch, watched.get("loss", math.inf))
        is_best = self._note_progress(watched.get("loss", math.inf))
        state.reset_epoch()
        return EpochDone(
            state.facts.epoch - 1, training, validation, state.seconds - began[0], pace, is_best
        )

    def _note_progress(self, loss: float) -> bool:
        """Turns to the next epoch; True where this one was the best so far."""
        facts = self._state.facts
        is_best = math.isfinite(loss) and (facts.best_loss is None or loss < facts.best_loss)
        if is_best:
            self._state.remember_best()
            self._is_best_kept = False
            facts = replace(facts, best_epoch=facts.epoch, best_loss=loss)
        waited = 0 if is_best else facts.epochs_without_better + 1
        self._state.facts = replace(
            facts, epoch=facts.epoch + 1, step=0, epochs_without_better=waited
        )
        return is_best

    @property
    def _is_out_of_patience(self) -> bool:
        return 0 < self._training.patience <= self._state.facts.epochs_without_better

    @property
    def _is_finished(self) -> bool:
        return self._state.facts.epoch > self._training.epochs or self._is_out_of_patience

    def _pause(self) -> Iterator[RunEvent]:
        yield from self._keep()
        yield Note(tr("Paused."))
        began = time.perf_counter()
        self._control.wait_while_paused()
        self._state.pass_over(time.perf_counter() - began)
        if not self._control.is_stopped:
            yield Note(tr("Goes on."))

    def _keep(self) -> Iterator[RunEvent]:
        """Writes everything that is needed to go on from here."""
        yield from self._keep_best()
        facts = self._state.facts
        epoch = facts.epoch if facts.step else facts.epoch - 1
        self._keeper.keep_last(self._state.model.state_dict(), epoch)
        yield CheckpointSaved(epoch, str(self._keeper.keep_all(self._state.capture())))

    def _keep_best(self) -> Iterator[RunEvent]:
        if not self._is_best_kept:
            epoch = self._state.facts.best_epoch
            path = self._keeper.keep_best(self._state.best, epoch)
            self._is_best_kept = True
            yield CheckpointSaved(epoch, str(path), "best")

    def _test_figures(self) -> dict[str, float]:
        if not self._state.best:
            return {}
        self._state.model.load_state_dict(self._state.best)
        return figures_of_part(self._state, self._state.parts.test)

    def _started(self, run: str) -> RunStarted:
        state = self._state
        return RunStarted(
            run,
            str(state.device),
            state.parameters,
            self._steps_each,
            self._training.epochs,
            state.facts.epoch,
            state.facts.step + 1,
            state.batches.batch_size,
        )

    def _opening_notes(self) -> Iterator[Note]:
        state, facts = self._state, self._state.facts
        if facts.epoch > 1 or facts.step:
            yield Note(
                tr("Goes on in epoch {epoch}, step {step}.", epoch=facts.epoch, step=facts.step + 1)
            )
        if state.batches.drops_a_row:
            yield Note(
                tr(
                    "The last batch would hold a single row, so each epoch leaves one "
                    "row out, another each time."
                )
            )
        if state.judges.weigh_classes:
            yield Note(
                tr(
                    "Rare classes count more in the training loss; the losses of validation "
                    "and test count all rows alike."
                )
            )
        if state.parts.training.is_streamed:
            yield Note(
                tr(
                    "The data do not fit into the memory that they may take, so they are read "
                    "from the disk as they are needed."
                )
            )
        elif not state.parts.training.is_kept:
            yield Note(
                tr(
                    "The prepared rows do not fit into memory, so each batch is prepared "
                    "when its turn comes."
                )
            )
        if not state.keeps_outputs:
            yield Note(tr("The training part is too large for metrics; its loss is shown."))

    def _snapshot_seldom(self, steps: int) -> None:
        """Remembers a moment to go back to, should a loss stop being a number."""
        if self._snapshot is None or self._since_snapshot >= STEPS_BETWEEN_SNAPSHOTS:
            fits = self._state.can_capture()
            self._snapshot = self._state.capture(is_whole=False) if fits else None
            self._since_snapshot = 0
        self._since_snapshot += steps


@contextmanager
def memory_told() -> Iterator[None]:
    """Says in words that memory is full; torch has three ways of saying so."""
    try:
        yield
    except (MemoryError, RuntimeError) as reason:
        is_full = isinstance(reason, MemoryError | torch.OutOfMemoryError)
        if not is_full and "allocate memory" not in str(reason):
            raise
        raise refuse(
            tr("There is not enough memory for this run."),
            tr("Set a smaller batch size, or make the largest layers smaller."),
            place=Place("field", "batch_size"),
            code="out-of-memory",
            detail=str(reason),
        ) from None
