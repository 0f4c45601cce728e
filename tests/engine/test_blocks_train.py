"""A drawing with repeats, bypassed and muted layers is trained, judged, exported and proven."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio import jobs
from studio.core.design import edits
from studio.core.design.block_edits import grouped, with_block, with_state
from studio.core.design.drawing import Drawing
from studio.core.design.effective import effective
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.run.control import RunControl
from studio.core.run.events import RunEnded
from studio.engine.build import build
from studio.export.network_source import network_source


def drawn(width: int, classes: int) -> Graph:
    """A step with a way past it, three times; a bypassed layer, and a muted branch."""
    drawing = Drawing()
    start = drawing.input()
    bent = drawing.add("relu", drawing.add("linear", start, out_features=width))
    side = drawing.add("linear", start, out_features=width)
    total = drawing.add("add", start, bent, side)
    skipped = drawing.add("dropout", total)
    drawing.output(drawing.add("linear", skipped, out_features=classes))
    graph, block = grouped(drawing.graph(), ("linear_1", "relu_1", "linear_2", "add_1"), "Step")
    graph = with_block(graph, replace(graph.blocks[block], repeats=3, is_open=False))
    return with_state(with_state(graph, ("dropout_1",), "bypassed"), ("linear_2",), "muted")


@pytest.fixture(scope="module")
def project() -> Project:
    plain = jobs.new_project("classify-rows")
    report = examine(plain)
    start = next(node for node in plain.graph if node.layer == "input")
    signal = report.nodes[start.id].signal
    assert signal is not None
    graph = drawn(signal.shape[0], plain.dataset.outputs())
    return jobs.with_overrides(replace(plain, graph=graph), epochs=2, device="cpu")


@pytest.fixture(scope="module")
def run(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    (ended,) = [e for e in jobs.train(project, folder, RunControl()) if isinstance(e, RunEnded)]
    assert ended.outcome == "completed", ended.problem
    return folder


def test_the_model_has_the_weights_of_every_copy(project: Project) -> None:
    torch.manual_seed(0)
    model = build(project.graph, project.dataset)
    parts = dict(model.named_children())
    assert {"linear_1", "linear_1__2", "linear_1__3"} <= set(parts)
    assert not {"dropout_1", "linear_2"} & set(parts)
    first, second = parts["linear_1"].weight, parts["linear_1__2"].weight
    assert not torch.equal(first, second)  # type: ignore[arg-type]
    numbers = sum(one.numel() for one in model.parameters())
    assert numbers == examine(project).parameters


def test_it_is_the_network_that_could_be_drawn_flat(project: Project) -> None:
    torch.manual_seed(0)
    model = build(project.graph, project.dataset)
    torch.manual_seed(0)
    flat = build(effective(project.graph), project.dataset)
    width = model.linear_1.weight.shape[1]  # type: ignore[union-attr, index]
    rows = torch.randn(5, int(width))
    assert torch.equal(model(rows), flat(rows))


def test_the_run_is_judged_and_answers(run: Path, project: Project) -> None:
    assert jobs.evaluate(run).figures
    record = jobs.runs(run)[-1]
    assert record.project.graph == project.graph
    assert examine(record.project).can_train


def test_it_is_exported_and_proven(run: Path, tmp_path: Path) -> None:
    result = jobs.export(run, None, "torchscript", tmp_path / "model.pt")
    assert result.proof is not None
    assert (tmp_path / "model.pt").is_file()


def test_the_source_has_a_line_for_every_copy_and_carries_the_drawing(project: Project) -> None:
    code = network_source(project)
    assert "linear_1__3" in code.text
    assert set(code.lines) <= set(project.graph.nodes)
    assert len(code.lines["linear_1"]) >= 3


def test_a_rehearsal_tells_of_drawn_layers(project: Project) -> None:
    found = jobs.rehearse(project)
    assert set(found.nodes) == {"linear_1", "relu_1", "add_1", "linear_3"}
    assert found.nodes["relu_1"].bytes == 3 * jobs.rehearse(once(project)).nodes["relu_1"].bytes


def once(project: Project) -> Project:
    """The same with the block as it stands, not repeated."""
    block = next(iter(project.graph.blocks.values()))
    return replace(project, graph=with_block(project.graph, replace(block, repeats=1)))


def test_a_wire_from_a_muted_layer_may_be_drawn(project: Project) -> None:
    graph = edits.connect(project.graph, Edge("linear_2", "add_1", 3))
    assert examine(replace(project, graph=graph)).can_train
