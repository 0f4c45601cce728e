"""Settings: the person's preferences as a table, recent projects and the window's place."""

import json
import time
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.design.storage import write_atomically
from studio.core.params import Param, Value, choice, switch, whole
from studio.core.problems import StudioError
from studio.core.words import tr
from studio.ui.folders import preferences_folder

FILE = "preferences.json"
MOST_RECENT = 12
LARGEST_FILE = 1_000_000
SYSTEM, LIGHT, DARK = "system", "light", "dark"
WHEEL_ZOOMS, WHEEL_SCROLLS = "zooms", "scrolls"
TO_THE_RIGHT, DOWNWARDS = "right", "down"

PREFERENCES: tuple[Param, ...] = (
    choice(
        "theme",
        "Appearance",
        SYSTEM,
        {SYSTEM: "As the system", LIGHT: "Light", DARK: "Dark"},
        help="Light or dark, or whatever the system prefers.",
    ),
    switch(
        "motion",
        "Motion",
        True,
        help="Drawers slide and switches glide. Turn it off to see every change at once.",
    ),
    choice(
        "wheel",
        "Mouse wheel on the canvas",
        WHEEL_ZOOMS,
        {WHEEL_ZOOMS: "Zooms", WHEEL_SCROLLS: "Scrolls"},
        help="With Ctrl it always zooms. Two fingers on a trackpad always scroll, a pinch zooms.",
    ),
    choice(
        "arrange",
        "Arrange a network",
        TO_THE_RIGHT,
        {TO_THE_RIGHT: "From left to right", DOWNWARDS: "From top to bottom"},
        help="Which way the layers follow each other when the network is laid out.",
    ),
    switch(
        "minimap",
        "Minimap",
        True,
        help="A small picture of the whole network in the corner, from 40 layers on.",
    ),
    switch(
        "look",
        "Data inside the layers",
        True,
        help="Each layer shows what a real sample looks like there, up to 200 layers.",
    ),
    whole(
        "autosave_seconds",
        "Keep a recovery copy every",
        30,
        at_least=5,
        at_most=60,
        unit="seconds",
        help="After a crash, no more work is lost than what was done in this time.",
    ),
)


class Settings(QObject):
    """What is kept between starts, in one file. A broken file is put aside, and defaults hold.

    Signals:
        changed(key): a preference has another value.
        recent_changed(): the list of recent projects is another.
    """

    changed = Signal(str)
    recent_changed = Signal()

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = (folder or preferences_folder()) / FILE
        self.trouble = ""
        kept = self._read()
        self._values = _checked(kept.get("preferences"))
        self._recent = _paths(kept.get("recent"))
        window = kept.get("window")
        self._window: dict[str, object] = window if isinstance(window, dict) else {}

    def value(self, key: str) -> Value:
        """A preference."""
        return self._values[key]

    def values(self) -> Mapping[str, Value]:
        """All preferences."""
        return dict(self._values)

    def set_value(self, key: str, given: object) -> None:
        """Another value for a preference; ValueError where it is not allowed."""
        value = _PARAMS[key].check(given)
        if value != self._values[key]:
            self._values[key] = value
            self._write()
            self.changed.emit(key)

    @property
    def recent(self) -> tuple[Path, ...]:
        """The projects that were opened or saved last, newest first; some may be gone."""
        return self._recent

    def remember(self, path: Path) -> None:
        """Puts a project at the head of the recent ones."""
        others = [other for other in self._recent if other != path]
        self._keep_recent((path, *others)[:MOST_RECENT])

    def forget(self, path: Path) -> None:
        """Takes a project from the recent ones; its file stays."""
        self._keep_recent(tuple(other for other in self._recent if other != path))

    def window_text(self, key: str) -> str:
        """Something that the window keeps: its geometry, the widths of its parts."""
        return str(self._window.get(key, ""))

    def set_window_text(self, key: str, text: str) -> None:
        """Keeps it."""
        if self._window.get(key) != text:
            self._window[key] = text
            self._write()

    def _keep_recent(self, recent: tuple[Path, ...]) -> None:
        if recent != self._recent:
            self._recent = recent
            self._write()
            self.recent_changed.emit()

    def _read(self) -> dict[str, object]:
        try:
            with self._path.open("rb") as file:
                kept = json.loads(file.read(LARGEST_FILE))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            self._put_aside()
            return {}
        return kept if isinstance(kept, dict) else {}

    def _put_aside(self) -> None:
        aside = self._path.with_suffix(f".broken-{int(time.time())}.json")
        try:
            self._path.rename(aside)
        except OSError:
            return  # not even that; the next write replaces it
        self.trouble = tr(
            "The preferences could not be read and are the usual ones again. "
            "The old file is kept as {name}.",
            name=aside.name,
        )

    def _write(self) -> None:
        kept = {
            "preferences": self._values,
            "recent": [str(path) for path in self._recent],
            "window": self._window,
        }
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(kept, indent=1).encode())
        except (OSError, StudioError):
            return  # a full disk must not keep anyone from working


def _checked(given: object) -> dict[str, Value]:
    values = {param.key: param.default for param in PREFERENCES}
    for key, value in given.items() if isinstance(given, dict) else ():
        try:
            values[key] = _PARAMS[key].check(value)
        except (KeyError, ValueError):
            continue  # another version's, or out of range: the default stands
    return values


def _paths(given: object) -> tuple[Path, ...]:
    names = given if isinstance(given, list) else []
    return tuple(Path(name) for name in names if isinstance(name, str))[:MOST_RECENT]


_PARAMS = {param.key: param for param in PREFERENCES}
