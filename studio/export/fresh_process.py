"""A program in a process of its own, which ends with whoever waits for it."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from studio.core.patience import go_on

LOOK_EVERY = 0.2  # seconds until it is seen that nobody waits any more


def run_fresh(
    order: Sequence[str], folder: Path | str, *, given: bytes = b"", patience: float
) -> "subprocess.CompletedProcess[bytes]":
    """Runs it in a folder with `given` as its input, and takes in all that it says.

    It is ended where it takes longer than `patience` seconds (TimeoutExpired), and where
    nobody waits for it any longer (Left).
    """
    pipe = subprocess.PIPE
    process = subprocess.Popen(order, stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder)
    end = time.monotonic() + patience
    unsent: bytes | None = given
    try:
        while True:
            go_on()
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(order, patience)
            try:
                said, complained = process.communicate(unsent, timeout=LOOK_EVERY)
            except subprocess.TimeoutExpired:
                unsent = None  # what is left of it is sent on by the next call
                continue
            return subprocess.CompletedProcess(order, process.returncode, said, complained)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
