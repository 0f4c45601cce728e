"""Pictures as a source of data: class folders, IDX files, the built-in shapes."""

import os
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import DatasetSpec, DatasetSummary, ImagePreview
from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, StudioError, refuse
from studio.core.words import tr
from studio.data.arrays import Arrays
from studio.data.files import listing_hash, size_and_hash
from studio.data.idx import class_names, is_idx, pairs_of, read_block
from studio.data.images import Folder, list_any, list_folder, look, read_folder
from studio.data.preview import mixed_order, preview_of_pixels
from studio.data.samples import sample_pictures
from studio.data.split import deal

Indices = NDArray[np.int64]


def open_folder(path: Path, settings: Values) -> DatasetSpec:
    """A folder for each class; only the headers of the files are read."""
    looked = look(path, settings)
    shape = tuple(looked.settings[key] for key in ("channels", "height", "width"))
    classes = np.array(looked.folder.classes, np.int64)
    summary = _summary(shape, classes, looked.folder.labels, 0, looked.problems)
    size, digest = listing_hash(path, list_folder(path).files)
    return DatasetSpec(
        "image_folder",
        os.path.abspath(path),
        MappingProxyType(dict(looked.settings)),
        size=size,
        sha256=digest,
        summary=summary,
    )


def open_idx(path: Path, settings: Values) -> DatasetSpec:
    """An IDX pair or two, with the test part that they bring."""
    pairs = pairs_of(path)
    block = read_block(pairs)
    classes, labels, problems = class_names(block.values, settings)
    summary = _summary(block.pixels.shape[1:], classes, labels, block.own_test, problems)
    files = [f for pair in pairs for f in (pair.images, pair.labels) if f is not None]
    size, digest = size_and_hash(files)
    kept = {"labels": str(settings["labels"])} if settings.get("labels") else {}
    return DatasetSpec(
        "idx",
        os.path.abspath(path),
        MappingProxyType(kept),
        size=size,
        sha256=digest,
        summary=summary,
    )


def open_sample_pictures(key: str) -> DatasetSpec:
    """The built-in pictures."""
    made = sample_pictures()
    return DatasetSpec(
        "sample", key, summary=_summary(made.pixels.shape[1:], made.classes, made.labels, 0, ())
    )


def load_folder(spec: DatasetSpec) -> Arrays:
    """All pictures of the class folders, dealt to the parts."""
    folder = list_folder(Path(spec.path))
    if folder.labels != spec.labels():
        raise refuse(
            tr(
                "The class folders in {folder} have changed to {found}. Expected {labels}.",
                folder=folder.root.name,
                found=", ".join(folder.labels[:10]),
                labels=", ".join(spec.labels()[:10]),
            ),
            tr("Open the data again."),
            place=Place("file", spec.path),
            code="changed",
        )
    pixels, kept, problems = read_folder(folder, _size_of(spec))
    classes = np.array(folder.classes, np.int64)[kept]
    names = tuple(folder.files[i].relative_to(folder.root).as_posix() for i in kept)
    return _dealt(spec, pixels, classes, kept + 1, names, problems)


def load_idx(spec: DatasetSpec) -> Arrays:
    """All pictures of the IDX files; their own test part stands."""
    block = read_block(pairs_of(Path(spec.path)))
    classes, labels, _ = class_names(block.values, spec.settings)
    if labels != spec.labels():
        raise refuse(
            tr(
                "The labels in {path} have changed. Expected {labels}.",
                path=spec.path,
                labels=", ".join(spec.labels()[:10]),
            ),
            tr("Open the data again."),
            place=Place("file", spec.path),
            code="changed",
        )
    count = len(block.pixels)
    own = np.arange(count - block.own_test, count, dtype=np.int64)
    return _dealt(spec, block.pixels, classes, np.arange(1, count + 1), (), (), own)


def load_sample_pictures(spec: DatasetSpec) -> Arrays:
    """The built-in pictures, dealt to the parts."""
    made = sample_pictures()
    return _dealt(spec, made.pixels, made.classes, np.arange(1, len(made.pixels) + 1), (), ())


def judge_pictures(spec: DatasetSpec, path: Path, *, needs_target: bool) -> Arrays:
    """Other pictures: one file, a folder of them, class folders, or IDX files."""
    if _is_idx_at(path):
        pixels, classes, names, problems = _idx_to_judge(spec, path, needs_target)
    else:
        folder = list_any(path, spec.labels())
        pixels, kept, problems = read_folder(folder, _size_of(spec))
        classes = np.array(folder.classes, np.int64)[kept]
        names = tuple(folder.files[i].relative_to(folder.root).as_posix() for i in kept)
    if needs_target or not len(pixels):
        pixels, classes, names, problems = _with_class(spec, path, pixels, classes, names, problems)
    count, nothing = len(pixels), np.zeros(0, np.int64)
    parts = {"training": nothing, "validation": nothing, "test": np.arange(count, dtype=np.int64)}
    return Arrays(
        "images",
        "classes",
        pixels,
        classes,
        parts,
        np.arange(1, count + 1, dtype=np.int64),
        (),
        spec.labels(),
        (),
        names,
        problems,
    )


def preview_folder(spec: DatasetSpec, rows: int, start: int) -> ImagePreview:
    """Some pictures at the size that is trained on, going round the classes."""
    folder = list_folder(Path(spec.path))
    order = mixed_order(np.array(folder.classes, np.int64))[start : start + rows]
    some = Folder(
        folder.root,
        tuple(folder.files[i] for i in order),
        tuple(folder.classes[i] for i in order),
        folder.labels,
    )
    pixels, kept, _ = read_folder(some, _size_of(spec))
    return preview_of_pixels(
        pixels,
        [some.labels[some.classes[i]] for i in kept],
        [some.files[i].relative_to(some.root).as_posix() for i in kept],
    )


