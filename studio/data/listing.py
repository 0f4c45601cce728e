"""Folders, archives and tables of pictures, sounds or clips as a table of references."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from posixpath import splitext
from types import MappingProxyType

import pandas as pd

from studio.core.design.dataset import ColumnKind, DataKind
from studio.core.design.shaping import SplitSpec
from studio.core.params import Value, Values
from studio.core.problems import Problem, Severity, StudioError
from studio.core.words import tr
from studio.data import listing_words as words
from studio.data.files import unreadable
from studio.data.manifests import Manifest, manifest_of, may_be_manifest
from studio.data.mask_folders import Paired, paired
from studio.data.named import PARTS, Named, are_frames, named
from studio.data.pixels import SUFFIXES as PICTURES
from studio.data.references import (
    INSIDE,
    Entry,
    entries_below,
    entries_of,
    is_archive,
    print_of,
)
from studio.data.tables import Table

SOUNDS = frozenset({".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff"})
CLIPS = frozenset({".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv"})
KINDS: Mapping[ColumnKind, DataKind] = MappingProxyType(
    {"image": "images", "sound": "sound", "video": "video"}
)
_COLUMNS: Mapping[ColumnKind, str] = MappingProxyType(
    {"image": "picture", "sound": "sound", "video": "clip"}
)
SETTINGS = ("kind", "height", "width", "channels", "skip_broken")
_PAPERS = frozenset({"", ".md", ".txt", ".rst", ".pdf", ".html", ".cff"})
_PART_COLUMNS = ("part", "split", "set", "subset", "partition", "fold")


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """The samples at a path: a row for each, with what folders, names or a manifest say of it.

    `media` names the columns of references, which are relative to `root`; `target` is the
    likeliest class among the others ("" where there is none). The last `own_test` rows are
    a test part that the source brings, and `split` is set where it brings a validation
    part, too. `mark` is as by `mark_of_files`.
    """

    table: Table
    kind: DataKind
    media: Mapping[str, ColumnKind]
    root: Path
    target: str = ""
    own_test: int = 0
    split: SplitSpec | None = None
    settings: Values = field(default_factory=lambda: MappingProxyType({}))
    mark: tuple[int, str] = (0, "")

    @property
    def column(self) -> str:
        """The first column of references."""
        return next(iter(self.media))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found while listing."""
        return self.table.problems

    def references(self, name: str = "") -> list[str]:
        """The references of a column, with their folder."""
        cells = self.table.frame[name or self.column].to_numpy(object)
        return [str(self.root / cell) if isinstance(cell, str) else "" for cell in cells]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where files were found: `root`, `before` is what stands in front of their names."""

    path: Path
    root: Path
    before: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    is_folder: bool = True


def holds_media(path: Path) -> bool:
    """True for a folder or an archive with pictures, sounds or clips, and for one such file."""
    if path.is_file() and not is_archive(path):
        return _kind_of(path.name) is not None
    return any(_kind_of(entry.name) for entry in _place_of(path).entries)


def list_media(path: Path, settings: Values | None = None) -> Listed:
    """What is at a folder, an archive or one file; nothing but names and manifests is read.

    settings: `kind` image, sound or video, where several are there or pictures are frames;
    `words`, how many words of names are columns; the others of `SETTINGS` are for
    `media.look_at`.
    """
    given = settings or {}
    place = _place_of(path)
    found = {e.name: kind for e in place.entries if (kind := _kind_of(e.name, given))}
    if not found:
        for problem in place.problems:  # files whose names are no text: these are what is there
            raise StudioError(replace(problem, severity=Severity.ERROR))
        raise words.nothing_there(path, [entry.name for entry in place.entries])
    kind = _taken(found, given)
    names = [name for name in found if found[name] == kind]
    manifest = _manifest(place, names)
    notes: list[Problem] = []
    if manifest is not None:
        listed = _by_manifest(place, manifest, kind)
        known = {*found, manifest.name}
    else:
        listed, notes = _by_names(place, names, kind, given)
        known = set(found)
    kept = _kept(given, listed.kind)
    if "kind" in given and "kind" not in kept:
        notes.append(words.not_of_kind(str(given["kind"]), path))
    problems = [*place.problems, *_others(found, kind), *_left(place, known), *notes]
    return replace(
        listed,
        table=replace(listed.table, problems=(*problems, *listed.table.problems)),
        mark=_mark(place),
        settings=MappingProxyType({**listed.settings, **kept}),
    )


def mark_of_files(path: Path, settings: Values | None = None) -> tuple[int, str]:
    """Bytes in all and a hash over names and sizes of pictures, sounds, clips and tables there."""
    return _mark(_place_of(path))


def _mark(place: _Place) -> tuple[int, str]:
    return print_of(e for e in place.entries if _kind_of(e.name) or may_be_manifest(e))


def _place_of(path: Path) -> _Place:
    """The files at a path; of a folder that holds an archive and papers, those in the archive."""
    if not path.exists():
        raise unreadable(path, FileNotFoundError())
    if path.is_file() and not is_archive(path):
        entry = Entry(path.name, path.stat().st_size)
        return _Place(path, path.parent, "", (entry,), is_folder=False)
    if path.is_file():
        before = f"{path.name}{INSIDE}"
        return _Place(path, path.parent, before, tuple(entries_of(path)), is_folder=False)
    entries, nameless = entries_below(path)
    inner = _only_archive(path, entries)
    if inner is not None:
        before = f"{inner.relative_to(path).as_posix()}{INSIDE}"
        return _Place(inner, path, before, tuple(entries_of(inner)), is_folder=False)
    problems = (words.nameless(nameless),) if nameless else ()
    return _Place(path, path, "", tuple(entries), problems)


def _only_archive(folder: Path, entries: Sequence[Entry]) -> Path | None:
    others = [e for e in entries if splitext(e.name)[1].lower() not in _PAPERS]
    if len(others) != 1:
        return None
    only = folder / others[0].name
    return only if is_archive(only) else None


def _kind_of(name: str, given: Values | None = None) -> ColumnKind | None:
    suffix = splitext(name)[1].lower()
    if suffix == ".gif" and given and given.get("kind") == "video":
        return "video"
    if suffix in PICTURES:
        return "image"
    return "sound" if suffix in SOUNDS else "video" if suffix in CLIPS else None


def _taken(found: Mapping[str, ColumnKind], given: Values) -> ColumnKind:
    """The kind that was asked for, else the one with the most files."""
    counts = Counter(found.values())
    asked = next((kind for kind in counts if kind == given.get("kind")), None)
    return asked or counts.most_common(1)[0][0]


def _are_clips(names: Sequence[str], given: Values) -> bool:
    return given["kind"] == "video" if "kind" in given else are_frames(names)


def _kept(given: Values, kind: DataKind) -> dict[str, Value]:
    """What holds of the settings: another kind than is there was not taken."""
    kept = {key: given[key] for key in SETTINGS if key in given}
    if kept.get("kind") not in [key for key, shown in KINDS.items() if shown == kind]:
        kept.pop("kind", None)
    return kept


def _others(found: Mapping[str, ColumnKind], taken: ColumnKind) -> list[Problem]:
    counts = Counter(found.values())
    return [words.other_kind(kind, n, taken) for kind, n in counts.items() if kind != taken]


def _left(place: _Place, found: Collection[str]) -> list[Problem]:
    suffixes = [splitext(e.name)[1].lower() for e in place.entries if e.name not in found]
    left = [suffix for suffix in suffixes if suffix not in _PAPERS]
    problems = [words.skipped(len(left), place.path)] if left else []
    if ".zip" in left:
        problems.append(words.nested(place.path, left.count(".zip")))
    return problems


def _manifest(place: _Place, names: Sequence[str]) -> Manifest | None:
    if not place.is_folder and not place.before:
        return None
    return manifest_of(place.path, place.entries, names, is_archive=bool(place.before))


def _by_names(
    place: _Place, names: Sequence[str], kind: ColumnKind, given: Values
) -> tuple[Listed, list[Problem]]:
    """A row for each file, or for each folder of frames, with what the names say."""
    pairs = paired(names) if kind == "image" else None
    if pairs is not None:
        return _with_masks(place, pairs), [words.masks(len(pairs.pictures))]
    notes, settings = [], dict[str, Value]()
    if kind == "image" and _are_clips(names, given):
        kind, names = "video", list(dict.fromkeys(f"{n.rpartition('/')[0] or '.'}/" for n in names))
        settings["kind"] = "video"
        notes.append(words.frames(len(names)))
    known = given.get("words")
    said = named(
        # Some programs write the folders of an archive as Windows does.
        [(n.replace("\\", "/") if place.before else n).rstrip("/") for n in names],
        keeps_top=place.is_folder,
        words=known if isinstance(known, int) else 0,
    )
    column = tr(_COLUMNS[kind])
    columns: dict[str, Sequence[str | None]] = {column: [place.before + name for name in names]}
    columns |= _known(said)
    if said.parts:
        columns[tr("part")] = list(said.parts)
    frame = pd.DataFrame(
        {key: pd.array(list(cells), dtype="str") for key, cells in columns.items()}
    )
    listed = Listed(
        Table(place.path.name, frame, {}),
        KINDS[kind],
        {column: kind},
        place.root,
        said.target,
        settings={**settings, "words": said.words} if said.words else settings,
    )
    return (_dealt(listed, tr("part")) if said.parts else listed), notes


def _with_masks(place: _Place, pairs: Paired) -> Listed:
    """A row for each picture with its mask beside it."""
    picture, mask, part = tr("picture"), tr("mask"), tr("part")
    columns: dict[str, list[str | None]] = {
        picture: [place.before + name for name in pairs.pictures],
        mask: [place.before + name if name else None for name in pairs.masks],
    }
    if pairs.parts:
        columns[part] = list(pairs.parts)
    frame = pd.DataFrame({key: pd.array(cells, dtype="str") for key, cells in columns.items()})
    kinds: dict[str, ColumnKind] = {picture: "image", mask: "image"}
    listed = Listed(Table(place.path.name, frame, {}), "images", kinds, place.root, mask)
    return _dealt(listed, part) if pairs.parts else listed


def _known(said: Named) -> dict[str, Sequence[str | None]]:
    return {key: [cell or None for cell in cells] for key, cells in said.columns.items()}


def _dealt(listed: Listed, column: str) -> Listed:
    """With the test part last, and a split by the column where it names a validation part."""
    frame = listed.table.frame
    parts = frame[column].str.lower().map(dict(PARTS))
    is_test = (parts == "test").to_numpy(bool)
    if (parts == "validation").any():
        return replace(listed, split=SplitSpec(method="column", column=column))
    if not is_test.any() or is_test.all():
        return listed
    ordered = pd.concat([frame[~is_test], frame[is_test]], ignore_index=True)
    return replace(listed, table=replace(listed.table, frame=ordered), own_test=int(is_test.sum()))


def _by_manifest(place: _Place, manifest: Manifest, kind: ColumnKind) -> Listed:
    frame = manifest.table.frame.copy()
    frame[manifest.column] = pd.Series(
        [place.before + name for name in manifest.references], dtype="str", index=frame.index
    )
    frame = frame[[manifest.column, *(c for c in frame.columns if c != manifest.column)]]
    table = replace(manifest.table, frame=frame)
    listed = Listed(table, KINDS[kind], {manifest.column: kind}, place.root)
    parts = [c for c in frame.columns if str(c).lower() in _PART_COLUMNS and _names_parts(frame[c])]
    return _dealt(listed, str(parts[0])) if parts else listed


def _names_parts(values: "pd.Series[str]") -> bool:
    known = values.dropna().astype("str").str.lower()
    return bool(len(known)) and bool(known.isin(list(PARTS)).all())
