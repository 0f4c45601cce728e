"""Modest: a process that takes no more memory than there is, and goes first where that runs out."""

import sys
from pathlib import Path

import torch

from studio.engine.devices import free_memory

OWN = 2 << 30  # bytes that the process has for itself before it runs anybody's code
SHARE = 0.9  # of the memory that is free
FIRST_TO_GO = "1000"
_MEMORY_KILL = Path("/proc/self/oom_score_adj")


def be_ended_first() -> None:
    """Bounds the memory of this process, so that what asks for more is refused, not the machine.

    Where the system knows no such bound, nothing is changed.
    """
    if sys.platform != "linux":
        return
    import resource

    most = OWN + int(free_memory(torch.device("cpu")) * SHARE)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    try:
        _MEMORY_KILL.write_text(FIRST_TO_GO, encoding="ascii")
    except OSError:  # not allowed in this system
        return
