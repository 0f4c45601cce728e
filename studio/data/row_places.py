"""Where the rows of a text file stand in it, so that far rows are read without those before."""

from bisect import bisect_right, insort
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeAlias

from studio.data.opened import Settings

# Line ends and quotation marks are the same single bytes in all of these.
_ENCODINGS = frozenset({"utf-8", "cp1252", "latin-1", "gb18030"})
MOST_FILES = 16
_LEAST_APART = 1024**2

Key: TypeAlias = tuple[object, ...]


class Place(NamedTuple):
    """A row (from 0, without the row of names) and the byte of the file at which it begins."""

    row: int
    byte: int


START = Place(0, 0)


class RowPlaces:
    """What reading has taught about the last few files; safe to use from several threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, list[Place]] = OrderedDict()
        self._ended: set[Key] = set()
        self._lock = Lock()

    def learn(self, key: Key, place: Place) -> None:
        """Keeps a place, unless another is known a little before it."""
        with self._lock:
            places = self._places(key)
            before = places[bisect_right(places, place) - 1]
            if place.byte - before.byte >= _LEAST_APART:
                insort(places, place)

    def learn_end(self, key: Key) -> None:
        """The file was read to its end: every row of it is in reach."""
        with self._lock:
            self._places(key)
            self._ended.add(key)

    def before(self, key: Key, row: int) -> Place | None:
        """The last place at or before a row; None where none near it may be known yet."""
        with self._lock:
            places = self._known.get(key)
            if places is None:
                return None
            place = places[bisect_right(places, row, key=lambda place: place.row) - 1]
            return place if key in self._ended or place is not places[-1] else None

    def _places(self, key: Key) -> list[Place]:
        places = self._known.setdefault(key, [START])
        self._known.move_to_end(key)
        while len(self._known) > MOST_FILES:
            forgotten, _ = self._known.popitem(last=False)
            self._ended.discard(forgotten)
        return places


def key_of(path: Path, settings: Settings) -> Key | None:
    """What a file is known by: as it is now, and how it is read; None where no place holds."""
    if settings.get("encoding") not in _ENCODINGS:
        return None
    try:
        facts = path.stat()
    except OSError:
        return None
    read = tuple(settings.get(key) for key in ("encoding", "delimiter", "quoting", "header"))
    return (str(path), facts.st_size, facts.st_mtime_ns, *read)


PLACES = RowPlaces()
