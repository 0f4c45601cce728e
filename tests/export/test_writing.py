"""Networks that write token by token, and those that read frames, leave in every format."""

import csv
import json
import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from studio.data.text import decoded
from studio.engine.checkpoints import read_fitted
from studio.engine.predict import Predictor
from studio.export.handed import predict
from tests.export import material, written
from tests.export.inside import prove_inside
from tests.export.test_export import export

# Capturing unrolls the whole text and takes seconds, so that it is done for one of each sort.
SCRIPTED, CAPTURED = ("torchscript", "source"), ("onnx", "pt2")
CASES = {
    "translation": (written.translation, (*SCRIPTED, *CAPTURED)),
    "attention": (written.transformer, SCRIPTED),
    "attention in beams": (lambda: written.transformer(beams=3), SCRIPTED),
    "going on": (written.going_on, SCRIPTED),
    "going on in beams": (lambda: written.going_on(beams=2), (*SCRIPTED, *CAPTURED)),
    "frames as letters": (written.letters, (*SCRIPTED, *CAPTURED)),
}
LEAVING = [
    pytest.param(make, key, id=f"{name}-{key}")
    for name, (make, keys) in CASES.items()
    for key in keys
]


@pytest.fixture(autouse=True)
def inside(monkeypatch):
    prove_inside(monkeypatch)


def ready_of(task, folder):
    return material.ready(task.project, task.arrays, folder / "run-1", task.fitted)


@cache
def card_of(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("make", "key"), LEAVING)
def test_texts_that_are_written_leave(tmp_path, make, key):
    result = export(ready_of(make(), tmp_path), tmp_path / "model", key=key)
    assert result.problem is None, result.problem
    assert {1, 2} < set(result.proof.checked_batch_sizes)


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (written.translation, {"decoding": "greedy", "end": 3, "length": 4}),
        (lambda: written.going_on(beams=4), {"decoding": "beam 4", "end": 3, "length": 4}),
        (written.letters, {"decoding": "ctc", "blank": 0, "end": 3, "length": 4}),
    ],
    ids=["greedy", "beams", "frames"],
)
def test_the_card_says_how_the_text_is_read(tmp_path, make, wanted):
    """With the card alone a program comes to the texts of the program itself."""
    ready = ready_of(make(), tmp_path)
    assert export(ready, tmp_path / "model", key="source").problem is None
    card = card_of(tmp_path / "model" / "card.json")
    (output,) = card["outputs"]
    assert output.items() >= wanted.items()
    rows = ready.arrays.taken(np.arange(20))
    own = Predictor(ready.record.project, read_fitted(ready.folder), ready.folder)
    (said,) = own.brief_answers(rows)
    lines = predict.lines_of(card, own.all_answers(rows))
    assert [line[1] for line in lines] == [" ".join(map(str, row)) for row in said]
    assert [line[0] for line in lines] == [decoded(output["tokenizer"], row) for row in said]
    assert len({line[0] for line in lines}) > 1


def test_repeated_tokens_of_frames_are_one_and_blanks_none():
    part = {"kind": "sequences", "decoding": "ctc", "blank": 0, "end": 3, "length": 4}
    best = np.array([[0, 5, 5, 0, 5, 7], [6, 7, 8, 9, 6, 7], [0, 0, 0, 0, 0, 0]])
    assert predict.tokens_of(part, best) == [[5, 5, 7, 0], [6, 7, 8, 9], [0, 0, 0, 0]]


def test_a_bundle_that_writes_answers_texts_from_a_csv_file(tmp_path):
    """The folder's own program, in a process of its own, from sentences as a person types them."""
    ready = ready_of(written.translation(), tmp_path)
    folder = tmp_path / "handed over"
    result = export(ready, folder, key="bundle")
    assert result.problem is None, result.problem
    sentences = ["good day", "cold red night", "never heard", "blue"]
    (tmp_path / "rows.csv").write_text("\n".join(["from", *sentences]), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-I", folder / "predict.py", tmp_path / "rows.csv", tmp_path / "a.csv"],
        check=True,
        capture_output=True,
    )
    lines = list(csv.DictReader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    card = card_of(folder / "card.json")
    _names, (block,) = predict.rows_of(card, tmp_path / "rows.csv")
    own = Predictor(ready.record.project, read_fitted(ready.folder), ready.folder)
    (said,) = own.brief_answers((block,))
    assert [line["tokens"] for line in lines] == [" ".join(map(str, row)) for row in said]
    assert block[0, :2].tolist() == [0, 0]
