"""Events folded into curves, best epoch and state; and how long a run has yet to go."""

import time

import pytest

from studio.core.problems import Problem
from studio.core.run.events import EpochDone, Note, RunEnded, RunStarted, StepDone
from studio.core.run.history import History

START = RunStarted("run-1", "cpu", 650, 10, 5, batch_size=32)


def epoch_done(epoch, loss, valid, *, seconds=1.0, is_best=False):
    return EpochDone(
        epoch, {"loss": loss, "accuracy": 1 - loss}, {"loss": valid}, seconds, 320.0, is_best
    )


def whole_run(seconds_per_step=0.1, validation=0.5, epochs=5):
    """Steps reported one by one; validation takes its time after each epoch."""
    yield START
    now = 0.0
    for epoch in range(1, epochs + 1):
        for step in range(1, 11):
            now += seconds_per_step
            yield StepDone(epoch, step, 1 / (epoch * 10 + step), 0.01, now)
        now += validation
        yield epoch_done(
            epoch, 1 / epoch, 2 / epoch, seconds=10 * seconds_per_step + validation, is_best=True
        )


def history_of(*events):
    history = History()
    history.add_all(events)
    return history


def test_before_the_start_nothing_is_known():
    history = History()
    assert history.state == "waiting"
    assert not history.is_over
    assert (history.progress, history.seconds_left, history.samples_per_second) == (0.0, None, None)


def test_curves_grow_in_epochs():
    history = history_of(*list(whole_run())[:23])  # two epochs
    assert history.steps.x[:2] == pytest.approx([0.1, 0.2])
    assert history.steps.x[-1] == pytest.approx(2.0)
    assert history.training["loss"].x == [1, 2]
    assert history.training["loss"].y == [1.0, 0.5]
    assert history.training["accuracy"].y == [0.0, 0.5]
    assert history.validation["loss"].y == [2.0, 1.0]
    assert (history.epoch, history.step, history.epochs_done) == (2, 10, 2)
    assert history.progress == pytest.approx(0.4)


def test_the_best_epoch_is_the_last_that_was_said_to_be():
    history = history_of(START, epoch_done(1, 1, 1, is_best=True), epoch_done(2, 1, 2))
    assert history.best_epoch == 1
    history.add(RunEnded("completed", best_epoch=1, test={"loss": 0.5}))
    assert (history.best_epoch, history.test) == (1, {"loss": 0.5})


@pytest.mark.parametrize("outcome", ["completed", "stopped", "failed"])
def test_the_end_is_kept(outcome):
    problem = Problem("It broke.")
    history = history_of(*whole_run(), RunEnded(outcome, 5, problem=problem))
    assert history.state == outcome
    assert history.is_over
    assert history.problem == problem
    assert history.seconds_left is None


def test_a_run_that_ends_before_it_starts():
    history = history_of(RunEnded("failed", problem=Problem("No data.")))
    assert history.state == "failed"


def test_a_resumed_run_takes_back_what_comes_again():
    events = list(whole_run())[:27]  # two epochs and four steps
    history = history_of(*events)
    history.add(RunStarted("run-1", "cpu", 650, 10, 5, first_epoch=2, first_step=6, batch_size=32))
    assert history.steps.x[-1] == pytest.approx(1.5)
    assert history.training["loss"].x == [1]
    assert history.state == "running"
    assert history.progress == pytest.approx(0.3)


def test_notes_are_gathered():
    assert history_of(START, Note("a"), Note("b")).notes == ["a", "b"]


def test_nothing_is_promised_in_the_first_moments():
    events = list(whole_run())
    assert history_of(*events[:4]).seconds_left is None
    assert history_of(*events[:10]).seconds_left is not None


def test_the_time_left_is_honest_and_counts_validation():
    """Told after each step, it is never off by more than a few in a hundred once it is known."""
    total = 5 * (10 * 0.1 + 0.5)
    history = History()
    for event in whole_run():
        history.add(event)
        if history.epochs_done >= 2 and isinstance(event, StepDone):
            assert history.seconds_left == pytest.approx(total - event.seconds, abs=0.15)
    assert history.seconds_left == pytest.approx(0.0)


def test_a_pause_does_not_spoil_the_pace():
    """One long gap among the steps is no news about the others."""
    events = list(whole_run())[:20]
    paused = [StepDone(e.epoch, e.step, e.loss, 0.01, e.seconds + 60) for e in events[15:]]
    history = history_of(*events[:15], *paused)
    assert history.seconds_left < 10
    assert history.samples_per_second == pytest.approx(320.0)


def test_the_pace_follows_the_latest_steps():
    slow = [StepDone(1, step, 1.0, 0.01, step * 1.0) for step in range(1, 40)]
    fast = [StepDone(1, 40 + step, 1.0, 0.01, 40 + step * 0.01) for step in range(60)]
    history = history_of(RunStarted("r", "cpu", 1, 1000, 1, batch_size=10), *slow, *fast)
    assert history.samples_per_second == pytest.approx(1000, rel=0.01)


def test_thousands_of_events_cost_little():
    history = History()
    history.add(RunStarted("r", "cpu", 1, 100, 1000, batch_size=10))
    events = [StepDone(1 + n // 100, 1 + n % 100, 0.5, 0.1, n * 0.001) for n in range(50_000)]
    began = time.perf_counter()
    history.add_all(events)
    assert time.perf_counter() - began < 2.0
    assert len(history.steps) == 50_000


def test_learning_rates_are_a_curve_that_a_resumed_run_goes_on_with():
    steps = [StepDone(1, n, 0.5, 0.1 / n, 0.1 * n) for n in range(1, 6)]
    history = history_of(START, steps[0])
    assert not history.rate_moves
    history.add_all(steps[1:])
    assert history.rate_moves
    assert history.rates.y == [step.learning_rate for step in steps]
    history.add(RunStarted("run-1", "cpu", 650, 10, 5, first_epoch=1, first_step=3))
    assert history.rates.x == history.steps.x == [0.1, 0.2]
