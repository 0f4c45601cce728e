"""Numbers with an interval around them leave the house with both of its ends."""

from dataclasses import replace

import pytest
import torch

from studio.core.design.training import TrainingSpec
from studio.data.prepare import fit
from studio.engine.judging import answered
from studio.export.formats import export_run
from tests.builders import chain, table
from tests.export import material
from tests.export.inside import prove_inside
from tests.export.test_export import load


@pytest.mark.parametrize("key", ["torchscript", "onnx", "source"])
def test_the_ends_of_the_interval_are_answers_with_names(tmp_path, monkeypatch, key):
    prove_inside(monkeypatch)
    project = chain(table(numbers=3, classes=0), ("linear", {"out_features": 2}))
    training = TrainingSpec(loss="gaussian_nll")
    project, arrays = material.table_project(replace(project, training=training))
    fitted = answered(project, fit(project.dataset, arrays))
    ready = material.ready(project, arrays, tmp_path / "run-1", fitted)
    target = tmp_path / "model.pt"
    result = export_run(ready.record, ready.folder, ready.arrays, target, key)
    assert result.problem is None, result.problem
    if key != "torchscript":
        return
    model, card = load(target)
    assert [one["name"] for one in card["outputs"][0]["columns"]] == ["y0", "y0: low", "y0: high"]
    answer = model(torch.zeros(4, 3))
    assert answer.shape == (4, 3)
    assert (answer[:, 1] < answer[:, 0]).all()
    assert (answer[:, 0] < answer[:, 2]).all()
