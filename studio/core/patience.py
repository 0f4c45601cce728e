"""Patience: a long job says how far it is, and learns when nobody waits for it any longer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Event
from typing import Literal, TypeAlias

Stage: TypeAlias = Literal["reading", "looking"]
Heard: TypeAlias = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `share` of the stage, from 0 to 1."""

    stage: Stage
    share: float


class Left(Exception):  # noqa: N818 - nothing went wrong
    """Nobody waits any longer; whatever was begun is let go of."""


class Patience:
    """One person waiting: hears how far it is, in the thread of the job, and may leave.

    News are a Progress, or something that is known already, such as a ColumnSummary.
    """

    def __init__(self, heard: Heard | None = None) -> None:
        self._heard = heard
        self._left = Event()

    @property
    def has_left(self) -> bool:
        """True once nobody waits."""
        return self._left.is_set()

    def leave(self) -> None:
        """Nobody waits any longer. May be called from any thread."""
        self._left.set()

    def hear(self, news: object) -> None:
        """News of the job."""
        if self._heard is not None:
            self._heard(news)


_patience: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def waited_for(patience: Patience) -> Iterator[None]:
    """What is done in here, by this thread, is waited for with that patience."""
    token = _patience.set(patience)
    try:
        yield
    finally:
        _patience.reset(token)


def go_on(news: object = None) -> None:
    """Tells the news and goes on; raises Left where nobody waits. Cheap: call it often."""
    patience = _patience.get()
    if patience is None:
        return
    if patience.has_left:
        raise Left
    if news is not None:
        patience.hear(news)
