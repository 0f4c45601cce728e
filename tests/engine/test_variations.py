"""Each way to vary samples: within range, each sample on its own, the same for the same seed."""

import inspect
import math
from collections.abc import Mapping
from types import MappingProxyType

import pytest
import torch
from torch import Tensor

from studio.core.catalogue import AUGMENTATION
from studio.core.catalogue.entry import AugmentationEntry
from studio.core.params import Value
from studio.engine import variations
from studio.engine.variations import Draws

SAMPLES = 64
ENTRIES = [pytest.param(entry, id=key) for key, entry in AUGMENTATION.items()]


def samples_for(entry: AugmentationEntry, count: int = SAMPLES) -> Tensor:
    make = torch.Generator().manual_seed(7)
    if entry.kinds == ("sound",):
        return torch.rand(count, 200, generator=make) * 1.6 - 0.8
    if entry.kinds == ("series",):
        return torch.randn(count, 12, 4, generator=make) * 3.0 + 100.0
    if entry.kinds == ("text",):
        return torch.randint(0, 50, (count, 20), generator=make)
    return torch.rand(count, 3, 10, 14, generator=make)


def with_entry(
    entry: AugmentationEntry,
    samples: Tensor,
    given: Mapping[str, Value] = MappingProxyType({}),
    *,
    seed: int = 1,
) -> Tensor:
    draws = Draws(torch.Generator().manual_seed(seed))
    function = getattr(variations, entry.function)
    numbers = (torch.tensor([True, True, True, False]),) if entry.kinds == ("series",) else ()
    varied: Tensor = function(samples, draws, *numbers, **{**entry.defaults(), **given})
    return varied


def strongest(entry: AugmentationEntry) -> dict[str, Value]:
    return {param.key: param.at_most or 0.0 for param in entry.params}


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_function_takes_the_settings_of_its_entry(entry: AugmentationEntry) -> None:
    signature = inspect.signature(getattr(variations, entry.function)).parameters
    named = {name for name, one in signature.items() if one.kind is one.KEYWORD_ONLY}
    assert named == {param.key for param in entry.params}


@pytest.mark.parametrize("entry", ENTRIES)
def test_samples_keep_shape_type_and_range_even_at_full_strength(entry: AugmentationEntry) -> None:
    samples = samples_for(entry)
    before = samples.clone()
    varied = with_entry(entry, samples, strongest(entry))
    assert varied.shape == samples.shape
    assert varied.dtype == samples.dtype
    assert torch.equal(samples, before)
    assert torch.isfinite(varied).all()
    if entry.kinds == ("series",):
        assert torch.equal(varied[..., 3], samples[..., 3]) or entry.key == "series_shift"
    elif entry.kinds != ("text",):
        low = -1.0 if entry.kinds == ("sound",) else 0.0
        assert low <= varied.min() <= varied.max() <= 1.0


