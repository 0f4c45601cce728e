"""Every template opens on its sample without a Problem, learns from it, leaves and is proven."""

import math
from dataclasses import replace

import pytest
import torch

from studio import jobs
from studio.core.catalogue import LAYERS
from studio.core.design.report import examine
from studio.core.design.templates import TEMPLATES, project_from_template, template_for
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, RunEnded
from studio.data.samples import SAMPLES
from tests.export.inside import prove_inside
from tests.few import few_rows

FEW = 90
# Windows need rows in a row and a fault among them; people must come again.
LONGER = {"demand": 500, "machine": 500, "states": 500, "ratings": 900}
SHORT_TEXT = 8
LARGE = 1_000_000  # weights: such a network gets one epoch and fewer rows
FEWEST = 40


def opened(template):
    """The sample, with shorter texts than a person would want."""
    dataset = jobs.open_sample(template.sample)
    length = min(dataset.text.length, SHORT_TEXT)
    return replace(dataset, text=replace(dataset.text, length=length))


def test_each_sample_names_a_template_that_takes_it():
    with few_rows(FEW, LONGER):
        for sample in SAMPLES.values():
            dataset = jobs.open_sample(sample.key)
            assert examine(project_from_template(sample.template, dataset)).can_train
            assert examine(jobs.new_project(template_for(dataset), dataset)).can_train


@pytest.mark.parametrize("key", TEMPLATES)
def test_it_learns_from_its_sample_leaves_and_is_proven(key, tmp_path, monkeypatch):
    prove_inside(monkeypatch)
    template = TEMPLATES[key]
    with few_rows(FEW, LONGER):
        weights = examine(project_from_template(key, opened(template))).parameters
    is_large = weights > LARGE
    with few_rows(FEWEST if is_large else FEW, LONGER):
        project = project_from_template(key, opened(template))
        report = examine(project)
        assert [p for p in report.problems if p.place.kind in ("node", "graph")] == []
        assert report.can_train
        project = jobs.with_overrides(project, epochs=1 if is_large else 3, device="cpu")
        *events, ended = jobs.train(project, tmp_path / "t.runs", RunControl())
        assert isinstance(ended, RunEnded)
        assert ended.outcome == "completed", ended.problem
        losses = [e.training["loss"] for e in events if isinstance(e, EpochDone)]
        assert all(map(math.isfinite, losses))
        assert is_large or min(losses[1:]) < losses[0]
        result = jobs.export(tmp_path / "t.runs", None, "torchscript", tmp_path / "model.pt")
    assert result.proof is not None
    assert result.proof.rows > 0
    assert result.proof.largest_difference <= 1e-4


def test_the_line_is_found_in_its_own_units(tmp_path):
    project = jobs.new_project("line-fit")
    *_events, ended = jobs.train(project, tmp_path / "line.runs", RunControl())
    assert ended.outcome == "completed"
    made = jobs.export(tmp_path / "line.runs", None, "torchscript", tmp_path / "line.pt")
    assert made.proof is not None
    model = torch.jit.load(tmp_path / "line.pt")
    at_0, at_1, at_half = (float(model(torch.tensor([[x]]))) for x in (0.0, 1.0, 0.5))
    assert at_0 == pytest.approx(2, abs=0.1)
    assert at_1 - at_0 == pytest.approx(3, abs=0.1)
    assert at_half == pytest.approx(3.5, abs=0.1)


def test_two_pictures_are_seen_with_the_same_weights():
    with few_rows(FEW):
        graph = jobs.new_project("same-or-different").graph
    sharing = [node for node in graph if node.learning.shares]
    assert len(sharing) == 4
    for node in sharing:
        owner = graph.nodes[node.learning.shares]
        assert (owner.layer, owner.params) == (node.layer, node.params)
        assert LAYERS[node.layer].title
