"""Devices: what can compute here, asked for once and off the window's thread (it loads torch)."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from studio import jobs
from studio.core.design.training import AUTO, DEVICES
from studio.core.run.results import DeviceInfo
from studio.core.words import tr
from studio.ui.background import Background

KEY = "devices"


class Devices(QObject):
    """The devices of this machine, once they are known.

    Signals:
        found(): they are known.
    """

    found = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._known: tuple[DeviceInfo, ...] = ()
        self._is_asked = False

    @property
    def known(self) -> tuple[DeviceInfo, ...]:
        """What was found; empty before that."""
        return self._known

    def ask(self) -> None:
        """Finds them, unless that was begun already."""
        if not self._is_asked:
            self._is_asked = True
            self._background.run(jobs.devices, done=self._on_found, key=KEY)

    def titles(self) -> Mapping[str, str]:
        """The words for each choice of the param `device`."""
        by_key = {device.key: device.title for device in self._known}
        best = next((d.key for d in reversed(self._known) if d.is_available), "")
        fastest = (
            tr("Fastest here ({device})", device=tr(DEVICES[best]))
            if best in DEVICES
            else tr(DEVICES[AUTO])
        )
        return {
            key: fastest if key == AUTO else by_key.get(key, tr(words))
            for key, words in DEVICES.items()
        }

    def reasons(self) -> Mapping[str, str]:
        """Why some of them cannot be chosen."""
        return {device.key: device.reason for device in self._known if not device.is_available}

    def _on_found(self, devices: tuple[DeviceInfo, ...]) -> None:
        self._known = devices
        self.found.emit()
