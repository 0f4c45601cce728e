"""What one sample is called on the screen, and what form the samples have, by kind of data."""

from collections.abc import Mapping
from dataclasses import dataclass

from studio.core.design.dataset import DataKind, DatasetSpec
from studio.core.design.templates import is_rebuilt
from studio.core.design.usable import broken_rows, readable_rows
from studio.core.run.wording import count_words
from studio.core.words import tr


@dataclass(frozen=True, slots=True)
class _Nouns:
    """One and many of a kind, bare and counted."""

    one: str
    many: str
    counted_one: str
    counted_many: str
    title: str


_NOUNS: Mapping[DataKind, _Nouns] = {
    "table": _Nouns("row", "rows", "1 row", "{count} rows", "table"),
    "images": _Nouns("image", "images", "1 image", "{count} images", "images"),
    "sound": _Nouns("sound", "sounds", "1 sound", "{count} sounds", "sound"),
    "video": _Nouns("clip", "clips", "1 clip", "{count} clips", "video clips"),
    "text": _Nouns("text", "texts", "1 text", "{count} texts", "text"),
    "pairs": _Nouns("pair", "pairs", "1 pair", "{count} pairs", "pairs of sentences"),
    "series": _Nouns("window", "windows", "1 window", "{count} windows", "a time series"),
}


def sample_noun(dataset: DatasetSpec, count: int = 0) -> str:
    """What the network is asked about: rows, images, sounds, clips, texts, pairs, windows."""
    nouns = _NOUNS[_counted_kind(dataset)]
    return tr(nouns.one if count == 1 else nouns.many)


def _counted_kind(dataset: DatasetSpec) -> DataKind:
    """Texts to be written on are one each, two pictures to be compared are a pair."""
    if dataset.kind == "pairs" and is_rebuilt(dataset):
        return "text"
    takes_two = dataset.kind == "images" and sum(c.kind == "image" for c in dataset.inputs()) > 1
    return "pairs" if takes_two else dataset.kind


def row_noun(dataset: DatasetSpec) -> str:
    """What the data are counted in: as samples, but a series in the rows of its file."""
    return tr(_NOUNS[_row_kind(dataset)].many)


def counted_rows(dataset: DatasetSpec, count: int) -> str:
    """``3 000 sounds``."""
    nouns = _NOUNS[_row_kind(dataset)]
    if count == 1:
        return tr(nouns.counted_one)
    return tr(nouns.counted_many, count=count_words(count))


def readable_words(dataset: DatasetSpec, left_out: int = 0) -> str:
    """How many there are to learn from, and how many are not: ``58 sounds (2 cannot be read)``.

    `left_out` of them the repairs leave out: ``96 rows (4 left out by repairs)``.
    """
    broken = broken_rows(dataset)
    found = counted_rows(dataset, max(0, readable_rows(dataset) - left_out))
    notes = [tr("{count} cannot be read", count=count_words(broken))] if broken else []
    notes += [tr("{count} left out by repairs", count=count_words(left_out))] if left_out else []
    return tr("{found} ({notes})", found=found, notes=", ".join(notes)) if notes else found


def looking_words(dataset: DatasetSpec) -> str:
    """What is going on while all of the data are read through."""
    return tr("Looking at all {samples}…", samples=row_noun(dataset))


def kind_title(dataset: DatasetSpec) -> str:
    """The kind of the data as the end of "Read as …"."""
    return tr(_NOUNS[dataset.kind].title)


def form_words(dataset: DatasetSpec) -> str:
    """What each sample is, in figures; empty for the rows of a table."""
    parts = (
        _picture_words(dataset),
        _sound_words(dataset),
        _text_words(dataset),
        _window_words(dataset),
    )
    return ", ".join(part for part in parts if part)


def recognized_words(dataset: DatasetSpec) -> str:
    """One line on what was recognized: ``Read as sound: 3 000 sounds, 10 classes``."""
    if dataset.summary is None:
        return ""
    found = readable_words(dataset)
    return tr(
        "Read as {kind}: {found}, {more}",
        kind=kind_title(dataset),
        found=found,
        more=asked_words(dataset),
    )


def asked_words(dataset: DatasetSpec) -> str:
    """What is to be learnt, in a few words: ``10 classes``, ``1 number``, ``no target yet``."""
    task, names = dataset.task(), [column.name for column in dataset.targets()]
    if task == "classes":
        count = len(dataset.labels())
        return tr("{count} {count|class|classes}", count=count)
    if task == "numbers":
        return (
            tr("target {name}", name=names[0])
            if len(names) == 1
            else tr("{count} {count|target|targets}", count=len(names))
        )
    if task == "sequences":
        return tr("answers as text")
    if task == "masks":
        return tr("{count} {count|class|classes} of pixels", count=dataset.output_shape()[0])
    if task == "images":
        return tr("{name} again", name=names[0])
    return tr("no target yet")


def _row_kind(dataset: DatasetSpec) -> DataKind:
    return "table" if dataset.kind == "series" else _counted_kind(dataset)


def _of_kind(dataset: DatasetSpec, kind: str) -> bool:
    return any(column.kind == kind for column in dataset.inputs())


def _picture_words(dataset: DatasetSpec) -> str:
    is_video = _of_kind(dataset, "video")
    shape = dataset.summary.sample_shape if dataset.summary else ()
    if len(shape) != 3 or not (is_video or _of_kind(dataset, "image")):  # noqa: PLR2004
        return ""
    channels, height, width = shape
    size = tr(
        "{height} × {width} pixels, {colour}",
        height=height,
        width=width,
        colour=tr("grey") if channels == 1 else tr("colour"),
    )
    return (
        tr("{frames} {frames|frame|frames}, {size}", frames=dataset.clips.frames, size=size)
        if is_video
        else size
    )


def _sound_words(dataset: DatasetSpec) -> str:
    if not _of_kind(dataset, "sound"):
        return ""
    return tr(
        "{seconds} s at {rate} kHz",
        seconds=f"{dataset.sound.seconds:g}",
        rate=f"{dataset.sound.rate / 1000:g}",
    )


def _text_words(dataset: DatasetSpec) -> str:
    if not _of_kind(dataset, "text"):
        return ""
    return tr("{count} {count|token|tokens} each", count=dataset.text.length)


def _window_words(dataset: DatasetSpec) -> str:
    if dataset.series is None:
        return ""
    return tr("windows of {count} {count|row|rows}", count=count_words(dataset.series.window))
