"""What a person reads where layers that shape, border, order and compare do not fit."""

import pytest

from studio.core.catalogue import LAYERS
from studio.core.problems import Problem
from studio.core.shapes import Shape
from tests.calls import call_of, outcome_of


def refusal(layer: str, name: str, *shapes: Shape, **given: object) -> Problem:
    outcome = LAYERS[layer].shape(call_of(layer, *shapes, name=name, **given))
    assert isinstance(outcome, Problem)
    return outcome


def fix_of(problem: Problem) -> tuple[str, object]:
    """The setting that one click changes, and its new value."""
    assert problem.fix is not None
    assert problem.fix.key == "set_param"
    return str(problem.fix.arguments["key"]), problem.fix.arguments["value"]


REFUSALS = [
    (
        refusal("conv2d", "Convolution 1", (3, 4, 9), padding=4, padding_mode="reflect"),
        "Convolution 1 makes a border of 4 × 4 out of its input, but gets 4 × 9. "
        "Fill the border with zeros, or make it smaller.",
        ("padding_mode", "zeros"),
    ),
    (
        refusal("depthwise_conv1d", "It", (3, 4), kernel_size=9),
        "It looks at 9, but gets 4. Make the kernel smaller or the padding larger.",
        ("kernel_size", (4,)),
    ),
    (
        refusal("separable_conv2d", "It", (3, 9, 9), kernel_size=4, keep_size=True),
        "It keeps the size with an odd kernel, but its kernel is 4 × 4. "
        "Choose an odd kernel, or set the padding yourself.",
        ("kernel_size", (5, 5)),
    ),
    (
        refusal("conv_transpose2d", "Up 1", (3, 4, 4), output_padding=(0, 2)),
        "Up 1 adds 0 × 2 at the end, which must be less than its stride 2 × 2 "
        "or its dilation 1 × 1. Add 1 × 1 at most.",
        ("output_padding", (0, 1)),
    ),
    (
        refusal("conv_transpose1d", "Up 1", (3, 2), padding=3),
        "Up 1 cuts off 3 at each border of 4, which leaves nothing. Make the padding smaller.",
        ("padding", (1,)),
    ),
    (
        refusal("lp_pool2d", "Pool 1", (3, 8, 8), norm_type=3),
        "Pool 1 takes the power 3, of which sums may have no root. Choose 1 or an even power.",
        ("norm_type", 2),
    ),
    (
        refusal("fractional_max_pool2d", "Pool 1", (3, 6, 20), kernel_size=4),
        "Pool 1 lays 4 × 14 windows of 4 × 4, but gets 6 × 20. "
        "Make the window smaller, or leave this layer out.",
        ("kernel_size", (3, 4)),
    ),
    (
        refusal("pad2d", "Padding 1", (3, 4, 9), before=(5, 0), mode="circular"),
        "Padding 1 makes a border of 5 × 1 out of its input, but gets 4 × 9. "
        "Fill the border with zeros, or make it smaller.",
        ("mode", "zeros"),
    ),
    (
        refusal("crop2d", "Crop 1", (3, 4, 9), before=2, after=(2, 0)),
        "Crop 1 cuts off 2 × 2 and 2 × 0, but gets 4 × 9: nothing is left. Cut off less.",
        ("after", (1, 0)),
    ),
    (
        refusal("group_norm", "Norm 1", (6, 9, 9), num_groups=4),
        "Norm 1 splits 6 channels into 4 groups, which leaves a rest. "
        "Choose a number of groups that divides the channels.",
        ("num_groups", 2),
    ),
    (
        refusal("group_norm", "Norm 1", (4,), num_groups=4),
        "Norm 1 compares numbers with one another, but gets 4, where each stands alone. "
        "Choose fewer groups.",
        ("num_groups", 1),
    ),
    (
        refusal("hardtanh", "Bounds 1", (4,), min_val=2.0),
        "Bounds 1 goes from 2 to 1, which is nothing. "
        "Choose a lower number to begin with, or a higher one to end with.",
        ("min_val", 0.0),
    ),
    (
        refusal("hardtanh", "Bounds 1", (4,), min_val=-1000.0, max_val=-1000.0),
        "Bounds 1 goes from -1000 to -1000, which is nothing. "
        "Choose a lower number to begin with, or a higher one to end with.",
        ("max_val", -999.0),
    ),
    (
        refusal("glu", "GLU 1", (4, 5)),
        "GLU 1 halves the last size, which must be even, but gets 4 × 5. "
        "Let the layer before it give an even number.",
        ("over", "first"),
    ),
    (
        refusal("flatten_axes", "Join 1", (4, 5), second=3),
        "Join 1 joins axis 1 to axis 3, but gets 4 × 5. Choose two axes from 1 to 2.",
        ("second", 2),
    ),
    (
        refusal("flatten_axes", "Join 1", (4, 5), first=2, second=1),
        "Join 1 joins axis 2 to axis 1, which is backwards. Begin with the lower axis.",
        ("first", 1),
    ),
    (
        refusal("permute", "Permute 1", (4, 5, 6)),
        "Permute 1 puts axes in the order 2, 1, but gets 4 × 5 × 6. "
        "Name each axis from 1 to 3 once.",
        ("order", (2, 1, 3)),
    ),
    (
        refusal("squeeze", "Squeeze 1", (4, 1)),
        "Squeeze 1 takes away a size of 1 at axis 1, but gets 4 × 1. "
        "Choose an axis whose size is 1, or leave this layer out.",
        ("axis", 2),
    ),
    (
        refusal("unsqueeze", "Unsqueeze 1", (4, 5), axis=5),
        "Unsqueeze 1 puts a size of 1 at axis 5, but gets 4 × 5. Choose an axis from 1 to 3.",
        ("axis", 3),
    ),
    (
        refusal("slice", "Slice 1", (9, 4), start=7, stop=5),
        "Slice 1 takes from 7 to 5 along axis 1, but gets 9 × 4. "
        "1 is the first of 9, -1 the last; begin before the end.",
        ("stop", -1),
    ),
    (
        refusal("slice", "Slice 1", (9, 4), start=0),
        "Slice 1 takes from 0 to -1 along axis 1, but gets 9 × 4. "
        "1 is the first of 9, -1 the last; begin before the end.",
        ("start", 1),
    ),
    (
        refusal("cut_patches", "Patches 1", (3, 3, 9)),
        "Patches 1 cuts patches of 4 × 4, which do not fit into 3 × 9. "
        "Make the patch or the dilation smaller, or the padding larger.",
        ("kernel_size", (3, 4)),
    ),
]


