"""The layers that hear, against the same formulas written out with numpy."""

from math import log10

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from studio.engine.signal_modules import (
    Cepstrum,
    Decibels,
    Delta,
    Logarithm,
    MelSpectrogram,
    Spectrogram,
    mel_bands,
)

Numbers = NDArray[np.float64]
RATE = 8_000


def tone(frequency: float, samples: int = 2_000) -> Numbers:
    return np.sin(2 * np.pi * frequency * np.arange(samples) / RATE)


def power_of(sound: Numbers, n_fft: int, hop: int) -> Numbers:
    """The definition: a window of cosine shape, half of one added in silence, Fourier, squared."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(sound, n_fft // 2)
    starts = range(0, len(padded) - n_fft + 1, hop)
    frames = [np.fft.rfft(padded[start : start + n_fft] * window) for start in starts]
    return np.square(np.abs(np.stack(frames, axis=1)))


def triangle(frequency: float, corners: list[float]) -> float:
    left, middle, right = corners
    rising, falling = (frequency - left) / (middle - left), (right - frequency) / (right - middle)
    return max(0.0, min(rising, falling))


def bands_of(n_fft: int, mels: int, low: float, high: float) -> Numbers:
    lowest, highest = (2595 * log10(1 + f / 700) for f in (low, high))
    step = (highest - lowest) / (mels + 1)
    corners = [700 * (10 ** ((lowest + i * step) / 2595) - 1) for i in range(mels + 2)]
    frequencies = [k * RATE / n_fft for k in range(n_fft // 2 + 1)]
    return np.array([[triangle(f, corners[i : i + 3]) for f in frequencies] for i in range(mels)])


@pytest.mark.parametrize(("n_fft", "hop"), [(128, 40), (127, 64), (4_096, 100), (2, 1)])
def test_a_spectrogram_is_the_squared_fourier_transform_of_each_window(
    n_fft: int, hop: int
) -> None:
    sounds = np.stack([tone(440) + tone(1_000), np.random.default_rng(1).normal(size=2_000)])
    found = Spectrogram(n_fft, hop)(torch.tensor(sounds, dtype=torch.float32))
    wanted = np.stack([power_of(sound, n_fft, hop)[None] for sound in sounds])
    np.testing.assert_allclose(found.numpy(), wanted, rtol=1e-4, atol=wanted.max() * 1e-6)
    magnitude = Spectrogram(n_fft, hop, is_power=False)(torch.tensor(sounds, dtype=torch.float32))
    np.testing.assert_allclose(
        magnitude.numpy(), np.sqrt(wanted), rtol=1e-4, atol=wanted.max() ** 0.5 * 1e-5
    )


def test_a_tone_stands_at_its_frequency_in_every_frame() -> None:
    power = Spectrogram(256, 64)(torch.tensor(tone(1_000)[None], dtype=torch.float32))[0, 0]
    assert set(power.argmax(dim=0).tolist()) == {round(1_000 / RATE * 256)}


def test_bands_are_the_triangles_of_the_mel_scale() -> None:
    found = mel_bands(512, 20, f_min=50.0, f_max=3_800.0, rate=RATE)
    np.testing.assert_allclose(found.numpy(), bands_of(512, 20, 50, 3_800), atol=1e-5)


def test_no_band_is_silent_even_where_it_is_narrower_than_a_bin() -> None:
    narrow = mel_bands(64, 80, f_min=0.0, f_max=4_000.0, rate=RATE)
    assert (narrow.sum(dim=1) > 0).all()
    assert narrow[0].argmax() == 0
    assert (mel_bands(64, 5, f_min=0.0, f_max=5e-324, rate=RATE).sum(dim=1) == 1).all()


@pytest.mark.parametrize(("low", "high"), [(500.0, 500.0), (-1.0, 10.0), (0.0, 4_001.0)])
def test_a_range_that_no_sound_can_fill_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="no band"):
        mel_bands(512, 20, f_min=low, f_max=high, rate=RATE)


def test_a_mel_spectrogram_gathers_the_power_in_bands() -> None:
    layer = MelSpectrogram(n_fft=256, hop=80, mels=16, f_min=0.0, f_max=RATE / 2, rate=RATE)
    sound = tone(300) + tone(2_500)
    found = layer(torch.tensor(sound[None], dtype=torch.float32))
    wanted = bands_of(256, 16, 0, RATE / 2) @ power_of(sound, 256, 80)
    np.testing.assert_allclose(found[0, 0].numpy(), wanted, rtol=1e-3, atol=wanted.max() * 1e-6)


def test_decibels_of_power_and_of_magnitude_agree_and_silence_has_an_end() -> None:
    power = torch.tensor([[100.0, 1.0, 1e-4, 0.0]])
    assert Decibels(10.0, -30.0)(power).tolist() == [[20.0, 0.0, -30.0, -30.0]]
    torch.testing.assert_close(Decibels(20.0, -30.0)(power.sqrt()), Decibels(10.0, -30.0)(power))


def test_the_logarithm_keeps_signs_and_zero() -> None:
    found = Logarithm(10.0)(torch.tensor([[-5.0, 0.0, 5.0]]))
    np.testing.assert_allclose(found.numpy(), [[-np.log(51), 0.0, np.log(51)]], rtol=1e-6)


@pytest.mark.parametrize("reach", [1, 2, 5])
def test_the_delta_of_a_slope_is_its_slope(reach: int) -> None:
    steps = torch.arange(20.0).reshape(1, 1, 20) * 0.5
    found = Delta(reach, axis=-1)(steps)
    torch.testing.assert_close(found[..., reach:-reach], torch.full((1, 1, 20 - 2 * reach), 0.5))
    along_first = Delta(reach, axis=1)(steps.transpose(1, 2))
    torch.testing.assert_close(along_first.transpose(1, 2), found)


def test_the_delta_of_a_short_reading_is_its_regression_with_the_ends_repeated() -> None:
    found = Delta(2, axis=-1)(torch.tensor([[1.0, 4.0, 2.0]]))
    long = [1.0, 1.0, 1.0, 4.0, 2.0, 2.0, 2.0]
    wanted = [(long[t + 3] - long[t + 1] + 2 * (long[t + 4] - long[t])) / 10 for t in range(3)]
    np.testing.assert_allclose(found.numpy(), [wanted], rtol=1e-6)


def test_a_cepstrum_is_the_cosine_transform_along_the_bands() -> None:
    bands = np.random.default_rng(3).normal(size=(2, 1, 10, 4))
    found = Cepstrum(10, 6)(torch.tensor(bands, dtype=torch.float32))
    turns = np.pi / 10 * np.outer(np.arange(6), np.arange(10) + 0.5)
    weights = np.cos(turns) * np.sqrt(2 / 10)
    weights[0] /= np.sqrt(2)
    np.testing.assert_allclose(found.numpy(), weights @ bands, rtol=1e-4, atol=1e-5)
    whole = Cepstrum(10, 10).cosines
    torch.testing.assert_close(whole @ whole.T, torch.eye(10), rtol=0, atol=1e-6)


def test_a_cepstrum_needs_as_many_bands_as_coefficients() -> None:
    with pytest.raises(ValueError, match="13 coefficients of 8 bands"):
        Cepstrum(8, 13)
