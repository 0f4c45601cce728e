"""How long until the first window is painted, against a bare window with one plot.

Run with ``python tests/benchmarks/bench_start.py``. Each number is the middle of fresh
processes, taken in turns. Asked for: at most 1.6.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 7
BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
app = QApplication([])
window = QMainWindow()
plot = pyqtgraph.PlotWidget()
plot.plot([1, 2, 3], [3, 1, 2])
window.setCentralWidget(plot)
window.resize(1440, 900)
window.show()
window.grab()
"""
STUDIO = """
from studio.ui.app import build
app, window = build([])
window.show()
window.grab()
"""
END = "import os; os._exit(0)\n"


def seconds(code: str, home: str) -> float:
    """The time of one fresh process from start to painted window."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "STUDIO_HOME": home}
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code + END], check=True, cwd=ROOT, env=environment,
                   stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        for code in (BARE, STUDIO):  # bytecode and page cache
            seconds(code, home)
        pairs = [(seconds(BARE, home), seconds(STUDIO, home)) for _ in range(ROUNDS)]
    bare, studio = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"bare window with a plot  {bare:.2f} s")
    print(f"Studio's start page      {studio:.2f} s")
    print(f"ratio                    {studio / bare:.2f}  (at most 1.6)")


if __name__ == "__main__":
    main()
