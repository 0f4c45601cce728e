"""What every key does, gathered from the tables that define the keys: never out of date."""

from collections.abc import Iterator
from dataclasses import dataclass

from studio.core.words import tr
from studio.ui.actions import Actions
from studio.ui.finds import shown_keys

_ARROWS = ("Left", "Right", "Up", "Down")


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One thing and all the keys that do it, as this system writes them."""

    words: str
    keys: tuple[str, ...]

    def matches(self, typed: list[str]) -> bool:
        """True where every word typed is in its words, or is one of its keys."""
        words, keys = self.words.casefold(), [key.casefold() for key in self.keys]
        return all(word in words or any(word in key for key in keys) for word in typed)


def key_groups(actions: Actions) -> dict[str, tuple[KeyLine, ...]]:
    """The lines by heading: what holds everywhere first, then what parts of the window do."""
    groups: dict[str, dict[str, list[str]]] = {}
    for group, words, keys in (*_of_actions(actions), *_of_deeds(actions)):
        line = groups.setdefault(group, {}).setdefault(words, [])
        line += [key for key in keys if key not in line]
    return {
        group: tuple(KeyLine(words, _together(keys)) for words, keys in lines.items())
        for group, lines in groups.items()
    }


def _together(keys: list[str]) -> tuple[str, ...]:
    """Four arrows are one word, and a key that stands on the keyboard twice is told once."""
    kept = list(dict.fromkeys(key.replace("Return", "Enter") for key in keys))
    for held in dict.fromkeys(key.removesuffix("Left") for key in kept if key.endswith("Left")):
        arrows = [f"{held}{arrow}" for arrow in _ARROWS]
        if set(arrows) <= set(kept):
            place = kept.index(arrows[0])
            kept[place] = tr("{held}Arrows", held=held)
            kept = [key for key in kept if key not in arrows]
    return tuple(kept)


def _of_actions(actions: Actions) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for entry, action in actions:
        keys = tuple(shown_keys(keys) for keys in entry.shortcuts)
        if keys:
            yield tr(entry.group), action.text().rstrip("…"), keys


def _of_deeds(actions: Actions) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    taken = {keys for entry, _action in actions for keys in entry.shortcuts}
    for deed in actions.deeds:
        keys = (*(shown_keys(keys) for keys in deed.keys if keys not in taken), *deed.how)
        if keys:
            yield deed.group, deed.words.rstrip("…"), keys
