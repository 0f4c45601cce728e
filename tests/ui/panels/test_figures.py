"""The figures of a run: how the last epoch compares to those before it."""

import pytest

from studio.core.run.events import EpochDone, RunStarted
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
