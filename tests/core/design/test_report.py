"""examine(): what it says of good and faulty projects, and that each fix puts it right."""

from dataclasses import replace

import pytest

from studio.core.design import edits
from studio.core.design.drawing import Drawing
from studio.core.design.fixes import apply_fix
from studio.core.design.graph import Edge, Graph
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.training import TrainingSpec
from studio.core.problems import Fix, Problem
from tests.builders import chain, images, table


def codes(project: Project) -> list[str]:
    """The codes of all Problems."""
    return [problem.code for problem in examine(project).problems]


def the(project: Project, code: str) -> Problem:
    """The one Problem of that code."""
    found = [problem for problem in examine(project).problems if problem.code == code]
    assert len(found) == 1, (code, examine(project).problems)
    return found[0]


def test_shapes_and_counts_of_a_dense_network() -> None:
    project = chain(
        images(),
        "flatten",
        ("linear", {"out_features": 128}),
        "relu",
        ("linear", {"out_features": 10}),
    )
    report = examine(project)
    assert report.can_train, report.problems
    assert report.parameters == 784 * 128 + 128 + 128 * 10 + 10
    assert report.nodes["flatten_1"].signal.shape == (784,)  # type: ignore[union-attr]


def test_a_linear_that_gets_an_image_is_one_click_from_right() -> None:
    project = chain(images(1, 14, 14), ("linear", {"out_features": 10}))
    problem = the(project, "needs-flatten")
    assert str(problem) == (
        "Linear 1 expects one line of numbers, but gets 1 × 14 × 14. Put a Flatten before it."
    )
    assert problem.place.key == "linear_1"
    fixed = apply_fix(project, problem.fix)  # type: ignore[arg-type]
    assert examine(fixed).can_train


def test_a_wrong_number_of_outputs_sets_the_layer_that_decides() -> None:
    project = chain(table(classes=5), "linear", "relu", ("linear", {"out_features": 7}), "dropout")
    problem = the(project, "wrong-outputs")
    assert problem.fix is not None
    assert problem.fix.label == "Set Linear 2 to 5 units"
    assert examine(apply_fix(project, problem.fix)).can_train


def test_outputs_without_a_deciding_layer_get_a_linear() -> None:
    project = chain(table(), "relu")
    problem = the(project, "wrong-outputs")
    assert examine(apply_fix(project, problem.fix)).can_train  # type: ignore[arg-type]


def test_softmax_before_the_output_is_a_warning_with_a_fix() -> None:
    project = chain(table(classes=3), ("linear", {"out_features": 3}), "softmax")
    problem = the(project, "double-softmax")
    assert not problem.is_error
    fixed = apply_fix(project, problem.fix)  # type: ignore[arg-type]
    assert codes(fixed) == []


def test_an_empty_graph_and_missing_ends() -> None:
    assert "empty-graph" in codes(Project(table(), Graph()))
    graph, _node = edits.add_node(Graph(), "linear", (0, 0))
    project = Project(table(), graph)
    assert {"no-input", "no-output", "not-connected"} <= set(codes(project))
    fixed = apply_fix(project, the(project, "no-output").fix)  # type: ignore[arg-type]
    assert "no-output" not in codes(fixed)


def test_what_the_data_ask_for_and_no_layer_can_be_is_drawn_and_told() -> None:
    drawing = Drawing()
    drawing.output(drawing.add("linear", drawing.input(), out_features=10**12))
    report = examine(Project(table(), drawing.graph()))
    assert not report.can_train
    assert any(problem.place.key == "linear_1" for problem in report.problems)


def test_an_input_that_is_added_stands_in_front_and_feeds_what_waits() -> None:
    whole = chain(table(classes=3), ("linear", {"out_features": 3}))
    project = replace(whole, graph=edits.remove(whole.graph, ("input_1",)))
    fixed = apply_fix(project, the(project, "no-input").fix)  # type: ignore[arg-type]
    assert examine(fixed).can_train
    places = fixed.graph.positions
    assert places["input_1"] == min(places.values())


def test_an_input_is_added_where_nothing_waits_for_it() -> None:
    whole = chain(table(classes=3), ("linear", {"out_features": 3}))
    fixed = apply_fix(whole, Fix("add_layer", "Add Input", {"layer": "input"})).graph
    assert fixed.edges == whole.graph.edges
    assert graph_from_json(graph_to_json(fixed)) == fixed


def test_a_loose_node_is_left_out_with_a_warning() -> None:
    project = chain(table(classes=3), ("linear", {"out_features": 3}))
    graph, loose = edits.add_node(project.graph, "relu", (0, 400))
    graph = edits.connect(graph, Edge("input_1", loose))
    report = examine(replace(project, graph=graph))
    assert report.can_train
    assert [p.code for p in report.nodes[loose].problems] == ["left-out"]


def test_a_fault_is_said_once_and_not_for_all_that_follows() -> None:
    project = chain(images(), "linear", "relu", "linear", "relu")
    errors = [p for p in examine(project).problems if p.is_error]
    assert [p.code for p in errors] == ["needs-flatten"]


def test_a_category_number_needs_an_embedding() -> None:
    data = table(numbers=0, classes=2, categories={"city": 40})
    project = chain(data, ("linear", {"out_features": 2}))
    graph = edits.set_param(project.graph, "input_1", "form", "index")
    project = replace(project, graph=graph)
    problem = the(project, "needs-embedding")
    fixed = apply_fix(project, problem.fix)  # type: ignore[arg-type]
    assert examine(fixed).nodes["embedding_1"].weights == 41 * 16


def test_two_inputs_share_the_columns() -> None:
    data = table(numbers=3, classes=2, categories={"city": 4})
    project = chain(data, ("linear", {"out_features": 2}))
    graph, second = edits.add_node(project.graph, "input", (0, 200))
    graph = edits.set_param(graph, second, "columns", ("city",))
    report = examine(replace(project, graph=graph))
    assert report.nodes["input_1"].signal.shape == (3,)  # type: ignore[union-attr]
    assert report.nodes[second].signal.shape == (4,)  # type: ignore[union-attr]


def test_a_column_that_is_no_input_is_named() -> None:
    project = chain(table(), ("linear", {"out_features": 3}))
    graph = edits.set_param(project.graph, "input_1", "columns", ("kind",))
    assert "kind" in the(replace(project, graph=graph), "unknown-column").message


@pytest.mark.parametrize(
    ("training", "code"),
    [
        (TrainingSpec(optimizer="magic"), "unknown-optimizer"),
        (
            TrainingSpec(optimizer="sgd", optimizer_params={"nesterov": True, "momentum": 0.0}),
            "nesterov-without-momentum",
        ),
        (TrainingSpec(loss="mse"), "loss-does-not-fit"),
        (TrainingSpec(epochs=0), "bad-value"),
        (TrainingSpec(learning_rate=-1.0), "bad-value"),
    ],
)
def test_training_settings_that_cannot_work(training: TrainingSpec, code: str) -> None:
    project = replace(chain(table(classes=3), ("linear", {"out_features": 3})), training=training)
    problem = the(project, code)
    assert problem.is_error
    assert problem.place.kind == "field"
    if problem.fix is not None:
        assert code not in codes(apply_fix(project, problem.fix))


def test_a_move_is_answered_from_memory() -> None:
    project = chain(table(classes=3), ("linear", {"out_features": 3}))
    moved = replace(project, graph=edits.move(project.graph, {"linear_1": (1, 1)}))
    assert examine(moved) is examine(project)
