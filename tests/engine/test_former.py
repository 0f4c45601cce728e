"""Runs that the first version of Studio kept are still evaluated and exported."""

import json
from pathlib import Path

import numpy as np
import pytest

from studio.core.plain import to_plain
from studio.core.problems import StudioError
from studio.engine.checkpoints import FITTED, read_fitted, write_fitted
from studio.engine.evaluate import evaluate
from studio.engine.predict import Predictor
from tests.export import material

FILES = Path(__file__).parent / "files" / "version-1"
RUNS = {
    "table": (material.two_inputs, np.float32),
    "numbers": (material.numbers_table, np.float32),
    "images": (lambda: material.pictures(1), np.uint8),
}
every_run = pytest.mark.parametrize("name", RUNS)


@every_run
def test_an_old_run_answers_as_it_did(name):
    make, dtype = RUNS[name]
    known = json.loads((FILES / name / "answers.json").read_text())
    rows = np.array(known["rows"], dtype=np.float64).astype(dtype)
    project, _arrays = make()
    answers = Predictor(project, read_fitted(FILES / name), FILES / name).answers((rows,))
    assert np.allclose(answers, known["answers"], rtol=1e-5, atol=1e-6)


@every_run
def test_an_old_run_is_judged(name):
    project, arrays = RUNS[name][0]()
    found = evaluate(project, arrays, FILES / name, "run-1")
    assert np.isfinite(list(found.figures.values())).all()


@every_run
def test_what_was_read_is_written_as_today(tmp_path, name):
    fitted = read_fitted(FILES / name)
    write_fitted(fitted, tmp_path)
    assert json.loads((tmp_path / FITTED).read_text())["version"] == 3
    assert read_fitted(tmp_path) == fitted


def test_one_output_of_version_2_is_read_as_the_first_of_several(tmp_path):
    fitted = read_fitted(FILES / "numbers")
    (known,) = fitted.outputs
    former = {
        "task": known.task,
        "inputs": to_plain(fitted.inputs),
        "target_names": list(known.target_names),
        "target_offsets": list(known.target_offsets),
        "target_scales": list(known.target_scales),
        "tokenizer": "",
        "class_weights": [],
    }
    (tmp_path / FITTED).write_text(json.dumps({"version": 2, "fitted": former}))
    assert read_fitted(tmp_path) == fitted


def test_the_columns_of_an_old_table_are_those_of_its_rows():
    (rows,) = read_fitted(FILES / "table").inputs
    assert (rows.input.name, rows.input.kind) == ("rows", "table")
    assert rows.input.features == tuple(column.feature for column in rows.columns)
    assert rows.input.shape == (len(rows.columns),)
    (images,) = read_fitted(FILES / "images").inputs
    assert (images.input.name, images.input.shape) == ("images", (1, 12, 10))


@pytest.mark.parametrize("fitted", [None, [], {}, {"kind": "sound", "task": "classes"}])
def test_an_old_file_that_is_none_is_a_problem(tmp_path, fitted):
    (tmp_path / FITTED).write_text(json.dumps({"version": 1, "fitted": fitted}))
    with pytest.raises(StudioError):
        read_fitted(tmp_path)
