"""What was seen of the nodes of a run over time, and what is thought of it."""

import pytest

from studio.core.catalogue.activation import LEAKY_RELU
from studio.core.design.fixes import apply_fix
from studio.core.run.events import HealthSeen, NodeHealth, RunStarted
from studio.core.run.health import measures_in_words, verdict
from studio.core.run.history import History
from tests.builders import chain, table

WELL = NodeHealth(slope=0.01)


def network():
    """input, linear, relu, linear, sigmoid, output, by their ids."""
    units = {"out_features": 3}
    return chain(table(), ("linear", units), "relu", ("linear", units), "sigmoid")


def node_of(project, layer):
    return next(node for node in project.graph if node.layer == layer)


def thought(layer, health, **others):
    project = network()
    node = node_of(project, layer)
    return project, verdict(project, node, {**others, node.id: health})


def history_of(*looks):
    history = History()
    history.add(RunStarted("run-1", "cpu", 1, 10, 5))
    for epoch, step, nodes in looks:
        history.add(HealthSeen(epoch, step, nodes))
    return history


def test_curves_grow_as_looks_come_and_the_latest_is_at_hand():
    history = history_of(
        (1, 5, {"a": NodeHealth(slope=0.5), "b": NodeHealth(dead=0.25)}),
        (2, 10, {"a": NodeHealth(slope=0.25), "b": NodeHealth(dead=0.5)}),
    )
    curve = history.health.curve("a", "slope")
    assert (curve.x, curve.y) == ([0.5, 2.0], [0.5, 0.25])
    assert history.health.curve("b", "dead").y == [0.25, 0.5]
    assert len(history.health.curve("b", "slope")) == 0
    assert history.health.latest["a"].slope == 0.25


def test_a_resumed_run_brings_again_what_was_seen_behind_its_start():
    history = history_of((1, 5, {"a": WELL}), (2, 5, {"a": NodeHealth(fault="values")}))
    assert history.health.first_fault == "a"
    history.add(RunStarted("run-1", "cpu", 1, 10, 5, first_epoch=2, first_step=1))
    assert len(history.health) == 1
    assert history.health.latest == {"a": WELL}


def test_the_first_node_with_a_fault_is_remembered():
    bad = NodeHealth(fault="values")
    history = history_of((1, 1, {"a": WELL, "b": bad}), (1, 2, {"a": bad, "b": bad}))
    assert history.health.first_fault == "b"


@pytest.mark.parametrize(
    ("layer", "health", "level", "code"),
    [
        ("linear", NodeHealth(fault="weights"), "bad", "health-fault"),
        ("linear", NodeHealth(slope=50.0), "doubtful", "health-exploding"),
        ("relu", NodeHealth(dead=0.6), "doubtful", "health-dead"),
        ("relu", NodeHealth(dead=0.95), "bad", "health-dead"),
        ("sigmoid", NodeHealth(saturated=0.7), "doubtful", "health-saturated"),
        ("sigmoid", NodeHealth(saturated=0.99), "bad", "health-saturated"),
    ],
)
def test_what_is_wrong_is_told_with_a_fix_that_changes_the_project(layer, health, level, code):
    project, found = thought(layer, health)
    assert (found.level, found.problem.code) == (level, code)
    assert node_of(project, layer).name in found.problem.message
    changed = apply_fix(project, found.problem.fix)
    assert changed != project


@pytest.mark.parametrize(
    ("layer", "health"),
    [
        ("linear", WELL),
        ("relu", NodeHealth(dead=0.3)),
        ("sigmoid", NodeHealth(saturated=0.2)),
        ("linear", NodeHealth(slope=1e-9)),
    ],
)
def test_a_node_that_is_well_is_left_alone(layer, health):
    _project, found = thought(layer, health)
    assert (found.level, found.problem) == ("good", None)


def test_a_small_gradient_is_doubtful_only_beside_a_large_one():
    _project, found = thought("linear", NodeHealth(slope=1e-8), other=NodeHealth(slope=0.1))
    assert found.problem.code == "health-vanishing"


def test_dead_units_get_another_activation_in_their_place():
    project, found = thought("relu", NodeHealth(dead=0.8))
    changed = apply_fix(project, found.problem.fix)
    assert changed.graph.nodes[node_of(project, "relu").id].layer == LEAKY_RELU.key


def test_measures_are_told_with_their_figures():
    told = dict(measures_in_words(NodeHealth(slope=0.012, dead=0.5, saturated=0.25)))
    assert list(told.values()) == ["0.012", "50%", "25%"]
