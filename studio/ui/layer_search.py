"""Finding layers by what a person types: palette and quick-add box look alike in this."""

from collections.abc import Iterable

from studio.core.catalogue.entry import FAMILIES, LayerEntry
from studio.core.catalogue.usual import ALSO_CALLED, USUAL
from studio.core.words import tr

_NO_MATCH = 99
_IN_NAME = 2
_RANKS = {key: rank for rank, key in enumerate(USUAL)}


def found(entries: Iterable[LayerEntry], words: str) -> tuple[LayerEntry, ...]:
    """The layers that match every word typed, best first; all in their order for none."""
    typed = words.casefold().split()
    ranked = [(max((_rank(entry, word) for word in typed), default=0), entry) for entry in entries]
    # Of those that match alike, the most used come first, where anything was typed at all.
    ranked.sort(key=lambda pair: (pair[0], _RANKS.get(pair[1].key, len(_RANKS)) if typed else 0))
    return tuple(entry for rank, entry in ranked if rank < _NO_MATCH)


def is_named(entry: LayerEntry, words: str) -> bool:
    """True where every word typed is in the layer's own name, not only in its help."""
    return all(_rank(entry, word) <= _IN_NAME for word in words.casefold().split())


def _rank(entry: LayerEntry, word: str) -> int:
    title, torch = tr(entry.title).casefold(), entry.torch.casefold()
    other_names = ALSO_CALLED.get(entry.key, "").split()
    if title.startswith(word) or word in (entry.key, torch):
        return 0
    if any(part.startswith(word) for part in (*title.split(), *other_names)):
        return 1
    if word in title or word in entry.key or torch.startswith(word):
        return _IN_NAME
    if tr(FAMILIES[entry.family]).casefold().startswith(word):
        return 3
    if word in tr(entry.help).casefold():
        return 4
    return 5 if _is_spelled_in(word, title) else _NO_MATCH


def _is_spelled_in(word: str, title: str) -> bool:
    """True where the letters stand in the title in this order: ``bnorm`` in batch norm."""
    letters = iter(title)
    return len(word) > 2 and all(letter in letters for letter in word)
