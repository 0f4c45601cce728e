"""RunControl: the stop and pause switch that two threads share."""

import threading


class RunControl:
    """Asked between steps by the run, switched by the person. Safe from any thread."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()

    def stop(self) -> None:
        """The run ends after the step it is in, paused or not."""
        self._stop.set()
        self._go.set()

    def pause(self) -> None:
        """The run waits after the step it is in."""
        self._go.clear()

    def go_on(self) -> None:
        """A paused run continues."""
        self._go.set()

    @property
    def is_stopped(self) -> bool:
        """True once stop was asked for."""
        return self._stop.is_set()

    @property
    def is_paused(self) -> bool:
        """True while the run is to wait."""
        return not self._go.is_set()

    @property
    def is_wanted(self) -> bool:
        """True once something was asked for; looked at after each step, so it is cheap."""
        return self._stop.is_set() or not self._go.is_set()

    def wait_while_paused(self) -> None:
        """Returns at once, or when the run may go on or must stop."""
        self._go.wait()
