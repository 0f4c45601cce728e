"""What a person reads where layers do not fit, word by word, and the fix they are offered."""

import pytest

from studio.core.catalogue import LAYERS
from studio.core.problems import Problem
from studio.core.shapes import Shape
from tests.calls import call_of, outcome_of


def refusal(layer: str, name: str, *shapes: Shape, **given: object) -> Problem:
    outcome = LAYERS[layer].shape(call_of(layer, *shapes, name=name, **given))
    assert isinstance(outcome, Problem)
    return outcome


def fix_of(problem: Problem) -> tuple[str, str, dict[str, object]]:
    assert problem.fix is not None
    return problem.fix.key, problem.fix.label, dict(problem.fix.arguments)


def test_a_linear_on_an_image_asks_for_a_flatten() -> None:
    problem = refusal("linear", "Linear 1", (32, 14, 14))
    assert str(problem) == (
        "Linear 1 expects one line of numbers, but gets 32 × 14 × 14. Put a Flatten before it."
    )
    assert fix_of(problem) == (
        "insert_before",
        "Insert Flatten",
        {"layer": "flatten", "params": {}},
    )


def test_a_series_layer_on_a_table_row_asks_for_a_reshape() -> None:
    problem = refusal("conv1d", "Convolution 1", (8,))
    assert str(problem) == (
        "Convolution 1 expects a series: channels × steps, but gets 8. "
        "Put a Reshape to 1 × 8 before it."
    )
    assert fix_of(problem) == (
        "insert_before",
        "Insert Reshape to 1 × 8",
        {"layer": "reshape", "params": {"shape": (1, 8)}},
    )


@pytest.mark.parametrize(
    ("layer", "shape", "wanted"),
    [
        ("conv2d", (784,), (1, 28, 28)),
        ("conv2d", (3072,), (3, 32, 32)),
        ("max_pool2d", (20, 10), (1, 20, 10)),
        ("conv1d", (3, 8, 5), (3, 40)),
        ("adaptive_avg_pool1d", (6,), (1, 6)),
        ("lstm", (12,), (12, 1)),
        ("gru", (1, 28, 28), (28, 28)),
        ("conv3d", (8, 28, 28), (1, 8, 28, 28)),
        ("mel_spectrogram", (1, 16_000), (16_000,)),
        ("global_pool", (12,), (1, 12)),
    ],
)
def test_the_reshape_that_is_offered_is_the_likely_one(
    layer: str, shape: Shape, wanted: Shape
) -> None:
    _key, _label, arguments = fix_of(refusal(layer, "It", shape))
    assert arguments == {"layer": "reshape", "params": {"shape": wanted}}


@pytest.mark.parametrize(("layer", "shape"), [("conv2d", (10,)), ("lstm", (3, 28, 28))])
def test_no_reshape_is_offered_where_nobody_can_say_which(layer: str, shape: Shape) -> None:
    problem = refusal(layer, "It", shape)
    assert problem.fix is None
    assert problem.hint == "Put a Reshape before it, or another layer that gives such a shape."


def test_a_kernel_larger_than_the_image_names_both() -> None:
    problem = refusal("conv2d", "Convolution 2", (16, 5, 5), kernel_size=7)
    assert str(problem) == (
        "Convolution 2 looks at 7 × 7, but gets 5 × 5. "
        "Make the kernel smaller or the padding larger."
    )
    assert fix_of(problem) == (
        "set_param",
        "Set the kernel to 5 × 5",
        {"key": "kernel_size", "value": (5, 5)},
    )


def test_a_kernel_with_gaps_counts_its_reach() -> None:
    problem = refusal("conv1d", "Convolution 1", (2, 8), kernel_size=5, dilation=3)
    assert problem.message == "Convolution 1 looks at 13, but gets 8."
    assert fix_of(problem)[2] == {"key": "kernel_size", "value": (3,)}


def test_groups_that_leave_a_rest() -> None:
    problem = refusal("conv2d", "Convolution 1", (6, 9, 9), groups=4, out_channels=32)
    assert str(problem) == (
        "Convolution 1 splits 6 channels and 32 filters into 4 groups, which leaves a rest. "
        "Choose a number of groups that divides both."
    )
    assert fix_of(problem) == ("set_param", "Set groups to 2", {"key": "groups", "value": 2})


