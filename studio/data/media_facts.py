"""What a profile says of one picture, sound or clip: its size, and how bright or loud it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from studio.core.design.dataset import ColumnKind
from studio.data.pixels import BROKEN, read_header, read_pixels
from studio.data.workers import mapped

SIDE = 32
LONGEST = 60.0


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Pixels and the mean of their grey from 0 to 255; or seconds and decibels (0: the loudest).

    For a clip `frames` is how many it has, and `brightness` that of its first frames.
    """

    width: int = 0
    height: int = 0
    brightness: float = 0.0
    seconds: float = 0.0
    level: float = 0.0
    frames: int = 0


def facts_of(references: Sequence[str], kind: ColumnKind) -> Iterator[MediaFacts | None]:
    """For each reference what it is like, None where it cannot be read."""
    looks = {"image": _picture, "sound": _sound, "video": _clip}
    return mapped(partial(_tried, looks[kind]), references)


def _tried(look: Callable[[str], MediaFacts], reference: str) -> MediaFacts | None:
    try:
        return look(reference)
    except BROKEN:
        return None


def _picture(reference: str) -> MediaFacts:
    header = read_header(reference)
    pixels = read_pixels(reference, SIDE, SIDE, 1)
    return MediaFacts(header.width, header.height, float(np.mean(pixels)))


def _sound(reference: str) -> MediaFacts:
    from studio.data.sound import read_mono, sound_facts
    from studio.data.sound_facts import level_of

    mono, _ = read_mono(reference, LONGEST)
    return MediaFacts(seconds=sound_facts(reference).seconds, level=level_of(mono))


def _clip(reference: str) -> MediaFacts:
    from studio.data.video import clip_facts, read_clip

    facts = clip_facts(reference)
    brightness = float(np.mean(read_clip(reference, (1, 1, SIDE, SIDE))))
    return MediaFacts(facts.width, facts.height, brightness, frames=facts.frames)
