"""A few threads that read files side by side: the libraries that decode let go of Python."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

_MOST = 8
_CHUNK = 32

Item = TypeVar("Item")
Result = TypeVar("Result")


def mapped(do: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """What `do` gives for each item, in their order; a few thousand are under way at most.

    `do` must not call `mapped` itself: it could wait for the thread that it runs on.
    """
    if len(items) < _CHUNK or threads() == 1:
        yield from map(do, items)
        return
    chunks = [items[i : i + _CHUNK] for i in range(0, len(items), _CHUNK)]
    at_once = 4 * threads()
    for start in range(0, len(chunks), at_once):
        for results in _pool().map(lambda chunk: _each(do, chunk), chunks[start : start + at_once]):
            yield from results


def threads() -> int:
    """How many threads read side by side: as many as this process may use, at most eight."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(_MOST, usable or 1))


def _each(do: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    return [do(item) for item in items]


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="reading")