def test_keeping_the_size_takes_an_odd_kernel() -> None:
    problem = refusal("conv2d", "Convolution 1", (1, 9, 9), kernel_size=(3, 4), keep_size=True)
    assert problem.message == (
        "Convolution 1 keeps the size with an odd kernel, but its kernel is 3 × 4."
    )
    assert fix_of(problem)[2] == {"key": "kernel_size", "value": (3, 5)}


def test_a_window_larger_than_the_image() -> None:
    problem = refusal("max_pool2d", "Max pool 3", (8, 1, 3))
    assert str(problem) == (
        "Max pool 3 looks at 2 × 2, but gets 1 × 3. "
        "Make the window smaller, or leave this layer out."
    )
    assert fix_of(problem)[2] == {"key": "kernel_size", "value": (1, 2)}


def test_a_border_wider_than_half_the_window() -> None:
    problem = refusal("avg_pool1d", "Average pool 1", (2, 9), kernel_size=3, padding=2)
    assert problem.message == "Average pool 1 adds a border of 2, but its window is 3."
    assert fix_of(problem) == (
        "set_param",
        "Set the padding to 1",
        {"key": "padding", "value": (1,)},
    )


def test_a_reshape_whose_counts_do_not_agree() -> None:
    problem = refusal("reshape", "Reshape 1", (1, 28, 27), shape=(5, -1))
    assert str(problem) == (
        "Reshape 1 makes 5 × ?, but gets 1 × 28 × 27: 756 numbers that do not fit. "
        "Choose sizes that multiply to that number; -1 stands for what is left over."
    )


def test_adding_different_shapes_names_both_inputs() -> None:
    problem = refusal("add", "Add 1", (8, 7, 7), (8, 7, 7), (8, 1, 1))
    assert str(problem) == (
        "Add 1 takes inputs of one shape, but input 1 is 8 × 7 × 7 and input 3 is 8 × 1 × 1. "
        "Make both the same shape, or put them side by side with a Concatenate."
    )
    assert problem.fix is None


def test_adding_as_many_numbers_in_another_order_offers_a_reshape() -> None:
    assert fix_of(refusal("add", "Add 1", (4, 4), (16,))) == (
        "insert_before",
        "Insert Reshape",
        {"layer": "reshape", "params": {"shape": (4, 4)}, "port": 1},
    )


def test_multiplying_and_comparing_take_equal_shapes_too() -> None:
    problem = refusal("dot", "Dot product 1", (16,), (8,))
    assert problem.message == (
        "Dot product 1 takes inputs of one shape, but input 1 is 16 and input 2 is 8."
    )
    assert refusal("multiply", "It", (4, 4), (2, 4)).code == "shapes-differ"
    assert outcome_of("dot", (12, 16), (12, 16)) == (12, 1)


def test_swapping_a_size_that_is_not_there() -> None:
    problem = refusal("transpose", "Transpose 1", (48, 5), second=3)
    assert str(problem) == (
        "Transpose 1 swaps size 1 with size 3, but gets 48 × 5. Choose two sizes from 1 to 2."
    )
    assert fix_of(problem) == (
        "set_param",
        "Swap with size 2",
        {"key": "second", "value": 2},
    )
    alone = refusal("transpose", "Transpose 1", (48,))
    assert alone.hint == "Leave it out: there is only one size."
    assert alone.fix is None


def test_listening_above_half_the_sample_rate() -> None:
    problem = refusal("mel_spectrogram", "Mel 1", (8_000,), rate=8_000, f_max=7_600)
    assert str(problem) == (
        "Mel 1 listens up to 7600 Hz, but a sound of 8000 samples a second holds nothing above "
        "4000 Hz. Set the highest frequency to 0: that is half the sample rate."
    )
    assert fix_of(problem)[2] == {"key": "f_max", "value": 0.0}


def test_listening_to_no_frequency_at_all() -> None:
    problem = refusal("mel_spectrogram", "Mel 1", (8_000,), f_min=500, f_max=400)
    assert problem.message == "Mel 1 listens from 500 Hz to 400 Hz, which is nothing."
    assert fix_of(problem)[2] == {"key": "f_min", "value": 0.0}


def test_joining_an_image_and_a_line_offers_a_flatten_before_the_image() -> None:
    problem = refusal("concatenate", "Concatenate 1", (8, 7, 7), (16,))
    assert str(problem) == (
        "Concatenate 1 joins inputs with as many sizes, but input 1 is 8 × 7 × 7 "
        "and input 2 is 16. Put a Flatten before input 1."
    )
    assert fix_of(problem)[2] == {"layer": "flatten", "params": {}, "port": 0}
    other_way_round = refusal("concatenate", "Concatenate 1", (16,), (8, 7, 7))
    assert fix_of(other_way_round)[2]["port"] == 1


