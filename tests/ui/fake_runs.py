"""A run that a test holds in its hand: it sends what it is told and waits to be let go."""

import threading

from studio.core.run.events import (
    CheckpointSaved,
    EpochDone,
    RunEnded,
    RunStarted,
    StepDone,
)

PATIENCE = 5.0


def epoch_done(epoch, *, loss=None, accuracy=None, is_best=True):
    loss = 1.0 / epoch if loss is None else loss
    accuracy = 1.0 - loss / 2 if accuracy is None else accuracy
    return EpochDone(
        epoch,
        {"loss": loss * 0.9, "accuracy": accuracy},
        {"loss": loss, "accuracy": accuracy - 0.02},
        0.5,
        1000.0,
        is_best,
    )


def events_of(epochs=3, steps=4, run="run-1"):
    """The events of a run that goes well."""
    yield RunStarted(run, "cpu", 1234, steps, epochs, batch_size=32)
    for epoch in range(1, epochs + 1):
        for step in range(1, steps + 1):
            seconds = ((epoch - 1) * steps + step) * 0.25
            yield StepDone(epoch, step, 1.0 / (epoch + step / steps), 0.001, seconds)
        yield epoch_done(epoch)
        yield CheckpointSaved(epoch, "best.safetensors", "best")
    yield RunEnded("completed", best_epoch=epochs, test={"loss": 0.4, "accuracy": 0.8})


class FakeJob:
    """Stands in the place of `jobs.train`. `hold_after` events it waits for `release`, or stop."""

    def __init__(self, events=None, hold_after=None, breaks=False):
        self.events = list(events_of() if events is None else events)
        self.hold_after = hold_after
        self.breaks = breaks
        self.calls = []
        self.holding = threading.Event()
        self.released = threading.Event()

    def release(self):
        self.released.set()

    def __call__(self, project, runs_folder, control, resume=None):
        self.calls.append((project, runs_folder, resume))
        for number, event in enumerate(self.events):
            control.wait_while_paused()
            if control.is_stopped:
                yield RunEnded("stopped")
                return
            if number == self.hold_after and not self._wait(control):
                yield RunEnded("stopped")
                return
            yield event
        if self.breaks:
            raise RuntimeError("the job broke")

    def _wait(self, control):
        """True when released; False when stopped instead."""
        self.holding.set()
        while not self.released.wait(0.01):
            if control.is_stopped:
                return False
        return True