def preview_idx(spec: DatasetSpec, rows: int, start: int) -> ImagePreview:
    """Some pictures of the IDX files, going round the classes."""
    block = read_block(pairs_of(Path(spec.path)))
    classes, labels, _ = class_names(block.values, spec.settings)
    return _some(block.pixels, classes, labels, rows, start)


def preview_sample_pictures(_spec: DatasetSpec, rows: int, start: int) -> ImagePreview:
    """Some of the built-in pictures, going round the classes."""
    made = sample_pictures()
    return _some(made.pixels, made.classes, made.labels, rows, start)


def _summary(
    shape: tuple[int, ...],
    classes: Indices,
    labels: tuple[str, ...],
    own_test: int,
    problems: tuple[Problem, ...],
) -> DatasetSummary:
    counts = np.bincount(classes, minlength=len(labels))
    return DatasetSummary(
        "images",
        len(classes),
        (),
        tuple(int(n) for n in shape),
        labels,
        tuple(int(n) for n in counts),
        own_test,
        problems,
    )


def _size_of(spec: DatasetSpec) -> dict[str, int]:
    assert spec.summary is not None
    return dict(zip(("channels", "height", "width"), spec.summary.sample_shape, strict=True))


def _dealt(
    spec: DatasetSpec,
    pixels: NDArray[np.uint8],
    classes: Indices,
    rows: Indices,
    names: tuple[str, ...],
    problems: tuple[Problem, ...],
    own_test: Indices | None = None,
) -> Arrays:
    if len(np.unique(classes)) < 2:
        raise refuse(
            tr(
                "All pictures are of one class: {label}. Expected at least two classes.",
                label=", ".join(spec.labels()),
            ),
            tr("Add a folder of pictures for each other class."),
            place=Place("data"),
            code="one-class",
        )
    dealt = deal(len(pixels), spec.split, classes, own_test)
    return Arrays(
        "images",
        "classes",
        pixels,
        classes,
        dealt.parts,
        rows.astype(np.int64),
        (),
        spec.labels(),
        (),
        names,
        (*problems, *dealt.problems),
    )


def _some(
    pixels: NDArray[np.uint8], classes: Indices, labels: tuple[str, ...], rows: int, start: int
) -> ImagePreview:
    order = mixed_order(classes)[start : start + rows]
    return preview_of_pixels(
        pixels[order], [labels[classes[i]] for i in order], [str(i + 1) for i in order]
    )


def _is_idx_at(path: Path) -> bool:
    if path.is_dir():
        return any(is_idx(f) for f in sorted(path.iterdir()) if f.is_file() and "idx" in f.name)
    return is_idx(path)


Judged = tuple[NDArray[np.uint8], Indices, tuple[str, ...], tuple[Problem, ...]]


def _idx_to_judge(spec: DatasetSpec, path: Path, needs_target: bool) -> Judged:
    block = read_block(pairs_of(path, alone=True), needs_labels=needs_target)
    wanted = spec.summary.sample_shape if spec.summary else ()
    if block.pixels.shape[1:] != wanted:
        raise refuse(
            tr(
                "The pictures of {file} are {found}. Expected {wanted} (channels, height, width).",
                file=path.name,
                wanted=" × ".join(map(str, wanted)),
                found=" × ".join(map(str, block.pixels.shape[1:])),
            ),
            tr("Use pictures of the size that the model was trained on."),
            place=Place("file", str(path)),
            code="sizes-differ",
        )
    places = {value: i for i, value in enumerate(_values_of(spec))}
    classes = np.array([places.get(int(value), -1) for value in block.values], np.int64)
    return block.pixels, classes, (), ()


def _values_of(spec: DatasetSpec) -> tuple[int, ...]:
    """The numbers in the files that the labels stand for."""
    if all(label.isdigit() for label in spec.labels()):
        return tuple(int(label) for label in spec.labels())
    try:
        block = read_block(pairs_of(Path(spec.path)))
    except StudioError:
        return tuple(range(len(spec.labels())))
    return tuple(int(value) for value in np.unique(block.values))


def _with_class(
    spec: DatasetSpec,
    path: Path,
    pixels: NDArray[np.uint8],
    classes: Indices,
    names: tuple[str, ...],
    problems: tuple[Problem, ...],
) -> Judged:
    known = classes >= 0
    if not known.any():
        why = problems[0].message if problems and not len(pixels) else ""
        raise refuse(
            tr(
                "No picture of {path} belongs to a known class. Expected class folders "
                "named {labels}. {why}",
                path=path.name,
                why=why,
                labels=", ".join(spec.labels()[:10]),
            ).strip(),
            tr("Name the folders like the classes that the model was trained on."),
            place=Place("file", str(path)),
            code="no-class",
        )
    if known.all():
        return pixels, classes, names, problems
    left = Problem(
        tr(
            "{count} of {all} pictures belong to no known class and are left out.",
            count=int((~known).sum()),
            all=len(known),
        ),
        tr("Name the folders like the classes that the model was trained on."),
        Severity.WARNING,
        Place("file", str(path)),
        "unseen-class",
    )
    kept = (
        tuple(name for name, is_kept in zip(names, known, strict=True) if is_kept) if names else ()
    )
    return pixels[known], classes[known], kept, (*problems, left)
