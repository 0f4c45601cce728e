"""Where a text that was written differs from the one that was wanted, word by word."""

import re
from difflib import SequenceMatcher

_PIECES = re.compile(r"\s*\S+\s*$|\s*\S+")
_MOST_LETTERS = 2000  # of longer texts the comparison would take longer than a look at a row


def marked(text: str, other: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, and of each whether it stands in the other text at its place.

    By words where either has several, else by letters. Joined, the pieces are the text again.
    """
    if max(len(text), len(other)) > _MOST_LETTERS:
        return ((text, text == other),)
    mine, others = _pieces(text, other), _pieces(other, text)
    matcher = SequenceMatcher(None, _bare(mine), _bare(others), autojunk=False)
    found: list[tuple[str, bool]] = []
    for kind, start, end, _start, _end in matcher.get_opcodes():
        if end > start:
            found.append(("".join(mine[start:end]), kind == "equal"))
    return tuple(found)


def _pieces(text: str, other: str) -> list[str]:
    has_words = any(len(one.split()) > 1 for one in (text, other))
    return _PIECES.findall(text) if has_words else list(text)


def _bare(pieces: list[str]) -> list[str]:
    return [piece.strip() or piece for piece in pieces]
