"""What a model says to one row or to a typed text, and what its attention layers looked at."""

from dataclasses import replace
from functools import cache

import pytest
import torch

from studio import jobs
from studio.core.design import sequence_networks as networks
from studio.core.design.inputs import outputs_of
from studio.core.run.told import goes_on, typed_inputs
from studio.data import prepare, single
from studio.data.text import token_ids
from studio.engine import telling
from studio.engine.attention_modules import read_weights
from studio.engine.build import build
from studio.engine.checkpoints import Keeper, write_fitted
from studio.engine.evaluate import evaluate
from studio.engine.predict import Predictor

SAMPLES = {
    "attention": ("texts-attention", networks.text_attention),
    "memory": ("translate", networks.translation_memory),
    "transformer": ("translate-transformer", networks.translation_transformer),
    "language": ("write-text", networks.language_transformer),
}


@cache
def material(kind):
    """A project that is not trained, its data as they are, and what was fitted."""
    template, _network = SAMPLES[kind]
    project = jobs.new_project(template)
    arrays = jobs.loaded(project.dataset)
    return project, arrays, prepare.fit(project.dataset, arrays)


@pytest.fixture
def told(tmp_path):
    def tell(kind, **typed):
        project, arrays, fitted = material(kind)
        torch.manual_seed(1)
        model = build(project.graph, project.dataset, loss=project.training.loss)
        Keeper(tmp_path).keep_best(model.state_dict(), 1)
        row = single.typed_row(fitted, typed) if typed else single.row_at(arrays, fitted, 3)
        return telling.tell(project, fitted, tmp_path, row, single.token_words), row, tmp_path

    return tell


def sums(attention):
    return [sum(line) for line in attention.weights]


def test_a_text_gets_its_classes_surest_first_and_what_counted(told):
    found, row, folder = told("attention")
    assert [share for _name, share in found.classes] == sorted(
        (share for _name, share in found.classes), reverse=True
    )
    assert sum(share for _name, share in found.classes) == pytest.approx(1, abs=1e-5)
    looked, pooled = found.attention
    assert looked.down == looked.across == pooled.across
    assert pooled.down == ()
    assert len(pooled.across) == int((row[0] != 0).sum())
    assert sums(looked) == pytest.approx([1.0] * len(looked.down), abs=1e-4)
    assert sums(pooled) == pytest.approx([1.0], abs=1e-4)


def test_the_numbers_are_those_of_the_layers_with_padding_left_out(told):
    found, row, folder = told("attention")
    project, _arrays, fitted = material("attention")
    predictor = Predictor(project, fitted, folder)
    inputs = next(predictor.ready(row))
    *_others, pooled = read_weights(predictor.model, *inputs).values()
    kept = (inputs[0][0] != 0).nonzero().flatten()
    assert list(found.attention[-1].weights[0]) == pytest.approx(pooled[0][kept].tolist())


def test_a_translation_says_which_words_were_read_while_each_was_written(told):
    found, row, _folder = told("memory", texts="the red table.")
    (looked,) = found.attention
    assert looked.across == ("the", "red", "table", ".")
    assert len(looked.down) == sum(number != 0 for number in found.tokens)
    assert sums(looked) == pytest.approx([1.0] * len(looked.down), abs=1e-4)


def test_a_transformer_has_what_it_read_and_itself_for_each_layer(told):
    found, _row, _folder = told("transformer")
    titles = [one.layer.partition(", ")[2] for one in found.attention]
    assert titles[:2] == ["layer 1: itself", "layer 2: itself"]
    assert titles[2:] == [
        "layer 1: itself",
        "layer 1: what was read",
        "layer 2: itself",
        "layer 2: what was read",
    ]
    own, read = found.attention[2], found.attention[3]
    assert own.across[0] == "(start)"
    assert own.down == read.down
    assert read.across == found.attention[0].across


def test_a_later_word_is_never_looked_at_by_an_earlier_one(told):
    found, _row, _folder = told("language")
    for looked in found.attention:
        ahead = [line[step + 1 :] for step, line in enumerate(looked.weights)]
        assert all(weight == 0 for rest in ahead for weight in rest)


def test_a_language_model_goes_on_from_what_was_typed(told):
    project, _arrays, fitted = material("language")
    (one,) = typed_inputs(project)
    begun = token_ids(fitted.tokenizer, ["this keyboard"], fitted.inputs[0].input.shape[0])
    found, _row, _folder = told("language", **{one.name: "this keyboard"})
    wanted = [number for number in begun[0] if number]
    assert list(found.tokens[: len(wanted)]) == wanted


def test_texts_can_be_typed_for_text_networks_alone():
    assert [one.feature.source for one in typed_inputs(material("memory")[0])] == ["english"]
    assert [one.kind for one in typed_inputs(material("attention")[0])] == ["text"]
    rows = jobs.new_project("classify-rows")
    assert typed_inputs(rows) == ()


def test_a_network_without_attention_shows_none(tmp_path):
    project = jobs.new_project("texts-lstm")
    arrays = jobs.loaded(project.dataset)
    fitted = prepare.fit(project.dataset, arrays)
    model = build(project.graph, project.dataset)
    Keeper(tmp_path).keep_best(model.state_dict(), 1)
    row = single.row_at(arrays, fitted, 0)
    found = telling.tell(project, fitted, tmp_path, row, single.token_words)
    assert found.attention == ()
    assert len(found.classes) == len(outputs_of(project.graph)) + 1


def test_a_language_model_is_asked_for_each_next_word_and_never_given_the_whole_text(told):
    found, _row, folder = told("language")
    project, arrays, fitted = material("language")
    write_fitted(fitted, folder)
    ready = prepare.ready(arrays, fitted)
    few = replace(ready, parts={**ready.parts, "test": ready.parts["test"][:6]})
    judged = evaluate(project, few, folder, "run", "test")
    shares = [
        sum(a == b for a, b in zip(answer, truth, strict=False)) / len(truth)
        for answer, truth in zip(judged.answer_tokens, judged.true_tokens, strict=True)
    ]
    assert max(shares) < 0.9  # it has learnt nothing, so it cannot repeat the text
    assert goes_on(project)
    assert not goes_on(material("memory")[0])
