"""What a person reads where layers over sequences do not fit, and the fix they are offered."""

from dataclasses import replace

import pytest

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import Signal
from studio.core.problems import Problem
from studio.core.shapes import Shape
from tests.calls import call_of, outcome_of


def refusal(layer: str, name: str, *shapes: Shape | None, **given: object) -> Problem:
    outcome = LAYERS[layer].shape(call_of(layer, *shapes, name=name, **given))
    assert isinstance(outcome, Problem)
    return outcome


def fix_of(problem: Problem) -> tuple[str, str, dict[str, object]]:
    assert problem.fix is not None
    return problem.fix.key, problem.fix.label, dict(problem.fix.arguments)


@pytest.mark.parametrize(
    ("layer", "shapes"),
    [
        ("self_attention", [(12, 30)]),
        ("cross_attention", [(12, 30), (9, 8)]),
        ("transformer_encoder", [(12, 30)]),
        ("transformer_decoder_layer", [(12, 30), (9, 8)]),
    ],
)
def test_heads_must_divide_the_width(layer: str, shapes: list[Shape]) -> None:
    problem = refusal(layer, "It", *shapes, heads=8)
    assert str(problem) == (
        "It splits 30 numbers a step among 8 heads, which leaves a rest. "
        "Choose a number of heads that divides the width, or another width before it."
    )
    assert fix_of(problem) == ("set_param", "Set heads to 6", {"key": "heads", "value": 6})


def test_rotary_heads_must_be_even() -> None:
    problem = refusal("self_attention", "Self-attention 1", (12, 30), heads=6, positions="rotary")
    assert problem.message == (
        "Self-attention 1 turns pairs of numbers, but gives 5 to each of its 6 heads."
    )
    assert fix_of(problem)[2] == {"key": "heads", "value": 5}
    odd = refusal("transformer_encoder", "Encoder 1", (12, 9), heads=3, positions="rotary")
    assert odd.message == "Encoder 1 turns pairs of numbers, but gets 9 a step."
    assert fix_of(odd) == (
        "set_param",
        "Leave out the positions",
        {"key": "positions", "value": "none"},
    )


def test_tokens_must_be_tokens() -> None:
    call = call_of("self_attention", (12, 32), (12,), name="Self-attention 1")
    numbers = replace(call, inputs=(call.inputs[0], Signal((12,))))
    problem = LAYERS["self_attention"].shape(numbers)
    assert str(problem) == (
        "Self-attention 1 expects tokens at input 2, to see where padding stands, "
        "but gets plain numbers. "
        "Wire it to the Input that gives the tokens, or remove the wire."
    )


def test_there_must_be_a_token_for_each_step() -> None:
    problem = refusal("transformer_decoder", "Decoder 1", (12, 32), (9, 8), (12,), heads=4)
    assert str(problem) == (
        "Decoder 1 expects one token for each of 9 steps at input 3, but gets 12. "
        "Wire it to the tokens from which the steps were made, or remove the wire."
    )
    assert outcome_of("transformer_decoder", (12, 32), (9, 8), (9,), (12,)) == (12, 32)
    assert refusal("lstm", "It", (12, 8), (9,)).code == "lengths-differ"


def test_a_memory_must_be_a_sequence() -> None:
    problem = refusal("cross_attention", "Cross-attention 1", (12, 32), (64,))
    assert str(problem) == (
        "Cross-attention 1 expects a sequence as its memory: steps × numbers, but gets 64. "
        "Wire its second input to a layer that gives a whole sequence."
    )


def test_a_start_of_another_width_gets_a_linear() -> None:
    problem = refusal("lstm", "LSTM 2", (12, 8), None, (32,), hidden_size=64, bidirectional=True)
    assert str(problem) == (
        "LSTM 2 starts with a memory of 128 numbers, but gets 32. "
        "Put a Linear to 128 before its third input."
    )
    assert fix_of(problem) == (
        "insert_before",
        "Insert Linear to 128",
        {"layer": "linear", "port": 2, "params": {"out_features": 128}},
    )
    sequence = refusal("gru", "GRU 2", (12, 8), None, (12, 64))
    assert sequence.fix is None
    assert "such as a last step" in sequence.hint


def test_patches_must_divide_the_image() -> None:
    problem = refusal("patch_embedding", "Patches 1", (3, 30, 32), patch=8)
    assert (
        problem.message == "Patches 1 cuts patches of 8 × 8, but gets 30 × 32, which leaves a rest."
    )
    assert fix_of(problem) == (
        "set_param",
        "Set the patch to 6 × 8",
        {"key": "patch", "value": (6, 8)},
    )


