import pytest

from studio.core.problems import StudioError
from studio.core.run.folds import fold_projects, mean_and_deviation
from tests.builders import chain, table


def test_each_fold_validates_on_other_rows():
    projects = fold_projects(chain(table()), 5)
    assert [(p.dataset.split.folds, p.dataset.split.fold) for p in projects] == [
        (5, n) for n in range(5)
    ]


@pytest.mark.parametrize("folds", [-1, 0, 1, 101])
def test_folds_that_cannot_be_are_refused(folds):
    with pytest.raises(StudioError):
        fold_projects(chain(table()), folds)


def test_the_mean_is_of_the_figures_that_all_folds_have():
    figures = [{"loss": 1.0, "f1": 0.5}, {"loss": 3.0, "f1": 0.7, "odd": 1.0}]
    spread = mean_and_deviation(figures)
    assert spread["loss"] == (2.0, pytest.approx(2**0.5))
    assert set(spread) == {"loss", "f1"}
    assert mean_and_deviation([]) == {}
