"""What cannot work of optimizers and schedules is said before a run, and one click mends it."""

from dataclasses import replace

import pytest

from studio.core.catalogue import OPTIMIZERS, SCHEDULES
from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.design.training import TrainingSpec
from studio.core.design.training_check import training_problems
from studio.core.design.training_edits import with_optimizer, with_schedule, with_schedule_param
from tests.builders import table


def problems(**settings):
    return list(training_problems(Project(training=TrainingSpec(**settings))))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_is_fine_as_it_comes(key):
    assert not problems(optimizer=key, learning_rate=OPTIMIZERS[key].learning_rate)
    assert "Use it" in OPTIMIZERS[key].help


@pytest.mark.parametrize("key", SCHEDULES)
def test_every_schedule_is_fine_as_it_comes(key):
    assert not problems(schedule=key)
    assert "Use it" in SCHEDULES[key].help


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"schedule": "by magic"}, "unknown-schedule"),
        ({"schedule": "step", "schedule_params": {"every": 20}}, "schedule-too-long"),
        ({"schedule": "warm_up", "epochs": 1}, "schedule-too-long"),
        ({"schedule": "warm_up_cosine", "schedule_params": {"epochs": 40}}, "schedule-too-long"),
        ({"schedule": "multi_step", "epochs": 8}, "schedule-too-long"),
        ({"schedule": "multi_step", "epochs": 1}, "schedule-too-long"),
        ({"schedule": "linear", "schedule_params": {"first": 0.0}}, "rate-is-zero"),
        ({"schedule": "cosine", "optimizer": "rprop"}, "schedule-does-nothing"),
        ({"clip": 1.0, "optimizer": "lbfgs"}, "clip-does-not-fit"),
        (
            {"optimizer": "sgd", "optimizer_params": {"momentum": 0.0, "nesterov": True}},
            "nesterov-without-momentum",
        ),
        (
            {"optimizer": "sgd", "optimizer_params": {"dampening": 0.1, "nesterov": True}},
            "nesterov-with-dampening",
        ),
        (
            {"optimizer": "rprop", "optimizer_params": {"step_least": 1.0, "step_most": 0.5}},
            "bad-value",
        ),
    ],
)
def test_what_cannot_work_is_said_and_one_click_mends_it(settings, code):
    project = Project(training=TrainingSpec(**settings))
    (problem,) = training_problems(project)
    assert problem.code == code
    assert not list(training_problems(apply_fix(project, problem.fix)))


def test_values_out_of_range_are_said():
    (clip,) = problems(clip=-1.0)
    (gamma,) = problems(schedule="exponential", schedule_params={"gamma": 0.0})
    assert (clip.place.key, gamma.place.key) == ("clip", "schedule")


def test_a_wave_as_long_as_the_run_is_fine():
    assert not problems(schedule="cosine_restarts", schedule_params={"epochs": 20})


def test_another_schedule_has_its_own_values():
    training = with_schedule_param(with_schedule(TrainingSpec(), "step"), "every", 3)
    assert training == TrainingSpec(schedule="step", schedule_params={"every": 3})
    assert with_schedule(training, "step") is training
    assert with_schedule(training, "cosine") == TrainingSpec(schedule="cosine")


def test_a_rate_nobody_set_becomes_what_suits():
    assert with_optimizer(TrainingSpec(), "lbfgs").learning_rate == 1.0
    chosen = replace(TrainingSpec(), learning_rate=0.5)
    assert with_optimizer(chosen, "lbfgs").learning_rate == 0.5


def test_a_loss_of_counts_wants_no_negative_numbers():
    data = table(classes=0)
    project = Project(data, training=TrainingSpec(loss="poisson"))
    assert not list(training_problems(project))
    columns = tuple(replace(one, low=-2.0) for one in data.summary.columns)
    project = replace(
        project, dataset=replace(data, summary=replace(data.summary, columns=columns))
    )
    (problem,) = training_problems(project)
    assert problem.code == "not-counts"
    assert not list(training_problems(apply_fix(project, problem.fix)))
