"""Ahead: makes the next thing in a thread while the last one is used.

A thread lives here, and nowhere else in the engine: reading and preparing rows takes as long
as a step, mostly waiting for the disk or inside numpy and torch, which let other threads go
on. A process would have to be given a copy of every row through a pipe, and would start
torch anew. The thread ends with the generator, whichever way that ends.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from studio.engine.devices import use_one_thread

Item = TypeVar("Item")
Made = TypeVar("Made")


def ahead(make: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """`make` of each item in order, always one ahead of what is used, and never more.

    What `make` raises is raised here, when its turn comes.
    """
    pool = ThreadPoolExecutor(1, "studio-ahead", initializer=use_one_thread)
    waiting: Future[Made] | None = None
    try:
        for item in items:
            ready, waiting = waiting, pool.submit(make, item)
            if ready is not None:
                yield ready.result()
        if waiting is not None:
            yield waiting.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
