"""The modules that torch lacks: they answer as what they stand for does."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from studio.engine import modules


@given(st.integers(1, 12), st.integers(1, 4), st.integers(1, 12))
def test_after_training_windows_lie_where_a_draw_of_one_half_puts_them(
    size: int, kernel: int, wanted: int
) -> None:
    if wanted + kernel - 1 > size:
        return
    images = torch.randn(2, 3, size, size)
    steady = modules.FractionalPool2d((size, size), (kernel, kernel), (wanted, wanted)).eval()
    half = torch.full((2, 3, 2), 0.5)
    expected = functional.fractional_max_pool2d(
        images, kernel, output_size=wanted, _random_samples=half
    )
    assert torch.equal(steady(images), expected)


@given(st.integers(1, 12), st.integers(1, 12))
def test_uneven_windows_are_those_of_adaptive_pooling(size: int, wanted: int) -> None:
    images = torch.randn(2, 3, size, 5)
    pool = modules.UnevenMaxPool2d((size, 5), (wanted, 2))
    expected = functional.adaptive_max_pool2d(images, (wanted, 2))
    assert torch.equal(pool.eval()(images), expected)
    assert torch.equal(pool.train()(images), expected)


def test_windows_of_clips_lie_there_too() -> None:
    clips = torch.randn(2, 3, 9, 7, 8)
    steady = modules.FractionalPool3d((9, 7, 8), (2, 3, 1), (4, 3, 7)).eval()
    half = torch.full((2, 3, 3), 0.5)
    expected = functional.fractional_max_pool3d(
        clips, (2, 3, 1), output_size=(4, 3, 7), _random_samples=half
    )
    assert torch.equal(steady(clips), expected)


def test_windows_are_drawn_while_training_alone() -> None:
    pool = modules.FractionalPool2d((28, 28), (2, 2), (19, 19))
    images = torch.randn(1, 4, 28, 28)
    torch.manual_seed(1)
    assert not torch.equal(pool.train()(images), pool(images))
    assert torch.equal(pool.eval()(images), pool(images))


def test_a_separable_convolution_is_one_for_each_channel_and_one_that_mixes() -> None:
    images = torch.randn(2, 3, 6, 5)
    layer = modules.SeparableConv2d(
        in_channels=3, out_channels=4, multiplier=2, bias=True, kernel_size=3, padding=1
    )
    each, mix = layer
    assert isinstance(each, nn.Conv2d)
    assert isinstance(mix, nn.Conv2d)
    apart = [
        functional.conv2d(images[:, c : c + 1], each.weight[2 * c : 2 * c + 2], padding=1)
        for c in range(3)
    ]
    mixed = functional.conv2d(torch.cat(apart, dim=1), mix.weight, mix.bias)
    torch.testing.assert_close(layer(images), mixed)


def test_a_drawn_slope_is_that_of_torch() -> None:
    numbers = torch.randn(50, 4)
    ours, theirs = modules.DrawnReLU(0.1, 0.3), nn.RReLU(0.1, 0.3)
    torch.manual_seed(2)
    drawn = ours(numbers)
    torch.manual_seed(2)
    assert torch.equal(drawn, theirs(numbers))
    torch.testing.assert_close(ours.eval()(numbers), theirs.eval()(numbers))


def test_patches_laid_again_give_the_image_back() -> None:
    images = torch.randn(2, 3, 8, 8)
    patches = nn.Unfold((4, 4), stride=(4, 4))(images)
    assert torch.equal(nn.Fold((8, 8), (4, 4), stride=(4, 4))(patches), images)


@pytest.mark.parametrize(
    ("module", "wanted"),
    [
        (modules.Slice(1, 1, 5, 2), [2.0, 4.0]),
        (modules.Crop((2,), (1,)), [3.0, 4.0, 5.0]),
        (modules.FixedScale(2.0, -1.0), [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]),
        (modules.LearntScale((1,), 3.0), [3.0, 6.0, 9.0, 12.0, 15.0, 18.0]),
        (modules.LearntShift((6,), 0.5), [1.5, 2.5, 3.5, 4.5, 5.5, 6.5]),
        (modules.Constant((2,), 7.0), [7.0, 7.0]),
    ],
)
def test_numbers_that_can_be_worked_out_by_hand(module: nn.Module, wanted: list[float]) -> None:
    rows = torch.tensor([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]] * 2)
    assert module(rows).tolist() == [wanted, wanted]


def test_noise_is_for_training_alone() -> None:
    torch.manual_seed(3)
    rows = torch.full((2000, 4), 2.0)
    added, multiplied = modules.GaussianNoise(0.5, False), modules.GaussianNoise(0.5, True)
    assert added(rows).std().item() == pytest.approx(0.5, rel=0.05)
    assert multiplied(rows).std().item() == pytest.approx(1.0, rel=0.05)
    assert multiplied(torch.zeros(3, 4)).abs().sum() == 0
    assert torch.equal(added.eval()(rows), rows)


def test_learnt_numbers_start_near_zero_and_are_the_same_for_each_row() -> None:
    torch.manual_seed(3)
    given_for_rows = modules.LearntNumbers((40, 50), 0.02)(torch.zeros(3, 7))
    assert given_for_rows.shape == (3, 40, 50)
    assert torch.equal(given_for_rows[0], given_for_rows[2])
    assert given_for_rows[0].std().item() == pytest.approx(0.02, rel=0.1)
    assert modules.LearntNumbers((4,), 0.0).weight.abs().sum() == 0
