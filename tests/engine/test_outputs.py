"""Networks that answer several things at once, rebuild what came in, or mark each pixel."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn import metrics

from studio.core.design import edits
from studio.core.design.aims import aims_of
from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec, DatasetSummary
from studio.core.design.fixes import apply_fix
from studio.core.design.graph import Graph
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.training import TrainingSpec
from studio.core.run.archive import RESUME
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, RunEnded
from studio.data.opening import Origin, spec_of
from studio.data.origins import ORIGINS
from studio.data.prepare import fit
from studio.data.sources import load
from studio.engine.build import build
from studio.engine.checkpoints import read_fitted
from studio.engine.evaluate import evaluate
from studio.engine.predict import Predictor
from tests.builders import chain
from tests.engine.material import Task, arrays_of, of, run_events, run_of

TRAINING = TrainingSpec(epochs=12, batch_size=16, learning_rate=0.01, device="cpu")


def two_targets(rows: int = 160) -> Task:
    """Which way from the middle, and how far: a class and a number of the same two numbers."""
    draw = np.random.default_rng(7)
    inputs = draw.normal(0, 1, (rows, 2)).astype(np.float32)
    side = (inputs[:, 0] > 0).astype(np.int64)
    far = 100 + 5 * inputs[:, 1:].astype(np.float32)
    counts = tuple(np.bincount(side).tolist())
    columns = (
        ColumnSummary("x", "number", "input", distinct=rows, low=-3.0, high=3.0),
        ColumnSummary("y", "number", "input", distinct=rows, low=-3.0, high=3.0),
        ColumnSummary(
            "side", "category", "target", distinct=2, categories=("left", "right"), counts=counts
        ),
        ColumnSummary("far", "number", "target", distinct=rows, low=80.0, high=120.0),
    )
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    summary = DatasetSummary("table", rows, columns)
    dataset = DatasetSpec("table", "/data/two.csv", columns=choices, summary=summary)
    project = chain(
        dataset, ("linear", {"out_features": 16}), "tanh", ("linear", {"out_features": 2})
    )
    project = apply_fix(project, problem(project, "target-without-output").fix)
    return Task(replace(project, training=TRAINING), arrays_of(dataset, inputs, (side, far)))


def problem(project: Project, code: str):
    return next(p for p in examine(project).problems if p.code == code)


def outputs(project: Project):
    return [node for node in project.graph if node.layer == "output"]


def test_an_output_is_added_for_the_other_target_with_one_click():
    task = two_targets()
    assert [aim.output.name for aim in aims_of(task.project.graph, task.project.dataset)] == [
        "side",
        "far",
    ]
    assert not [p for p in examine(task.project).problems if p.is_error]
    model = build(task.project.graph, task.project.dataset)
    side, far = model(torch.zeros(3, 2))
    assert (side.shape, far.shape) == ((3, 2), (3, 1))


def test_both_targets_are_learnt_judged_and_told(tmp_path):
    task = two_targets()
    events = run_of(task, tmp_path)
    assert events[-1].outcome == "completed", events[-1].problem
    first, *_, last = of(EpochDone, events)
    assert {"loss", "side: loss", "side: accuracy", "far: rmse"} <= set(last.validation)
    parts = last.validation["side: loss"] + last.validation["far: loss"]
    assert last.validation["loss"] == pytest.approx(parts, rel=1e-5)
    assert last.training["loss"] < 0.5 * first.training["loss"]
    found = evaluate(task.project, task.arrays, tmp_path, "run-1")
    assert (found.output, found.task, found.figures["accuracy"] > 0.85) == ("side", "classes", True)
    (far,) = found.others
    assert (far.output, far.target_names) == ("far", ("far",))
    test = task.arrays.parts["test"]
    answers = Predictor(task.project, read_fitted(tmp_path), tmp_path).all_answers(
        task.arrays.inputs, test
    )
    truths = task.arrays.targets[1][test, 0]
    assert far.answers == pytest.approx(answers[1][:, 0], rel=1e-5)
    wanted = np.sqrt(metrics.mean_squared_error(truths, answers[1][:, 0]))
    assert far.figures["rmse"] == pytest.approx(wanted, rel=1e-4)


def test_a_weight_makes_its_loss_count_more(tmp_path):
    task = two_targets().with_training(epochs=1)
    far = next(node for node in outputs(task.project) if node.params.get("target") == "far")
    graph = edits.set_param(task.project.graph, far.id, "weight", 3.0)
    figures = of(EpochDone, run_of(task.with_graph(graph), tmp_path))[-1].validation
    wanted = figures["side: loss"] + 3 * figures["far: loss"]
    assert figures["loss"] == pytest.approx(wanted, rel=1e-5)


def test_each_output_has_its_own_loss(tmp_path):
    task = two_targets().with_training(epochs=1)
    far = next(node for node in outputs(task.project) if node.params.get("target") == "far")
    graph = edits.set_param(task.project.graph, far.id, "loss", "mae")
    run_of(task.with_graph(graph), tmp_path)
    (found,) = evaluate(task.with_graph(graph).project, task.arrays, tmp_path, "run-1").others
    scale = task.fitted.outputs[1].target_scales[0]
    assert found.figures["loss"] == pytest.approx(found.figures["mae"] / scale, rel=1e-4)
    wrong = edits.set_param(task.project.graph, far.id, "loss", "cross_entropy")
    fix = problem(replace(task.project, graph=wrong), "loss-does-not-fit").fix
    mended = apply_fix(replace(task.project, graph=wrong), fix)
    assert not [p for p in examine(mended).problems if p.is_error]


def test_a_stopped_run_of_two_outputs_goes_on_to_the_same_weights(tmp_path):
    task = two_targets().with_training(epochs=3)
    run_of(task, tmp_path / "whole")
    control = RunControl()
    folder = tmp_path / "parts"
    for event in run_events(task, folder, control):
        if isinstance(event, EpochDone):
            control.stop()
    assert (folder / RESUME).exists()
    assert isinstance(run_of(task, folder, resume=folder)[-1], RunEnded)
    whole = (tmp_path / "whole" / "best.safetensors").read_bytes()
    assert (folder / "best.safetensors").read_bytes() == whole


def test_only_the_targets_that_have_an_output_are_learnt(tmp_path):
    task = two_targets().with_training(epochs=1)
    first = next(node for node in outputs(task.project) if not node.params.get("target"))
    alone = edits.remove(task.project.graph, (first.id,))
    assert problem(replace(task.project, graph=alone), "target-without-output").hint
    run_of(task.with_graph(alone), tmp_path)
    assert [one.name for one in read_fitted(tmp_path).outputs] == ["far"]
    found = evaluate(task.with_graph(alone).project, task.arrays, tmp_path, "run-1")
    assert (found.output, found.others) == ("far", ())


@pytest.mark.parametrize(
    ("target", "code"), [("nothing", "unknown-target"), ("side", "target-twice")]
)
def test_an_output_with_a_target_that_is_not_free_is_mended(target, code):
    project = two_targets().project
    far = next(node for node in outputs(project) if node.params.get("target") == "far")
    graph = edits.set_param(project.graph, far.id, "target", target)
    first = next(node for node in outputs(project) if node.id != far.id)
    graph = edits.set_param(graph, first.id, "target", "side")
    wrong = replace(project, graph=graph)
    mended = apply_fix(wrong, problem(wrong, code).fix)
    assert not [p for p in examine(mended).problems if p.is_error]


def rebuilt_numbers(rows: int = 200) -> Task:
    """Three numbers of which two follow from the first: what does not is far off."""
    draw = np.random.default_rng(3)
    seed = draw.normal(0, 1, (rows, 1))
    values = np.hstack([seed, 2 * seed + 10, -seed]).astype(np.float32)
    columns = tuple(
        ColumnSummary(f"n{i}", "number", "both", distinct=rows, low=-9.0, high=20.0)
        for i in range(3)
    )
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    summary = DatasetSummary("table", rows, columns)
    dataset = DatasetSpec("table", "/data/n.csv", columns=choices, summary=summary)
    project = chain(dataset, ("linear", {"out_features": 1}), ("linear", {"out_features": 3}))
    return Task(
        replace(project, training=replace(TRAINING, epochs=40)),
        arrays_of(dataset, values, values.copy()),
    )


def test_numbers_are_rebuilt_and_what_is_odd_is_far_off(tmp_path):
    task = rebuilt_numbers()
    assert not [p for p in examine(task.project).problems if p.is_error]
    run_of(task, tmp_path)
    test = task.arrays.parts["test"]
    odd = task.arrays.inputs[0].held.copy()
    odd[test[0], 2] += 8
    arrays = arrays_of(task.project.dataset, odd, odd.copy(), task.arrays.parts)
    found = evaluate(task.project, arrays, tmp_path, "run-1")
    assert found.target_names == ("n0", "n1", "n2")
    assert int(np.argmax(found.distances)) == 0
    assert found.distances[0] > 4 * np.median(found.distances)


def drawn(folder, count: int = 24, size: int = 12) -> DatasetSpec:
    """Grey pictures of a bright square, and masks that say where it is and where its edge."""
    draw = np.random.default_rng(1)
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
    for number in range(count):
        pixels = draw.integers(0, 60, (size, size)).astype(np.uint8)
        mask = np.zeros((size, size), np.uint8)
        row, column = draw.integers(1, size - 5, 2)
        pixels[row : row + 4, column : column + 4] += 150
        mask[row : row + 4, column : column + 4] = 255
        Image.fromarray(pixels).save(folder / "images" / f"{number}.png")
        Image.fromarray(mask).save(folder / "masks" / f"{number}.png")
    return opened("files", folder)


def opened(source: str, path) -> DatasetSpec:
    material = ORIGINS[source].read(str(path), {}, None)
    return spec_of(material, Origin(source, str(path)))


def task_of(dataset: DatasetSpec, graph: Graph, **training) -> Task:
    arrays = load(dataset)
    project = Project(dataset, graph, replace(TRAINING, **training))
    return Task(project, arrays, fit(dataset, arrays))


def test_pixels_are_told_apart(tmp_path):
    dataset = drawn(tmp_path / "data")
    assert [(c.name, c.role) for c in dataset.columns] == [("picture", "input"), ("mask", "target")]
    (asked,) = dataset.model_outputs()
    assert (asked.task, asked.labels, asked.shape) == ("masks", ("0", "255"), (2, 12, 12))
    graph = chain(
        dataset,
        ("conv2d", {"out_channels": 8, "kernel_size": (3, 3), "padding": (1, 1)}),
        "relu",
        ("conv2d", {"out_channels": 2, "kernel_size": (1, 1)}),
    ).graph
    task = task_of(dataset, graph, epochs=40, balance="weights", batch_size=4)
    assert set(np.unique(task.arrays.targets[0])) == {0, 1}
    assert task.fitted.class_weights[1] > task.fitted.class_weights[0]
    events = run_of(task, tmp_path / "run")
    assert events[-1].outcome == "completed", events[-1].problem
    found = evaluate(task.project, task.arrays, tmp_path / "run", "run-1")
    assert found.figures["mean_iou"] > 0.9
    test = task.arrays.parts["test"]
    probabilities = Predictor(task.project, task.fitted, tmp_path / "run").answers(
        task.arrays.inputs, test
    )
    assert probabilities.shape == (len(test), 2, 12, 12)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    said, true = probabilities.argmax(axis=1).ravel(), task.arrays.targets[0][test].ravel()
    assert found.figures["mean_iou"] == pytest.approx(
        metrics.jaccard_score(true, said, average="macro")
    )
    assert found.figures["dice"] == pytest.approx(metrics.f1_score(true, said, average="macro"))
    assert found.figures["pixel_accuracy"] == pytest.approx((said == true).mean())
    assert np.sum(found.matrix) == true.size
    worst = found.pictures[0]
    assert found.answers[worst.place] == min(found.answers)
    assert len(worst.truth) == len(worst.answer) == len(worst.picture) == 12 * 12 * 3


def test_pictures_are_rebuilt(tmp_path):
    dataset = drawn(tmp_path / "data").with_column("picture", role="both")
    dataset = dataset.with_column("mask", role="ignore")
    (asked,) = dataset.model_outputs()
    assert (asked.task, asked.shape) == ("images", (1, 12, 12))
    graph = chain(
        dataset,
        ("conv2d", {"out_channels": 4, "kernel_size": (3, 3), "padding": (1, 1)}),
        ("conv2d", {"out_channels": 1, "kernel_size": (3, 3), "padding": (1, 1)}),
    ).graph
    task = task_of(dataset, graph, epochs=60, batch_size=4)
    assert np.array_equal(task.arrays.targets[0], task.arrays.taken(np.arange(24))[0])
    events = run_of(task, tmp_path / "run")
    assert events[-1].outcome == "completed", events[-1].problem
    found = evaluate(task.project, task.arrays, tmp_path / "run", "run-1")
    test = task.arrays.parts["test"]
    pixels = Predictor(task.project, task.fitted, tmp_path / "run").answers(
        task.arrays.inputs, test
    )
    gaps = (pixels - task.arrays.targets[0][test]) / 255
    assert found.figures["pixel_rmse"] == pytest.approx(np.sqrt((gaps**2).mean()), rel=1e-4)
    assert found.figures["pixel_rmse"] < 0.08
    assert found.distances == pytest.approx(np.sqrt((gaps**2).mean(axis=(1, 2, 3))), rel=1e-4)
    assert found.distances[found.pictures[0].place] == max(found.distances)
