"""What a network takes to answer one sample, and the budget that a person sets."""

import pytest

from studio.core.design.cost import (
    Budget,
    Cost,
    budget_problems,
    costs_of,
    shares_of,
    total_of,
)
from tests.builders import chain, images

MILLION = 1_000_000


def network():
    return chain(
        images(),
        ("conv2d", {"out_channels": 8, "kernel_size": 3, "keep_size": True}),
        "relu",
        "flatten",
        ("linear", {"out_features": 10}),
    )


def cost_of(project, layer):
    return next(costs_of(project)[node.id] for node in project.graph if node.layer == layer)


def test_a_convolution_multiplies_each_filter_at_each_place():
    cost = cost_of(network(), "conv2d")
    assert cost == Cost(28 * 28 * 8 * 9, 4 * 8 * 28 * 28, 4 * (8 * 9 + 8))


def test_a_linear_layer_multiplies_each_weight_once():
    assert cost_of(network(), "linear").multiply_adds == 8 * 28 * 28 * 10


def test_what_is_done_once_to_each_number_counts_as_nothing_but_its_memory():
    assert cost_of(network(), "relu") == Cost(0, 4 * 8 * 28 * 28, 0)


def test_the_total_is_the_sum_and_shares_are_beside_the_costliest():
    costs = costs_of(network())
    total = total_of(costs)
    assert total.multiply_adds == 28 * 28 * 72 + 28 * 28 * 80
    shares = shares_of(costs, "multiply_adds")
    assert max(shares.values()) == 1.0
    assert sorted(shares.values())[-2] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("budget", "seconds", "said"),
    [
        (Budget(milliseconds=2.0), 0.004, "4 ms"),
        (Budget(memory=0.01), 0.0, "MB"),
        (Budget(size=0.1), 0.0, "0.251 MB"),
    ],
)
def test_a_bound_that_is_passed_is_a_warning_that_names_the_costliest(budget, seconds, said):
    project = network()
    (problem,) = budget_problems(project.graph, costs_of(project), budget, seconds)
    assert said in problem.message
    assert problem.place.key in project.graph.nodes
    assert project.graph.nodes[problem.place.key].name in problem.hint


def test_within_the_budget_nothing_is_said():
    project = network()
    budget = Budget(milliseconds=50, memory=10, size=10)
    assert not list(budget_problems(project.graph, costs_of(project), budget, 0.01))
    assert not list(budget_problems(project.graph, costs_of(project), Budget(), 99.0))
