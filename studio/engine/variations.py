"""The functions that vary samples: each of a batch on its own, by random numbers handed in.

Pictures are [N, P, H, W] from 0 to 1, where P counts channels (of all frames of a clip); sounds
are [N, S] from -1 to 1; windows [N, T, F], of whose columns only `numbers` are varied; texts
are token numbers [N, T]. All give the same shape and type; none changes what it gets.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

UNKNOWN = 1  # the token that stands for a word that is not known
FIRST_WORD = 4  # the tokens before it are padding, unknown, start and end


@dataclass(frozen=True, slots=True)
class Draws:
    """Random numbers of a generator, which may live on another device than the samples."""

    generator: torch.Generator

    def uniform(self, samples: Tensor, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Numbers from `low` to `high`: one for each sample, or as many as `shape` says of each."""
        drawn = torch.rand(
            (len(samples), *shape), generator=self.generator, device=self.generator.device
        )
        return (low + (high - low) * drawn).to(samples.device)

    def strength(self, samples: Tensor, most: float) -> Tensor:
        """One number for each sample from -most to most, ready to be multiplied with them."""
        return _spread(self.uniform(samples, low=-most, high=most), samples)

    def normal(self, samples: Tensor) -> Tensor:
        """A number of mean 0 and deviation 1 for each number of the samples."""
        drawn = torch.randn(samples.shape, generator=self.generator, device=self.generator.device)
        return drawn.to(samples.device)


def flip_horizontal(pictures: Tensor, draws: Draws, *, chance: float) -> Tensor:
    """Some pictures mirrored."""
    return torch.where(_some(pictures, draws, chance), pictures.flip(-1), pictures)


def flip_vertical(pictures: Tensor, draws: Draws, *, chance: float) -> Tensor:
    """Some pictures upside down."""
    return torch.where(_some(pictures, draws, chance), pictures.flip(-2), pictures)


def rotate(pictures: Tensor, draws: Draws, *, degrees: float) -> Tensor:
    """Each turned about its middle by at most `degrees`, the edge repeated where it comes free."""
    angles = draws.uniform(pictures, low=-degrees, high=degrees) * (math.pi / 180.0)
    height, width = pictures.shape[-2:]
    cosine, sine, nothing = angles.cos(), angles.sin(), torch.zeros_like(angles)
    # Both sides count from -1 to 1, whatever their length: a turn must not bend long pictures.
    across = torch.stack([cosine, -sine * height / width, nothing], dim=1)
    down = torch.stack([sine * width / height, cosine, nothing], dim=1)
    return _moved(pictures, torch.stack([across, down], dim=1))


def shift(pictures: Tensor, draws: Draws, *, share: float) -> Tensor:
    """Each moved by at most that share of its sides, the edge repeated where it comes free."""
    moves = draws.uniform(pictures, 2, low=-2.0 * share, high=2.0 * share)
    return _framed(pictures, torch.ones_like(moves[:, 0]), moves)


def zoom(pictures: Tensor, draws: Draws, *, share: float) -> Tensor:
    """Each larger or smaller by at most that share, about its middle."""
    factors = draws.uniform(pictures, low=1.0 - share, high=1.0 + share)
    return _framed(pictures, 1.0 / factors, torch.zeros_like(factors)[:, None].repeat(1, 2))


def crop(pictures: Tensor, draws: Draws, *, share: float) -> Tensor:
    """A part of each, anywhere, stretched to the full size; at most that share is cut off."""
    left = draws.uniform(pictures, low=1.0 - share, high=1.0)
    middles = draws.uniform(pictures, 2, low=-1.0, high=1.0) * (1.0 - left)[:, None]
    return _framed(pictures, left, middles)


def brightness(pictures: Tensor, draws: Draws, *, amount: float) -> Tensor:
    """Each times a number near 1."""
    return (pictures * (1.0 + draws.strength(pictures, amount))).clamp(0.0, 1.0)


def contrast(pictures: Tensor, draws: Draws, *, amount: float) -> Tensor:
    """The differences from each picture's mean times a number near 1."""
    mean = pictures.mean(dim=(1, 2, 3), keepdim=True)
    return (mean + (pictures - mean) * (1.0 + draws.strength(pictures, amount))).clamp(0.0, 1.0)


def pixel_noise(pictures: Tensor, draws: Draws, *, amount: float) -> Tensor:
    """Each with noise of a deviation up to `amount`."""
    noise = draws.normal(pictures) * draws.strength(pictures, amount)
    return (pictures + noise).clamp(0.0, 1.0)


def erase(pictures: Tensor, draws: Draws, *, share: float) -> Tensor:
    """A rectangle of each, of at most that share of its sides, becomes its mean colour."""
    rows = _stretch(pictures, draws, share, pictures.shape[2])[:, None, :, None]
    columns = _stretch(pictures, draws, share, pictures.shape[3])[:, None, None, :]
    return torch.where(rows & columns, pictures.mean(dim=(2, 3), keepdim=True), pictures)


def sound_shift(sounds: Tensor, draws: Draws, *, share: float) -> Tensor:
    """Each earlier or later by at most that share of its length, with silence at the end left."""
    places, is_inside = _earlier_or_later(sounds, draws, share)
    return torch.where(is_inside, sounds.gather(1, places), torch.zeros_like(sounds))


