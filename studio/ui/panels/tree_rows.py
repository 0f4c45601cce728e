"""Rows of a tree that are written anew in place while the same rows are wanted."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar


class TreePlace(Protocol):
    """A row with a key, below that of its parent."""

    @property
    def key(self) -> str:
        """What the row stands for."""

    @property
    def parent(self) -> str:
        """The key of the row above it; "" at the top."""


Row = TypeVar("Row", bound=TreePlace)


def rewritten(before: Sequence[Row], wanted: Sequence[Row], fill: Callable[[Row], object]) -> bool:
    """Fills the rows that say something else; False, and nothing done, where others are wanted."""
    if [(row.key, row.parent) for row in wanted] != [(row.key, row.parent) for row in before]:
        return False
    for row, known in zip(wanted, before, strict=True):
        if row != known:
            fill(row)
    return True
