"""Faces: how many inputs a card draws."""

from studio.core.design import edits
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.training import TrainingSpec
from studio.ui.canvas.faces import faces
from tests.builders import table


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
