"""A program in a process of its own: what it says, how long it may take, and who waits for it."""

import subprocess
import sys
import threading

import pytest

from studio.core.patience import Left, Patience, waited_for
from studio.export.fresh_process import run_fresh

ECHO = (
    "import sys; data = sys.stdin.buffer.read(); sys.stdout.buffer.write(data[::-1]); sys.exit(3)"
)
FOREVER = (
    "import os, sys; print(os.getpid(), flush=True); sys.stdin.read(); import time; time.sleep(600)"
)


def test_a_large_input_comes_back_and_the_status_is_told(tmp_path):
    given = bytes(range(256)) * 20_000
    done = run_fresh([sys.executable, "-c", ECHO], tmp_path, given=given, patience=60.0)
    assert done.stdout == given[::-1]
    assert done.returncode == 3


def test_a_program_that_takes_too_long_is_ended(tmp_path):
    with pytest.raises(subprocess.TimeoutExpired):
        run_fresh([sys.executable, "-c", FOREVER], tmp_path, patience=0.0)


def test_a_program_that_nobody_waits_for_any_longer_is_ended(tmp_path, monkeypatch):
    started: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def kept(*arguments, **more):
        started.append(begin(*arguments, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", kept)
    patience = Patience()
    timer = threading.Timer(0.3, patience.leave)
    timer.start()
    with waited_for(patience), pytest.raises(Left):
        run_fresh([sys.executable, "-c", FOREVER], tmp_path, patience=60.0)
    timer.join()
    assert started[0].returncode is not None
