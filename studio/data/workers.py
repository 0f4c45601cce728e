"""A few threads that read files side by side: the libraries that decode let go of Python."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition
from time import perf_counter
from typing import TypeVar

_MOST = 8
_FEW = 4
_WORTH_IT = 0.0005  # seconds for each item
_TURN = 0.5  # seconds until results are handed on

Item = TypeVar("Item")
Result = TypeVar("Result")


def mapped(do: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """What `do` gives for each item, in their order.

    Small files are read faster by one thread, because several wait for each other more than
    they help: the first few show which they are.
    """
    first = [do(item) for item in items[:1]]  # which may open an archive or load a library
    began = perf_counter()
    first += [do(item) for item in items[1:_FEW]]
    each = (perf_counter() - began) / _FEW
    yield from first
    if each < _WORTH_IT or threads() == 1:
        yield from map(do, items[_FEW:])
        return
    at_once = max(threads(), round(_TURN / each)) * threads()
    with ThreadPoolExecutor(threads(), thread_name_prefix="reading") as pool:
        for start in range(_FEW, len(items), at_once):
            yield from pool.map(do, items[start : start + at_once])


def threads() -> int:
    """How many threads read side by side: as many as this process may use, at most eight."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(_MOST, usable or 1))


class Budget:
    """How much may be under way at once in all threads; more than that waits for its turn.

    What alone is more than all of it waits until nothing else is under way.
    """

    def __init__(self, most: int) -> None:
        self._most, self._used = most, 0
        self._changed = Condition()

    @contextmanager
    def of(self, amount: int) -> Iterator[None]:
        """Holds an amount as long as the context lasts."""
        with self._changed:
            self._changed.wait_for(lambda: not self._used or self._used + amount <= self._most)
            self._used += amount
        try:
            yield
        finally:
            with self._changed:
                self._used -= amount
                self._changed.notify_all()
