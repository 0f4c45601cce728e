"""SOURCES: every kind of data that can be opened, and the functions that jobs call for all of them.

What is read here is raw: filling, scaling and encoding follow in `prepare`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from studio.core.design.dataset import (
    ColumnChoice,
    DatasetSpec,
    ImagePreview,
    TablePreview,
)
from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, StudioError, refuse
from studio.core.words import tr
from studio.data import picture_source as pictures
from studio.data import table_source as tables
from studio.data.arrays import Arrays
from studio.data.files import listing_hash, size_and_hash, unreadable
from studio.data.idx import holds_idx, is_idx, pairs_of
from studio.data.images import list_folder
from studio.data.pixels import SUFFIXES
from studio.data.samples import SAMPLES

NO_SETTINGS: Values = MappingProxyType({})
Fingerprint = tuple[int, str]


class Opens(Protocol):
    """Makes a DatasetSpec of a path."""

    def __call__(
        self, path: Path, settings: Values, chosen: tuple[ColumnChoice, ...]
    ) -> DatasetSpec:
        """The data at `path`, read with `settings`, with the `chosen` columns kept."""


class Judges(Protocol):
    """Reads another file for prediction or evaluation."""

    def __call__(self, spec: DatasetSpec, path: Path, *, needs_target: bool) -> Arrays:
        """All rows at `path` as the test part."""


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of data: how it is opened, loaded, shown, judged and recognised again."""

    key: str
    title: str
    open: Opens
    load: Callable[[DatasetSpec], Arrays]
    preview: Callable[[DatasetSpec, int, int], TablePreview | ImagePreview]
    judge: Judges
    fingerprint: Callable[[DatasetSpec], Fingerprint]


def _open_folder(path: Path, settings: Values, chosen: tuple[ColumnChoice, ...]) -> DatasetSpec:
    return pictures.open_folder(path, settings)


def _open_idx(path: Path, settings: Values, chosen: tuple[ColumnChoice, ...]) -> DatasetSpec:
    return pictures.open_idx(path, settings)


def _open_sample(path: Path, settings: Values, chosen: tuple[ColumnChoice, ...]) -> DatasetSpec:
    key = str(path)
    is_table = SAMPLES[key].kind == "table"
    return tables.open_sample_table(key, chosen) if is_table else pictures.open_sample_pictures(key)


def _load_sample(spec: DatasetSpec) -> Arrays:
    is_table = SAMPLES[spec.path].kind == "table"
    return tables.load_table(spec) if is_table else pictures.load_sample_pictures(spec)


def _preview_sample(spec: DatasetSpec, rows: int, start: int) -> TablePreview | ImagePreview:
    is_table = SAMPLES[spec.path].kind == "table"
    show = tables.preview_table if is_table else pictures.preview_sample_pictures
    return show(spec, rows, start)


def _judge_sample(spec: DatasetSpec, path: Path, *, needs_target: bool) -> Arrays:
    is_table = SAMPLES[spec.path].kind == "table"
    judge = tables.judge_table if is_table else pictures.judge_pictures
    return judge(spec, path, needs_target=needs_target)


def _file_print(spec: DatasetSpec) -> Fingerprint:
    return size_and_hash([Path(spec.path)])


def _folder_print(spec: DatasetSpec) -> Fingerprint:
    root = Path(spec.path)
    return listing_hash(root, list_folder(root).files)


