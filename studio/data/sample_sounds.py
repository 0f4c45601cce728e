"""Built-in sounds: vowels, made of harmonics and resonances as a voice makes them."""

import numpy as np
from numpy.typing import NDArray

VOWELS = ("a", "e", "i", "o", "u")
RATE = 8000
_SECONDS = 0.5
_EACH = 90
# Where the mouth resonates, in hertz, for each vowel (Peterson and Barney, 1952, men).
_FORMANTS = np.array(
    [(730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240)],
    np.float64,
)
_WIDTHS = np.array([90.0, 110.0, 170.0])
_LEVELS = np.array([1.0, 0.6, 0.3])
_HIGHEST = 3800.0


def vowels() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Sounds [N, samples] of voices of many heights, and their classes."""
    random = np.random.default_rng(5)
    classes = np.repeat(np.arange(len(VOWELS)), _EACH)
    random.shuffle(classes)
    return np.stack([_vowel(int(kind), random) for kind in classes]), classes.astype(np.int64)


def _vowel(kind: int, random: np.random.Generator) -> NDArray[np.float32]:
    time = np.arange(round(RATE * _SECONDS)) / RATE
    pitch = random.uniform(90, 240)
    glide = 1 + random.uniform(-0.12, 0.12) * (time / _SECONDS)
    phase = 2 * np.pi * np.cumsum(pitch * glide) / RATE
    formants = _FORMANTS[kind] * random.uniform(0.92, 1.12)
    harmonics = np.arange(1, int(_HIGHEST / (pitch * 1.12)) + 1)
    away = (harmonics[:, None] * pitch - formants) / _WIDTHS
    strength = (_LEVELS / (1 + away**2)).sum(axis=1) / harmonics**0.4
    voice = (strength[:, None] * np.sin(harmonics[:, None] * phase)).sum(axis=0)
    start, end = random.uniform(0.02, 0.08), random.uniform(0.36, 0.48)
    shape = np.clip((time - start) / 0.03, 0, 1) * np.clip((end - time) / 0.06, 0, 1)
    sound = voice / np.abs(voice).max() * shape * random.uniform(0.35, 0.9)
    heard: NDArray[np.float32] = (sound + random.normal(0, 0.006, len(time))).astype(np.float32)
    return heard