def sound_noise(sounds: Tensor, draws: Draws, *, amount: float) -> Tensor:
    """Each with noise of up to `amount` of its own level (root mean square)."""
    level = sounds.square().mean(dim=1, keepdim=True).sqrt()
    noise = draws.normal(sounds) * draws.strength(sounds, amount) * level
    return (sounds + noise).clamp(-1.0, 1.0)


def gain(sounds: Tensor, draws: Draws, *, decibels: float) -> Tensor:
    """Each louder or softer by at most so many decibels, cut off at full level."""
    factors = torch.pow(10.0, draws.strength(sounds, decibels) / 20.0)
    return (sounds * factors).clamp(-1.0, 1.0)


def sound_mask(sounds: Tensor, draws: Draws, *, share: float) -> Tensor:
    """A stretch of each, of at most that share, is silent."""
    is_hidden = _stretch(sounds, draws, share, sounds.shape[1])
    return torch.where(is_hidden, torch.zeros_like(sounds), sounds)


def jitter(windows: Tensor, draws: Draws, numbers: Tensor, *, amount: float) -> Tensor:
    """Each number with noise of `amount` of its column's deviation in the window."""
    values = windows.to(torch.float32)
    away = (values - _means(values)).square().nanmean(dim=1, keepdim=True).nan_to_num().sqrt()
    return _of_numbers(values + draws.normal(values) * amount * away, windows, numbers)


def strength(windows: Tensor, draws: Draws, numbers: Tensor, *, amount: float) -> Tensor:
    """The differences from each column's mean in the window times a number near 1."""
    values = windows.to(torch.float32)
    mean = _means(values)
    stronger = mean + (values - mean) * (1.0 + draws.strength(values, amount))
    return _of_numbers(stronger, windows, numbers)


def series_shift(windows: Tensor, draws: Draws, numbers: Tensor, *, share: float) -> Tensor:
    """Each moved by at most that share of its rows, all columns alike; the end is repeated."""
    del numbers  # a row stays a row
    places, _is_inside = _earlier_or_later(windows, draws, share)
    return windows.gather(1, places[:, :, None].expand_as(windows))


def series_mask(windows: Tensor, draws: Draws, numbers: Tensor, *, share: float) -> Tensor:
    """A stretch of each, of at most that share of its rows, becomes its mean."""
    values = windows.to(torch.float32)
    is_hidden = _stretch(windows, draws, share, windows.shape[1])[:, :, None]
    return _of_numbers(torch.where(is_hidden, _means(values), values), windows, numbers)


def drop_words(texts: Tensor, draws: Draws, *, share: float) -> Tensor:
    """That share of the words, drawn one by one, become unknown."""
    is_dropped = (draws.uniform(texts, *texts.shape[1:]) < share) & (texts >= FIRST_WORD)
    return torch.where(is_dropped, torch.full_like(texts, UNKNOWN), texts)


def _spread(values: Tensor, samples: Tensor) -> Tensor:
    """A number for each sample, in as many axes as they have."""
    return values.reshape(-1, *[1] * (samples.dim() - 1))


def _some(samples: Tensor, draws: Draws, chance: float) -> Tensor:
    return _spread(draws.uniform(samples) < chance, samples)


def _framed(pictures: Tensor, sizes: Tensor, middles: Tensor) -> Tensor:
    """What is seen through a frame of that size (1: the whole) about that middle (0, 0)."""
    nothing = torch.zeros_like(sizes)
    across = torch.stack([sizes, nothing, middles[:, 0]], dim=1)
    down = torch.stack([nothing, sizes, middles[:, 1]], dim=1)
    return _moved(pictures, torch.stack([across, down], dim=1))


def _moved(pictures: Tensor, matrices: Tensor) -> Tensor:
    """Pictures looked at through matrices [N, 2, 3] on coordinates from -1 to 1."""
    grid = functional.affine_grid(matrices, list(pictures.shape), align_corners=False)
    return functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)


def _stretch(samples: Tensor, draws: Draws, share: float, length: int) -> Tensor:
    """True on a stretch of each, [N, length]: as long as at most that share, anywhere."""
    long = draws.uniform(samples, high=share) * length
    start = draws.uniform(samples) * (length - long)
    places = torch.arange(length, device=samples.device) + 0.5
    return (places >= start[:, None]) & (places < (start + long)[:, None])


def _earlier_or_later(samples: Tensor, draws: Draws, share: float) -> tuple[Tensor, Tensor]:
    """Where each place [N, T] takes its value from, and whether that is within the sample."""
    length = samples.shape[1]
    moves = (draws.uniform(samples, low=-share, high=share) * length).round().to(torch.int64)
    places = torch.arange(length, device=samples.device) - moves[:, None]
    return places.clamp(0, length - 1), (places >= 0) & (places < length)


def _means(windows: Tensor) -> Tensor:
    """The mean of each column over a window; 0 where nothing is known."""
    return windows.nanmean(dim=1, keepdim=True).nan_to_num()


def _of_numbers(varied: Tensor, windows: Tensor, numbers: Tensor) -> Tensor:
    """What was varied in the columns of numbers, what was there in the others."""
    return torch.where(numbers.to(windows.device), varied.to(windows.dtype), windows)
