"""Opening: a file of somebody else's becomes a drawing, in a process that can be ended.

The file is run: only after the person has named it as trusted. Nothing of it is loaded here;
the other process writes down what it found, and that is read as strictly as any file.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from studio.core.design.imported import PROGRAM, Imported
from studio.core.design.storage import write_atomically
from studio.core.patience import go_on
from studio.core.plain import LARGEST_FILE, dump, to_plain
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.export.reading.answer import Order, Row, read

PATIENCE = 120.0  # seconds; torch alone takes some to load
LOOK = 0.1
ROOT = Path(__file__).parents[3]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from studio.export.reading.child import start; start()"
)


def open_trusted(
    path: Path, *, name: str = "", rows: Sequence[Row] = (), patience: float = PATIENCE
) -> Imported:
    """The drawing of a network in a Python file, or in a program of torch.export.

    `name` is that of the network where there are several; `rows` say what the data are like, for
    each input. StudioError where nothing can be read in it, or it takes longer than `patience`
    seconds. Ends early, with the process, where nobody waits any longer.
    """
    if not path.is_file():
        raise _missing(path)
    with tempfile.TemporaryDirectory(prefix="studio-") as folder:
        answer = Path(folder, "answer.json")
        kind = "program" if path.suffix.lower() == PROGRAM else "python"
        order = Order(str(path.resolve()), kind, str(answer), name, tuple(rows))  # type: ignore[arg-type]
        status = _run(order, Path(folder), patience)
        if not answer.is_file():
            raise _ended(path, status)
        if answer.stat().st_size > LARGEST_FILE:
            raise _ended(path, status)
        return read(answer.read_bytes(), path.name)


def _run(order: Order, folder: Path, patience: float) -> int:
    """Waits for the process, and ends it with all that it started when the time is over."""
    asked = folder / "order.json"
    write_atomically(asked, dump(to_plain(order)))
    with asked.open("rb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _START, str(ROOT)],
            stdin=stream,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
            start_new_session=True,
        )
    end = time.monotonic() + patience
    try:
        while True:
            go_on()
            try:
                return process.wait(LOOK)
            except subprocess.TimeoutExpired:
                if time.monotonic() > end:
                    raise _hangs(Path(order.file), patience) from None
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the process and what it started; nothing happens where all has ended."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()


def _missing(path: Path) -> StudioError:
    return refuse(
        tr("{file} is not there.", file=path.name),
        tr("Choose a Python file, or a program of torch.export (.pt2)."),
        place=Place("file", str(path)),
        code="no-file",
    )


def _hangs(path: Path, patience: float) -> StudioError:
    seconds = round(patience)
    if path.suffix.lower() == PROGRAM:
        message = tr(
            "{file} was not read and drawn within {seconds} {seconds|second|seconds}.",
            file=path.name,
            seconds=seconds,
        )
        hint = tr("It is very large, or this machine is busy. Export a part of it alone.")
    else:
        message = tr(
            "{file} was run and had not ended after {seconds} {seconds|second|seconds}, so it was "
            "ended.",
            file=path.name,
            seconds=seconds,
        )
        hint = tr(
            "Put what trains or waits under: if __name__ == “__main__”. That is not run here."
        )
    return refuse(message, hint, place=Place("file", str(path)), code="file-hangs")


def _ended(path: Path, status: int) -> StudioError:
    if status < 0:  # the number of a signal
        message = tr(
            "{file} was stopped by the system while it was read, with signal {signal}.",
            file=path.name,
            signal=-status,
        )
    else:
        message = tr(
            "{file} ended the process that read it, with status {status}.",
            file=path.name,
            status=status,
        )
    return refuse(
        message,
        tr("Take out what ends the program, and what needs more memory than there is."),
        place=Place("file", str(path)),
        code="file-ended",
    )
