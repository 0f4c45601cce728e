"""What the names of files say: parts, classes, folders of frames, and words between underscores."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import splitext
from types import MappingProxyType

from studio.core.design.dataset import MOST_CATEGORIES
from studio.core.words import tr

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "train": "training",
        "training": "training",
        "val": "validation",
        "valid": "validation",
        "validation": "validation",
        "dev": "validation",
        "test": "test",
        "testing": "test",
    }
)
_SEPARATORS = re.compile(r"[_\-. ]+")
_DIGITS = re.compile(r"\d+")
_MOST_WORDS = 8
_LEAST_FRAMES = 2
_OFTEN = 2


@dataclass(frozen=True, slots=True)
class Named:
    """Columns that are read from the names of files; `target` is the likeliest class of them.

    `words` counts those columns that are words of the file names.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    target: str = ""
    parts: tuple[str, ...] = ()
    words: int = 0


def named(names: Sequence[str], *, keeps_top: bool = False, words: int = 0) -> Named:
    """Part and class of the folders; where there are none, the words of the file names.

    `names` have slashes between folders. A folder that holds everything says nothing,
    unless `keeps_top`: then it is a class like another. A class is "" where a file lies
    beside the folders of the others. With `words`, names of so many words are columns even
    where they tell nothing.
    """
    top = names[0].split("/")[0] if names else ""
    paths, parts = _inner(names)
    columns: dict[str, tuple[str, ...]] = {}
    count = 0
    if any(len(path) > 1 for path in paths):
        columns[tr("class")] = tuple(path[0] if len(path) > 1 else "" for path in paths)
    else:
        columns = _words([path[-1] for path in paths], words)
        count = len(columns)
        if keeps_top and not parts and "/" in names[0]:
            columns = {tr("class"): (top,) * len(paths), **columns}
    return Named(MappingProxyType(columns), _target(columns), parts, count)


def are_frames(names: Sequence[str]) -> bool:
    """True where pictures are the frames of clips: numbered, in folders below class folders.

    There must be more such folders than classes, because a class may have folders, too.
    """
    paths, _ = _inner(names)
    folders: dict[tuple[str, ...], list[str]] = {}
    for path in paths:
        folders.setdefault(path[:-1], []).append(splitext(path[-1])[0])
    if not folders or any(len(folder) < _LEAST_FRAMES for folder in folders):
        return False
    has_several = len(folders) >= _OFTEN * len({folder[0] for folder in folders})
    return has_several and all(_are_numbered(stems) for stems in folders.values())


def _inner(names: Sequence[str]) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """The folders and the name of each file below what all share, and the part of each."""
    paths = _without_top([tuple(name.split("/")) for name in names])
    if not paths or not all(len(path) > 1 and path[0].lower() in PARTS for path in paths):
        return paths, ()
    parts = tuple(PARTS[path[0].lower()] for path in paths)
    return _without_top([path[1:] for path in paths]), parts


def _without_top(paths: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without the folders that all have in common, as archives like to have one."""
    while paths and all(len(path) > 1 for path in paths) and len({path[0] for path in paths}) == 1:
        if paths[0][0].lower() in PARTS:
            break
        paths = [path[1:] for path in paths]
    return paths


def _words(names: Sequence[str], known: int) -> dict[str, tuple[str, ...]]:
    """The words of file names as columns, where all have equally many and they tell something."""
    split = [_SEPARATORS.split(splitext(name)[0]) for name in names]
    count = len(split[0]) if split else 0
    if not 1 < count <= _MOST_WORDS or any(len(words) != count for words in split):
        return {}
    columns = {
        tr("name {number}", number=i + 1): tuple(words[i] for words in split) for i in range(count)
    }
    tells = count == known or any(_is_class(values) for values in columns.values())
    return columns if tells else {}


def _target(columns: Mapping[str, Sequence[str]]) -> str:
    """The first column that may be one, else the folders, though they are of one class."""
    known = tr("class") if tr("class") in columns else ""
    return next((name for name, values in columns.items() if _is_class(values)), known)


def _is_class(values: Sequence[str]) -> bool:
    """Several values, each of them more than once on average."""
    counts = Counter(values)
    return 1 < len(counts) <= MOST_CATEGORIES and len(values) >= _OFTEN * len(counts)


def _are_numbered(stems: Sequence[str]) -> bool:
    """The same name with a running number: at least two, none left out by far."""
    shapes = {_DIGITS.sub("#", stem) for stem in stems}
    if len(stems) < _LEAST_FRAMES or len(shapes) > 1 or "#" not in next(iter(shapes)):
        return False
    numbers = sorted(int(_DIGITS.findall(stem)[-1]) for stem in stems)
    return numbers[-1] - numbers[0] < _OFTEN * len(numbers)
