"""RunThread: a QThread that walks the events of one job and hands each on. Nothing else."""

import traceback
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from studio.core.problems import Place, Problem
from studio.core.run.events import RunEnded, RunEvent
from studio.core.words import tr


class RunThread(QThread):
    """Walks `begin()` to its end, away from the window.

    The signal lives on the thread object, which belongs to the window's thread: so every
    receiver runs there.

    Signals:
        event_ready(event): the next RunEvent.
    """

    event_ready = Signal(object)

    def __init__(
        self, begin: Callable[[], Iterator[RunEvent]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("run")
        self._begin = begin

    @override
    def run(self) -> None:
        try:
            for event in self._begin():
                self.event_ready.emit(event)
        except Exception:  # an exception that leaves run() ends the whole program
            self.event_ready.emit(RunEnded("failed", problem=_broken(traceback.format_exc())))


def _broken(detail: str) -> Problem:
    return Problem(
        tr("The run broke before it could say why."),
        tr("Start it again. If it happens again, send the report."),
        place=Place("run"),
        code="run-broke",
        detail=detail,
    )
