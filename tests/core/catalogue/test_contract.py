"""What every entry of every shelf promises: key, words, params, badge, and fixes that fix."""

import json
import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.catalogue import AUGMENTATION, CLEANING, LAYERS, LOSSES, METRICS, OPTIMIZERS
from studio.core.catalogue.entry import (
    FAMILIES,
    AugmentationEntry,
    CleaningEntry,
    Entry,
    LayerCall,
    LayerEntry,
    LossEntry,
    MetricEntry,
    OptimizerEntry,
    Signal,
    TaskKind,
)
from studio.core.design.features import COLUMN_KINDS, InputKind
from studio.core.params import Param, checked
from studio.core.problems import Place, Problem
from tests.calls import INNER_LAYERS, call_of, changed, outcome_of, random_calls, values_of

SHELVES = {
    "layers": LAYERS,
    "optimizers": OPTIMIZERS,
    "losses": LOSSES,
    "metrics": METRICS,
    "cleaning": CLEANING,
    "augmentation": AUGMENTATION,
}
ENTRIES = [
    pytest.param(entry, id=f"{name}-{entry.key}")
    for name, shelf in SHELVES.items()
    for entry in shelf.values()
]
PARAMS = [
    pytest.param(param, id=f"{entry.values[0].key}-{param.key}")
    for entry in ENTRIES
    for param in entry.values[0].params
]
MISTAKES: dict[str, list[object]] = {
    "whole": [1.5, True, "3", None, 10**12, -(10**12), [1]],
    "number": [True, "0.1", None, float("nan"), float("inf"), 10**400, -1e30],
    "switch": [0, 1, "yes", None],
    "choice": ["", "no such", 0, None, ["a"]],
    "sizes": [(), (1, 2, 3, 4), "3", (1.0, 2.0), -5, None, (True,)],
    "shape": [(), (0,), (-1, -1), (-2, 4), (1,) * 7, "1", 4, None, (1.5,), (10**30,)],
    "columns": ["name", [1], None],
    "text": [1, None, "a" * 20_000],
    "formula": [1, None, "a" * 20_000],
    "backbone": [1, None, "resnet", "{}", "[" * 200_000, '{"name": "a"}'],
}
ISSUE_LAYERS = [
    "input",
    "output",
    "linear",
    "embedding",
    "conv1d",
    "conv2d",
    "conv3d",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "global_pool",
    "batch_norm",
    "layer_norm",
    "relu",
    "gelu",
    "sigmoid",
    "tanh",
    "softmax",
    "dropout",
    "flatten",
    "reshape",
    "transpose",
    "repeat",
    "lstm",
    "gru",
    "add",
    "multiply",
    "dot",
    "spectrogram",
    "mel_spectrogram",
    "to_decibels",
    "logarithm",
    "delta",
    "concatenate",
    "bilinear",
    "identity",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "depthwise_conv1d",
    "depthwise_conv2d",
    "depthwise_conv3d",
    "separable_conv1d",
    "separable_conv2d",
    "separable_conv3d",
    "lp_pool1d",
    "lp_pool2d",
    "lp_pool3d",
    "fractional_max_pool2d",
    "fractional_max_pool3d",
    "group_norm",
    "instance_norm",
    "rms_norm",
    "local_response_norm",
    "leaky_relu",
    "prelu",
    "rrelu",
    "relu6",
    "elu",
    "selu",
    "celu",
    "silu",
    "mish",
    "hardswish",
    "hardsigmoid",
    "hardtanh",
    "softplus",
    "softsign",
    "log_sigmoid",
    "hardshrink",
    "softshrink",
    "tanhshrink",
    "threshold_relu",
    "softmin",
    "log_softmax",
    "glu",
    "channel_dropout",
    "alpha_dropout",
    "feature_alpha_dropout",
    "flatten_axes",
    "unflatten",
    "permute",
    "squeeze",
    "unsqueeze",
    "slice",
    "pad1d",
    "pad2d",
    "pad3d",
    "crop1d",
    "crop2d",
    "crop3d",
    "resize1d",
    "resize2d",
    "resize3d",
    "pixel_shuffle",
    "pixel_unshuffle",
    "channel_shuffle",
    "cut_patches",
    "lay_patches",
    "gaussian_noise",
    "scale_and_shift",
    "constant_numbers",
    "learnt_numbers",
    "learnt_scale",
    "learnt_shift",
    "embedding_bag",
    "rnn",
    "self_attention",
    "cross_attention",
    "additive_attention",
    "attention_pooling",
    "transformer_encoder",
    "transformer_decoder",
    "transformer_encoder_layer",
    "transformer_decoder_layer",
    "sinusoidal_positions",
    "learnt_positions",
    "rotary_positions",
    "class_token",
    "patch_embedding",
    "subtract",
    "divide",
    "maximum",
    "minimum",
    "mean",
    "stack",
    "cosine_similarity",
    "distance",
    "matrix_multiply",
    "causal_conv1d",
    "cepstrum",
    "picture_backbone",
    "text_backbone",
]


