from dataclasses import replace

import pytest

from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.design.training import TrainingSpec
from studio.core.problems import Fix, Problem
from studio.core.run.remedies import remedy


def _project(**changes):
    return Project(training=replace(TrainingSpec(), **changes))


@pytest.mark.parametrize(
    ("code", "key", "value"),
    [
        ("jumping-loss", "learning_rate", 0.0001),
        ("flat-loss", "learning_rate", 0.01),
        ("overfitting", "patience", 3),
        ("learning", "epochs", 40),
    ],
)
def test_what_the_curves_say_has_an_edit_that_answers_it(code, key, value):
    project = _project()
    fix = remedy(Problem("", code=code), project)
    assert getattr(apply_fix(project, fix).training, key) == value


def test_nothing_is_offered_that_would_not_help():
    assert remedy(Problem("", code="overfitting"), _project(patience=5)) is None
    assert remedy(Problem("", code="flat-loss"), _project(learning_rate=5.0)) is None
    assert remedy(Problem("", code="jumping-loss"), _project(learning_rate=1e-7)) is None
    assert remedy(Problem("", code="learning"), _project(epochs=900)) is None
    assert remedy(Problem("", code="something else"), _project()) is None


def test_a_problem_s_own_fix_comes_first():
    fix = Fix("set_training", "Do it", {"key": "epochs", "value": 3})
    assert remedy(Problem("", code="flat-loss", fix=fix), _project()) is fix
