"""One sound file as numbers of a wanted rate and length: mixed to mono, resampled, cut or filled.

A sound is kept from its start: what is longer is cut at the end, what is shorter is
followed by silence.
"""

import math
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from studio.core.design.previews import SoundClip, SoundPreview
from studio.core.design.shaping import SoundSpec
from studio.data.references import open_reference

LOWEST_RATE, HIGHEST_RATE = 100, 768_000
MOST_CHANNELS = 64
_RINGING = 128  # samples of the lower rate in which an echo of the cut dies away
_PASSED = 0.93  # of the band below half the lower rate, whole
_LARGEST_STEP = 50_000
_UNKNOWN = (0, 0xFFFFFFFF)  # the length that a program writes while it still records
_HEAD, _CHUNK = 12, 8
_CHUNKS = {
    b"RIFFWAVE": ("<4sI", b"data"),
    b"FORMAIFF": (">4sI", b"SSND"),
    b"FORMAIFC": (">4sI", b"SSND"),
}
_BLOCK = 1 << 18
_FRAME = 512
_MOST_FRAMES = 1000
_QUIETEST = -100.0
_ESTIMATED = ("MP3", "MPEG", "OGG")  # whose length is not known before all is decoded
_LEAST_OF_ESTIMATE = 0.9

Signal = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What the header of a sound says."""

    rate: int
    channels: int
    frames: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.frames / self.rate


def sound_facts(reference: str) -> SoundFacts:
    """Rate, channels and length by the header; OSError or ValueError where it has no end."""
    with _opened(reference) as sound:
        facts = SoundFacts(sound.samplerate, sound.channels, sound.frames)
        if sound.format not in _ESTIMATED:
            sound.seek(-1, soundfile.SEEK_END)
            if not len(sound.read(1)):
                raise ValueError("cut short")
        return facts


def read_sound(reference: str, spec: SoundSpec) -> Signal:
    """The first `spec.seconds` of a sound as float32 [samples], from -1 to 1.

    OSError or ValueError where it cannot be read so far.
    """
    mono, rate = read_mono(reference, spec.seconds + _RINGING / spec.rate)
    changed = resampled(mono, rate, spec.rate)[: spec.samples]
    return np.pad(changed, (0, spec.samples - len(changed)))


def read_mono(reference: str, seconds: float) -> tuple[Signal, int]:
    """At most so many seconds from the start, the mean of all channels, and their rate."""
    with _opened(reference) as sound:
        wanted = min(sound.frames, math.ceil(seconds * sound.samplerate))
        mono = np.concatenate([np.zeros(0, np.float32), *_blocks(sound, wanted)])
        least = _LEAST_OF_ESTIMATE if sound.format in _ESTIMATED else 1.0
        if not len(mono) or len(mono) < least * wanted:
            raise ValueError("cut short")
        if not np.isfinite(mono).all():
            raise ValueError("values that are no numbers")
        return mono, sound.samplerate


def resampled(signal: Signal, rate: int, wanted: int) -> Signal:
    """The same sound at another rate, by its spectrum, with silence around it.

    The Fourier method of scipy.signal.resample. What the lower of the two rates cannot hold
    is cut off, so that nothing is folded back; the uppermost 7 % fade out by a raised cosine,
    so that nothing rings on.
    """
    ratio = Fraction(wanted, rate).limit_denominator(_LARGEST_STEP)
    up, down = ratio.numerator, ratio.denominator
    if up == down or not len(signal):
        return signal
    before = -(-_RINGING // min(up, down))  # in steps of both rates
    steps = -(-len(signal) // down) + 2 * before
    padded = np.zeros(steps * down, np.float32)
    padded[before * down : before * down + len(signal)] = signal
    spectrum = np.fft.rfft(padded)
    kept = min(len(spectrum), steps * up // 2 + 1)
    spectrum = spectrum[:kept] * _fading(kept)
    changed = np.fft.irfft(spectrum, steps * up) * (up / down)
    count = -(-len(signal) * up // down)
    return np.asarray(changed[before * up : before * up + count], np.float32)


def _fading(count: int) -> Signal:
    """What is left of each of so many frequencies."""
    place = (np.linspace(0, 1, count, dtype=np.float32) - _PASSED) / (1 - _PASSED)
    return np.asarray(np.square(np.cos(np.clip(place, 0, 1) * np.pi / 2)), np.float32)


def clip_of_samples(samples: Signal, rate: int, name: str, label: str = "") -> SoundClip:
    """A sound that lies in memory, with its spectrogram, for a screen."""
    mono = np.ascontiguousarray(samples, np.float32)
    levels = spectrogram(mono)
    bins, frames = levels.shape
    return SoundClip(name, label, rate, mono.tobytes(), bins, frames, levels.tobytes())


def clips_of_samples(
    block: Signal, rate: int, names: Sequence[str], labels: Sequence[str]
) -> SoundPreview:
    """Sounds that lie in memory, [sounds, samples], for a screen."""
    several = zip(block, names, labels, strict=True)
    return SoundPreview(tuple(clip_of_samples(one, rate, *words) for one, *words in several))


def spectrogram(signal: Signal) -> NDArray[np.float32]:
    """Power of 257 frequencies from 0 to half the rate over time, in decibels, [bins, frames].

    Hann windows of 512 samples, half of them shared with the next, or farther apart where
    there would be more than a thousand; 0 dB is a sine of full scale, -100 dB the floor.
    """
    step = max(_FRAME // 2, -(-len(signal) // _MOST_FRAMES))
    padded = np.pad(signal, (_FRAME // 2, _FRAME))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[: len(signal) + 1 : step]
    window = np.hanning(_FRAME + 1)[:-1]
    size = np.abs(np.fft.rfft(windows * window, axis=1)) * (2 / window.sum())
    quietest = 10 ** (_QUIETEST / 20)
    return np.ascontiguousarray(20 * np.log10(np.maximum(size, quietest)).T, np.float32)


def _blocks(sound: soundfile.SoundFile, wanted: int) -> Iterator[Signal]:
    """The mean of the channels, block by block; not by `blocks()`, which goes on behind the end."""
    while wanted:
        block = sound.read(min(wanted, _BLOCK), dtype="float32", always_2d=True)
        if not len(block):
            return
        wanted -= len(block)
        with np.errstate(invalid="ignore", over="ignore"):  # looked for when all is there
            mono = block.mean(axis=1, dtype=np.float32)
        yield mono


@contextmanager
def _opened(reference: str) -> Iterator[soundfile.SoundFile]:
    with open_reference(reference) as stream:
        _refuse_cut(stream)
        try:
            with soundfile.SoundFile(_Forgiving(stream)) as sound:
                _refuse_odd(sound)
                yield sound
        except soundfile.SoundFileError as error:
            raise ValueError(str(error)) from error


class _Forgiving:
    """A stream in which a place that is not there is not gone to.

    libsndfile asks for such places in broken files; what is raised while it asks would not
    reach us but be printed.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def seek(self, offset: int, whence: int = 0) -> int:
        """Goes to a place, or stays."""
        try:
            return self._stream.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return self._stream.tell()

    def tell(self) -> int:
        """The place."""
        return self._stream.tell()

    def read(self, count: int) -> bytes:
        """The next bytes."""
        return self._stream.read(count)


def _refuse_odd(sound: soundfile.SoundFile) -> None:
    if not LOWEST_RATE <= sound.samplerate <= HIGHEST_RATE:
        raise ValueError(f"{sound.samplerate} samples a second")
    if not 1 <= sound.channels <= MOST_CHANNELS or sound.frames < 1:
        raise ValueError(f"{sound.channels} channels of {sound.frames} samples")


def _refuse_cut(stream: BinaryIO) -> None:
    """ValueError for a WAV or AIFF that ends before its header says; libsndfile does not mind."""
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(_HEAD)
    layout = _CHUNKS.get(head[:4] + head[8:])
    while layout and len(chunk := stream.read(_CHUNK)) == _CHUNK:
        name, length = struct.unpack(layout[0], chunk)
        if name == layout[1]:
            if length not in _UNKNOWN and stream.tell() + length > size:
                raise ValueError(f"{length} bytes were announced")
            break
        stream.seek(length + length % 2, 1)
    stream.seek(0)
