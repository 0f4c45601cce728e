"""Every format leaves proven, for every kind of data, or is refused beforehand."""

import csv
import json
import runpy
import subprocess
import sys

import numpy as np
import onnxruntime
import pytest

from studio.core.problems import Place, Problem, StudioError
from studio.export import formats
from studio.export.bundle import answer_with_bundle, check_manifest
from studio.export.formats import FORMATS
from studio.export.handed import predict
from studio.export.onnx_file import apart, opset_of
from tests.engine.kinds import EVERY_KIND, everything
from tests.export import material
from tests.export.inside import prove_inside
from tests.export.test_export import export, own_answers


def ready_of(make, folder):
    task = make()
    if isinstance(task, tuple):
        return material.ready(*task, folder / "run-1")
    return material.ready(task.project, task.arrays, folder / "run-1", task.fitted)


KINDS = {**EVERY_KIND, "pictures": material.pictures, "gaps": material.mixed_table}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_every_kind_of_data_goes_through_onnx(tmp_path, monkeypatch, make):
    """Tokens, gaps and categories, pictures of any size, sounds, windows."""
    prove_inside(monkeypatch)
    ready, path = ready_of(make, tmp_path), tmp_path / "model.onnx"
    result = export(ready, path, key="onnx")
    assert result.problem is None, result.problem
    assert result.proof.largest_difference <= 1e-5
    assert {1, 2} < set(result.proof.checked_batch_sizes)
    assert opset_of(path.read_bytes()) == 18
    session = onnxruntime.InferenceSession(str(path))
    card = json.loads(session.get_modelmeta().custom_metadata_map["card"])
    assert [one.name for one in session.get_inputs()] == [one["name"] for one in card["inputs"]]
    assert [one.name for one in session.get_outputs()] == [one["name"] for one in card["outputs"]]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".data"] == []


@pytest.mark.parametrize("key", ["pt2", "source"])
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_every_kind_of_data_leaves_with_its_weights(tmp_path, monkeypatch, make, key):
    prove_inside(monkeypatch)
    result = export(ready_of(make, tmp_path), tmp_path / "model", key=key)
    assert result.problem is None, result.problem
    assert result.proof.largest_difference <= FORMATS[key].tolerance


@pytest.mark.parametrize("key", [key for key in FORMATS if key != "torchscript"])
def test_a_format_is_proven_in_a_fresh_process(tmp_path, key):
    result = export(ready_of(everything, tmp_path), tmp_path / "model", key=key)
    assert result.problem is None, result.problem
    assert result.proof.largest_difference <= FORMATS[key].tolerance
    assert result.size > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "run-1"]


def test_the_example_of_the_source_answers_the_samples(tmp_path, monkeypatch, capsys):
    prove_inside(monkeypatch)
    folder = tmp_path / "source"
    assert export(ready_of(material.mixed_table, tmp_path), folder, key="source").problem is None
    monkeypatch.syspath_prepend(folder)
    try:
        runpy.run_path(str(folder / "example.py"), run_name="__main__")
    finally:
        sys.modules.pop("model", None)
    assert capsys.readouterr().out.count("tensor(") == 5


def test_a_picture_of_another_size_is_resized_in_onnx_as_the_program_does(tmp_path, monkeypatch):
    prove_inside(monkeypatch)
    ready = ready_of(material.pictures, tmp_path)
    assert export(ready, tmp_path / "m.onnx", key="onnx").problem is None
    session = onnxruntime.InferenceSession(str(tmp_path / "m.onnx"))
    even = np.full((3, 3, 30, 44), 90, np.uint8)
    (got,) = session.run(None, {session.get_inputs()[0].name: even})
    wanted = own_answers(ready, (np.full((3, 3, 12, 10), 90, np.uint8),))
    assert np.abs(got - wanted).max() <= 1e-5


def test_a_network_that_a_format_cannot_carry_is_refused_before_any_work(tmp_path, monkeypatch):
    problem = Problem("ONNX cannot carry ReLU 1.", "Choose another.", Place("node", "relu_1"))
    monkeypatch.setattr(formats, "in_the_way", lambda _graph: {"onnx": (problem,)})
    with pytest.raises(StudioError) as caught:
        export(ready_of(material.mixed_table, tmp_path), tmp_path / "m.onnx", key="onnx")
    assert caught.value.problem == problem
    assert not (tmp_path / "m.onnx").exists()


