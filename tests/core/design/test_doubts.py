"""What is allowed but seldom meant is told, and what is meant is not."""

from dataclasses import replace
from typing import TypeAlias

import pytest

from studio.core.design.block_edits import grouped, with_block, with_state
from studio.core.design.doubts import doubts
from studio.core.design.fixes import apply_fix
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.templates import TEMPLATES, fits
from studio.core.problems import Problem
from tests.builders import chain, images, table

Layer: TypeAlias = str | tuple[str, dict[str, object]]

CONV: Layer = ("conv2d", {"out_channels": 8, "kernel_size": (3, 3)})
HEAD: Layer = ("linear", {"out_features": 10})


def found(project: Project, code: str) -> Problem | None:
    return next((problem for problem in doubts(project) if problem.code == code), None)


def lines(*layers: Layer) -> Project:
    return chain(table(), *layers, ("linear", {"out_features": 3}))


def test_two_lines_with_nothing_that_bends_between() -> None:
    problem = found(lines(("linear", {"out_features": 64}), "batch_norm"), "straight-line")
    assert problem is not None
    assert problem.place.key == "linear_2"
    assert problem.fix is not None
    project = lines(("linear", {"out_features": 64}), "batch_norm")
    mended = apply_fix(project, problem.fix)
    assert found(mended, "straight-line") is None
    assert examine(mended).can_train


@pytest.mark.parametrize("bend", ["relu", "tanh", "gelu"])
def test_lines_with_a_bend_between_are_as_they_should_be(bend: str) -> None:
    assert not doubts(lines(("linear", {"out_features": 64}), bend))


def test_a_narrow_place_and_a_convolution_by_depth_are_meant() -> None:
    assert found(lines(("linear", {"out_features": 2})), "straight-line") is None
    by_depth = chain(images(), CONV, "relu", "depthwise_conv2d", CONV, "relu", "global_pool", HEAD)
    assert found(by_depth, "straight-line") is None


def test_an_answer_that_cannot_be_below_zero() -> None:
    project = chain(table(classes=0), "linear", "relu", ("linear", {"out_features": 1}), "relu")
    problem = found(project, "bent-answer")
    assert problem is not None
    assert problem.place.key == "relu_2"
    assert found(apply_fix(project, problem.fix), "bent-answer") is None  # type: ignore[arg-type]


def test_dropout_that_drops_answers() -> None:
    project = lines("relu")
    assert found(project, "dropped-answer") is None
    late = chain(table(), ("linear", {"out_features": 3}), "dropout")
    assert found(late, "dropped-answer") is not None


def test_a_picture_that_is_seen_in_small_parts_only() -> None:
    near = chain(images(3, 64, 64), CONV, "relu", "global_pool", HEAD)
    problem = found(near, "short-sight")
    assert problem is not None
    assert "only 3 × 3 of 64 × 64" in problem.message
    flat = chain(images(3, 64, 64), CONV, "relu", "flatten", HEAD)
    assert found(flat, "short-sight") is None  # a line behind it sees all places


def test_deep_without_help() -> None:
    deep: list[Layer] = [("linear", {"out_features": 32}), "relu"] * 13
    problem = found(lines(*deep), "fading-slopes")
    assert problem is not None
    project = lines(*deep)
    helped = apply_fix(project, problem.fix)  # type: ignore[arg-type]
    assert found(helped, "fading-slopes") is None
    assert examine(helped).can_train


def test_weights_that_are_too_many_for_the_rows_and_a_node_that_holds_most() -> None:
    wide = chain(images(3, 64, 64), "flatten", ("linear", {"out_features": 2048}), "relu", HEAD)
    assert found(wide, "by-heart") is not None
    heavy = found(wide, "heavy-node")
    assert heavy is not None
    assert heavy.place.key == "linear_1"


def test_a_small_batch_is_doubtful_before_a_batch_normalization_only() -> None:
    project = lines(("linear", {"out_features": 32}), "batch_norm", "relu")
    small = replace(project, training=replace(project.training, batch_size=4))
    problem = found(small, "small-batch")
    assert problem is not None
    assert found(apply_fix(small, problem.fix), "small-batch") is None  # type: ignore[arg-type]
    assert found(project, "small-batch") is None


@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_no_template_is_doubtful_but_for_its_size(key: str) -> None:
    template = TEMPLATES[key]
    for dataset in (table(), table(classes=0), images(), images(3, 32, 32)):
        if fits(template, dataset):
            project = Project(dataset, template.draw(dataset))
            assert {p.code for p in doubts(project)} <= {"by-heart", "heavy-node"}


def test_of_a_block_that_is_repeated_a_doubt_is_told_once() -> None:
    project = lines(("linear", {"out_features": 64}), ("linear", {"out_features": 64}), "relu")
    graph, block = grouped(project.graph, ("linear_1", "linear_2", "relu_1"), "Pair")
    assert block
    graph = with_block(graph, replace(graph.blocks[block], repeats=2))
    codes = [problem.code for problem in doubts(replace(project, graph=graph))]
    assert codes.count("straight-line") == 1


def test_what_is_bypassed_does_not_bend() -> None:
    project = lines(("linear", {"out_features": 64}), "relu")
    graph = with_state(project.graph, ("relu_1",), "bypassed")
    assert found(project, "straight-line") is None
    assert found(replace(project, graph=graph), "straight-line") is not None
