"""Schedules: torch's own rates at every step, told truly, and the same after a resume."""

import math

import pytest
import torch
from torch.optim import lr_scheduler

from studio.core.catalogue import SCHEDULES
from studio.core.catalogue.rates import Moment
from studio.core.design.training import TrainingSpec
from studio.core.run.events import StepDone
from studio.engine.schedule import Schedule
from studio.engine.stepping import Stepper
from tests.engine.material import of, run_of, spirals
from tests.engine.test_resume import state, stopped_at, weights

STEPS, EPOCHS, RATE = 7, 12, 0.4
ALL = STEPS * EPOCHS


def optimizer(rate=RATE):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)


def ours(key, **params):
    training = TrainingSpec(learning_rate=RATE, epochs=EPOCHS, schedule=key, schedule_params=params)
    schedule = Schedule(training, STEPS)
    return [schedule.rate(step) for step in range(ALL)]


def torchs(kind, *, each_batch, rate=RATE, **arguments):
    moved = optimizer(rate)
    schedule, found = kind(moved, **arguments), []
    for step in range(ALL):
        found.append(moved.param_groups[0]["lr"])
        moved.step()
        is_end = (step + 1) % STEPS == 0
        if (each_batch and step + 1 < ALL) or (not each_batch and is_end):
            schedule.step()
    return found


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            lambda: ours("constant", factor=0.2, epochs=3),
            lambda: torchs(lr_scheduler.ConstantLR, each_batch=False, factor=0.2, total_iters=3),
        ),
        (
            lambda: ours("step", every=4, gamma=0.3),
            lambda: torchs(lr_scheduler.StepLR, each_batch=False, step_size=4, gamma=0.3),
        ),
        (
            lambda: ours("multi_step", after=(2, 9), gamma=0.3),
            lambda: torchs(
                lr_scheduler.MultiStepLR, each_batch=False, milestones=[2, 9], gamma=0.3
            ),
        ),
        (
            lambda: ours("exponential", gamma=0.8),
            lambda: torchs(lr_scheduler.ExponentialLR, each_batch=False, gamma=0.8),
        ),
        (
            lambda: ours("linear", first=1.0, last=0.1),
            lambda: torchs(
                lr_scheduler.LinearLR,
                each_batch=True,
                start_factor=1.0,
                end_factor=0.1,
                total_iters=ALL,
            ),
        ),
        (
            lambda: ours("polynomial", power=2.5),
            lambda: torchs(lr_scheduler.PolynomialLR, each_batch=True, total_iters=ALL, power=2.5),
        ),
        (
            lambda: ours("cosine", last=0.25),
            lambda: torchs(
                lr_scheduler.CosineAnnealingLR, each_batch=True, T_max=ALL, eta_min=RATE * 0.25
            ),
        ),
        (
            lambda: ours("cosine_restarts", epochs=2, growth=2, last=0.1),
            lambda: torchs(
                lr_scheduler.CosineAnnealingWarmRestarts,
                each_batch=True,
                T_0=2 * STEPS,
                T_mult=2,
                eta_min=RATE * 0.1,
            ),
        ),
        (
            lambda: ours("cyclic", epochs=2, low=0.1, shape="halving"),
            lambda: torchs(
                lr_scheduler.CyclicLR,
                each_batch=True,
                base_lr=RATE * 0.1,
                max_lr=RATE,
                step_size_up=2 * STEPS,
                mode="triangular2",
                cycle_momentum=False,
            ),
        ),
        (
            lambda: ours("cyclic", epochs=2, low=0.1, shape="shrinking", gamma=0.9),
            lambda: torchs(
                lr_scheduler.CyclicLR,
                each_batch=True,
                base_lr=RATE * 0.1,
                max_lr=RATE,
                step_size_up=2 * STEPS,
                mode="exp_range",
                gamma=0.9 ** (1 / STEPS),
                cycle_momentum=False,
            ),
        ),
        (
            lambda: ours("one_cycle"),
            lambda: torchs(
                lr_scheduler.OneCycleLR,
                each_batch=True,
                max_lr=RATE,
                total_steps=ALL,
                cycle_momentum=False,
            ),
        ),
        (
            lambda: ours("one_cycle", curve="straight", rise=0.5),
            lambda: torchs(
                lr_scheduler.OneCycleLR,
                each_batch=True,
                max_lr=RATE,
                total_steps=ALL,
                pct_start=0.5,
                anneal_strategy="linear",
                cycle_momentum=False,
            ),
        ),
        (
            lambda: ours("warm_up", epochs=3, first=0.1),
            lambda: torchs(
                lr_scheduler.LinearLR, each_batch=True, start_factor=0.1, total_iters=3 * STEPS
            ),
        ),
    ],
)
def test_rates_are_torchs_at_every_step(found, expected):
    assert found() == pytest.approx(expected(), rel=1e-6, abs=1e-12)