@pytest.mark.parametrize("opset", [19, 21, 23])
def test_onnx_with_operators_of_another_version(tmp_path, monkeypatch, opset):
    prove_inside(monkeypatch)
    ready, path = ready_of(material.mixed_table, tmp_path), tmp_path / "m.onnx"
    result = export(ready, path, key="onnx", settings={"opset": opset})
    assert result.problem is None, result.problem
    assert opset_of(path.read_bytes()) == opset


def test_onnx_of_a_fixed_shape_takes_that_and_nothing_else(tmp_path, monkeypatch):
    prove_inside(monkeypatch)
    ready, folder = ready_of(everything, tmp_path), tmp_path / "bundle"
    result = export(ready, folder, key="bundle", settings={"batch": 5})
    assert result.problem is None, result.problem
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
    assert [one.shape for one in session.get_inputs()] == [[5, 2], [5, 1, 8, 8], [5, 5]]
    rows = ready.arrays.taken(np.arange(12))
    (said,) = predict.load(folder)(list(rows))
    assert np.abs(said - own_answers(ready, rows)).max() <= 1e-5


@pytest.mark.parametrize(("key", "settings"), [("onnx", {"opset": 7}), ("pt2", {"batch": 4})])
def test_a_setting_that_a_format_has_not_is_refused_before_any_work(tmp_path, key, settings):
    ready = ready_of(material.mixed_table, tmp_path)
    with pytest.raises(StudioError, match=next(iter(settings)) if key == "pt2" else "operators"):
        export(ready, tmp_path / "m", key=key, settings=settings)
    assert not (tmp_path / "m").exists()


def test_names_of_answers_differ_from_those_of_inputs():
    assert apart(["numbers"], ["rows"]) == ["numbers"]
    (name,) = apart(["rows"], ["rows"])
    assert name.startswith("rows (")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    ready = ready_of(material.mixed_table, folder)
    assert export(ready, folder / "handed over", key="bundle").problem is None
    return ready, folder / "handed over"


def test_the_bundle_s_own_program_answers_a_csv_file_without_studio(bundle, tmp_path):
    ready, folder = bundle
    rows = ready.arrays.taken(np.arange(9))[0]
    columns = json.loads((folder / "card.json").read_text())["inputs"][0]["columns"]
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column["name"] for column in columns])
        writer.writerows([[said(v, c) for v, c in zip(row, columns, strict=True)] for row in rows])
    subprocess.run(
        [sys.executable, "-I", folder / "predict.py", tmp_path / "rows.csv", tmp_path / "a.csv"],
        check=True,
        capture_output=True,
    )
    lines = list(csv.reader((tmp_path / "a.csv").read_text().splitlines()))
    got = np.array([line[2:] for line in lines[1:]], np.float32)
    assert np.abs(got - own_answers(ready, (rows,))).max() <= 1e-5
    assert answer_with_bundle(folder, tmp_path / "rows.csv", tmp_path / "b.csv") == 9
    assert (tmp_path / "b.csv").read_text() == (tmp_path / "a.csv").read_text()


def said(value, column):
    """A cell as a person writes it."""
    if "categories" in column:
        return column["categories"][int(value)] if value >= 0 else "never seen"
    return "" if np.isnan(value) else repr(float(value))


def test_a_bundle_that_was_changed_is_not_asked(bundle, tmp_path):
    _ready, folder = bundle
    (folder / "README.md").write_text("another")
    with pytest.raises(StudioError, match=r"README\.md"):
        check_manifest(folder)


def test_rows_without_a_column_are_refused_in_words(bundle, tmp_path):
    _ready, folder = bundle
    (tmp_path / "rows.csv").write_text("n0\n1\n")
    done = subprocess.run(
        [sys.executable, "-I", folder / "predict.py", tmp_path / "rows.csv", tmp_path / "a.csv"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "The column n1 is missing" in done.stderr


def test_a_folder_of_somebody_is_never_replaced(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "photo.jpg").write_bytes(b"x")
    with pytest.raises(StudioError) as caught:
        export(ready_of(material.mixed_table, tmp_path), tmp_path / "mine", key="source")
    assert caught.value.problem.code == "cannot-write"
    assert (tmp_path / "mine" / "photo.jpg").is_file()
