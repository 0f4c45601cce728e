"""Built-in melodies: tones that are named by letters, one after the other, and the letters."""

import numpy as np
from numpy.typing import NDArray

RATE = 8000
LETTERS = "abcdefg"
LONGEST = 6
_SECONDS = 1.2
_COUNT = 600
# Of the fourth octave, in hertz: a is the 440 of the tuning fork.
_PITCHES = (440.0, 493.88, 261.63, 293.66, 329.63, 349.23, 392.0)


def melodies() -> tuple[NDArray[np.float32], list[str]]:
    """Sounds [N, samples] of two to six tones, and what they are called, such as ``f a c e``."""
    random = np.random.default_rng(31)
    made = [_melody(random) for _ in range(_COUNT)]
    return np.stack([sound for sound, _text in made]), [text for _sound, text in made]


def _melody(random: np.random.Generator) -> tuple[NDArray[np.float32], str]:
    places = random.integers(0, len(LETTERS), int(random.integers(2, LONGEST + 1)))
    sound = random.normal(0, 0.002, round(RATE * _SECONDS))
    at = round(RATE * random.uniform(0.02, 0.1))
    for place in places:
        tone = _tone(_PITCHES[place] * random.uniform(0.99, 1.01), random)
        sound[at : at + len(tone)] += tone
        at += round(len(tone) * random.uniform(1.0, 1.15))
    return sound.astype(np.float32), " ".join(LETTERS[place] for place in places)


def _tone(pitch: float, random: np.random.Generator) -> NDArray[np.float64]:
    """A struck string: overtones that fade, the higher the sooner."""
    time = np.arange(round(RATE * random.uniform(0.12, 0.16))) / RATE
    loud = random.uniform(0.25, 0.5)
    tone = np.zeros(len(time))
    for number in (1, 2, 3):
        fading = np.exp(-time * number * random.uniform(6, 12)) / number
        tone += fading * np.sin(2 * np.pi * pitch * number * time)
    shape = np.clip(time / 0.005, 0, 1) * np.clip((time[-1] - time) / 0.02, 0, 1)
    struck: NDArray[np.float64] = loud * tone * shape
    return struck
