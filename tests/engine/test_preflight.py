"""A few real batches tell what a run will take, and leave nothing behind."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from studio import jobs
from studio.core.design.project import Project
from studio.core.problems import StudioError
from studio.core.run.rehearsal import Rehearsal
from studio.engine import modules


@pytest.fixture(scope="module")
def project() -> Project:
    return jobs.new_project("classify-images")


@pytest.fixture(scope="module")
def rehearsal(project: Project) -> Rehearsal:
    return jobs.rehearse(project)


def test_every_layer_has_its_time_and_what_it_gives(project: Project, rehearsal: Rehearsal) -> None:
    layers = {node.id for node in project.graph if node.layer not in ("input", "output")}
    assert set(rehearsal.nodes) == layers
    assert all(cost.seconds > 0 for cost in rehearsal.nodes.values())
    dense = next(node.id for node in project.graph if node.layer == "linear")
    units = project.graph.nodes[dense].params["out_features"]
    assert rehearsal.nodes[dense].bytes == 4 * rehearsal.rows * units


def test_the_epoch_is_worked_out_from_the_step(project: Project, rehearsal: Rehearsal) -> None:
    assert rehearsal.rows == project.training.batch_size
    least = rehearsal.steps * rehearsal.seconds_a_step
    assert least < rehearsal.seconds_an_epoch < 3 * least
    assert rehearsal.seconds_forward < rehearsal.seconds_a_step
    assert not rehearsal.problems


def test_the_memory_holds_weights_slopes_and_what_the_optimizer_remembers(
    project: Project, rehearsal: Rehearsal
) -> None:
    weights = 4 * jobs.check(project).parameters
    assert 4 * weights < rehearsal.memory < 4 * weights + 100 * (1 << 20)
    plain = replace(project, training=replace(project.training, optimizer="sgd"))
    assert jobs.rehearse(plain).memory < rehearsal.memory


def test_random_numbers_stand_where_they_stood(project: Project) -> None:
    torch.manual_seed(7)
    wanted = torch.rand(3)
    torch.manual_seed(7)
    jobs.rehearse(project)
    assert torch.equal(torch.rand(3), wanted)


def test_what_the_device_cannot_run_is_named(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refused(nn.Module):
        def forward(self, _value: Tensor) -> Tensor:
            raise NotImplementedError("aten::linear is not implemented here")

    kind = modules.Flatten if hasattr(modules, "Flatten") else nn.Flatten
    monkeypatch.setattr(kind, "forward", Refused.forward)
    found = jobs.rehearse(project)
    (problem,) = found.problems
    assert problem.code == "device-cannot"
    assert project.graph.nodes[problem.place.key].layer == "flatten"
    assert problem.detail.startswith("aten::linear")
    assert not found.nodes
    assert found.seconds_a_step == 0.0


def test_what_cannot_be_trained_is_refused(project: Project) -> None:
    broken = replace(project, graph=replace(project.graph, edges=project.graph.edges[:-1]))
    with pytest.raises(StudioError):
        jobs.rehearse(broken)