def test_joining_along_an_axis_that_is_not_there() -> None:
    problem = refusal("concatenate", "Concatenate 1", (4,), (5,), axis=3)
    assert str(problem) == (
        "Concatenate 1 joins along axis 3, but its inputs have 1 axis: 4. Choose axis 1."
    )
    assert fix_of(problem) == ("set_param", "Set the axis to 1", {"key": "axis", "value": 1})


def test_joining_along_the_wrong_axis_offers_the_right_one() -> None:
    problem = refusal("concatenate", "Concatenate 1", (4, 9), (4, 3))
    assert problem.message == (
        "Concatenate 1 joins along axis 1, where all other sizes must be equal, "
        "but input 1 is 4 × 9 and input 2 is 4 × 3."
    )
    assert fix_of(problem)[2] == {"key": "axis", "value": 2}
    assert refusal("concatenate", "It", (4, 9), (5, 3)).fix is None


def test_an_embedding_wants_the_number_of_a_category() -> None:
    problem = refusal("embedding", "Embedding 1", (4,))
    assert "expects the number of a category, but gets plain numbers" in problem.message


def test_batch_norm_on_more_than_a_clip_asks_for_a_flatten() -> None:
    assert fix_of(refusal("batch_norm", "Batch norm 1", (2, 3, 4, 5, 6)))[1] == "Insert Flatten"


@pytest.mark.parametrize(
    ("layer", "shape", "given", "wanted"),
    [
        ("conv2d", (3, 28, 28), {}, (32, 26, 26)),
        ("conv2d", (3, 28, 28), {"keep_size": True}, (32, 28, 28)),
        ("conv2d", (3, 15, 15), {"keep_size": True, "stride": 2, "kernel_size": 5}, (32, 8, 8)),
        ("max_pool2d", (32, 28, 28), {}, (32, 14, 14)),
        ("adaptive_avg_pool2d", (32, 28, 28), {}, (32, 1, 1)),
        ("flatten", (32, 14, 14), {}, (6272,)),
        ("reshape", (784,), {"shape": (1, 28, -1)}, (1, 28, 28)),
        ("linear", (12, 16), {"out_features": 10}, (12, 10)),
        ("lstm", (12, 16), {"hidden_size": 10, "bidirectional": True}, (20,)),
        ("gru", (12, 16), {"hidden_size": 10, "gives": "sequence"}, (12, 10)),
        ("conv3d", (3, 8, 32, 32), {"keep_size": True}, (32, 8, 32, 32)),
        ("max_pool3d", (16, 8, 32, 32), {"kernel_size": (1, 2, 2), "stride": 2}, (16, 4, 16, 16)),
        ("adaptive_avg_pool3d", (16, 8, 32, 32), {}, (16, 1, 1, 1)),
        ("global_pool", (32, 14, 14), {}, (32,)),
        ("global_pool", (12, 16), {"over": "steps", "keeps": "mean"}, (16,)),
        ("transpose", (48, 5), {}, (5, 48)),
        ("transpose", (8, 3, 32, 32), {}, (3, 8, 32, 32)),
        ("repeat", (64,), {"times": 10}, (10, 64)),
        ("spectrogram", (16_000,), {}, (1, 257, 101)),
        ("mel_spectrogram", (8_000,), {"hop": 80, "mels": 40}, (1, 40, 101)),
    ],
)
def test_shapes_that_people_know(
    layer: str, shape: Shape, given: dict[str, object], wanted: Shape
) -> None:
    assert outcome_of(layer, shape, **given) == wanted


@pytest.mark.parametrize(
    ("layer", "badge"),
    [
        ("conv2d", "32 filters, 3 × 3"),
        ("conv1d", "32 filters, 3"),
        ("max_pool2d", "2 × 2"),
        ("adaptive_avg_pool2d", "to 1 × 1"),
        ("lstm", "64 units, Last step"),
        ("dropout", "share 0.5"),
        ("reshape", "to 1 × -1"),
        ("transpose", "1 with 2"),
        ("global_pool", "Largest, Each channel"),
        ("mel_spectrogram", "64 bands, hop 160"),
        ("to_decibels", "from -80 dB"),
    ],
)
def test_badges_in_the_words_of_the_user(layer: str, badge: str) -> None:
    assert LAYERS[layer].badge_of(LAYERS[layer].defaults()) == badge
