"""A model with a pretrained network over texts leaves in every format that can carry it."""

import csv
import subprocess
import sys

import pytest

from studio import jobs
from studio.core.design.formats_check import in_the_way
from tests.engine.test_text_backbones import fed, project_of, trained


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A trained run whose folder of the network is gone."""
    folder = tmp_path_factory.mktemp("pretrained")
    project = fed(project_of(folder, "roberta"))
    trained(project, folder / "runs")
    (folder / "roberta").rename(folder / "elsewhere")
    return folder, project


@pytest.mark.parametrize(
    ("key", "name"), [("torchscript", "a.pt"), ("onnx", "a.onnx"), ("pt2", "a.pt2")]
)
@pytest.mark.timeout(300)
def test_it_leaves_without_the_folder_it_came_from(run, tmp_path, key, name):
    result = jobs.export(run[0] / "runs", None, key, tmp_path / name)
    assert result.proof is not None
    assert result.proof.rows > 0
    assert result.proof.largest_difference <= 1e-4


def test_what_cannot_carry_it_says_so_beforehand(run):
    said = in_the_way(run[1].graph)
    assert {key for key, problems in said.items() if problems} == {"source"}


@pytest.mark.timeout(300)
def test_its_tokenizer_travels_in_the_bundle(run, tmp_path):
    folder, _project = run
    assert jobs.export(folder / "runs", None, "bundle", tmp_path / "bundle").problem is None
    texts = folder / "texts.csv"
    long = "the pump " * 30
    texts.write_text(texts.read_text("utf-8") + f"{long},good\n<pad> oil!,bad\n", "utf-8")
    jobs.predict(folder / "runs", str(texts), tmp_path / "ours.csv")
    program = tmp_path / "bundle" / "predict.py"
    subprocess.run(
        [sys.executable, "-I", program, texts, tmp_path / "theirs.csv"], check=True, timeout=200
    )
    ours, theirs = (_shares(tmp_path / name) for name in ("ours.csv", "theirs.csv"))
    assert len(ours) == len(theirs) == 50
    for own, handed in zip(ours, theirs, strict=True):
        assert own == pytest.approx(handed, abs=1e-5)


def _shares(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [key for key in rows[0] if key.endswith(("bad", "good"))]
    return [[float(row[key]) for key in sorted(keys)] for row in rows]