def test_warm_up_then_cosine_is_both_in_sequence():
    moved = optimizer()
    warm = lr_scheduler.LinearLR(moved, 0.1, 1.0, 3 * STEPS)
    wave = lr_scheduler.CosineAnnealingLR(moved, ALL - 3 * STEPS)
    both = lr_scheduler.SequentialLR(moved, [warm, wave], [3 * STEPS])
    expected = []
    for _ in range(ALL):
        expected.append(moved.param_groups[0]["lr"])
        moved.step()
        both.step()
    found = ours("warm_up_cosine", epochs=3, first=0.1)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


IN_SEQUENCE = {
    "cosine": lambda moved, rest: lr_scheduler.CosineAnnealingLR(moved, rest, eta_min=0.2 * RATE),
    "straight": lambda moved, rest: lr_scheduler.LinearLR(moved, 1.0, 0.2, rest),
    "polynomial": lambda moved, rest: lr_scheduler.PolynomialLR(moved, rest, power=1.5),
    "exponential": lambda moved, _rest: lr_scheduler.StepLR(moved, STEPS, 0.7),
    "steps": lambda moved, _rest: lr_scheduler.StepLR(moved, 2 * STEPS, 0.7),
    "whole": lambda moved, _rest: lr_scheduler.ConstantLR(moved, 1.0),
}
BEGINS = {
    "whole": lambda moved: lr_scheduler.ConstantLR(moved, 1.0),
    "low": lambda moved: lr_scheduler.ConstantLR(moved, 0.3, ALL),
    "rises": lambda moved: lr_scheduler.LinearLR(moved, 0.3, 1.0, 3 * STEPS),
}


@pytest.mark.parametrize("begins", BEGINS)
@pytest.mark.parametrize("goes_on", IN_SEQUENCE)
def test_one_schedule_after_another_is_torchs_sequence(begins, goes_on):
    moved = optimizer()
    parts = [BEGINS[begins](moved), IN_SEQUENCE[goes_on](moved, ALL - 3 * STEPS)]
    both = lr_scheduler.SequentialLR(moved, parts, [3 * STEPS])
    expected = []
    for _ in range(ALL):
        expected.append(moved.param_groups[0]["lr"])
        moved.step()
        both.step()
    values = {"first": 0.3, "last": 0.2, "gamma": 0.7, "every": 2, "power": 1.5}
    found = ours("sequence", begins=begins, goes_on=goes_on, epochs=3, **values)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


# Those that need code, and those of which others are made.
STILL = ("none", "step", "multi_step", "sequence")  # for the first four epochs
WITHOUT_ENTRY = {"ChainedScheduler", "LambdaLR", "MultiplicativeLR", "LRScheduler"}


def test_every_schedule_of_torch_for_which_no_code_is_needed_is_there():
    ours = {
        "ConstantLR": "constant",
        "CosineAnnealingLR": "cosine",
        "CosineAnnealingWarmRestarts": "cosine_restarts",
        "CyclicLR": "cyclic",
        "ExponentialLR": "exponential",
        "LinearLR": "linear",
        "MultiStepLR": "multi_step",
        "OneCycleLR": "one_cycle",
        "PolynomialLR": "polynomial",
        "ReduceLROnPlateau": "plateau",
        "SequentialLR": "sequence",
        "StepLR": "step",
    }
    assert set(ours) | WITHOUT_ENTRY == set(lr_scheduler.__all__)
    assert set(ours.values()) <= set(SCHEDULES)


