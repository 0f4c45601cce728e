"""What a column of pictures, sounds or clips holds: sizes, brightness, lengths and levels."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import MappingProxyType

import numpy as np

from studio.core.design.dataset import ColumnKind
from studio.core.design.profile import ColumnProfile, Trait
from studio.core.words import tr
from studio.data.arrays import Positions
from studio.data.material import Material
from studio.data.media_facts import MediaFacts, facts_of
from studio.data.spreads import spread_of

LOOKED_AT = 1000
PAUSE = 0.25  # seconds after which what is known so far is shown
_SEED = 0
_FREQUENT = 10
_TRAITS: Mapping[ColumnKind, tuple[Trait, ...]] = MappingProxyType(
    {
        "image": ("width", "height", "brightness"),
        "video": ("width", "height", "brightness", "frames"),
        "sound": ("seconds", "level"),
    }
)


@dataclass(slots=True)
class _Found:
    """What was measured so far."""

    facts: list[MediaFacts] = field(default_factory=list)
    broken: int = 0

    @property
    def looked_at(self) -> int:
        """How many samples were tried."""
        return len(self.facts) + self.broken


def media_profile(name: str, kind: ColumnKind, material: Material) -> Iterator[ColumnProfile]:
    """The profile from up to 1,000 samples drawn with a fixed seed; each time a little more.

    Sizes and lengths are those of the files, brightness that of the pictures and of the
    first frames of clips, levels those of the first minute.
    """
    missing = int(material.frame[name].isna().sum())
    there = _there(name, material)
    order = np.random.default_rng(_SEED).permutation(there)[:LOOKED_AT]
    found, since = _Found(), monotonic()
    empty = ColumnProfile(name, kind, len(material), missing)
    for facts in _facts(name, kind, material, order):
        if facts is None:
            found.broken += 1
        else:
            found.facts.append(facts)
        if monotonic() - since > PAUSE:
            yield _profile(empty, found, is_sampled=True)
            since = monotonic()
    yield _profile(empty, found, is_sampled=found.looked_at < len(there))


def _there(name: str, material: Material) -> Positions:
    """The rows that have a sample."""
    if name in material.blocks:
        return np.arange(len(material), dtype=np.int64)
    references = material.references(name)
    return np.array([i for i, one in enumerate(references) if one], np.int64)


def _facts(
    name: str, kind: ColumnKind, material: Material, order: Positions
) -> Iterator[MediaFacts | None]:
    block = material.blocks.get(name)
    if block is None:
        references = material.references(name)
        yield from facts_of([references[i] for i in order], kind)
        return
    for place in order:
        sample = block[place]
        if kind == "sound":
            from studio.data.sound_facts import level_of  # late: sound is slow to import

            seconds = len(sample) / material.rates[name]
            yield MediaFacts(seconds=seconds, level=level_of(sample))
        else:
            height, width = sample.shape[-2:]
            frames = sample.shape[0] if kind == "video" else 0
            yield MediaFacts(width, height, float(sample.mean()), frames=frames)


def _profile(empty: ColumnProfile, found: _Found, *, is_sampled: bool) -> ColumnProfile:
    sizes = Counter(
        tr("{width} × {height}", width=one.width, height=one.height)
        for one in found.facts
        if one.width
    )
    frequent = sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))[:_FREQUENT]
    return ColumnProfile(
        empty.name,
        empty.kind,
        empty.rows,
        empty.missing,
        distinct=len(sizes),
        frequent=tuple(frequent),
        spreads=tuple(
            spread_of(np.array([getattr(one, trait) for one in found.facts], np.float64), trait)
            for trait in _TRAITS[empty.kind]
        ),
        sampled=found.looked_at if is_sampled else 0,
        broken=found.broken,
    )
