"""What a column of pictures, sounds or clips holds: sizes, brightness, lengths and levels."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnKind
from studio.core.design.profile import ColumnProfile, Trait
from studio.core.words import tr
from studio.data.material import Material
from studio.data.pixels import BROKEN, read_header, read_pixels
from studio.data.spreads import spread_of

LOOKED_AT = 1000
_PAUSE = 0.25  # seconds after which what is known so far is shown
_SEED = 0
_FREQUENT = 10
_SMALL = 64  # pictures are brought to this size for their brightness


@dataclass(slots=True)
class _Found:
    """What was measured so far."""

    numbers: dict[Trait, list[float]] = field(default_factory=dict)
    forms: Counter[str] = field(default_factory=Counter)
    looked_at: int = 0
    broken: int = 0


Look = Callable[[str], tuple[str, Mapping[Trait, float]]]


def media_profile(name: str, kind: ColumnKind, material: Material) -> Iterator[ColumnProfile]:
    """The profile from up to 1,000 samples drawn with a fixed seed; each time a little more.

    Sizes and lengths are those of the files, brightness that of the pictures brought to
    64 x 64 and of the first frames of clips. Levels are those of the first minute.
    """
    look = _look_of(name, kind, material)
    missing = int(material.frame[name].isna().sum())
    references = _references(name, material)
    present = np.array([i for i, one in enumerate(references) if one], np.int64)
    order = np.random.default_rng(_SEED).permutation(present)[:LOOKED_AT]
    found, since = _Found(), monotonic()
    for place in order.tolist():
        _take(found, look, references[place])
        if monotonic() - since > _PAUSE:
            yield _profile(name, kind, (len(references), missing), found)
            since = monotonic()
    sampled = found.looked_at < len(present)
    yield _profile(name, kind, (len(references), missing), found, is_sampled=sampled)


def _take(found: _Found, look: Look, reference: str) -> None:
    found.looked_at += 1
    try:
        form, numbers = look(reference)
    except BROKEN:
        found.broken += 1
        return
    found.forms[form] += 1
    for trait, number in numbers.items():
        found.numbers.setdefault(trait, []).append(number)


def _profile(
    name: str, kind: ColumnKind, counts: tuple[int, int], found: _Found, *, is_sampled: bool = True
) -> ColumnProfile:
    rows, missing = counts
    return ColumnProfile(
        name,
        kind,
        rows,
        missing,
        distinct=len(found.forms),
        frequent=tuple(sorted(found.forms.items(), key=lambda p: (-p[1], p[0]))[:_FREQUENT]),
        spreads=tuple(spread_of(np.array(v), trait) for trait, v in found.numbers.items()),
        sampled=found.looked_at if is_sampled else 0,
        broken=found.broken,
    )


def _references(name: str, material: Material) -> list[str]:
    """The files, or the row numbers of what lies in memory."""
    if name in material.blocks:
        return [str(i) for i in range(len(material))]
    return material.references(name)


def _look_of(name: str, kind: ColumnKind, material: Material) -> Look:
    block = material.blocks.get(name)
    if block is None:
        return _LOOKS[kind]
    if kind == "sound":
        rate = material.rates[name]
        return lambda place: _sound_facts(block[int(place)], rate, block.shape[1] / rate)
    return lambda place: _pixel_facts(block[int(place)])


def _picture(reference: str) -> tuple[str, Mapping[Trait, float]]:
    header = read_header(reference)
    channels = 1 if header.is_grey else 3
    small = read_pixels(reference, height=_SMALL, width=_SMALL, channels=channels)
    return _size(header.height, header.width, float(small.mean()))


def _clip(reference: str) -> tuple[str, Mapping[Trait, float]]:
    from studio.data.video import clip_facts, read_clip  # late: the library is slow to import

    facts = clip_facts(reference)
    first = read_clip(reference, shape=(1, 3, _SMALL, _SMALL))
    form, numbers = _size(facts.height, facts.width, float(first.mean()))
    return form, {**numbers, "frames": float(facts.frames)}


def _sound(reference: str) -> tuple[str, Mapping[Trait, float]]:
    from studio.data.sound import read_mono, sound_facts
    from studio.data.sound_facts import LONGEST_SHOWN

    signal, rate = read_mono(reference, LONGEST_SHOWN)
    return _sound_facts(signal, rate, sound_facts(reference).seconds)


_LOOKS: Mapping[ColumnKind, Look] = {"image": _picture, "sound": _sound, "video": _clip}


def _pixel_facts(pixels: NDArray[np.uint8]) -> tuple[str, Mapping[Trait, float]]:
    return _size(pixels.shape[-2], pixels.shape[-1], float(pixels.mean()))


def _size(height: int, width: int, brightness: float) -> tuple[str, Mapping[Trait, float]]:
    form = tr("{width} × {height}", width=width, height=height)
    return form, {"width": float(width), "height": float(height), "brightness": brightness}


def _sound_facts(
    signal: NDArray[np.float32], rate: int, seconds: float
) -> tuple[str, Mapping[Trait, float]]:
    from studio.data.sound_facts import level_of

    form = tr("{rate} samples a second", rate=rate)
    return form, {"seconds": seconds, "level": level_of(signal)}