def test_tables_that_do_not_fit_are_turned() -> None:
    problem = refusal("matrix_multiply", "Matrix product 1", (6, 4), (9, 4))
    assert str(problem) == (
        "Matrix product 1 needs as many columns in the first input as rows in the second, "
        "but gets 6 × 4 and 9 × 4. Turn the second input."
    )
    assert fix_of(problem)[2] == {"key": "transpose_second", "value": True}
    back = refusal("matrix_multiply", "It", (6, 4), (4, 9), transpose_second=True)
    assert "gets 6 × 4 and 9 × 4" in back.message
    assert fix_of(back)[2] == {"key": "transpose_second", "value": False}
    assert refusal("matrix_multiply", "It", (6, 4), (5, 5)).fix is None
    assert refusal("matrix_multiply", "It", (6,), (6, 2)).code == "wrong-rank"
    assert refusal("matrix_multiply", "It", (2, 6, 4), (3, 4, 6)).code == "shapes-differ"


def test_a_new_axis_stands_among_those_there_are() -> None:
    problem = refusal("stack", "Stack 1", (3, 4), (3, 4), axis=5)
    assert str(problem) == (
        "Stack 1 makes axis 5 new, but its inputs are 3 × 4. Choose an axis from 1 to 3."
    )
    assert fix_of(problem)[2] == {"key": "axis", "value": 3}


def test_a_cepstrum_has_no_more_numbers_than_bands() -> None:
    problem = refusal("cepstrum", "Cepstrum 1", (1, 8, 50), coefficients=13)
    assert problem.message == "Cepstrum 1 takes 13 coefficients, but gets 8 bands."
    assert fix_of(problem)[2] == {"key": "coefficients", "value": 8}


def test_a_bag_takes_one_line_of_tokens() -> None:
    call = call_of("embedding_bag", (3, 5), categories=9, name="Embedding bag 1")
    problem = LAYERS["embedding_bag"].shape(call)
    assert isinstance(problem, Problem)
    assert problem.message == "Embedding bag 1 expects one line of tokens, but gets 3 × 5."


@pytest.mark.parametrize(
    ("layer", "shapes", "given", "wanted"),
    [
        ("transformer_encoder", [(20, 64)], {}, (20, 64)),
        ("transformer_decoder", [(20, 64), (30, 32)], {}, (20, 64)),
        ("additive_attention", [(20, 64), (30, 32)], {}, (20, 32)),
        ("attention_pooling", [(20, 64)], {}, (64,)),
        ("class_token", [(49, 64)], {}, (50, 64)),
        ("patch_embedding", [(3, 28, 28)], {"width": 48}, (49, 48)),
        ("rnn", [(12, 16)], {"hidden_size": 10}, (10,)),
        ("causal_conv1d", [(8, 48)], {"dilation": 4}, (32, 48)),
        ("stack", [(3, 4), (3, 4)], {"axis": 2}, (3, 2, 4)),
        ("matrix_multiply", [(6, 4), (9, 4)], {"transpose_second": True}, (6, 9)),
        ("cosine_similarity", [(16,), (16,)], {}, (1,)),
        ("cepstrum", [(1, 40, 101)], {}, (1, 12, 101)),
    ],
)
def test_shapes_that_people_know(
    layer: str, shapes: list[Shape], given: dict[str, object], wanted: Shape
) -> None:
    assert outcome_of(layer, *shapes, **given) == wanted


@pytest.mark.parametrize(
    ("layer", "values", "badge"),
    [
        ("self_attention", {}, "4 heads"),
        ("self_attention", {"heads": 1}, "1 head"),
        ("transformer_encoder", {}, "2 layers, 4 heads"),
        ("embedding_bag", {}, "size 16, Mean"),
        ("patch_embedding", {}, "4 × 4, size 64"),
        ("causal_conv1d", {}, "32 filters, 3"),
        ("rnn", {}, "64 units, Last step"),
    ],
)
def test_badges_in_the_words_of_the_user(layer: str, values: dict[str, int], badge: str) -> None:
    assert LAYERS[layer].badge_of({**LAYERS[layer].defaults(), **values}) == badge


@pytest.mark.parametrize("key", [key for key, entry in LAYERS.items() if entry.ports])
def test_every_input_that_differs_has_a_name(key: str) -> None:
    entry = LAYERS[key]
    assert len(entry.ports) == entry.arity[1]
    assert len(set(entry.ports)) == len(entry.ports)
    assert all(port < len(entry.ports) for port in entry.index_ports)
