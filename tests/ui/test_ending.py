"""The system's wish that the program end: heard by an idle window, unsaved work is kept."""

import os
import signal
import subprocess
import sys

import pytest

from studio import jobs
from studio.ui.ending import KINDS, EndingRequests
from tests.fences import ROOT

OFFSCREEN = "This plugin does not support propagateSizeHints()\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize("kind", KINDS)
def test_each_wish_is_heard_once_and_put_back_after(qtbot, kind):
    before = signal.getsignal(kind)
    if before is signal.SIG_IGN:
        pytest.skip("Whoever started the tests wants it ignored, as nohup does.")
    requests = EndingRequests()
    with qtbot.waitSignal(requests.wanted, timeout=5_000):
        os.kill(os.getpid(), kind)
    assert signal.getsignal(kind) is signal.SIG_DFL, "a second wish ends the program at once"
    requests.close()
    assert signal.getsignal(kind) is before


TERMINATED = """
import os, signal, sys, threading
from PySide6.QtCore import QTimer
from studio.ui import app
from studio.ui.main_window import MainWindow
from dataclasses import replace

asked = []

def end_once(history):
    if history.epochs_done and not asked:
        asked.append(os.kill(os.getpid(), signal.SIGTERM))

def begin(window):
    document = window.context.document
    if not window.context.files.is_open:
        QTimer.singleShot(50, lambda: begin(window))
        return
    long = replace(document.project.training, epochs=90_000, patience=0)
    document.apply(lambda p: replace(p, training=long), "Change epochs")
    if "busy" in sys.argv:
        begun = threading.Event()
        window.context.background.run(lambda: (begun.set(), threading.Event().wait()))
        assert begun.wait(30)
    if "run" in sys.argv:
        window.context.runs.updated.connect(end_once)
        assert window.context.runs.start() is None
    else:
        os.kill(os.getpid(), signal.SIGTERM)

show = MainWindow.showEvent
def shown(self, event):
    show(self, event)
    QTimer.singleShot(0, lambda: begin(self))
MainWindow.showEvent = shown
sys.exit(app.run(["--sample"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize("moment", ["idle", "run", "busy"])
def test_a_terminated_window_keeps_unsaved_work_and_its_run(studio, moment):
    ended = subprocess.run(
        [sys.executable, "-c", TERMINATED, moment],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = ended.stderr.replace(OFFSCREEN, "")
    assert (ended.returncode, said) == (0, "")
    (leftover,) = studio.files.leftovers()
    assert studio.files.recover(leftover)
    assert studio.document.project.training.epochs == 90_000
    if moment == "run":
        (record,) = jobs.runs(studio.files.runs_folder)
        assert record.outcome == "stopped"
        assert record.is_resumable
