"""A million rows in the window: first rows, stalls, repaints, far rows, memory, time. Ratios.

    python tests/benchmarks/bench_big_table.py [--rows 1000000] [--columns 50] [--rounds 1]

A CSV of numbers and some categories is written once into a temporary folder. Each contestant
runs in a process of its own: `pandas.read_csv` with its default engine, and the real window at
1440 x 900 that is given the file. The window's timer ticks every 10 ms; its largest gap from
the moment that the file is dropped to the last repaint is the stall. First rows count from the
drop to the first repaint of the table that shows them. Time is that until the project stands,
with kinds, roles, leaks, hash and summary; memory is the peak beyond what the window had.
On a machine that does other work, too, no gap tells of the window alone: beside each figure
stands how much of it the window's thread itself worked, and the gaps of a window that is idle.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

FIRST_ROWS_S, STALL_MS, REPAINT_MS, MEMORY, FAR_S, LEAVE_S = 1.0, 100.0, 33.0, 2.0, 0.5, 0.5
TICK_MS, WARM_S, IDLE_S, CATEGORIES = 10, 3.0, 5.0, 8
MEGABYTE = 1024**2


def write(path, rows, columns):
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv

    draw, made = np.random.default_rng(0), {}
    made["part"] = np.arange(rows)
    for i in range(max(0, columns - CATEGORIES - 2)):
        kinds = (
            lambda: np.round(draw.normal(size=rows), 6),
            lambda: np.round(draw.uniform(0, 1000, rows), 3),
            lambda: draw.integers(0, 100_000, rows),
        )
        made[f"value {i}"] = kinds[i % 3]()
    for i in range(CATEGORIES):
        names = np.array([f"group {j}" for j in range(4 + 8 * i)])
        made[f"kind {i}"] = names[draw.integers(0, len(names), rows)]
    made["fault"] = np.where(draw.random(rows) < 0.1, "yes", "no")
    pa.csv.write_csv(pa.table(made), path)


class Peak(threading.Thread):
    """How much memory the process has at most beyond what it began with."""

    def __init__(self):
        import psutil

        super().__init__(daemon=True)
        self.process, self.is_over = psutil.Process(), threading.Event()
        self.began = self.process.memory_info().rss
        self.most = 0
        self.start()

    def run(self):
        while not self.is_over.wait(0.02):
            self.most = max(self.most, self.process.memory_info().rss - self.began)

    def end(self):
        self.is_over.set()
        self.join()
        return self.most / MEGABYTE


def by_pandas(path):
    import pandas as pd

    began, cpu = time.perf_counter(), time.process_time()
    frame = pd.read_csv(path)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"seconds": seconds, "cpu": cpu, "table": frame.memory_usage(deep=True).sum() / MEGABYTE}


def in_window(path):
    from PySide6.QtCore import QCoreApplication

    from studio.ui import app as program

    sys.setswitchinterval(program.SWITCH_INTERVAL)
    _app, window = program.build([])
    window.resize(1440, 900)
    window.show()
    watch = _Watch(window)
    program.spare_long_searches(window.context.devices)
    window.context.devices.ask()  # as the program does: it loads torch
    watch.until(lambda: window.context.devices.known, 60.0)
    watch.spend(WARM_S)
    watch.forget()
    watch.spend(IDLE_S)
    found = {"idle": watch.worst}
    peak, cpu, began = Peak(), time.process_time(), time.perf_counter()
    opening = window.context.opening
    looked, ended = [], []
    opening.looked.connect(lambda _look: looked.append(None))
    opening.ended.connect(lambda: ended.append(time.perf_counter()))
    watch.forget()
    opening.open_paths([Path(path)])
    watch.until(lambda: looked or ended)
    page = window.page("data")
    page.first_look.table.viewport().repaint()
    found["first rows"] = time.perf_counter() - began
    watch.until(lambda: ended)
    found["seconds"], found["cpu"] = ended[0] - began, time.process_time() - cpu
    table = page.table
    watch.until(lambda: table.rows.index(0, 0).data() is not None)
    found["memory"] = peak.end()
    found["stall"], found["stall work"] = watch.worst, watch.work
    found["stalls"] = watch.longest
    found["rows"] = window.context.document.project.dataset.summary.rows
    watch.until(lambda: not window.context.background.is_busy, 60.0)  # the profile
    watch.forget()
    found |= _scrolled(watch, table)
    found["stall scrolling"] = watch.worst
    found["leaving"] = _left(watch, window, path)
    window.context.document.undo_stack.clear()
    window.context.files.discard()
    window.context.close()
    window.close()
    QCoreApplication.sendPostedEvents()
    return found


class _Watch:
    """Turns the event loop and times the gaps between the ticks of a timer."""

    def __init__(self, window):
        from PySide6.QtCore import QEventLoop, Qt, QTimer

        self.window, self.loop = window, QEventLoop()
        self.timer = QTimer(window)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self._tick)
        self.last, self.gaps = time.perf_counter(), []
        self.worked, self.works = time.thread_time(), []
        self.is_done, self.ends = (lambda: False), 0.0
        self.timer.start(TICK_MS)

    def _tick(self):
        now = time.perf_counter()
        self.gaps.append(1000 * (now - self.last))
        worked = time.thread_time()
        self.works.append(1000 * (worked - self.worked))
        self.last, self.worked = now, worked
        if self.is_done() or now > self.ends:
            self.loop.quit()

    def until(self, is_done, seconds=600.0):
        self.is_done, self.ends = is_done, time.perf_counter() + seconds
        self.last, self.worked = time.perf_counter(), time.thread_time()
        if not is_done():
            self.loop.exec()

    def spend(self, seconds):
        self.until(lambda: False, seconds)

    def forget(self):
        self.gaps, self.works = [], []

    @property
    def work(self):
        return max(self.works, default=0.0)

    @property
    def worst(self):
        return max(self.gaps, default=0.0)

    @property
    def longest(self):
        return [round(gap) for gap in sorted(self.gaps)[-5:]]


def _scrolled(watch, table):
    """Repaints near the top and far down, and how long far rows take to come."""
    rows = table.rows.rowCount()
    bar = table.verticalScrollBar()
    repaints, works, waits = [], [], []
    for start in (0, rows // 2, int(rows * 0.9), rows - 60, rows // 3):
        began = time.perf_counter()
        bar.setValue(start)
        table.viewport().repaint()
        watch.until(lambda start=start: table.rows.index(start, 0).data() is not None, 60.0)
        waits.append(time.perf_counter() - began)
        for step in range(40):
            bar.setValue(start + step)
            one, work = time.perf_counter(), time.thread_time()
            table.viewport().repaint()
            repaints.append(1000 * (time.perf_counter() - one))
            works.append(1000 * (time.thread_time() - work))
            watch.spend(0.005)
    repaints.sort()
    return {
        "repaint": statistics.median(repaints),
        "worst repaint": repaints[int(len(repaints) * 0.99)],
        "repaint work": max(works),
        "far rows": max(waits),
    }


def _left(watch, window, path):
    """From Cancel until the opening has let go of the file, in the middle of reading it."""
    opening = window.context.opening
    told = []
    opening.told.connect(told.append)
    opening.open_paths([Path(path)])
    watch.until(lambda: len(told) > 5)
    assert any(thread.name.startswith("mark") for thread in threading.enumerate())
    before, began = window.context.document.project, time.perf_counter()
    opening.cancel()
    watch.until(lambda: not any(t.name.startswith("mark") for t in threading.enumerate()), 60.0)
    assert window.context.document.project is before
    return time.perf_counter() - began


CONTESTANTS = {"pandas": by_pandas, "window": in_window}


def ask(name, path):
    """What a contestant found, in a fresh process with a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, __file__, "--child", name, str(path)]
        done = subprocess.run(
            command,
            env={**os.environ, "STUDIO_HOME": home},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return json.loads(done.stdout.splitlines()[-1])


def said(words, figure, aim, unit=""):
    print(
        f"  {words:42}{figure:8.2f}{unit:3} aim {aim:g}{unit}: {'yes' if figure <= aim else 'NO'}"
    )
    return figure <= aim


def measured(path):
    """One round: prints each figure, gives whether all are within their limits."""
    plain, found = ask("pandas", path), ask("window", path)
    print(
        f"{found['rows']:,} rows, {path.stat().st_size / MEGABYTE:.0f} MB: pandas "
        f"{plain['seconds']:.1f} s ({plain['cpu']:.1f} s of processor), the window "
        f"{found['seconds']:.1f} s ({found['cpu']:.1f} s); table {plain['table']:.0f} MB"
    )
    done = [
        said("first rows on the screen", found["first rows"], FIRST_ROWS_S, "s"),
        said("longest stall while opening", found["stall"], STALL_MS, "ms"),
        said("longest stall while scrolling", found["stall scrolling"], STALL_MS, "ms"),
        said("repaint (median)", found["repaint"], REPAINT_MS, "ms"),
        said("repaint (99 of 100)", found["worst repaint"], REPAINT_MS, "ms"),
        said("far rows are there after", found["far rows"], FAR_S, "s"),
        said("memory beyond the window / table", found["memory"] / plain["table"], MEMORY),
        said("left for good after", found["leaving"], LEAVE_S, "s"),
    ]
    print(
        f"  idle window: longest gap {found['idle']:.0f} ms; longest gaps while opening "
        f"{found['stalls']} ms, of which the window's thread worked at most "
        f"{found['stall work']:.0f} ms; a repaint is at most {found['repaint work']:.1f} ms of work"
    )
    print(f"  time until it stands / pandas: {found['seconds'] / plain['seconds']:.2f}")
    print(f"  processor / pandas: {found['cpu'] / plain['cpu']:.2f}")
    return all(done)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--child", nargs=2, metavar=("NAME", "PATH"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(CONTESTANTS[given.child[0]](given.child[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.csv"
        write(path, given.rows, given.columns)
        reached = [measured(path) for _ in range(given.rounds)]
    sys.exit(0 if all(reached) else 1)


if __name__ == "__main__":
    main()
