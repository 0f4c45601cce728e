"""Pictures, sounds and clips by their references: what they are like, their rows, a preview."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnKind, ColumnSummary, DatasetSpec, Feature
from studio.core.design.previews import (
    ImagePreview,
    Preview,
    SoundClip,
    SoundPreview,
    VideoPreview,
)
from studio.core.params import Values
from studio.core.problems import Problem, StudioError
from studio.data.arrays import Held, Positions, Rows, reference_name
from studio.data.broken import Broken, broken_problems
from studio.data.images import look_at_pictures
from studio.data.pixels import BROKEN, TooManyPixelsError, read_header, read_pixels
from studio.data.room import room
from studio.data.streamed import Streamed
from studio.data.workers import mapped

Decode = Callable[[str], NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class MediaRows:
    """The samples that could be read, which of the references they are, and what went wrong."""

    rows: Rows
    kept: Positions
    problems: tuple[Problem, ...] = ()


def look_at(
    references: Sequence[str], kind: ColumnKind, settings: Values
) -> tuple[ColumnSummary, tuple[Problem, ...]]:
    """What many pictures, sounds or clips are like, as far as their headers say.

    Of pictures and clips the shape that they are brought to, of sounds their lengths in
    seconds. "" stands for a missing one. StudioError where none can be read.
    """
    if kind == "sound":
        from studio.data.sound_facts import look_at_sounds

        return look_at_sounds(references, settings)
    if kind == "video":
        from studio.data.video import look_at_clips

        return look_at_clips(references, settings)
    return look_at_pictures(references, settings)


def media_rows(
    references: Sequence[str], feature: Feature, spec: DatasetSpec, *, memory: int = 0
) -> MediaRows:
    """The samples of a column, in memory where they fit into `memory` bytes, else streamed.

    `memory` 0 is the share of what is free now that `room` gives. Those that cannot be read
    are left out and said; StudioError where none can. Streamed ones are looked at by their
    headers and checksums first: one that turns out to be broken later stops the training
    and is named.
    """
    dtype = np.dtype(np.float32 if feature.kind == "sound" else np.uint8)
    need = len(references) * prod(feature.shape) * dtype.itemsize
    allowed = memory or room()
    if need <= allowed:
        return _held(references, feature, spec, dtype)
    kept, problems = _readable(references, feature, spec)
    # The other half is for the batches that are made ready.
    rows = Streamed(
        [references[i] for i in kept], decoder(feature, spec), feature.shape, dtype, allowed // 2
    )
    return MediaRows(rows, np.array(kept, np.int64), problems)


def previews_of(
    references: Sequence[str], labels: Sequence[str], feature: Feature, spec: DatasetSpec
) -> Preview:
    """Some samples as plain values, each with its label; what cannot be read is left out."""
    if feature.kind == "sound":
        return _sounds(references, labels)
    samples = _read(references, decoder(feature, spec))
    kept = [i for i, sample in enumerate(samples) if isinstance(sample, np.ndarray)]
    names = [reference_name(references[i]) for i in kept]
    said = [labels[i] for i in kept]
    blocks = [sample for sample in samples if isinstance(sample, np.ndarray)]
    if feature.kind == "video":
        return VideoPreview(
            tuple(
                _shown(list(clip), [label] * len(clip), [name] * len(clip))
                for clip, label, name in zip(blocks, said, names, strict=True)
            )
        )
    return _shown(blocks, said, names)


def decoder(feature: Feature, spec: DatasetSpec) -> Decode:
    """What reads one sample of a column, of the feature's shape, from its reference."""
    if feature.kind == "sound":
        from studio.data.sound import read_sound

        return partial(read_sound, spec=spec.sound)
    if feature.kind == "video":
        from studio.data.video import read_clip

        return partial(read_clip, shape=feature.shape)
    channels, height, width = feature.shape
    return partial(read_pixels, height=height, width=width, channels=channels)


def clip_of(reference: str, label: str = "") -> SoundClip:
    """One sound as it is in its file, with its spectrogram; StudioError where it is broken."""
    from studio.data.sound_facts import clip_of

    return clip_of(reference, label)


def _held(
    references: Sequence[str], feature: Feature, spec: DatasetSpec, dtype: np.dtype[Any]
) -> MediaRows:
    block = np.empty((len(references), *feature.shape), dtype)
    kept: list[int] = []
    bad: list[Broken] = []
    decode = decoder(feature, spec)
    for i, sample in enumerate(mapped(partial(_sample, decode), references)):
        if isinstance(sample, np.ndarray):
            block[len(kept)] = sample
            kept.append(i)
        elif references[i]:
            bad.append(Broken(references[i], is_large=isinstance(sample, TooManyPixelsError)))
    problems = broken_problems(bad, _asked(references), feature.kind, spec.settings)
    rows = block if len(kept) == len(block) else block[: len(kept)]
    return MediaRows(Held(rows), np.array(kept, np.int64), problems)


def _readable(
    references: Sequence[str], feature: Feature, spec: DatasetSpec
) -> tuple[list[int], tuple[Problem, ...]]:
    """Which samples can be read by their headers, and a Problem for the others."""
    kept: list[int] = []
    bad: list[Broken] = []
    for i, error in enumerate(mapped(_CHECKS[feature.kind], references)):
        if error is None:
            kept.append(i)
        elif references[i]:
            bad.append(Broken(references[i], is_large=isinstance(error, TooManyPixelsError)))
    return kept, broken_problems(bad, _asked(references), feature.kind, spec.settings)


def _asked(references: Sequence[str]) -> int:
    return sum(bool(reference) for reference in references)


def _read(references: Sequence[str], decode: Decode) -> list[NDArray[Any] | BaseException]:
    return list(mapped(partial(_sample, decode), references))


def _sample(decode: Decode, reference: str) -> NDArray[Any] | BaseException:
    try:
        return decode(reference)
    except BROKEN as error:
        return error


def _picture_trouble(reference: str) -> BaseException | None:
    try:
        read_header(reference, is_thorough=True)
    except BROKEN as error:
        return error
    return None


def _sound_trouble(reference: str) -> BaseException | None:
    from studio.data.sound import sound_facts

    try:
        sound_facts(reference)
    except BROKEN as error:
        return error
    return None


def _clip_trouble(reference: str) -> BaseException | None:
    from studio.data.video import clip_facts

    try:
        clip_facts(reference)
    except BROKEN as error:
        return error
    return None


_CHECKS: Mapping[ColumnKind, Callable[[str], BaseException | None]] = MappingProxyType(
    {"image": _picture_trouble, "sound": _sound_trouble, "video": _clip_trouble}
)


def _sounds(references: Sequence[str], labels: Sequence[str]) -> SoundPreview:
    clips = []
    for reference, label in zip(references, labels, strict=True):
        with suppress(StudioError):
            clips.append(clip_of(reference, label))
    return SoundPreview(tuple(clips))


def _shown(
    blocks: Sequence[NDArray[np.uint8]], labels: Sequence[str], names: Sequence[str]
) -> ImagePreview:
    """Pictures [channels, height, width] as bytes with the channels last."""
    channels, height, width = blocks[0].shape if blocks else (1, 0, 0)
    pixels = tuple(np.moveaxis(block, 0, -1).tobytes() for block in blocks)
    return ImagePreview(height, width, channels, pixels, tuple(labels), tuple(names))
