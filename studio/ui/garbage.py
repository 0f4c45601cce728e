"""GarbageRounds: Python's search for garbage goes on in the window's thread, and in no other."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 500
OLDEST = 2


class GarbageRounds(QObject):
    """Looks for circular garbage now and then, in the thread that it was made in.

    Left to itself Python looks in whichever thread happens to ask for memory. What it finds in
    the thread of a run may be a part of the window, and Qt's objects may end in the window's
    thread only: elsewhere the program dies, once in ten thousand clicks.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.look)
        self._was_on = gc.isenabled()

    def begin(self) -> None:
        """From now on nobody else looks."""
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer.start()

    def close(self) -> None:
        """As it was before."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    @Slot()
    def look(self) -> None:
        """Searches as far back as enough has been made for, by Python's own measure."""
        made, enough = gc.get_count(), gc.get_threshold()
        for generation in range(OLDEST, -1, -1):
            if made[generation] > enough[generation]:
                gc.collect(generation)
                return
