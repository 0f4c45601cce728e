from dataclasses import replace

import pytest

from studio.core.design.graph import Graph, Node
from studio.core.design.project import Project
from studio.core.design.shaping import SplitSpec
from studio.core.design.training import TrainingSpec
from studio.core.run.results import RunRecord
from studio.core.run.wording import (
    count_words,
    differences,
    duration_words,
    elapsed_words,
    figure_words,
    headline,
    headline_words,
)
from tests.builders import chain, table

THIN = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (2, "a few seconds"),
        (31, "about 30 s"),
        (100, "about 2 min"),
        (60, "about 1 min"),
        (3599, "about 1 h"),
        (5400, "about 1 h 30 min"),
        (40 * 3600, "about 40 h"),
    ],
)
def test_time_left_is_never_more_exact_than_it_is_known(seconds, words):
    assert duration_words(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.42, "0.4 s"),
        (42, "42 s"),
        (100, "1 min 40 s"),
        (3720, "1 h 2 min"),
    ],
)
def test_time_that_is_over_is_told_as_it_was(seconds, words):
    assert elapsed_words(seconds) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.7912, "0.791"),
        (12.345, "12.35"),
        (34_113.2, f"34{THIN}113"),
        (3420.4, f"3{THIN}420"),
        (0.00042, "0.0004"),
        (0.0000042, "4e-06"),
        (None, "–"),
        (float("nan"), "–"),
        (float("inf"), "∞"),
        (0.0, "0.000"),
    ],
)
def test_figures_have_the_digits_that_tell(value, words):
    assert figure_words(value) == words


def test_large_counts_are_grouped_and_small_ones_are_not():
    assert count_words(1234) == f"1{THIN}234"
    assert count_words(1_234_567) == f"1{THIN}234{THIN}567"


def test_a_run_stands_for_its_first_metric_or_its_loss():
    assert headline({"loss": 0.4, "f1": 0.7, "accuracy": 0.8}) == ("accuracy", 0.8)
    assert headline({"loss": 0.4}) == ("loss", 0.4)
    assert headline({}) == ("loss", None)


def _project(**changes):
    return Project(training=replace(TrainingSpec(), **changes))


def test_what_sets_a_run_apart_is_said_in_a_few_words():
    first = _project()
    assert differences(first, None) == "Adam, 20 epochs"
    assert differences(_project(), first) == "the same again"
    assert differences(_project(learning_rate=0.01), first) == "learning rate 0.01"
    assert differences(_project(optimizer="sgd", epochs=5), first) == "SGD, 5 epochs"
    assert differences(_project(optimizer="sgd", epochs=5, seed=3), first) == "SGD, 5 epochs …"
    tuned = replace(first, training=replace(first.training, optimizer_params={"beta1": 0.5}))
    assert differences(tuned, first) == "beta 1 0.5"


def test_a_changed_drawing_is_named_by_its_nodes():
    small = Node("linear_1", "linear", "Linear 1", {"units": 8})
    large = replace(small, params={"units": 64})
    extra = Node("dropout_1", "dropout", "Dropout 1")
    one = Project(graph=Graph({"linear_1": small}))
    two = Project(graph=Graph({"linear_1": large}))
    three = Project(graph=Graph({"linear_1": small, "dropout_1": extra}))
    assert differences(two, one).startswith("Linear 1: ")
    assert "64" in differences(two, one)
    assert differences(three, one) == "with Dropout 1"
    assert differences(one, three) == "without Dropout 1"


@pytest.mark.parametrize(
    ("split", "part"),
    [
        (SplitSpec(), "validation"),
        (SplitSpec(validation=0.0), "training"),
        (SplitSpec(validation=0.0, folds=5), "validation"),
        (SplitSpec(validation=0.0, method="column", column="part"), "validation"),
    ],
)
def test_the_figure_of_a_run_is_told_with_the_part_that_it_is_of(
    split: SplitSpec, part: str
) -> None:
    project = chain(table(classes=3), "linear")
    project = replace(project, dataset=replace(project.dataset, split=split))
    record = RunRecord("run-1", 1, 0.0, 1.0, "completed", "cpu", 1, 1, project)
    assert headline_words(record) == ""
    told = replace(record, figures={"loss": 0.5, "accuracy": 0.9})
    assert headline_words(told) == f"Accuracy 0.900, {part}"
