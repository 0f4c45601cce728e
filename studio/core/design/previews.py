"""Previews: some samples as plain values, for a screen or a terminal."""

from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class TablePreview:
    """The first rows as plain values (missing is None); `row_numbers` count from 1."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    row_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ImagePreview:
    """Some samples as raw bytes: each of `pixels` holds height x width x channels bytes."""

    height: int = 0
    width: int = 0
    channels: int = 1
    pixels: tuple[bytes, ...] = ()
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SoundClip:
    """One sound: `samples` are float32 bytes, mono, from -1 to 1, `rate` a second.

    `levels` is its spectrogram, float32 bytes in decibels, `bins` x `frames`, low
    frequencies first.
    """

    name: str
    label: str
    rate: int
    samples: bytes
    bins: int = 0
    frames: int = 0
    levels: bytes = b""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / 4 / max(1, self.rate)


@dataclass(frozen=True, slots=True)
class SoundPreview:
    """Some sounds as they are in their files."""

    clips: tuple[SoundClip, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoPreview:
    """Some clips: for each its frames, all of one size."""

    clips: tuple[ImagePreview, ...] = ()


@dataclass(frozen=True, slots=True)
class TextPreview:
    """Some texts with the tokens that they become; ids 0 and 1 are padding and unknown."""

    texts: tuple[str, ...] = ()
    tokens: tuple[tuple[str, ...], ...] = ()
    ids: tuple[tuple[int, ...], ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """A stretch of a series, thinned for a screen.

    `times` are seconds since 1970 or row numbers; `values` holds a line for each of
    `columns` (None where missing). `borders` are times at which validation and test
    begin; `is_time` tells whether times are dates.
    """

    columns: tuple[str, ...] = ()
    times: tuple[float, ...] = ()
    values: tuple[tuple[float | None, ...], ...] = ()
    borders: tuple[float, ...] = ()
    is_time: bool = False
    groups: tuple[str, ...] = ()


Preview: TypeAlias = TablePreview | ImagePreview | SoundPreview | VideoPreview
Varied: TypeAlias = ImagePreview | SoundPreview | VideoPreview | SeriesPreview
