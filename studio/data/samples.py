"""Built-in data that needs no file: made from a fixed seed, and called synthetic where it is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.core.design.dataset import ColumnKind, ColumnRole, DataKind, DatasetSpec
from studio.core.design.shaping import SeriesSpec, SplitSpec
from studio.data.material import Material
from studio.data.sample_list import SAMPLES as SAMPLES
from studio.data.sample_list import Sample as Sample
from studio.data.sample_melodies import RATE as MELODY_RATE
from studio.data.sample_melodies import melodies
from studio.data.sample_numbers import hundred, line, thousand
from studio.data.sample_pictures import SHAPES, WAYS, moving, shapes
from studio.data.sample_scenes import ANSWERS, MASK_CLASSES, VERDICTS, blots, pairs, parts
from studio.data.sample_series import demand, machine
from studio.data.sample_sounds import RATE, VOWELS, vowels
from studio.data.sample_tables import factory, houses, ratings, spirals
from studio.data.sample_texts import phrases, reviews
from studio.data.suggestions import without_notes
from studio.data.tables import Table

_PLAIN: Mapping[str, str | bool | int] = MappingProxyType({"decimal": ".", "thousands": ""})


@lru_cache(maxsize=4)
def sample_material(key: str) -> Material:
    """The rows of a built-in dataset; the last ones stay, since they take a while to make."""
    return _MADE[key](SAMPLES[key].title)


def aimed(spec: DatasetSpec, sample: Sample) -> DatasetSpec:
    """With the sample's own targets, kinds, texts and windows, should a guess ever miss them."""
    is_series_rebuilt = sample.series is not None and sample.series.purpose == "rebuild"
    used: ColumnRole = "ignore" if is_series_rebuilt or sample.rebuilt else "input"
    for column in spec.columns if used == "ignore" else spec.targets():
        if column.name not in sample.targets:
            spec = spec.with_column(column.name, role=used)
    for name in sample.targets:
        role: ColumnRole = "both" if sample.rebuilt else "target"
        spec = spec.with_column(name, kind=sample.kinds.get(name), role=role)
    if sample.text is not None:
        spec = replace(spec, text=sample.text)
    spec = without_notes(spec, sample.targets)
    return spec if sample.series is None else _in_windows(spec, sample.series)


def _in_windows(spec: DatasetSpec, series: SeriesSpec) -> DatasetSpec:
    """Read as a series; categories among its inputs say nothing of what comes next."""
    for name in [c.name for c in spec.inputs() if c.kind == "category"]:
        spec = spec.with_column(name, role="ignore")
    split = SplitSpec(method="time", column=series.time)
    return replace(without_notes(spec, (series.time,)), series=series, split=split)


def _table(make: Callable[[], pd.DataFrame]) -> Callable[[str], Material]:
    return lambda title: Material(Table(title, make(), _PLAIN))


def _shapes(title: str) -> Material:
    pixels, classes = shapes()
    return _labelled(title, "images", ("picture", "image"), pixels, (SHAPES, classes))


def _sounds(title: str) -> Material:
    sounds, classes = vowels()
    made = _labelled(title, "sound", ("sound", "sound"), sounds, (VOWELS, classes))
    return replace(made, rates={"sound": RATE})


def _clips(title: str) -> Material:
    clips, classes = moving()
    return _labelled(title, "video", ("clip", "video"), clips, (WAYS, classes))


def _melodies(title: str) -> Material:
    sounds, letters = melodies()
    frame = _numbered("sound", len(letters)).assign(letters=pd.Series(letters, dtype="str"))
    made = _beside(title, "sound", frame, {"sound": ("sound", sounds)})
    return replace(made, rates={"sound": MELODY_RATE})


def _blots(title: str) -> Material:
    pictures, masks = blots()
    frame = _numbered("picture", len(masks))
    blocks = {"picture": pictures, "mask": masks}
    made = _beside(
        title,
        "images",
        frame.assign(mask=frame["picture"]),
        {name: ("image", block) for name, block in blocks.items()},
    )
    return replace(made, orders={"mask": MASK_CLASSES})


def _pairs(title: str) -> Material:
    left, right, answers = pairs()
    frame = _numbered("left", len(answers))
    frame = frame.assign(right=frame["left"], answer=_names(ANSWERS, answers))
    blocks = {"left": left, "right": right}
    return _beside(
        title, "images", frame, {name: ("image", block) for name, block in blocks.items()}
    )


def _parts(title: str) -> Material:
    readings, pictures, kinds = parts()
    frame = pd.concat([_numbered("picture", len(kinds)), readings], axis=1)
    frame = frame.assign(verdict=_names(VERDICTS, kinds))
    return _beside(title, "images", frame, {"picture": ("image", pictures)})


def _readings() -> pd.DataFrame:
    """What was not measured cannot be given again."""
    return factory().dropna(ignore_index=True)


def _remarks() -> pd.DataFrame:
    return reviews()[["text"]]


def _labelled(
    title: str,
    kind: DataKind,
    column: tuple[str, ColumnKind],
    block: NDArray[Any],
    known: tuple[tuple[str, ...], NDArray[np.int64]],
) -> Material:
    """Samples in memory, each with its class."""
    name, column_kind = column
    labels, classes = known
    frame = _numbered(name, len(classes)).assign(**{"class": _names(labels, classes)})
    return _beside(title, kind, frame, {name: (column_kind, block)})


def _beside(
    title: str,
    kind: DataKind,
    frame: pd.DataFrame,
    blocks: Mapping[str, tuple[ColumnKind, NDArray[Any]]],
) -> Material:
    """A table with samples in memory for some of its columns."""
    return Material(
        Table(title, frame, _PLAIN),
        kind,
        MappingProxyType({name: kind for name, (kind, _block) in blocks.items()}),
        MappingProxyType({name: block for name, (_kind, block) in blocks.items()}),
    )


def _numbered(name: str, count: int) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(np.arange(1, count + 1).astype(str), dtype="str")})


def _names(labels: tuple[str, ...], classes: NDArray[np.int64]) -> "pd.Series[str]":
    return pd.Series(np.array(labels, object)[classes], dtype="str")


_MADE: Mapping[str, Callable[[str], Material]] = MappingProxyType(
    {
        "factory": _table(factory),
        "houses": _table(houses),
        "shapes": _shapes,
        "spirals": _table(spirals),
        "sounds": _sounds,
        "reviews": _table(reviews),
        "phrases": _table(phrases),
        "demand": _table(demand),
        "machine": _table(machine),
        "states": _table(machine),
        "ratings": _table(ratings),
        "clips": _clips,
        "line": _table(line),
        "hundred": _table(hundred),
        "thousand": _table(thousand),
        "melodies": _melodies,
        "blots": _blots,
        "pairs": _pairs,
        "parts": _parts,
        "remarks": _table(_remarks),
        "readings": _table(_readings),
        "drawings": _shapes,
    }
)