def _idx_print(spec: DatasetSpec) -> Fingerprint:
    return size_and_hash(
        [
            f
            for pair in pairs_of(Path(spec.path))
            for f in (pair.images, pair.labels)
            if f is not None
        ]
    )


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        source.key: source
        for source in (
            Source(
                "table",
                "Table",
                tables.open_table,
                tables.load_table,
                tables.preview_table,
                tables.judge_table,
                _file_print,
            ),
            Source(
                "image_folder",
                "Folder of pictures",
                _open_folder,
                pictures.load_folder,
                pictures.preview_folder,
                pictures.judge_pictures,
                _folder_print,
            ),
            Source(
                "idx",
                "IDX files",
                _open_idx,
                pictures.load_idx,
                pictures.preview_idx,
                pictures.judge_pictures,
                _idx_print,
            ),
            Source(
                "sample",
                "Built-in data",
                _open_sample,
                _load_sample,
                _preview_sample,
                _judge_sample,
                lambda spec: (spec.size, spec.sha256),
            ),
        )
    }
)


def open_data(
    path: str, settings: Values | None = None, chosen: tuple[ColumnChoice, ...] = ()
) -> DatasetSpec:
    """What stands at a path: kind, settings and columns as found, hash, summary with Problems."""
    place = Path(path).absolute()
    source = SOURCES[_recognised(place)]
    return source.open(place, settings or NO_SETTINGS, chosen)


def open_sample(key: str) -> DatasetSpec:
    """Built-in data by its key, one of SAMPLES."""
    return SOURCES["sample"].open(Path(_known_sample(key)), NO_SETTINGS, ())


def load(spec: DatasetSpec) -> Arrays:
    """All of it in memory, with parts; rows without a target are left out."""
    return _source_of(spec).load(spec)


def load_rows(spec: DatasetSpec, path: str, *, needs_target: bool = False) -> Arrays:
    """Another file's rows as the test part, columns found by name.

    Without `needs_target` no row is left out and targets are unknown (-1, NaN).
    """
    place = Path(path).absolute()
    if not place.exists():
        raise unreadable(place, FileNotFoundError())
    return _source_of(spec).judge(spec, place, needs_target=needs_target)


def preview(spec: DatasetSpec, rows: int, start: int = 0) -> TablePreview | ImagePreview:
    """Some rows or pictures as plain values."""
    return _source_of(spec).preview(spec, max(rows, 0), max(start, 0))


def check_data(spec: DatasetSpec) -> tuple[Problem, ...]:
    """Is the data still there, and still the same as when it was opened?"""
    if spec.is_empty:
        return ()
    try:
        size, digest = _source_of(spec).fingerprint(spec)
    except StudioError as error:
        return (error.problem,)
    if not spec.sha256 or (size, digest) == (spec.size, spec.sha256):
        return ()
    return (
        Problem(
            tr(
                "{path} has changed since it was opened. What is shown may not fit any more.",
                path=spec.path,
            ),
            tr("Open the data again."),
            Severity.WARNING,
            Place("file", spec.path),
            "changed",
        ),
    )


def _recognised(path: Path) -> str:
    """The key of the source that a path belongs to."""
    if path.is_dir():
        return "idx" if holds_idx(path) else "image_folder"
    if not path.exists():
        raise unreadable(path, FileNotFoundError())
    if path.suffix.lower() in SUFFIXES:
        raise refuse(
            tr(
                "{file} is one picture. Expected a folder with a folder of pictures for "
                "each class.",
                file=path.name,
            ),
            tr("Choose the folder that holds the class folders."),
            place=Place("file", str(path)),
            code="one-picture",
        )
    return "idx" if is_idx(path) else "table"


def _source_of(spec: DatasetSpec) -> Source:
    source = SOURCES.get(spec.source)
    if source is None:
        raise refuse(
            tr("No data was opened. Expected a table or pictures."),
            tr("Open a file or a folder, or take a sample."),
            place=Place("data"),
            code="no-data",
        )
    if source.key == "sample":
        _known_sample(spec.path)
    return source


def _known_sample(key: str) -> str:
    if key not in SAMPLES:
        raise refuse(
            tr(
                "There is no built-in data called {key}. Expected one of {keys}.",
                key=key[:60],
                keys=", ".join(SAMPLES),
            ),
            tr("Choose one of these."),
            place=Place("data"),
            code="unknown-sample",
        )
    return key
