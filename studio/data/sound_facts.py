"""Many sounds: lengths and rates by their headers; and one of them with its spectrogram."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from studio.core.design.dataset import ColumnSummary
from studio.core.design.previews import SoundClip
from studio.core.design.shaping import SoundSpec
from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr
from studio.data.arrays import reference_name
from studio.data.broken import Broken, broken_problems, names_of, unread_rows
from studio.data.pixels import BROKEN
from studio.data.sound import Signal, SoundFacts, clip_of_samples, read_mono, sound_facts
from studio.data.workers import mapped

BARS = 24
USUAL_RATE = 16_000
LONGEST_SHOWN = 60.0
_SHARE_WHOLE = 95  # percent of the sounds are not cut
_LONGEST = 30.0
_LOOKED_AT = 1000
_QUIETEST = -100.0


def look_at_sounds(
    references: Sequence[str], settings: Values
) -> tuple[ColumnSummary, tuple[Problem, ...]]:
    """The lengths in seconds, and notes on what is mixed, resampled or broken."""
    asked = [reference for reference in references if reference]
    found, bad = _facts(asked)
    problems = broken_problems(bad, len(asked), "sound", settings)
    missing = len(references) - len(found)
    if not found:
        return ColumnSummary("", "sound", "input", missing), problems
    seconds = np.array([facts.seconds for facts in found])
    bars, edges = np.histogram(seconds, BARS)
    column = ColumnSummary(
        "",
        "sound",
        "input",
        missing,
        edges=tuple(edges.tolist()),
        bars=tuple(bars.tolist()),
        low=float(seconds.min()),
        high=float(seconds.max()),
        mean=float(seconds.mean()),
        deviation=float(seconds.std()),
        unread=unread_rows(references, bad),
    )
    return column, (*problems, *_notes(found))


def suggested_sound(references: Sequence[str]) -> SoundSpec:
    """The most common rate, at most 16,000; so long that 95 in a hundred sounds are whole.

    A thousand sounds are looked at, spread over all.
    """
    asked = [reference for reference in references if reference]
    found, _ = _facts(asked[:: max(1, len(asked) // _LOOKED_AT)])
    if not found:
        return SoundSpec()
    longest = float(np.percentile([facts.seconds for facts in found], _SHARE_WHOLE))
    seconds = float(np.ceil(min(longest, _LONGEST) * 10 - 1e-6)) / 10
    return SoundSpec(_usual_rate(found), max(0.1, seconds))


def clip_of(reference: str, label: str = "") -> SoundClip:
    """At most a minute of a sound at its own rate, with its spectrogram.

    StudioError where it cannot be read.
    """
    try:
        signal, rate = read_mono(reference, LONGEST_SHOWN)
    except BROKEN as error:
        raise refuse(
            tr(
                "{file} cannot be played. Expected a whole WAV, FLAC, OGG or MP3 file.",
                file=names_of([reference]),
            ),
            tr("Replace or remove it."),
            place=Place("file", reference),
            code="broken-sound",
            detail=str(error),
        ) from error
    shown = signal[: int(LONGEST_SHOWN * rate)]
    return clip_of_samples(shown, rate, reference_name(reference), label)


def level_of(signal: Signal) -> float:
    """How loud a sound is: its root mean square in decibels below full scale."""
    power = float(np.mean(np.square(signal, dtype=np.float64))) if len(signal) else 0.0
    return max(_QUIETEST, 10 * float(np.log10(power)) if power > 0 else _QUIETEST)


def _facts(references: Sequence[str]) -> tuple[list[SoundFacts], list[Broken]]:
    found: list[SoundFacts] = []
    bad: list[Broken] = []
    for reference, facts in zip(references, mapped(_facts_of, references), strict=True):
        if facts is None:
            bad.append(Broken(reference))
        else:
            found.append(facts)
    return found, bad


def _facts_of(reference: str) -> SoundFacts | None:
    try:
        return sound_facts(reference)
    except BROKEN:
        return None


def _usual_rate(found: Sequence[SoundFacts]) -> int:
    rates = Counter(facts.rate for facts in found)
    return min(USUAL_RATE, max(rates, key=lambda rate: (rates[rate], rate)))


def _notes(found: Sequence[SoundFacts]) -> Iterator[Problem]:
    rate = _usual_rate(found)
    mixed = sum(facts.channels > 1 for facts in found)
    other = sum(facts.rate != rate for facts in found)
    said = []
    if mixed:
        said.append(tr("{count} with several channels are mixed to one", count=mixed))
    if other:
        said.append(tr("{count} are resampled to {rate} numbers a second", count=other, rate=rate))
    if said:
        yield Problem(
            tr("Some sounds are converted: {changes}.", changes="; ".join(said)),
            tr("Another rate can be chosen where sounds are set."),
            Severity.NOTE,
            Place("data"),
            "converted",
        )
