"""Deeds: what parts of the window do by key while they have the focus, as rows of their tables."""

from collections.abc import Callable
from dataclasses import dataclass


def _always() -> str:
    return ""


def _nothing() -> None:
    """For a row that only tells of a key."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done: its group, its words, its keys, and why not now ("" if it can).

    `is_listed` ones are found by *find anything*; all stand in the overview of keys. `how` says
    in words what no key does.
    """

    key: str
    group: str
    words: str
    keys: tuple[str, ...] = ()
    act: Callable[[], object] = _nothing
    why_not: Callable[[], str] = _always
    is_listed: bool = True
    how: tuple[str, ...] = ()
