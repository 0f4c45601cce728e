"""MNIST-style IDX files, plain or gzipped: pictures, their labels, and the test part they bring."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, refuse
from studio.core.words import tr
from studio.data.files import contents, start_of, unreadable

_TEST = re.compile(r"^(t10k|test)", re.IGNORECASE)
_UNSIGNED_BYTES = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """A file of pictures and the file of their labels (None where there is none)."""

    images: Path
    labels: Path | None
    is_test: bool


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """All pictures [N, C, H, W], the label of each, and how many at the end are the test part."""

    pixels: NDArray[np.uint8]
    values: NDArray[np.int64]
    own_test: int


def is_idx(path: Path) -> bool:
    """True for an IDX file of bytes, by its first bytes."""
    head = start_of(path, 4)
    return len(head) == 4 and head[:3] == bytes((0, 0, _UNSIGNED_BYTES)) and head[3] in (1, 3, 4)


def pairs_of(path: Path, *, alone: bool = False) -> tuple[Pair, ...]:
    """The pairs at a folder or an images file; `alone` takes no test part from beside a file."""
    folder = path if path.is_dir() else path.parent
    if path.is_file() and (alone or _is_test(path)):
        return (_pair(_images_beside(path), is_test=False),)
    images = _image_files(folder)
    if path.is_file():
        first = _images_beside(path)
        images = [first, *(file for file in images if _is_test(file))]
    if not images:
        raise refuse(
            tr(
                "{folder} holds no IDX pictures. Expected files like train-images-idx3-ubyte.gz.",
                folder=folder.name,
            ),
            tr("Choose the folder that holds them."),
            place=Place("file", str(path)),
            code="no-pictures",
        )
    has_training = any(not _is_test(file) for file in images)
    pairs = [_pair(f, is_test=has_training and _is_test(f)) for f in images]
    return tuple(sorted(pairs, key=lambda pair: pair.is_test))


def holds_idx(folder: Path) -> bool:
    """True for a folder with IDX pictures."""
    return bool(_image_files(folder))


def read_block(pairs: tuple[Pair, ...], *, needs_labels: bool = True) -> Block:
    """Every picture and label, the test part last."""
    pixels, values = [], []
    for pair in pairs:
        pixels.append(_pictures(pair.images))
        values.append(_labels(pair, len(pixels[-1]), needs_labels))
    _refuse_other_sizes(pairs, pixels)
    own = sum(len(p) for p, pair in zip(pixels, pairs, strict=True) if pair.is_test)
    return Block(
        np.concatenate(pixels),  # a copy: what was read cannot be written to
        np.concatenate(values),
        own,
    )


def class_names(
    values: NDArray[np.int64], given: Values
) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[Problem, ...]]:
    """The class of each label, what the classes are called, and a Problem with given names."""
    known, classes = np.unique(values, return_inverse=True)
    digits = tuple(str(value) for value in known)
    names = tuple(name.strip() for name in str(given.get("labels", "")).split(",") if name.strip())
    if not names:
        return classes.astype(np.int64), digits, ()
    if len(names) != len(digits) or len(set(names)) < len(names):
        return classes.astype(np.int64), digits, (_bad_names(names, digits),)
    return classes.astype(np.int64), names, ()


def _image_files(folder: Path) -> list[Path]:
    try:
        files = sorted(file for file in folder.iterdir() if file.is_file())
    except OSError as error:
        raise unreadable(folder, error) from error
    named = [
        f
        for f in files
        if "image" in f.name.lower()
        and "idx" in f.name.lower()
        and f.suffix.lower() in ("", ".gz", ".idx", ".idx3-ubyte")
    ]
    plain = {f.name for f in named}
    return [f for f in named if not (f.suffix == ".gz" and f.stem in plain) and is_idx(f)]


def _is_test(file: Path) -> bool:
    return _TEST.match(file.name) is not None


def _images_beside(path: Path) -> Path:
    """The images file that a labels file belongs to; any other file is one itself."""
    head = start_of(path, 4)
    if head[3:4] != b"\x01":
        return path
    wanted = _swapped(path.name, "label", "image").replace("idx1", "idx3")
    beside = _existing(path.parent, wanted)
    if beside is None:
        raise refuse(
            tr(
                "{file} holds labels without pictures. Expected {wanted} beside it.",
                file=path.name,
                wanted=wanted,
            ),
            tr("Put both files into one folder."),
            place=Place("file", str(path)),
            code="no-pictures",
        )
    return beside


def _pair(images: Path, *, is_test: bool) -> Pair:
    wanted = _swapped(images.name, "image", "label").replace("idx3", "idx1").replace("idx4", "idx1")
    labels = _existing(images.parent, wanted) if wanted != images.name else None
    return Pair(images, labels, is_test)


def _swapped(name: str, old: str, new: str) -> str:
    return re.sub(old, new, name, flags=re.IGNORECASE)


def _existing(folder: Path, name: str) -> Path | None:
    bare = name.removesuffix(".gz")
    return next((folder / n for n in (name, bare, bare + ".gz") if (folder / n).is_file()), None)


def _pictures(path: Path) -> NDArray[np.uint8]:
    block = _array(path)
    if (
        block.ndim not in (3, 4)
        or 0 in block.shape
        or (block.ndim == 4 and block.shape[3] not in (1, 3))
    ):
        raise _damaged(path, tr("sizes {sizes}", sizes=" × ".join(map(str, block.shape))))
    return block[:, None] if block.ndim == 3 else np.ascontiguousarray(np.moveaxis(block, 3, 1))


def _labels(pair: Pair, count: int, needs_labels: bool) -> NDArray[np.int64]:
    if pair.labels is None:
        if not needs_labels:
            return np.full(count, -1, np.int64)
        raise refuse(
            tr(
                "The labels of {file} are missing. Expected {wanted} beside it.",
                file=pair.images.name,
                wanted=_swapped(pair.images.name, "image", "label"),
            ),
            tr("Put the file of the labels into the same folder."),
            place=Place("file", str(pair.images)),
            code="no-labels",
        )
    values = _array(pair.labels)
    if values.shape != (count,):
        raise refuse(
            tr(
                "{images} holds {count} {count|picture|pictures}, but {labels} holds {found} "
                "labels. "
                "Expected one label for each picture.",
                images=pair.images.name,
                count=count,
                labels=pair.labels.name,
                found=values.size,
            ),
            tr("Use the two files that belong together."),
            place=Place("file", str(pair.labels)),
            code="counts-differ",
        )
    return values.astype(np.int64)


def _array(path: Path) -> NDArray[np.uint8]:
    data = contents(path)
    if len(data) < 4 or data[:3] != bytes((0, 0, _UNSIGNED_BYTES)) or len(data) < 4 + 4 * data[3]:
        raise _damaged(path, tr("the first bytes are not those of IDX"))
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", data[3], 4))
    wanted, found = int(np.prod(shape, dtype=object)), len(data) - 4 - 4 * data[3]
    if wanted != found:
        raise _damaged(
            path,
            tr("{found} bytes of values where {wanted} were announced", found=found, wanted=wanted),
        )
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def _damaged(path: Path, why: str) -> Exception:
    return refuse(
        tr(
            "{file} is damaged or cut short: {why}. Expected a whole IDX file of bytes.",
            file=path.name,
            why=why,
        ),
        tr("Copy or download the file again."),
        place=Place("file", str(path)),
        code="damaged",
    )


def _refuse_other_sizes(pairs: tuple[Pair, ...], pixels: list[NDArray[np.uint8]]) -> None:
    for pair, block in zip(pairs, pixels, strict=True):
        if block.shape[1:] != pixels[0].shape[1:]:
            raise refuse(
                tr(
                    "The pictures of {one} and {other} differ in size. Expected one size.",
                    one=pairs[0].images.name,
                    other=pair.images.name,
                ),
                tr("Open the files of one dataset."),
                place=Place("file", str(pair.images)),
                code="sizes-differ",
            )


def _bad_names(names: tuple[str, ...], digits: tuple[str, ...]) -> Problem:
    return Problem(
        tr(
            "{given} names are given for {count} {count|class|classes}. Expected one different "
            "name "
            "for each of {digits}.",
            given=len(names),
            count=len(digits),
            digits=", ".join(digits[:12]),
        ),
        tr("Correct the labels in the import settings."),
        Severity.WARNING,
        Place("data"),
        "bad-labels",
    )
