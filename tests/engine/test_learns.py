"""Four tiny tasks that must be learnt, each on one seed and in a moment."""

import pytest

from tests.engine.material import line, orders, run_of, spirals, strokes


@pytest.mark.parametrize(
    ("task", "figure", "least"),
    [
        (spirals, "accuracy", 0.95),
        (line, "r2", 0.999),
        (strokes, "accuracy", 0.95),
        (orders, "accuracy", 0.9),
    ],
)
def test_it_is_learnt(tmp_path, task, figure, least):
    end = run_of(task(), tmp_path)[-1]
    assert end.outcome == "completed"
    assert end.test[figure] >= least


def test_errors_are_in_the_unit_of_the_target(tmp_path):
    """Untrained, the answers miss by about as much as the targets spread."""
    task = line(epochs=1).with_training(learning_rate=1e-9)
    end = run_of(task, tmp_path)[-1]
    spread = task.arrays.targets[0].std()
    assert 0.3 * spread < end.test["rmse"] < 3 * spread
