"""Networks with several answers, with masks and with rebuilt pictures leave the house proven."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec, DatasetSummary
from studio.export.formats import export_run
from tests.builders import chain
from tests.engine.material import arrays_of
from tests.engine.test_outputs import two_targets
from tests.export import material
from tests.export.inside import prove_inside
from tests.export.test_export import load


def exported(project, arrays, tmp_path):
    ready = material.ready(project, arrays, tmp_path / "run-1")
    result = export_run(ready.record, ready.folder, ready.arrays, tmp_path / "model.pt")
    assert result.problem is None, result.problem
    return load(tmp_path / "model.pt")


def test_the_answers_to_two_targets_come_together(tmp_path):
    task = two_targets()
    model, card = exported(task.project, task.arrays, tmp_path)
    side, far = model(torch.zeros(3, 2))
    assert (side.shape, far.shape) == ((3, 2), (3, 1))
    assert side.sum(dim=1).allclose(torch.ones(3))
    assert [one["name"] for one in card["outputs"]] == ["side", "far"]
    assert card["outputs"][0]["labels"] == ["left", "right"]


OTHERS = ("onnx", "pt2", "source", "bundle")


@pytest.mark.parametrize("key", OTHERS)
def test_two_answers_leave_in_every_format(tmp_path, monkeypatch, key):
    prove_inside(monkeypatch)
    task = two_targets()
    ready = material.ready(task.project, task.arrays, tmp_path / "run-1")
    result = export_run(ready.record, ready.folder, ready.arrays, tmp_path / "model", key)
    assert result.problem is None, result.problem
    assert result.proof.same_class


def pixels(task: str):
    """Forty pictures of 6 × 5, to be given again or marked."""
    columns = [ColumnSummary("picture", "image", "input", shape=(1, 6, 5))]
    block = np.random.default_rng(0).integers(0, 256, (40, 1, 6, 5)).astype(np.uint8)
    targets = block
    if task == "masks":
        targets = (block[:, 0] > 128).astype(np.uint8)
        columns.append(
            ColumnSummary(
                "mask", "image", "target", categories=("0", "255"), counts=(9, 9), shape=(1, 6, 5)
            )
        )
    else:
        columns = [replace(columns[0], role="both")]
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    summary = DatasetSummary("images", 40, tuple(columns))
    dataset = DatasetSpec("files", "/data/pixels", columns=choices, summary=summary)
    return dataset, arrays_of(dataset, block, targets)


@pytest.mark.parametrize("task", ["masks", "images"])
def test_the_card_says_how_pixels_are_answered(tmp_path, task):
    dataset, arrays = pixels(task)
    (asked,) = dataset.model_outputs()
    project = chain(dataset, ("conv2d", {"out_channels": asked.shape[0], "kernel_size": (1, 1)}))
    model, card = exported(project, arrays, tmp_path)
    answers = model(torch.zeros(2, 1, 6, 5, dtype=torch.uint8))
    assert tuple(answers.shape) == (2, *asked.shape)
    (output,) = card["outputs"]
    assert (output["kind"], output["shape"]) == (task, ["N", *asked.shape])
    if task == "masks":
        assert answers.sum(dim=1).allclose(torch.ones(2, 6, 5))
        assert output["labels"] == ["0", "255"]
    else:
        assert 0 <= float(answers.min()) <= float(answers.max()) <= 255


@pytest.mark.parametrize("key", OTHERS)
@pytest.mark.parametrize("task", ["masks", "images"])
def test_pictures_as_answers_leave_in_every_format(tmp_path, monkeypatch, task, key):
    prove_inside(monkeypatch)
    dataset, arrays = pixels(task)
    (asked,) = dataset.model_outputs()
    project = chain(dataset, ("conv2d", {"out_channels": asked.shape[0], "kernel_size": (1, 1)}))
    ready = material.ready(project, arrays, tmp_path / "run-1")
    result = export_run(ready.record, ready.folder, ready.arrays, tmp_path / "model", key)
    assert result.problem is None, result.problem
    assert result.proof.same_class == (task == "masks")
