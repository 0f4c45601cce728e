"""What a step of training needs in memory is said beforehand, with the node that costs most."""

from dataclasses import replace

import pytest

from studio.core.design import memory_check
from studio.core.design.fixes import apply_fix
from studio.core.design.memory_check import MACHINE, need_of
from studio.core.design.picture_networks import classic
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.shape_flow import shape_flow
from studio.core.problems import Problem, Severity
from tests.builders import chain, images, table

GIGABYTE = 10**9


def network(**training: object) -> Project:
    """At 224 x 224 a dense line of 25 million weights behind large pictures."""
    dataset = images(3, 224, 224, classes=10)
    project = Project(dataset, classic(dataset))
    return replace(project, training=replace(project.training, **training))


def said(project: Project, memory: int, monkeypatch: pytest.MonkeyPatch) -> Problem | None:
    monkeypatch.setattr(MACHINE, "memory", memory)
    # A project of its own, since reports are remembered.
    project = replace(project, graph=replace(project.graph, nodes=dict(project.graph.nodes)))
    found = [p for p in examine(project).problems if p.code == "too-much-memory"]
    assert len(found) <= 1
    return found[0] if found else None


def test_what_fits_is_not_spoken_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(network(), 24 * GIGABYTE, monkeypatch) is None
    assert said(network(), 0, monkeypatch) is None  # nobody knows


def test_what_hardly_fits_is_a_warning_with_the_node_that_costs_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = said(network(batch_size=256), 4 * GIGABYTE, monkeypatch)
    assert problem is not None
    assert problem.severity is Severity.WARNING
    assert problem.place.key == "conv2d_1"
    assert "this machine has 4 GB. Convolution 2D 1 takes most of it, 1.61 GB." in problem.message
    assert problem.hint.startswith("Set the batch size to 64, or make Convolution 2D 1 smaller.")


def test_what_cannot_fit_is_an_error_and_the_fix_makes_it_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = network(batch_size=65_536)
    problem = said(project, 8 * GIGABYTE, monkeypatch)
    assert problem is not None
    assert problem.severity is Severity.ERROR
    assert problem.fix is not None
    mended = apply_fix(project, problem.fix)
    assert mended.training.batch_size == 128
    assert said(mended, 8 * GIGABYTE, monkeypatch) is None


def test_weights_alone_can_be_too_much_and_no_batch_size_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = ("linear", {"out_features": 60_000})
    project = chain(table(classes=3), wide, wide, ("linear", {"out_features": 3}))
    problem = said(project, 16 * GIGABYTE, monkeypatch)
    assert problem is not None
    assert problem.severity is Severity.ERROR
    assert problem.place.key == "linear_2"
    assert "28.8 GB" not in problem.message  # four times the weights, and not once
    assert "57.6 GB" in problem.message
    assert problem.fix is None
    assert problem.hint == "Make Linear 2 or what comes into it smaller."


def test_another_device_has_memory_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(network(batch_size=65_536, device="cuda"), 8 * GIGABYTE, monkeypatch) is None
    assert said(network(batch_size=65_536, device="cpu"), 8 * GIGABYTE, monkeypatch) is not None


def test_what_does_not_lead_to_the_output_needs_nothing() -> None:
    project = network()
    cut = tuple(edge for edge in project.graph.edges if edge.target != "linear_1")
    graph = replace(project.graph, edges=cut)
    flow = shape_flow(graph, project.dataset)
    assert "conv2d_1" not in need_of(graph, flow.signals, flow.weights).samples


def test_more_of_a_batch_needs_more_and_what_is_sure_is_likely() -> None:
    project = network()
    flow = shape_flow(project.graph, project.dataset)
    need = need_of(project.graph, flow.signals, flow.weights)
    for batch in (1, 32, 4096):
        assert need.surely(batch) < need.likely(batch) < need.likely(2 * batch)
    convolution = memory_check.BYTES * 32 * 222 * 222
    assert need.samples["conv2d_1"] == convolution
    assert need.surely_each == memory_check.BYTES * 32 * 111 * 111  # what pooling leaves
