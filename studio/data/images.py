"""A folder for each class of pictures: what is in it, and all of it as one block of bytes."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr
from studio.data.files import unreadable
from studio.data.pixels import (
    BROKEN,
    MOST_PIXELS,
    SUFFIXES,
    Header,
    TooManyPixelsError,
    read_header,
    read_pixels,
)

LONGEST_SIDE = 128
KEPT_AS_IS = 64 * 1024**2
MOST_BYTES = 4 * 1024**3
TABLES = frozenset({".csv", ".tsv"})
LARGEST_SIDE = 4096
_PART_NAMES = frozenset({"train", "training", "test", "testing", "val", "valid", "validation"})


@dataclass(frozen=True, slots=True)
class Folder:
    """The picture files of a folder with the class of each, in a fixed order."""

    root: Path
    files: tuple[Path, ...]
    classes: tuple[int, ...]
    labels: tuple[str, ...]
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Looked:
    """The pictures that can be read, the settings found for them, and what is wrong."""

    folder: Folder
    settings: dict[str, int]
    problems: tuple[Problem, ...]


def list_folder(root: Path) -> Folder:
    """Every picture below each class folder, classes and files in alphabetical order."""
    try:
        entries = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError as error:
        raise unreadable(root, error) from error
    folders = [Path(e.path) for e in entries if e.is_dir() and not _is_hidden(e.name)]
    skipped = sum(not e.is_dir() for e in entries)
    found = {folder.name: list(_files_below(folder)) for folder in folders}
    pictures = {name: [f for f in files if _is_picture(f)] for name, files in found.items()}
    skipped += sum(len(found[name]) - len(pictures[name]) for name in found)
    labels = tuple(name for name in sorted(pictures) if pictures[name])
    _refuse_unusable(root, labels)
    files = tuple(file for name in labels for file in pictures[name])
    classes = tuple(i for i, name in enumerate(labels) for _ in pictures[name])
    return Folder(root, files, classes, labels, skipped)


def list_any(path: Path, labels: tuple[str, ...]) -> Folder:
    """One picture, a folder of them, or a folder for each of `labels`; class -1 where unknown."""
    if path.is_file():
        return Folder(path.parent, (path,), (-1,), labels)
    files = sorted(f for f in _files_below(path) if _is_picture(f))
    if not files:
        raise _no_pictures(path)
    places = {label: i for i, label in enumerate(labels)}
    classes = tuple(
        places.get(file.relative_to(path).parts[0], -1) if file.parent != path else -1
        for file in files
    )
    return Folder(path, tuple(files), classes, labels)


def look(root: Path, given: Values | None = None) -> Looked:
    """What the folder holds, from the headers of its files alone."""
    folder = list_folder(root)
    headers: list[Header] = []
    kept: list[int] = []
    bad: list[tuple[Path, bool]] = []
    for i, file in enumerate(folder.files):
        try:
            headers.append(read_header(file))
            kept.append(i)
        except BROKEN as error:
            bad.append((file, isinstance(error, TooManyPixelsError)))
    if not kept:
        raise refuse(
            tr(
                "None of the {count} pictures in {folder} can be read. Expected PNG, "
                "JPEG, BMP, TIFF or WebP.",
                count=len(bad),
                folder=root.name,
            ),
            tr("Check the files with another program."),
            place=Place("file", str(root)),
            code="unreadable",
        )
    settings, notes = _settings(headers, given or {})
    problems = (*_bad_files(root, bad), *notes, *_skipped(folder))
    whole = Folder(
        root,
        tuple(folder.files[i] for i in kept),
        tuple(folder.classes[i] for i in kept),
        folder.labels,
        folder.skipped,
    )
    _refuse_too_much(len(kept), settings, root)
    return Looked(whole, settings, problems)


def read_folder(
    folder: Folder, settings: Values
) -> tuple[NDArray[np.uint8], NDArray[np.int64], tuple[Problem, ...]]:
    """Pixels [N, C, H, W], the places in `folder.files` that they come from, what went wrong."""
    height, width = int(str(settings["height"])), int(str(settings["width"]))
    channels = int(str(settings["channels"]))
    pixels = np.empty((len(folder.files), channels, height, width), np.uint8)
    kept: list[int] = []
    bad: list[tuple[Path, bool]] = []
    for i, file in enumerate(folder.files):
        try:
            pixels[len(kept)] = read_pixels(file, height, width, channels)
            kept.append(i)
        except BROKEN as error:
            bad.append((file, isinstance(error, TooManyPixelsError)))
    return pixels[: len(kept)], np.array(kept, np.int64), tuple(_bad_files(folder.root, bad))


def _files_below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        yield from (Path(root) / name for name in sorted(files))


def _is_picture(file: Path) -> bool:
    # A pipe of that name would never end.
    return file.suffix.lower() in SUFFIXES and not _is_hidden(file.name) and file.is_file()


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "__MACOSX"))


def _no_pictures(root: Path) -> Exception:
    table = next((file for file in _files_below(root) if file.suffix.lower() in TABLES), None)
    return refuse(
        tr(
            "{folder} holds no pictures. Expected a folder for each class with PNG, "
            "JPEG, BMP, TIFF or WebP files.",
            folder=root.name,
        ),
        tr("There is a table in it: open {table} itself.", table=table.name)
        if table
        else tr("Put the pictures of each class into a folder of its own."),
        place=Place("file", str(root)),
        code="no-pictures",
    )


def _refuse_unusable(root: Path, labels: tuple[str, ...]) -> None:
    if not labels:
        raise _no_pictures(root)
    if {label.lower() for label in labels} <= _PART_NAMES:
        raise refuse(
            tr(
                "The folders of {folder} are called {names}, which are parts, not classes. "
                "Expected a folder for each class.",
                folder=root.name,
                names=", ".join(labels),
            ),
            tr("Open the folder {name} instead.", name=labels[0]),
            place=Place("file", str(root)),
            code="parts-not-classes",
        )


def _settings(headers: Sequence[Header], given: Values) -> tuple[dict[str, int], list[Problem]]:
    """Size and channels as given, else those that fit the pictures; and a note on resizing."""
    sizes = Counter((h.height, h.width) for h in headers)
    common = max(sizes, key=lambda size: (sizes[size], size))
    channels = 1 if all(h.is_grey for h in headers) else 3
    is_small = len(sizes) == 1 and len(headers) * common[0] * common[1] * channels <= KEPT_AS_IS
    height, width = common if is_small else _capped(*common)
    found = {"height": height, "width": width, "channels": channels}
    settings = {key: _given(given, key, value) for key, value in found.items()}
    settings["channels"] = 1 if settings["channels"] == 1 else 3
    chosen = (settings["height"], settings["width"])
    changed = sum(count for size, count in sizes.items() if size != chosen)
    return settings, [_resized(changed, len(headers), chosen)] if changed else []


def _capped(height: int, width: int) -> tuple[int, int]:
    factor = min(1.0, LONGEST_SIDE / max(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))


def _given(given: Values, key: str, found: int) -> int:
    value = given.get(key)
    is_size = isinstance(value, int) and not isinstance(value, bool)
    return min(value, LARGEST_SIDE) if is_size and isinstance(value, int) and value > 0 else found


def _resized(count: int, all_of: int, size: tuple[int, int]) -> Problem:
    return Problem(
        tr(
            "{count} of {all} pictures are resized to {height} × {width} pixels.",
            count=count,
            all=all_of,
            height=size[0],
            width=size[1],
        ),
        tr("Change height and width in the import settings if that is too small."),
        Severity.NOTE,
        Place("data"),
        "resized",
    )


def _bad_files(root: Path, bad: Sequence[tuple[Path, bool]]) -> list[Problem]:
    broken = [path for path, is_large in bad if not is_large]
    large = [path for path, is_large in bad if is_large]
    problems = []
    if broken:
        problems.append(
            Problem(
                tr(
                    "{count} pictures cannot be read and are left out: {files}. Expected whole "
                    "PNG, JPEG, BMP, TIFF or WebP files.",
                    count=len(broken),
                    files=_names(root, broken),
                ),
                tr("Replace or remove them."),
                Severity.WARNING,
                Place("file", str(broken[0])),
                "broken-picture",
            )
        )
    if large:
        problems.append(
            Problem(
                tr(
                    "{count} pictures have more than {most} million pixels and are left out: "
                    "{files}.",
                    count=len(large),
                    most=MOST_PIXELS // 10**6,
                    files=_names(root, large),
                ),
                tr("Make them smaller."),
                Severity.WARNING,
                Place("file", str(large[0])),
                "huge-picture",
            )
        )
    return problems


def _names(root: Path, files: Sequence[Path]) -> str:
    names = [file.relative_to(root).as_posix() for file in files[:5]]
    return ", ".join(names) + (" …" if len(files) > len(names) else "")


def _skipped(folder: Folder) -> list[Problem]:
    if not folder.skipped:
        return []
    return [
        Problem(
            tr(
                "{count} files in {folder} are not pictures in a class folder and are left out.",
                count=folder.skipped,
                folder=folder.root.name,
            ),
            tr("Nothing needs to be done."),
            Severity.NOTE,
            Place("data"),
            "skipped-files",
        )
    ]


def _refuse_too_much(count: int, settings: dict[str, int], root: Path) -> None:
    need = count * settings["height"] * settings["width"] * settings["channels"]
    if need > MOST_BYTES:
        raise refuse(
            tr(
                "The pictures of {folder} need {need:.1f} GB in memory. Expected at most "
                "{most} GB.",
                folder=root.name,
                need=need / 1024**3,
                most=MOST_BYTES // 1024**3,
            ),
            tr("Choose a smaller height and width in the import settings."),
            place=Place("data"),
            code="too-large",
        )
