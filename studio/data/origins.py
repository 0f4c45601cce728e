"""ORIGINS: for each source how its rows are read as Material, and how it is recognised again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from studio.core.design.dataset import DatasetSpec
from studio.core.design.shaping import Joined
from studio.core.params import Values
from studio.core.problems import Place, refuse
from studio.core.words import tr
from studio.data.files import size_and_hash
from studio.data.idx import pairs_of
from studio.data.idx_source import idx_material
from studio.data.material import Kinds, Material
from studio.data.samples import SAMPLES, sample_material
from studio.data.sql import sql_settings
from studio.data.tables import read_columns, read_table

Fingerprint = tuple[int, str]
Reads = Callable[[str, Values, Kinds | None], Material]


@dataclass(frozen=True, slots=True)
class Origin:
    """One kind of source.

    `read` takes the path (or URL, or key of a sample), the settings, and the columns to read
    with what they are (None: all, as they seem). `mark` gives size and hash.
    """

    key: str
    title: str
    read: Reads
    mark: Callable[[str, Values], Fingerprint]


def _table(path: str, settings: Values, kinds: Kinds | None) -> Material:
    place = Path(path)
    table = read_table(place, settings) if kinds is None else read_columns(place, settings, kinds)
    return Material(table, root=place.parent)


def _alike(path: str, settings: Values, kinds: Kinds | None) -> Material:
    from studio.data.alike import read_alike
    from studio.data.recognition import tables_in_folder

    return read_alike(tables_in_folder(Path(path)), settings, kinds)


def _files(path: str, settings: Values, kinds: Kinds | None) -> Material:
    from studio.data.listing import list_media

    listed = list_media(Path(path), settings)
    given = {**settings, **listed.settings}
    kept = {key: value for key, value in given.items() if isinstance(value, str | int)}
    return Material(
        replace(listed.table, settings=kept),
        listed.kind,
        listed.media,
        own_test=listed.own_test,
        root=listed.root,
        target=listed.target,
        split=listed.split,
    )


def _idx(path: str, settings: Values, kinds: Kinds | None) -> Material:
    return idx_material(Path(path), settings)


def _lines(path: str, settings: Values, kinds: Kinds | None) -> Material:
    from studio.data.lines import read_lines

    return Material(read_lines(Path(path), settings))


def _sql(path: str, settings: Values, kinds: Kinds | None) -> Material:
    given = settings
    if settings.get("format") != "sql":
        given = {**settings, **sql_settings(path, str(settings.get("query", "")))}
    place = Path(str(given["url"]))
    return Material(
        read_table(place, given) if kinds is None else read_columns(place, given, kinds)
    )


def _sample(path: str, settings: Values, kinds: Kinds | None) -> Material:
    return sample_material(known_sample(path))


def origin_of(spec: DatasetSpec | Joined) -> Origin:
    """The source of a dataset, or of what is joined to it; StudioError where none was opened."""
    origin = ORIGINS.get(spec.source)
    if origin is None:
        raise refuse(
            tr("No data was opened. Expected a table, pictures, sounds, clips or texts."),
            tr("Open a file or a folder, or take a sample."),
            place=Place("data"),
            code="no-data",
        )
    return origin


def known_sample(key: str) -> str:
    """The key; StudioError where there is no such sample."""
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


def _file_mark(path: str, settings: Values) -> Fingerprint:
    return size_and_hash([Path(path)])


def _alike_mark(path: str, settings: Values) -> Fingerprint:
    from studio.data.recognition import tables_in_folder

    return size_and_hash(tables_in_folder(Path(path)))


def _files_mark(path: str, settings: Values) -> Fingerprint:
    from studio.data.listing import mark_of_files

    return mark_of_files(Path(path), settings)


def _idx_mark(path: str, settings: Values) -> Fingerprint:
    pairs = pairs_of(Path(path))
    return size_and_hash(f for p in pairs for f in (p.images, p.labels) if f is not None)


def _lines_mark(path: str, settings: Values) -> Fingerprint:
    from studio.data.lines import line_files

    return size_and_hash(line_files(Path(path), settings))


def _no_mark(path: str, settings: Values) -> Fingerprint:
    return 0, ""


def _sample_mark(path: str, settings: Values) -> Fingerprint:
    known_sample(path)
    return 0, ""


ORIGINS: Mapping[str, Origin] = MappingProxyType(
    {
        origin.key: origin
        for origin in (
            Origin("table", "Table", _table, _file_mark),
            Origin("tables", "Tables with the same columns", _alike, _alike_mark),
            Origin("files", "Pictures, sounds or clips", _files, _files_mark),
            Origin("idx", "IDX files", _idx, _idx_mark),
            Origin("lines", "Two texts line by line", _lines, _lines_mark),
            Origin("sql", "Database", _sql, _no_mark),
            Origin("sample", "Built-in data", _sample, _sample_mark),
        )
    }
)
