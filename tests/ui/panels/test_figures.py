"""The figures of a run: how the last epoch compares to those before it."""

import pytest

from studio.core.run.events import EpochDone, RunEnded, RunStarted
from studio.core.run.history import History
from studio.ui.panels.figures import RunFigures


@pytest.mark.parametrize(
    ("accuracies", "remark"),
    [
        ([0.7, 0.8, 0.9], "best so far, epoch 3"),
        ([0.95, 0.8, 0.9], "up 0.100"),
        ([0.95, 0.9, 0.8], "down 0.100"),
        ([0.98, 0.967, 0.967], "as in the epoch before"),
        ([0.98, 0.9671, 0.9672], "as in the epoch before"),
    ],
)
def test_the_last_epoch_is_compared_in_words_that_the_figure_shows(qtbot, accuracies, remark):
    history = History()
    history.add(RunStarted("run-1", "cpu", 1, 10, len(accuracies)))
    for number, accuracy in enumerate(accuracies, 1):
        history.add(EpochDone(number, {"loss": 1.0}, {"accuracy": accuracy}, 1.0, 1.0, False))
    figures = RunFigures()
    qtbot.addWidget(figures)
    figures.show_history(history, "rows")
    assert remark in figures.quality.accessibleName()


def test_after_a_run_the_figures_are_those_of_the_weights_that_were_kept(qtbot):
    history = History()
    history.add(RunStarted("run-1", "cpu", 1, 10, 3))
    for number, (accuracy, loss) in enumerate([(0.7, 0.8), (0.95, 0.4), (0.8, 0.6)], 1):
        given = {"accuracy": accuracy, "loss": loss}
        history.add(EpochDone(number, {"loss": 1.0}, given, 1.0, 1.0, number == 2))
    figures = RunFigures()
    qtbot.addWidget(figures)
    figures.show_history(history, "rows")
    assert "0.800" in figures.quality.accessibleName()
    history.add(RunEnded("completed", best_epoch=2))
    figures.show_history(history, "rows")
    assert "0.950" in figures.quality.accessibleName()
    assert "epoch 2, kept as best" in figures.quality.accessibleName()
    assert "0.400" in figures.loss.accessibleName()


def test_a_run_that_has_no_figure_yet_shows_none_of_the_run_before(qtbot):
    before = History()
    before.add(RunStarted("run-1", "cpu", 1, 10, 1))
    before.add(EpochDone(1, {"loss": 1.0}, {"accuracy": 0.7}, 1.0, 1.0, True))
    figures = RunFigures()
    qtbot.addWidget(figures)
    figures.show_history(before, "rows")
    assert "0.700" in figures.quality.accessibleName()
    waiting = History()
    waiting.add(RunStarted("run-1", "cpu", 1, 10, 1))
    figures.show_history(waiting, "rows")
    assert "0.700" not in figures.quality.accessibleName()
    assert "after the first epoch" in figures.quality.accessibleName()


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("accuracy", "accuracy"),
        ("mean_iou", "mean IoU"),
        ("rmse", "RMSE"),
        ("f1", "F1"),
        ("r2", "R²"),
    ],
)
def test_short_names_keep_their_capitals_inside_a_sentence(qtbot, key, title):
    history = History()
    history.add(RunStarted("run-1", "cpu", 1, 10, 1))
    history.add(EpochDone(1, {"loss": 1.0}, {key: 0.7}, 1.0, 1.0, True))
    figures = RunFigures()
    qtbot.addWidget(figures)
    figures.show_history(history, "rows")
    assert f"Validation {title}" in figures.quality.accessibleName()