def test_the_shelves_hold_what_the_program_promises() -> None:
    assert set(ISSUE_LAYERS) <= set(LAYERS)
    assert {"sgd", "adam", "adamw", "rmsprop"} <= set(OPTIMIZERS)
    assert {task for loss in LOSSES.values() for task in loss.fits} == set(get_args(TaskKind))
    assert {task for metric in METRICS.values() for task in metric.fits} == set(get_args(TaskKind))


@pytest.mark.parametrize("shelf", SHELVES.values(), ids=SHELVES)
def test_keys_and_titles_stand_once(shelf: dict[str, Entry]) -> None:
    assert all(key == entry.key for key, entry in shelf.items())
    titles = [entry.title for entry in shelf.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_says_what_it_is_and_when_to_use_it(entry: Entry) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", entry.key)
    assert entry.title.strip() == entry.title != ""
    sentences = [s for s in re.split(r"(?<=\.)\s+", entry.help) if len(s) > 10]
    assert len(sentences) >= 2 or len(entry.help) >= 25
    assert entry.help.endswith(".")
    assert "!" not in entry.help
    assert "{" not in entry.help


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_names_what_it_becomes(entry: Entry) -> None:
    if isinstance(entry, LayerEntry):
        assert entry.family in FAMILIES
        assert 0 <= entry.arity[0] <= entry.arity[1]
    if isinstance(entry, LayerEntry | LossEntry | OptimizerEntry):
        assert entry.torch.isidentifier()
    if isinstance(entry, OptimizerEntry):
        assert entry.learning_rate > 0
    if isinstance(entry, MetricEntry):
        is_own = entry.of_texts or entry.of_intervals
        assert entry.torchmetrics.isidentifier() != is_own
    if isinstance(entry, LossEntry | MetricEntry):
        assert entry.fits
    if isinstance(entry, CleaningEntry):
        assert set(entry.kinds) <= set(COLUMN_KINDS)
        assert entry.kinds or entry.is_for_series


@pytest.mark.parametrize("entry", AUGMENTATION.values(), ids=AUGMENTATION)
def test_a_way_to_vary_samples_fits_inputs_of_one_sort(entry: AugmentationEntry) -> None:
    assert set(entry.kinds) <= set(get_args(InputKind)) - {"table"}
    assert entry.kinds == ("image", "video") or len(entry.kinds) == 1
    assert entry.function.isidentifier()
    assert all(param.kind == "number" and param.at_least == 0.0 for param in entry.params)


@pytest.mark.parametrize("entry", ENTRIES)
def test_param_keys_stand_once_and_defaults_are_allowed(entry: Entry) -> None:
    keys = [param.key for param in entry.params]
    assert len(set(keys)) == len(keys)
    values, problems = checked(entry.params, {}, Place(), entry.title)
    assert problems == ()
    assert values == entry.defaults()
    assert [entry.param(key) for key in keys] == list(entry.params)


@pytest.mark.parametrize("entry", ENTRIES)
@settings(max_examples=10)
@given(data=st.data())
def test_values_survive_a_file(entry: Entry, data: st.DataObject) -> None:
    values = {param.key: data.draw(values_of(param)) for param in entry.params}
    read = json.loads(json.dumps(values))
    again, problems = checked(entry.params, read, Place(), entry.title)
    assert problems == ()
    assert again == values
    assert all(type(again[key]) is type(values[key]) for key in values)


@pytest.mark.parametrize("entry", [pytest.param(e, id=k) for k, e in LAYERS.items()])
def test_a_badge_shows_the_settings_in_words(entry: LayerEntry) -> None:
    badge = entry.badge_of(entry.defaults())
    assert "{" not in badge
    assert "(" not in badge
    assert len(badge) <= 32
    assert entry.badge_of({}) == badge
    settings_without_badge = entry.params and not entry.badge and entry.end is None
    assert not settings_without_badge


@pytest.mark.parametrize("param", PARAMS)
def test_a_param_is_told_in_words(param: Param) -> None:
    assert param.key.isidentifier()
    assert param.label[:1].isupper()
    assert param.help.endswith(".")
    assert all(choice.key and choice.label for choice in param.choices)
    assert bool(param.choices) == (param.kind == "choice")
    assert bool(param.length) == (param.kind == "sizes")
    told = json.loads(json.dumps(param.as_json()))
    assert told["key"] == param.key
    assert told["kind"] == param.kind
    assert param.check(told["default"]) == param.default


@pytest.mark.parametrize("param", PARAMS)
def test_a_param_refuses_what_is_not_of_its_kind(param: Param) -> None:
    for mistake in MISTAKES[param.kind]:
        with pytest.raises(ValueError, match=r"\w"):
            param.check(mistake)


@pytest.mark.parametrize("layer", INNER_LAYERS)
@settings(max_examples=150)
@given(data=st.data())
def test_a_shape_rule_gives_sizes_or_says_what_how_and_why(layer: str, data: st.DataObject) -> None:
    call = data.draw(random_calls(layer))
    outcome = LAYERS[layer].shape(call)
    if isinstance(outcome, Problem):
        assert call.name in outcome.message
        assert "gets" in outcome.message or outcome.message.endswith(".")
        assert outcome.hint.endswith(".")
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", outcome.code)
        assert "{" not in str(outcome)
    else:
        assert outcome
        assert all(type(size) is int and size >= 1 for size in outcome)
        assert LAYERS[layer].weights(call) >= 0


@pytest.mark.parametrize("layer", INNER_LAYERS)
@settings(max_examples=150)
@given(data=st.data())
def test_a_fix_takes_its_own_problem_away(layer: str, data: st.DataObject) -> None:
    call = data.draw(random_calls(layer))
    problem = LAYERS[layer].shape(call)
    if not isinstance(problem, Problem) or problem.fix is None:
        return
    mended = _with_fix(layer, call, problem)
    after = LAYERS[layer].shape(mended)
    # Another input, or another setting, may be wrong as well; the same fault may not stay.
    if isinstance(after, Problem):
        assert str(after) != str(problem)


def _with_fix(layer: str, call: LayerCall, problem: Problem) -> LayerCall:
    assert problem.fix is not None
    assert problem.fix.label[:1].isupper()
    arguments = dict(problem.fix.arguments)
    if problem.fix.key == "set_param":
        param = LAYERS[layer].param(str(arguments["key"]))
        value = param.check(arguments["value"])
        assert value != call.values[param.key]
        return changed(call, {param.key: value})
    assert problem.fix.key == "insert_before"
    port = int(str(arguments.get("port", 0)))
    at = call.ports.index(port) if call.ports else port
    between = outcome_of(
        str(arguments["layer"]), call.inputs[at].shape, **dict(arguments["params"])
    )
    assert not isinstance(between, Problem)
    inputs = (*call.inputs[:at], Signal(between), *call.inputs[at + 1 :])
    return replace(call, inputs=inputs)


def test_a_call_reads_its_values_by_kind() -> None:
    call = call_of("conv2d", (3, 8, 8), kernel_size=(5, 3), bias=False)
    assert call.shape == (3, 8, 8)
    assert call.whole("out_channels") == 32
    assert call.sizes("kernel_size") == (5, 3)
    assert not call.is_on("bias")