@pytest.mark.parametrize(("problem", "words", "fix"), REFUSALS)
def test_a_refusal_says_what_how_and_why(
    problem: Problem, words: str, fix: tuple[str, object]
) -> None:
    assert str(problem) == words
    assert fix_of(problem) == fix


WITHOUT_FIX = [
    (
        refusal("instance_norm", "Norm 1", (3, 1, 1)),
        "Norm 1 compares numbers with one another, but gets 3 × 1 × 1, where each stands alone. "
        "Use a Layer norm in its place.",
    ),
    (
        refusal("unflatten", "Split 1", (4, 5), sizes=(3, -1)),
        "Split 1 splits a size into 3 × ?, but gets 4 × 5, whose axis 1 does not fit. "
        "Choose sizes that multiply to that size; -1 stands for what is left over.",
    ),
    (
        refusal("pixel_shuffle", "Shuffle 1", (6, 5, 5)),
        "Shuffle 1 takes 4 channels for each that comes out, but gets 6. "
        "Let the layer before it give a multiple of 4 channels.",
    ),
    (
        refusal("pixel_unshuffle", "Shuffle 1", (6, 5, 4)),
        "Shuffle 1 takes 2 × 2 pixels at a time, but gets 5 × 4, which leaves a rest. "
        "Choose a factor that divides height and width.",
    ),
    (
        refusal("lay_patches", "Lay 1", (16, 9)),
        "Lay 1 lays 16 patches of 16 numbers a channel, but gets 16 × 9. "
        "Choose the settings with which the image was cut, or another size.",
    ),
    (
        refusal("bilinear", "Pairs 1", (3, 4), (2, 4)),
        "Pairs 1 takes two lines, or two of as many steps, but input 1 is 3 × 4 "
        "and input 2 is 2 × 4. "
        "Give both as many steps, or put a Flatten before the one that has steps.",
    ),
]


@pytest.mark.parametrize(("problem", "words"), WITHOUT_FIX)
def test_where_no_single_setting_helps_none_is_offered(problem: Problem, words: str) -> None:
    assert str(problem) == words
    assert problem.fix is None


def test_a_bilinear_on_an_image_asks_for_a_flatten_at_that_input() -> None:
    problem = refusal("bilinear", "Pairs 1", (4,), (3, 8, 8))
    assert problem.message == "Pairs 1 expects lines of numbers, but gets 3 × 8 × 8 at input 2."
    assert problem.fix is not None
    assert problem.fix.arguments == {"layer": "flatten", "params": {}, "port": 1}


