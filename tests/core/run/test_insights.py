"""What the curves say in plain words, on curves drawn by hand."""

import pytest

from studio.core.problems import Severity
from studio.core.run.events import EpochDone, RunEnded, RunStarted
from studio.core.run.history import History
from studio.core.run.insights import insights


def history_of(training, validation=(), accuracy=(), end=None):
    history = History()
    history.add(RunStarted("run-1", "cpu", 1, 10, len(training)))
    best = min(range(len(validation or training)), key=(validation or training).__getitem__)
    for number, loss in enumerate(training):
        figures = {"loss": validation[number]} if validation else {}
        if accuracy:
            figures["accuracy"] = accuracy[number]
        history.add(EpochDone(number + 1, {"loss": loss}, figures, 1.0, 1.0, number == best))
    if end:
        history.add(RunEnded(end, best + 1))
    return history


FALLING = [1.0, 0.7, 0.5, 0.4, 0.35, 0.3, 0.26]
CASES = [
    (FALLING, [1.1, 0.8, 0.6, 0.5, 0.45, 0.42, 0.4], ["learning"]),
    (FALLING, [1.1, 0.8, 0.6, 0.62, 0.7, 0.8, 0.9], ["overfitting"]),
    ([0.693, 0.693, 0.692, 0.693, 0.6925], [0.693] * 5, ["flat-loss"]),
    ([1.0, 0.8, 5.0, 0.9, 40.0], [1.0, 0.8, 5.0, 0.9, 40.0], ["jumping-loss"]),
    ([0.7, 0.1, 0.001, 0.003, 0.002], [0.7, 0.2, 0.1, 0.1, 0.1], ["learning"]),  # only trembles
    ([0.5, 0.9, 2.0, 8.0, 30.0], [0.5, 0.9, 2.0, 8.0, 30.0], ["jumping-loss"]),
    (FALLING, [], ["learning"]),
    # Losses that can be below 0, as those of numbers with their spread are.
    ([0.6, -0.2, -0.5, -0.7, -0.65, -0.8], [0.6, -0.2, -0.4, -0.7, -0.6, -0.8], ["learning"]),
    ([-0.5, -0.9, 3.0, -0.8, 2.9], [-0.5, -0.9, 3.0, -0.8, 2.9], ["jumping-loss"]),
    ([0.5, -0.2, -0.5, -0.7, -0.8], [0.5, -0.6, -0.3, 0.0, 0.3], ["overfitting"]),
    ([1.0, 0.5], [1.0, 0.5], []),
    ([], [], []),
]


@pytest.mark.parametrize(("training", "validation", "codes"), CASES[:-1])
def test_what_is_seen(training, validation, codes):
    found = insights(history_of(training, validation))
    assert [problem.code for problem in found] == codes
    for problem in found:
        assert problem.message.endswith(".")
        assert problem.severity is not Severity.ERROR
        assert problem.place.kind == "run"


def test_before_the_run_nothing_is_said():
    assert insights(History()) == ()


def test_overfitting_names_the_epoch_where_it_turned():
    (found,) = insights(history_of(FALLING, [1.1, 0.8, 0.6, 0.62, 0.7, 0.8, 0.9]))
    assert "epoch 3" in found.message
    assert "Dropout" in found.hint


def test_no_better_than_the_commonest_class_is_said_where_it_is_known():
    history = history_of(FALLING, FALLING, accuracy=[0.9] * 7)
    assert [p.code for p in insights(history, 0.9)] == ["no-better-than-commonest"]
    assert [p.code for p in insights(history, 0.5)] == ["learning"]
    assert [p.code for p in insights(history)] == ["learning"]
    assert "90.0%" in insights(history, 0.9)[0].message


def test_a_run_whose_last_epoch_was_the_best_could_go_on():
    (found,) = insights(history_of(FALLING, FALLING, end="completed"))
    assert "more epochs" in found.hint
    history = history_of(FALLING, [*FALLING[:-1], FALLING[-2] * 1.01], end="completed")
    assert all("more epochs" not in problem.hint for problem in insights(history))


def test_after_its_best_epoch_a_run_says_which_one_is_kept():
    (found,) = insights(history_of(FALLING, [1.0, 0.8, 0.7, 0.71, 0.72, 0.73, 0.72]))
    assert found.code == "past-the-best"
    assert found.severity is Severity.NOTE
    assert "Epoch 3 was the best" in found.message
