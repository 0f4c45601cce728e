"""Whatever is set on a drawing, its code comes back as that drawing, read with or without it."""

from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from studio import jobs
from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import no_weights
from studio.core.design.block_edits import with_block
from studio.core.design.learning import Learning
from studio.core.design.project import Project
from studio.core.design.ready_blocks import READY_BLOCKS
from studio.core.design.report import examine
from studio.core.design.sharing import sharing
from studio.core.design.templates import TEMPLATES
from studio.export.network_source import network_source
from studio.export.reading.own import read_own
from tests.core.design.test_ready_blocks import REPEATABLE, placed
from tests.export.reading.test_own import as_saved, touched

SHAPE_KEEPING = ("relu", "gelu", "dropout", "batch_norm", "layer_norm")


def has_weights(node):
    entry = LAYERS[node.layer]
    return entry.weights is not no_weights and not entry.is_pretrained


def with_node(graph, node, **changes):
    return replace(graph, nodes={**graph.nodes, node.id: replace(node, **changes)})


def frozen(graph):
    """One layer, unless nothing would be left to learn."""
    first, *others = filter(has_weights, graph)
    return with_node(graph, first, learning=Learning(is_frozen=bool(others), l2=0.5))


def bypassed(graph):
    node = next((node for node in graph if node.layer in SHAPE_KEEPING), None)
    return graph if node is None else with_node(graph, node, state="bypassed")


def muted(graph):
    """A second end that is left out."""
    end = next(node for node in graph if node.layer == "output")
    fed = graph.incoming(end.id)[0]
    more = replace(end, id="output_9", name="Left out", state="muted")
    edges = (*graph.edges, replace(fed, target=more.id))
    places = {**graph.positions, more.id: (0.0, 900.0)}
    return replace(graph, nodes={**graph.nodes, more.id: more}, edges=edges, positions=places)


@cache
def template(key):
    """The project of a template."""
    return jobs.new_project(key)


@cache
def tied(key):
    """Its drawing with two layers of one kind and size as one, where there are such."""
    project = template(key)
    graph, report = project.graph, examine(project)
    for one, other in combinations(filter(has_weights, graph), 2):
        if (one.layer, one.params) == (other.layer, other.params):
            changed = replace(project, graph=sharing(graph, other.id, one.id))
            if examine(changed).obstacle == report.obstacle:
                return changed.graph
    return graph


def comes_back(project):
    code = network_source(project)
    for text in (code.whole, touched(code.whole)):
        found = read_own(text, "model.py")
        assert found.graph == as_saved(project.graph)
        assert found.problems == ()


@pytest.mark.parametrize("key", TEMPLATES)
def test_templates_whose_layers_are_set_in_every_way(key):
    project = template(key)
    made = muted(bypassed(frozen(tied(key))))
    assert made != project.graph
    comes_back(replace(project, graph=made))


def test_something_is_bypassed_and_something_tied_among_the_templates():
    graphs = {key: template(key).graph for key in TEMPLATES}
    assert sum(bypassed(one) is not one for one in graphs.values()) > len(graphs) // 2
    assert sum(tied(key) is not one for key, one in graphs.items()) > 2


@pytest.mark.parametrize("key", READY_BLOCKS)
def test_ready_blocks_alone_repeated_and_with_one_layer_frozen(key):
    project, block = placed(READY_BLOCKS[key])
    comes_back(project)
    graph = project.graph
    if key in REPEATABLE:
        graph = with_block(graph, replace(graph.blocks[block], repeats=3))
    comes_back(Project(project.dataset, frozen(bypassed(graph))))


def test_a_network_that_cannot_learn_is_written_all_the_same():
    project = jobs.new_project("line-fit")
    layer = next(filter(has_weights, project.graph))
    graph = with_node(project.graph, layer, learning=Learning(is_frozen=True))
    assert not examine(replace(project, graph=graph)).can_train
    comes_back(replace(project, graph=graph))
