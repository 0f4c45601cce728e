"""Player: plays one sound at a time through what the system brings, without a library."""

import shutil
import struct
import sys
from collections.abc import Mapping

from PySide6.QtCore import QDir, QObject, QProcess, QTemporaryFile, Signal

from studio.core.words import tr

# What plays a WAV file, in the order in which it is looked for.
COMMANDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "linux": (("pw-play",), ("paplay",), ("aplay", "-q")),
    "darwin": (("afplay",),),
    "win32": (
        (
            "powershell",
            "-NoProfile",
            "-Command",
            "& {(New-Object Media.SoundPlayer $args[0]).PlaySync()}",
        ),
    ),
}
WAIT_MS = 500
WIDTH = 4  # bytes of a value in the file
FLOAT = 3  # what WAV calls numbers of that kind


class Player(QObject):
    """Plays a sound, and stops it when another begins.

    Signals:
        changed(): it began, ended, or found that this machine cannot play.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command_here()
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._file: QTemporaryFile | None = None
        self._is_stopping = False
        self._has_failed = False
        self._process.started.connect(self.changed)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)

    @property
    def is_playing(self) -> bool:
        """True while a sound is heard."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def reason(self) -> str:
        """Why nothing can be played; empty where it can."""
        if self._command is None:
            return tr("This machine has no program that plays sounds, such as aplay.")
        if self._has_failed:
            return tr("This machine has no sound output that could be used.")
        return ""

    def play(self, samples: bytes, rate: int) -> None:
        """Plays float32 samples from -1 to 1, mono."""
        self.stop()
        if self._command is None or not samples:
            return
        self._file = QTemporaryFile(QDir.tempPath() + "/sound-XXXXXX.wav", self)
        if not self._file.open():
            return
        self._file.write(wav_of(samples, rate))
        self._file.close()
        self._is_stopping = False
        self._process.start(self._command[0], [*self._command[1:], self._file.fileName()])

    def stop(self) -> None:
        """Silence, at once."""
        if self.is_playing:
            self._is_stopping = True
            self._process.kill()
            self._process.waitForFinished(WAIT_MS)
        self._forget_file()

    def _on_finished(self, code: int) -> None:
        self._has_failed = bool(code) and not self._is_stopping
        self._forget_file()
        self.changed.emit()

    def _on_error(self, _error: QProcess.ProcessError) -> None:
        self._has_failed = not self._is_stopping
        self.changed.emit()

    def _forget_file(self) -> None:
        if self._file is not None:
            self._file.remove()
            self._file.deleteLater()
            self._file = None


def command_here() -> tuple[str, ...] | None:
    """The first program of this system that plays a file, with its arguments."""
    for command in COMMANDS.get(sys.platform, ()):
        if shutil.which(command[0]):
            return command
    return None


def wav_of(samples: bytes, rate: int) -> bytes:
    """A WAV file of float32 samples, mono."""
    shape = struct.pack("<HHIIHH", FLOAT, 1, rate, rate * WIDTH, WIDTH, 8 * WIDTH)
    body = b"fmt " + struct.pack("<I", len(shape)) + shape
    body += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body