@pytest.mark.parametrize(
    ("layer", "shape", "given", "wanted"),
    [
        ("conv_transpose2d", (64, 7, 7), {}, (32, 14, 14)),
        (
            "conv_transpose2d",
            (64, 7, 7),
            {"kernel_size": 3, "padding": 1, "output_padding": 1, "out_channels": 8},
            (8, 14, 14),
        ),
        ("depthwise_conv2d", (32, 28, 28), {"keep_size": True, "multiplier": 2}, (64, 28, 28)),
        ("separable_conv2d", (32, 28, 28), {"keep_size": True, "stride": 2}, (32, 14, 14)),
        ("max_pool2d", (64, 7, 7), {"ceil_mode": True}, (64, 4, 4)),
        ("max_pool2d", (64, 7, 7), {"kernel_size": 3, "dilation": 2, "stride": 1}, (64, 3, 3)),
        ("lp_pool1d", (4, 10), {}, (4, 5)),
        ("fractional_max_pool2d", (3, 28, 28), {}, (3, 19, 19)),
        ("pad2d", (3, 30, 30), {}, (3, 32, 32)),
        ("pad1d", (3, 30), {"before": 2, "after": 0}, (3, 32)),
        ("crop2d", (64, 64, 64), {"before": 4, "after": 4}, (64, 56, 56)),
        ("glu", (12, 64), {}, (12, 32)),
        ("glu", (64, 8, 8), {"over": "first"}, (32, 8, 8)),
        ("flatten_axes", (64, 8, 8), {"first": 2, "second": 3}, (64, 64)),
        ("unflatten", (64, 10), {"sizes": (8, -1)}, (8, 8, 10)),
        ("permute", (3, 32, 24), {"order": (2, 3, 1)}, (32, 24, 3)),
        ("squeeze", (1, 28, 28), {}, (28, 28)),
        ("unsqueeze", (28, 28), {}, (1, 28, 28)),
        ("slice", (12, 64), {"start": -1}, (1, 64)),
        ("slice", (12, 64), {"start": 2, "step": 3}, (4, 64)),
        ("slice", (12, 64), {"axis": 2, "stop": 32}, (12, 32)),
        ("resize2d", (64, 7, 7), {}, (64, 14, 14)),
        ("resize2d", (64, 7, 7), {"by": "size", "size": (5, 9)}, (64, 5, 9)),
        ("pixel_shuffle", (12, 16, 16), {}, (3, 32, 32)),
        ("pixel_unshuffle", (3, 32, 32), {}, (12, 16, 16)),
        ("cut_patches", (3, 32, 32), {}, (48, 64)),
        ("lay_patches", (48, 64), {"output_size": 32}, (3, 32, 32)),
        ("constant_numbers", (64,), {"shape": (8, 4)}, (8, 4)),
        ("learnt_numbers", (3, 9, 9), {"shape": (8, 4)}, (8, 4)),
    ],
)
def test_shapes_that_people_know(
    layer: str, shape: Shape, given: dict[str, object], wanted: Shape
) -> None:
    assert outcome_of(layer, shape, **given) == wanted


@pytest.mark.parametrize(
    ("layer", "shape", "wanted"),
    [
        ("channel_dropout", (8,), (8, 1)),
        ("instance_norm", (8,), (1, 8)),
        ("local_response_norm", (8,), (8, 1)),
        ("channel_shuffle", (8,), (8, 1)),
        ("resize2d", (20, 10), (1, 20, 10)),
        ("lay_patches", (16, 4, 4), (16, 16)),
        ("conv_transpose1d", (8,), (1, 8)),
    ],
)
def test_the_reshape_that_is_offered_is_the_likely_one(
    layer: str, shape: Shape, wanted: Shape
) -> None:
    problem = refusal(layer, "It", shape)
    assert problem.fix is not None
    assert problem.fix.arguments == {"layer": "reshape", "params": {"shape": wanted}}


@pytest.mark.parametrize(
    ("layer", "badge"),
    [
        ("conv_transpose2d", "32 filters, 2 × 2"),
        ("depthwise_conv2d", "1 each, 3 × 3"),
        ("separable_conv1d", "32 filters, 3"),
        ("fractional_max_pool2d", "0.7 kept, 2 × 2"),
        ("pad2d", "1 × 1 and 1 × 1"),
        ("slice", "axis 1: 1 to -1"),
        ("unflatten", "axis 1 into 2 × -1"),
        ("resize2d", "A factor, Nearest"),
        ("group_norm", "4 groups"),
        ("gelu", "Exactly"),
        ("learnt_scale", "One a feature, from 1"),
    ],
)
def test_badges_in_the_words_of_the_user(layer: str, badge: str) -> None:
    assert LAYERS[layer].badge_of(LAYERS[layer].defaults()) == badge
