"""The program: one application, its look, what happens when something breaks, the first window."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from studio import machine
from studio.core.design.memory_check import MACHINE
from studio.core.words import set_translator
from studio.ui.context import Context, new_context
from studio.ui.crash import CrashHandler
from studio.ui.devices import Devices
from studio.ui.ending import EndingRequests
from studio.ui.garbage import GarbageRounds
from studio.ui.main_window import MainWindow, obey
from studio.ui.recovering import offer_leftovers
from studio.ui.theme import Theme

SAMPLE = "--sample"
SAMPLE_TEMPLATE = "classify-rows"
WARM_UP_MS = 600
SWITCH_INTERVAL = 0.001  # Python in threads: with the default the window stutters


def build(argv: Sequence[str]) -> tuple[QApplication, MainWindow]:
    """The application and its window, before the event loop runs.

    `argv` are the words of the command line; whether the program's own name leads them or
    not makes no difference.
    """
    app = _application()
    MACHINE.memory = machine.memory()
    context = new_context()
    obey(context)
    window = MainWindow(context)
    offer_leftovers(context)
    _open(context, argv)
    return app, window


def spare_long_searches(devices: Devices) -> None:
    """From when torch is loaded Python looks for garbage only among what was made since.

    Each search through all that the libraries have made holds the window still for 0.2 s.
    """
    devices.found.connect(gc.freeze)


def run(argv: Sequence[str]) -> int:
    """Shows the window until it is closed; gives the program's exit status."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    app, window = build(argv)
    crash = CrashHandler(window, window.context.navigation)
    crash.install()
    ending = EndingRequests()
    ending.wanted.connect(window.leave_unasked)
    garbage = GarbageRounds()
    garbage.begin()
    window.show()
    window.status.watch(True)
    spare_long_searches(window.context.devices)
    # Loads torch while the person reads the start page.
    QTimer.singleShot(WARM_UP_MS, window.context.devices.ask)
    status = app.exec()
    garbage.close()
    ending.close()
    crash.uninstall()
    if window.context.background.is_at_work:
        _end_now(status)
    return status


def _end_now(status: int) -> NoReturn:
    """Ends beside a thread that does not: half an import, say. What matters is written by now."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _application() -> QApplication:
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Studio")
    app.setApplicationDisplayName("Studio")
    set_translator(_translated)
    if not app.property("is_dressed"):
        Theme.current().dress(app)
        app.setProperty("is_dressed", True)
    return app


def _translated(text: str) -> str:
    return QCoreApplication.translate("studio", text)


def _open(context: Context, argv: Sequence[str]) -> None:
    words = argv[1:] if argv and argv[0] == sys.argv[0] else argv
    if SAMPLE in words:
        context.opening.start_template(SAMPLE_TEMPLATE)
        return
    context.opening.open_paths(Path(word).absolute() for word in words if not word.startswith("-"))