@pytest.mark.parametrize("entry", ENTRIES)
def test_without_strength_nothing_changes(entry: AugmentationEntry) -> None:
    samples = samples_for(entry)
    varied = with_entry(entry, samples, {param.key: 0.0 for param in entry.params})
    torch.testing.assert_close(varied, samples, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_sample_is_varied_on_its_own_and_the_same_for_the_same_seed(
    entry: AugmentationEntry,
) -> None:
    twins = samples_for(entry, 1).repeat(SAMPLES, *[1] * (samples_for(entry).dim() - 1))
    varied = with_entry(entry, twins)
    assert torch.equal(varied, with_entry(entry, twins))
    assert not torch.equal(varied, with_entry(entry, twins, seed=2))
    assert len(torch.unique(varied, dim=0)) >= (2 if "flip" in entry.key else 3)


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_smallest_samples_pass(entry: AugmentationEntry) -> None:
    whole = samples_for(entry, 1)
    smallest = whole[:, :1, :1, :1] if whole.dim() == 4 else whole[:, :1]
    assert with_entry(entry, smallest, strongest(entry)).shape == smallest.shape


@pytest.mark.parametrize("entry", ENTRIES)
def test_random_numbers_of_another_device_come_to_that_of_the_samples(
    entry: AugmentationEntry,
) -> None:
    elsewhere = samples_for(entry).to("meta")
    varied = with_entry(entry, elsewhere)
    assert varied.device == elsewhere.device
    assert varied.shape == elsewhere.shape


def test_flips_turn_about_as_many_as_they_are_told() -> None:
    pictures = torch.rand(2_000, 1, 2, 2)
    for key, axis in (("flip_horizontal", -1), ("flip_vertical", -2)):
        varied = with_entry(AUGMENTATION[key], pictures, {"chance": 0.3})
        is_turned = (varied == pictures.flip(axis)).all(dim=(1, 2, 3))
        is_kept = (varied == pictures).all(dim=(1, 2, 3))
        assert torch.equal(is_turned, ~is_kept)
        assert 0.26 < is_turned.float().mean() < 0.34


def test_a_turn_keeps_lengths_also_where_the_picture_is_not_square() -> None:
    pictures = torch.zeros(50, 1, 41, 81)
    pictures[:, 0, 20, 55] = 1.0  # fifteen to the right of the middle
    turned = with_entry(AUGMENTATION["rotate"], pictures, {"degrees": 180.0})[:, 0]
    weights = turned / turned.sum(dim=(1, 2), keepdim=True)
    down = (weights.sum(dim=2) * torch.arange(41.0)).sum(dim=1) - 20
    across = (weights.sum(dim=1) * torch.arange(81.0)).sum(dim=1) - 40
    torch.testing.assert_close(torch.hypot(down, across), torch.full((50,), 15.0), rtol=0, atol=0.2)
    assert down.max() > 12.0
    assert across.min() < -12.0


def test_a_shift_moves_the_middle_no_farther_than_told() -> None:
    pictures = torch.zeros(200, 1, 21, 21)
    pictures[:, 0, 10, 10] = 1.0
    varied = with_entry(AUGMENTATION["shift"], pictures, {"share": 0.2})
    places = torch.arange(21.0)
    found = torch.stack(
        [(varied[:, 0].sum(dim=axis) * places).sum(dim=1) for axis in (1, 2)]
    ) / varied.sum(dim=(1, 2, 3))
    assert (found - 10.0).abs().max() <= 0.2 * 21 + 0.01
    assert (found - 10.0).abs().max() > 3.0


def test_zoom_goes_both_ways_and_a_crop_only_in() -> None:
    pictures = torch.zeros(200, 1, 20, 20)
    pictures[:, :, 8:12, 8:12] = 1.0
    zoomed = with_entry(AUGMENTATION["zoom"], pictures, {"share": 0.4}).sum(dim=(1, 2, 3))
    assert zoomed.min() < 16.0 < zoomed.max()
    ramp = torch.linspace(0.0, 1.0, 20).expand(200, 1, 20, 20)
    cropped = with_entry(AUGMENTATION["crop"], ramp, {"share": 0.5})
    reach = cropped[:, 0, 0, -1] - cropped[:, 0, 0, 0]
    assert 0.4 < reach.min() < reach.max() <= 1.0


def test_an_erased_patch_is_a_rectangle_of_the_mean_colour() -> None:
    pictures = samples_for(AUGMENTATION["erase"])
    varied = with_entry(AUGMENTATION["erase"], pictures, {"share": 0.5})
    is_changed = (varied != pictures).all(dim=1)
    rows, columns = is_changed.any(dim=2), is_changed.any(dim=1)
    assert torch.equal(is_changed, rows[:, :, None] & columns[:, None, :])
    assert rows.sum(dim=1).max() <= 5 + 1
    first = int(is_changed.any(dim=2).any(dim=1).nonzero()[0])
    place = is_changed[first].nonzero()[0].tolist()
    torch.testing.assert_close(varied[first, :, *place], pictures[first].mean(dim=(1, 2)))


def test_noise_in_sounds_follows_their_level() -> None:
    sounds = torch.sin(torch.arange(4_000.0)).repeat(100, 1) * 0.5
    sounds[50:] *= 0.01
    added = with_entry(AUGMENTATION["sound_noise"], sounds, {"amount": 0.2}) - sounds
    levels = added.square().mean(dim=1).sqrt() / sounds.square().mean(dim=1).sqrt()
    assert 0.15 < levels[:50].max() < 0.21
    assert 0.15 < levels[50:].max() < 0.21


def test_loudness_changes_by_at_most_so_many_decibels() -> None:
    sounds = torch.full((500, 4), 0.1)
    decibels = 20 * torch.log10(
        with_entry(AUGMENTATION["gain"], sounds, {"decibels": 6.0}) / sounds
    )
    assert -6.01 < decibels.min() < -5.0
    assert 5.0 < decibels.max() < 6.01


def test_a_shifted_sound_leaves_silence_and_a_shifted_window_its_last_row() -> None:
    sounds = torch.arange(1.0, 11.0).repeat(100, 1) / 10.0
    for row in with_entry(AUGMENTATION["sound_shift"], sounds, {"share": 0.5}):
        heard = row[row != 0.0]
        torch.testing.assert_close(heard.diff(), torch.full((len(heard) - 1,), 0.1))
        assert len(heard) >= 5
    windows = torch.arange(10.0).reshape(1, 10, 1).repeat(100, 1, 4)
    moved = with_entry(AUGMENTATION["series_shift"], windows, {"share": 0.5})
    assert torch.equal(moved[..., 0], moved[..., 3])
    assert set(moved[:, :, 0].diff(dim=1).flatten().tolist()) == {0.0, 1.0}
    assert moved.min() == 0.0
    assert moved.max() == 9.0


def test_a_silent_stretch_is_no_longer_than_told() -> None:
    sounds = torch.ones(300, 100)
    silent = (with_entry(AUGMENTATION["sound_mask"], sounds, {"share": 0.3}) == 0.0).sum(dim=1)
    assert silent.min() <= 1
    assert 27 <= silent.max() <= 31


@pytest.mark.parametrize("key", ["jitter", "strength", "series_mask"])
def test_windows_are_varied_alike_in_every_unit(key: str) -> None:
    windows = samples_for(AUGMENTATION[key])
    in_other_units = windows * 40.0 - 273.0
    varied, others = (with_entry(AUGMENTATION[key], one) for one in (windows, in_other_units))
    torch.testing.assert_close(others, varied * 40.0 - 273.0, rtol=1e-4, atol=1e-1)


def test_what_is_missing_in_a_window_stays_missing() -> None:
    windows = samples_for(AUGMENTATION["jitter"])
    windows[:, 3, 1] = math.nan
    windows[:, :, 2] = math.nan
    for key in ("jitter", "strength"):
        varied = with_entry(AUGMENTATION[key], windows)
        assert torch.equal(varied.isnan(), windows.isnan())
        assert (varied != windows)[:, 0, 0].any()


def test_words_become_unknown_as_often_as_told_but_padding_stays() -> None:
    texts = torch.randint(4, 100, (400, 50))
    texts[:, :10] = torch.tensor([0, 1, 2, 3, 0, 1, 2, 3, 0, 0])
    varied = with_entry(AUGMENTATION["drop_words"], texts, {"share": 0.2})
    assert torch.equal(varied[:, :10], texts[:, :10])
    is_dropped = varied != texts
    assert set(varied[is_dropped].tolist()) == {1}
    assert 0.18 < is_dropped[:, 10:].float().mean() < 0.22
