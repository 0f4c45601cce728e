"""Faces: how many inputs a card draws, and which are made anew."""

from dataclasses import replace

from studio.core.design import edits
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.training import TrainingSpec
from studio.ui.canvas.faces import faces
from tests.builders import chain, table


def inputs_drawn(graph: Graph, node_id: str) -> int:
    project = Project(table(), graph, TrainingSpec())
    return faces(project, examine(project))[node_id].inputs


def test_a_formula_grows_a_free_input_and_a_decoder_shows_all_of_its_own():
    graph, first = edits.add_node(Graph(), "input", (0.0, 0.0))[:2]
    graph, formula = edits.add_node(graph, "expression", (200.0, 0.0))[:2]
    graph, decoder = edits.add_node(graph, "transformer_decoder", (400.0, 0.0))[:2]
    assert inputs_drawn(graph, formula) == 1
    assert inputs_drawn(graph, decoder) == 4
    graph = edits.connect(graph, Edge(first, formula, 0))
    assert inputs_drawn(graph, formula) == 2
    graph = edits.connect(graph, Edge(first, formula, 7))
    assert inputs_drawn(graph, formula) == 8


def test_a_face_is_made_anew_only_where_something_is_said_otherwise() -> None:
    project = chain(table(classes=3), "linear", "relu", ("linear", {"out_features": 3}))
    before = faces(project, examine(project))
    changed = replace(project, graph=edits.set_param(project.graph, "linear_1", "out_features", 7))
    after = faces(changed, examine(changed))
    same = {i for i in before if after[i] is before[i]}
    assert same == {"input_1", "output_1"}
    assert after["relu_1"].shape == "7"
    assert faces(project, examine(project)) == before
