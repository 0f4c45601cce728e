"""What leaves the house: raw values in, answers out, proven, whole, and readable without Studio."""

import base64
import json
import os
import signal
import subprocess
import sys
import textwrap
import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.patience import Left, Patience, waited_for
from studio.core.problems import StudioError
from studio.engine.checkpoints import read_fitted
from studio.engine.predict import Predictor
from studio.export import formats, proof, torchscript
from studio.export.card import proof_positions, unit_in
from studio.export.formats import FORMATS, export_run
from studio.export.fresh_process import run_fresh
from tests.export import material

CASES = {
    "table with gaps and categories": material.mixed_table,
    "numbers": material.numbers_table,
    "lstm": lambda: material.sequence_table("lstm"),
    "gru": lambda: material.sequence_table("gru"),
    "two inputs, branches, embedding": material.two_inputs,
    "pictures": material.pictures,
    "grey pictures": lambda: material.pictures(1),
}


@pytest.fixture
def make(tmp_path):
    def made(case=material.mixed_table):
        return material.ready(*case(), tmp_path / "run-1")

    return made


@pytest.fixture
def target(tmp_path):
    return tmp_path / "model.pt"


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Each case exported once: the run, the loaded file and its card."""
    known = {}

    def once(case=material.mixed_table):
        if case not in known:
            folder = tmp_path_factory.mktemp("exported")
            ready = material.ready(*case(), folder / "run-1")
            assert export(ready, folder / "model.pt").problem is None
            known[case] = (ready, *load(folder / "model.pt"))
        return known[case]

    return once


def export(ready, target, **more):
    return export_run(ready.record, ready.folder, ready.arrays, target, **more)


def load(path):
    """As a factory would, with torch alone."""
    files = {"card.json": ""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        model = torch.jit.load(str(path), _extra_files=files)
    return model, json.loads(files["card.json"])


def own_answers(ready, rows):
    return Predictor(ready.record.project, read_fitted(ready.folder), ready.folder).answers(rows)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_kind_of_network_is_exported_and_proven(make, target, case):
    ready = make(case)
    result = export(ready, target)
    assert result.problem is None
    assert result.proof.same_class == (ready.record.project.dataset.task() == "classes")
    assert result.proof.largest_difference <= 1e-6
    assert result.proof.checked_batch_sizes == (1, 2, result.proof.rows)
    assert result.size == target.stat().st_size
    model, _card = load(target)
    rows = ready.arrays.taken(np.arange(37))
    gap = np.abs(model(*map(torch.from_numpy, rows)).numpy() - own_answers(ready, rows))
    assert (gap <= 1e-6 * np.maximum(1.0, np.abs(own_answers(ready, rows)))).all()


def test_missing_and_unseen_values_have_answers(exported):
    _ready, model, _card = exported()
    rows = torch.tensor([[float("nan"), 1.0, 2.0, -1.0, 99.0], [1.0, 1.0, 2.0, float("nan"), 2.0]])
    answers = model(rows)
    assert torch.isfinite(answers).all()
    assert answers.sum(dim=1).allclose(torch.ones(2))
    assert model(rows.double()).allclose(answers)


def test_a_picture_of_another_size_is_resized_as_the_program_does(exported):
    ready, model, _card = exported(material.pictures)
    large = np.random.default_rng(0).integers(0, 256, (30, 44, 3)).astype(np.uint8)
    small = np.asarray(Image.fromarray(large).resize((10, 12), Image.Resampling.BILINEAR))
    raw = torch.from_numpy(large).permute(2, 0, 1)[None]
    expected = own_answers(ready, (np.ascontiguousarray(np.moveaxis(small, 2, 0))[None],))
    assert np.abs(model(raw).numpy() - expected).max() < 0.01
    assert model(torch.zeros(5, 3, 7, 9, dtype=torch.uint8)).shape == (5, 3)


@pytest.mark.parametrize(
    ("case", "wrong"),
    [
        (material.mixed_table, torch.zeros(2, 6)),
        (material.pictures, torch.zeros(2, 1, 12, 10, dtype=torch.uint8)),
        (material.pictures, torch.zeros(2, 3, 12, 10)),
    ],
)
def test_what_does_not_fit_the_card_is_refused(exported, case, wrong):
    _ready, model, _card = exported(case)
    with pytest.raises(torch.jit.Error, match="Expected"):
        model(wrong)


def test_the_card_says_what_goes_in_and_what_comes_out(exported):
    ready, _model, card = exported()
    (rows,), (output,) = card["inputs"], card["outputs"]
    assert (card["schema"], card["task"]) == (1, "classes")
    assert (rows["kind"], rows["dtype"], rows["shape"]) == ("table", "float32", ["N", 5])
    assert [c["name"] for c in rows["columns"]] == ["n0", "n1", "n2", "colour", "place"]
    number, category = rows["columns"][0], rows["columns"][3]
    training = ready.arrays.taken(ready.arrays.parts["training"])[0][:, 0]
    assert number["smallest"] == pytest.approx(np.nanmin(training))
    assert number["largest"] == pytest.approx(np.nanmax(training))
    assert len(category["categories"]) == 5
    assert output["labels"] == list(ready.arrays.labels)
    assert card["metrics"] == {"accuracy": 0.75}
    assert card["data"]["rows"] == {k: len(v) for k, v in ready.arrays.parts.items()}
    assert card["training"]["run"] == "run-1"
    assert card["training"]["seed"] == 0
    assert card["versions"]["torch"] == torch.__version__
    assert len(card["weights_sha256"]) == 64
    assert card["created"].endswith("+00:00")


def test_the_cards_samples_are_answered_as_it_says(exported):
    _ready, model, card = exported()
    assert len(card["samples"]) == 5
    for sample in card["samples"]:
        row = [np.nan if value is None else value for value in sample["input"]]
        answer = model(torch.tensor([row], dtype=torch.float32))[0]
        assert (answer - torch.tensor(sample["output"])).abs().max() <= sample["tolerance"]


def test_a_pictures_card_holds_its_samples_as_bytes(exported):
    _ready, model, card = exported(material.pictures)
    assert card["inputs"][0]["shape"] == ["N", 3, "H", "W"]
    sample = card["samples"][0]
    raw = np.frombuffer(base64.b64decode(sample["input"]["base64"]), np.uint8)
    row = torch.from_numpy(raw.copy()).reshape([1, *sample["input"]["shape"]])
    answer = model(row)[0]
    assert (answer - torch.tensor(sample["output"])).abs().max() <= sample["tolerance"]


def test_numbers_come_in_their_own_unit(exported):
    ready, model, card = exported(material.numbers_table)
    answers = model(torch.from_numpy(ready.arrays.taken(np.arange(20))[0]))
    assert answers.shape == (20, 2)
    assert ((answers - 2_000_000.0).abs() < 1_000).all()
    assert [column["name"] for column in card["outputs"][0]["columns"]] == ["y0", "y1"]


def test_units_are_read_from_names():
    assert unit_in("Air temperature [K]") == "K"
    assert unit_in("torque_nm") is None


def test_a_failed_proof_leaves_what_was_there_and_says_what_differs(make, target, monkeypatch):
    ready = make()
    target.write_bytes(b"older")
    tampered = FORMATS["torchscript"].make

    def other_weights(making):
        with torch.no_grad():
            next(making.module.parameters()).add_(0.5)
        return tampered(making)

    bent = {"torchscript": replace(FORMATS["torchscript"], make=other_weights)}
    monkeypatch.setattr("studio.export.formats.FORMATS", bent)
    result = export(ready, target)
    assert result.proof is None
    assert result.problem.code == "proof-differs"
    assert "weights" in result.problem.message
    assert target.read_bytes() == b"older"
    assert sorted(p.name for p in target.parent.iterdir()) == ["model.pt", "run-1"]


def test_a_process_that_hangs_leaves_no_file(make, target):
    result = export(make(), target, patience=0.05)
    assert result.problem.code == "proof-hangs"
    assert not target.exists()


def test_an_export_that_nobody_waits_for_ends_and_leaves_no_file(make, target, monkeypatch):
    """Such as one that goes on while another project is opened."""
    patience = Patience()
    proofs = []

    def leaves(*arguments, **more):
        proofs.append(list(target.parent.glob(".*.unproven")))
        patience.leave()
        return run_fresh(*arguments, **more)

    monkeypatch.setattr(proof, "run_fresh", leaves)
    with waited_for(patience), pytest.raises(Left):
        export(make(), target)
    assert len(proofs[0]) == 1  # it was there, and is gone
    assert not list(target.parent.glob(f"*{target.name}*"))


def test_an_export_that_was_left_at_the_very_end_is_put_nowhere(make, target, monkeypatch):
    patience = Patience()

    def proves(*arguments, **more):
        patience.leave()

    monkeypatch.setattr(formats, "prove", proves)
    with waited_for(patience), pytest.raises(Left):
        export(make(), target)
    assert not list(target.parent.glob(f"*{target.name}*"))


def test_a_network_that_cannot_be_scripted_is_traced(make, target, monkeypatch):
    ready, script = make(material.pictures), torch.jit.script

    def refusing(module, **more):
        if isinstance(module, torch.fx.GraphModule):
            raise RuntimeError("not scriptable")
        return script(module, **more)

    monkeypatch.setattr(torchscript.torch.jit, "script", refusing)
    result = export(ready, target)
    assert result.problem is None
    model, _card = load(target)
    assert model(torch.zeros(7, 3, 30, 30, dtype=torch.uint8)).shape == (7, 3)


def test_what_cannot_be_written_at_all_is_refused_with_its_reason(make, target, monkeypatch):
    def refusing(*_given, **_more):
        raise RuntimeError("no way")

    ready = make()
    monkeypatch.setattr(torchscript.torch.jit, "script", refusing)
    with pytest.raises(StudioError) as caught:
        export(ready, target)
    assert caught.value.problem.code == "cannot-export"
    assert "no way" in caught.value.problem.detail


@pytest.mark.parametrize(
    ("place", "code"), [("", "cannot-write"), ("missing/model.pt", "cannot-write")]
)
def test_a_strange_place_is_refused_before_any_work(make, tmp_path, place, code):
    with pytest.raises(StudioError) as caught:
        export(make(), tmp_path / place)
    assert caught.value.problem.code == code


def test_an_unknown_format_is_refused(make, target):
    with pytest.raises(StudioError, match="torchscript"):
        export(make(), target, key="teapot")


def test_rows_of_the_proof_are_spread_over_the_test_part(make):
    arrays = make().arrays
    found = proof_positions(arrays, 5)
    assert set(found) <= set(arrays.parts["test"])
    assert found[0] == arrays.parts["test"][0]
    assert found[-1] == arrays.parts["test"][-1]
    nothing = replace(arrays, parts={"training": np.arange(10)})
    assert len(proof_positions(nothing, 1_000)) == len(arrays)


KILLED = """
import os, signal, sys
from pathlib import Path
from studio.export import formats
from tests.export import material
from tests.export.test_export import export

replace = os.replace

def killed(source, target):
    if str(target).endswith("model.pt"):
        if sys.argv[2] == "after":
            replace(source, target)
        os.kill(os.getpid(), signal.SIGKILL)
    replace(source, target)

formats.os.replace = killed
folder = Path(sys.argv[1])
export(material.ready(*material.mixed_table(), folder / "run-1"), folder / "model.pt")
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_leaves_the_old_file_or_the_new_one(make, target, tmp_path, moment):
    target.write_bytes(b"older")
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), moment],
        check=False,
        capture_output=True,
        cwd=os.getcwd(),
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    if moment == "before":
        assert target.read_bytes() == b"older"
    else:
        load(target)
    result = export(make(), target)
    assert result.problem is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.pt", "run-1"]
