"""Ending: what the system asks of a program (end, hang up, interrupt) reaches the window."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

KINDS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
ENOUGH = 64  # bytes to take from the socket at once; each is one request


class EndingRequests(QObject):
    """Hears the system's wish that the program end; a second wish ends it at once.

    Python heeds a signal only when it next runs Python, and an idle window runs none: so the
    interpreter writes each to a socket, which wakes Qt.

    Signals:
        wanted(): the program is to end, and nobody is there to answer questions.
    """

    wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        self._wakeup = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
        self._before = {kind: signal.signal(kind, _heard) for kind in KINDS if _counts(kind)}

    def close(self) -> None:
        """As it was before."""
        self._notifier.setEnabled(False)
        for kind, handler in self._before.items():
            signal.signal(kind, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._near.close()
        self._far.close()

    @Slot()
    def _on_activated(self) -> None:
        self._near.recv(ENOUGH)
        for kind in self._before:
            signal.signal(kind, signal.SIG_DFL)
        self.wanted.emit()


def _counts(kind: signal.Signals) -> bool:
    """False for a signal that whoever started the program wants ignored (nohup, a shell's &)."""
    return signal.getsignal(kind) is not signal.SIG_IGN


def _heard(_kind: int, _frame: FrameType | None) -> None:
    """Only takes the place of what would end the program; the socket carries the news."""
