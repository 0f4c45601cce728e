"""Every kind of data leaves the house: raw values of all inputs in, answers out, proven."""

import base64
import json

import numpy as np
import pytest
import torch

from studio.data.text import token_ids
from studio.export import proof
from studio.export.deployed import argument_names
from tests.engine.kinds import EVERY_KIND, WORDS, clips, everything, pairs, sounds, texts, windows
from tests.engine.material import run_of
from tests.export import material
from tests.export.test_export import export, load, own_answers


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Each kind trained for a step and exported once: the run, the loaded file and its card."""
    known = {}

    def once(make):
        if make not in known:
            folder = tmp_path_factory.mktemp("exported")
            task = make()
            ready = material.ready(task.project, task.arrays, folder / "run-1", task.fitted)
            assert run_of(task, ready.folder)[-1].outcome == "completed"
            result = export(ready, folder / "model.pt")
            assert result.problem is None, result.problem
            known[make] = (ready, *load(folder / "model.pt"), result.proof)
        return known[make]

    return once


@pytest.mark.parametrize("make", EVERY_KIND.values(), ids=EVERY_KIND)
def test_it_is_proven_with_real_rows_and_answers_as_the_card_says(exported, make):
    ready, model, card, proven = exported(make)
    assert proven.rows == len(ready.arrays.parts["test"])
    assert proven.largest_difference <= 1e-6
    rows = ready.arrays.taken(np.arange(7))
    answers = model(*map(torch.from_numpy, rows))
    assert np.allclose(answers, own_answers(ready, rows), atol=1e-5)
    assert answers.shape == (7, *card["outputs"][0]["shape"][1:])
    assert len(card["samples"]) == 5
    for sample in card["samples"]:
        answer = model(*inputs_of(card, sample))[0]
        wanted = sample["output"]
        if card["task"] == "sequences":
            assert answer.argmax(dim=1).tolist() == wanted["tokens"]
            answer, wanted = answer.amax(dim=1), wanted["probabilities"]
        assert (answer - torch.tensor(wanted)).abs().max() <= sample["tolerance"]


def inputs_of(card, sample):
    """A sample as a factory reads it, with nothing but the card."""
    given = sample["input"]
    names = [one["name"] for one in card["inputs"]]
    values = [given] if len(names) == 1 else [given[name] for name in names]
    return [
        tensor_of(value, one["dtype"]) for value, one in zip(values, card["inputs"], strict=True)
    ]


def tensor_of(value, dtype):
    if isinstance(value, dict):
        assert value["dtype"] == dtype
        raw = np.frombuffer(base64.b64decode(value["base64"]), value["dtype"])
        return torch.from_numpy(raw.copy()).reshape([1, *value["shape"]])
    known = np.array(value, dtype=object)
    known[known == None] = np.nan  # noqa: E711 - each cell
    return torch.tensor(known.astype(dtype))[None]


def test_the_card_has_an_entry_for_each_input_in_their_order(exported):
    _ready, _model, card, _proof = exported(everything)
    rows, picture, text = card["inputs"]
    assert [one["name"] for one in card["inputs"]] == ["rows", "images", "texts"]
    assert (rows["kind"], rows["dtype"], rows["shape"]) == ("table", "float32", ["N", 2])
    assert [column["name"] for column in rows["columns"]] == ["weight", "colour"]
    assert (picture["kind"], picture["shape"]) == ("image", ["N", 1, "H", "W"])
    assert (text["kind"], text["dtype"], text["shape"]) == ("text", "int64", ["N", 5])
    assert set(WORDS) <= set(json.loads(text["tokenizer"])["model"]["vocab"])


def test_identifiers_and_windows_are_on_the_card(exported):
    card = exported(EVERY_KIND["ratings"])[2]
    assert [c["kind"] for c in card["inputs"][0]["columns"]] == ["identifier", "identifier"]
    assert "seen" in card["inputs"][0]["columns"][0]
    (series,) = exported(windows)[2]["inputs"]
    assert (series["kind"], series["shape"]) == ("series", ["N", 6, 3])
    assert series["columns"][2]["categories"] == ["shift 0", "shift 1", "shift 2"]
    outputs = exported(windows)[2]["outputs"][0]
    assert [column["name"] for column in outputs["columns"]] == ["load +1", "load +2"]


def test_a_sound_of_any_length_is_cut_or_filled_with_silence(exported):
    _ready, model, card, _proof = exported(sounds)
    assert (card["inputs"][0]["kind"], card["inputs"][0]["shape"]) == ("audio", ["N", "S"])
    assert card["inputs"][0]["rate"] == 100
    long = torch.randn(2, 70)
    assert torch.equal(model(long), model(long[:, :40]))
    short = long[:, :25]
    assert torch.equal(model(short), model(torch.nn.functional.pad(short, [0, 15])))


def test_a_clip_of_any_size_is_brought_to_the_size_of_training(exported):
    _ready, model, card, _proof = exported(clips)
    assert card["inputs"][0]["shape"] == ["N", 4, 3, "H", "W"]
    one = torch.full((2, 4, 3, 6, 5), 90, dtype=torch.uint8)
    other = torch.full((2, 4, 3, 31, 17), 90, dtype=torch.uint8)
    assert torch.allclose(model(one), model(other))


def test_a_text_is_answered_by_the_tokenizer_of_the_card_alone(exported):
    ready, model, card, _proof = exported(texts)
    (text,) = card["inputs"]
    ids = token_ids(text["tokenizer"], [f"{WORDS[0]} {WORDS[3]}", "never heard", None], 5)
    answers = model(torch.from_numpy(ids))
    assert np.allclose(answers, own_answers(ready, (ids,)), atol=1e-6)


def test_a_translation_gives_the_probability_of_each_token(exported):
    ready, model, card, _proof = exported(pairs)
    (output,) = card["outputs"]
    assert output["shape"] == ["N", 5, 16]
    assert "tokenizer" in output
    answers = model(*map(torch.from_numpy, ready.arrays.taken(np.arange(3))))
    assert torch.allclose(answers.sum(dim=-1), torch.ones(3, 5))


WRONG = {
    "a sound of whole numbers": (sounds, torch.zeros(2, 40, dtype=torch.int64)),
    "a clip with a frame less": (clips, torch.zeros(2, 3, 3, 6, 5, dtype=torch.uint8)),
    "a clip of numbers": (clips, torch.zeros(2, 4, 3, 6, 5)),
    "a longer text": (texts, torch.zeros(2, 6, dtype=torch.int64)),
    "tokens that no tokenizer gives": (texts, torch.full((2, 5), 99)),
    "negative tokens": (texts, torch.full((2, 5), -1)),
    "a shorter window": (windows, torch.zeros(2, 5, 3)),
    "a window without its columns": (windows, torch.zeros(2, 6)),
}


@pytest.mark.parametrize(("make", "given"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_the_card_is_refused(exported, make, given):
    with pytest.raises(torch.jit.Error, match="Expected"):
        exported(make)[1](given)


def test_a_network_of_several_inputs_can_be_traced(tmp_path, monkeypatch):
    task, script = everything(), torch.jit.script
    ready = material.ready(task.project, task.arrays, tmp_path / "run-1", task.fitted)

    def refusing(module, **more):
        if isinstance(module, torch.fx.GraphModule):
            raise RuntimeError("not scriptable")
        return script(module, **more)

    monkeypatch.setattr(torch.jit, "script", refusing)
    result = export(ready, tmp_path / "model.pt")
    assert result.problem is None
    model, _card = load(tmp_path / "model.pt")
    rows = ready.arrays.taken(np.arange(9))
    assert np.allclose(model(*map(torch.from_numpy, rows)), own_answers(ready, rows), atol=1e-6)


def test_a_proof_of_large_samples_takes_fewer_of_them():
    raws = (np.zeros((5, 3, 1000, 1000), np.uint8), np.zeros((5, 20), np.float32))
    answers = np.zeros((5, 32, 8000), np.float32)
    each = 3_000_000 + 80 + 4 * 32 * 8000
    assert proof.rows_of_proof(raws, (answers,)) == proof.MOST_BYTES // each
    assert proof.rows_of_proof((np.zeros((5, 4)),), (np.zeros((5, 2)),)) == proof.MOST_ROWS


def test_arguments_are_words_that_differ():
    names = ["rows", "Foto (links)", "Foto (links)", "class", "3d", "写真"]
    found = argument_names(names)
    assert len(set(found)) == len(names)
    assert all(name.isidentifier() and name.isascii() for name in found)
    assert found[:2] == ("rows", "Foto__links")