def test_the_inverse_square_root_peaks_at_the_end_of_its_warm_up():
    rates = ours("inverse_square_root", epochs=2)
    peak = 2 * STEPS - 1
    assert rates.index(max(rates)) == peak
    assert rates[peak] == pytest.approx(RATE)
    assert rates[4 * (peak + 1) - 1] == pytest.approx(RATE / 2)


def test_a_plateau_is_torchs_too():
    losses = [1.0, 0.9, 0.9, 0.89999, 0.95, 0.9, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]
    moved = optimizer()
    theirs = lr_scheduler.ReduceLROnPlateau(
        moved, factor=0.5, patience=1, threshold=0.001, cooldown=1, min_lr=RATE * 0.2
    )
    params = {"gamma": 0.5, "patience": 1, "threshold": 0.001, "rest": 1, "least": 0.2}
    training = TrainingSpec(learning_rate=RATE, schedule="plateau", schedule_params=params)
    mine = Schedule(training, STEPS)
    for epoch, loss in enumerate(losses, 1):
        assert mine.rate((epoch - 1) * STEPS) == pytest.approx(moved.param_groups[0]["lr"])
        theirs.step(loss)
        mine.epoch_over(epoch, loss)
    assert mine.rate(len(losses) * STEPS) == pytest.approx(RATE * 0.2)
    assert mine.rate(0) == RATE  # steps that are taken again have the rate they had


@pytest.mark.parametrize("key", SCHEDULES)
@pytest.mark.parametrize(("steps", "epochs"), [(1, 1), (1, 2), (3, 5), (50, 3)])
def test_every_rate_is_a_sound_number_in_runs_of_any_length(key, steps, epochs):
    entry = SCHEDULES[key]
    values = entry.defaults()
    shares = [entry.share(Moment(n, steps, epochs), values) for n in range(steps * epochs + 1)]
    assert all(math.isfinite(share) and -1e-12 <= share <= 1.0 + 1e-12 for share in shares)
    assert key == "none" or len(set(shares)) > 1 or epochs < 20


@pytest.mark.parametrize("key", SCHEDULES)
def test_a_resumed_run_has_the_same_rates_and_weights(tmp_path, key):
    params = {"patience": 0, "threshold": 0.9} if key == "plateau" else {}
    task = spirals(epochs=4).with_training(
        schedule=key, schedule_params=params, learning_rate=0.05, clip=0.5
    )
    whole = run_of(task, tmp_path / "whole")
    stopped_at(task, tmp_path / "parted", 3, 4)
    rest = run_of(task, tmp_path / "parted", resume=tmp_path / "parted")
    assert weights(tmp_path / "parted") == weights(tmp_path / "whole")
    assert state(tmp_path / "parted") == state(tmp_path / "whole")
    rates = {(one.epoch, one.step): one.learning_rate for one in of(StepDone, whole)}
    assert all(rates[one.epoch, one.step] == one.learning_rate for one in of(StepDone, rest))
    assert (len(set(rates.values())) == 1) == (key in STILL)


def test_a_clipped_gradient_moves_the_weights_no_further(tmp_path):
    task = spirals(epochs=1).with_training(
        optimizer="sgd", optimizer_params={"momentum": 0.0}, learning_rate=1.0
    )
    free = run_of(task, tmp_path / "free")
    short = run_of(task.with_training(clip=1e-9), tmp_path / "short")
    first, last = of(StepDone, short)[0].loss, of(StepDone, short)[1].loss
    assert of(StepDone, free)[0].loss == first
    assert of(StepDone, free)[1].loss != last


def test_a_plain_run_takes_torchs_own_functions_and_nothing_beside():
    drawn = torch.nn.Sequential(torch.nn.Linear(2, 2))
    model, loss = torch.fx.symbolic_trace(drawn), torch.nn.MSELoss()
    plain = Stepper(TrainingSpec(), model, torch.device("cpu"))
    assert plain.ways(loss.forward) == (model.forward, loss.forward, plain.optimizers[0].step)
    falling = Stepper(TrainingSpec(schedule="step"), model, torch.device("cpu"))
    assert falling.ways(loss.forward)[2] == falling.optimizers[0].step
    moving = Stepper(TrainingSpec(schedule="cosine"), model, torch.device("cpu"))
    assert moving.ways(loss.forward)[2] != moving.optimizers[0].step
