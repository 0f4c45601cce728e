"""A model with a pretrained network leaves in every format that can carry it, and is proven."""

import pytest

from studio import jobs
from studio.core.design.formats_check import in_the_way
from studio.core.problems import StudioError
from tests.engine.test_backbones import project_of, trained


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A trained run whose folder of the network is gone."""
    folder = tmp_path_factory.mktemp("pretrained")
    project = project_of(folder, "resnet", image_mean=[0.4, 0.5, 0.6], image_std=[0.2, 0.3, 0.4])
    ended = trained(project, folder / "runs")
    assert ended.outcome == "completed", ended.problem
    (folder / "resnet").rename(folder / "elsewhere")
    return folder / "runs", project


@pytest.mark.parametrize(("key", "name"), [("torchscript", "a.pt"), ("onnx", "a.onnx")])
@pytest.mark.timeout(300)
def test_it_leaves_without_the_folder_it_came_from(run, tmp_path, key, name):
    runs, _project = run
    result = jobs.export(runs, None, key, tmp_path / name)
    assert result.proof is not None
    assert result.proof.rows > 0
    assert result.proof.largest_difference <= 1e-4


def test_what_cannot_carry_it_says_so_beforehand(run, tmp_path):
    runs, project = run
    said = in_the_way(project.graph)
    assert {key for key, problems in said.items() if problems} == {"source"}
    with pytest.raises(StudioError):
        jobs.export(runs, None, "source", tmp_path / "source")
