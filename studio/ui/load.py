"""How hard this process works: its share of the processors and its memory."""

import os
import sys
import time
from pathlib import Path

_STATM = Path("/proc/self/statm")


class Load:
    """Measured between one question and the next."""

    def __init__(self) -> None:
        self._wall, self._busy = time.perf_counter(), time.process_time()

    def processor_share(self) -> float:
        """The share of all processors since the last question, from 0 to 1."""
        wall, busy = time.perf_counter(), time.process_time()
        passed, worked = wall - self._wall, busy - self._busy
        self._wall, self._busy = wall, busy
        return min(worked / passed / (os.cpu_count() or 1), 1.0) if passed > 0 else 0.0


def memory_bytes() -> int | None:
    """The memory that this process holds now; None where the system does not say."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
