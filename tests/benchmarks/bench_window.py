"""The window beside a training run: stalls, training speed, and how soon it opens. Prints ratios.

    python tests/benchmarks/bench_window.py [--seconds 60] [--rounds 5] [--only stall|speed|open]

Each contestant runs in a process of its own, in alternating rounds, so that a busy machine slows
all of them. With a window: the real one at 1440 x 900 with the Train page in front and live
curves, every event also written to the archive. Without: the same run, nobody looking; and a
bare PyTorch loop. Opening: against a bare PySide6 window with one pyqtgraph plot.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

SIZES = ("784-128-10", "1000-128-64-10")
ROWS, VALIDATION = 12_000, 1_800
TICK_MS = 5
P99, WORST, RATIO, BARE_RATIO, OPEN_RATIO = 20.0, 100.0, 0.85, 0.85, 1.6
SETTLE_STEPS = 50


def material(text):
    import numpy as np

    from tests.benchmarks.bench_training import material as made

    project, arrays = made([int(size) for size in text.split("-")], ROWS, 100_000)
    part = {
        "training": np.arange(ROWS - VALIDATION),
        "test": np.empty(0, dtype=np.int64),
        "validation": np.arange(ROWS - VALIDATION, ROWS),
    }
    return project, replace(arrays, parts=part)


def job_of(arrays):
    """A run as `jobs.train` makes it, with its archive, over rows that are in memory already."""
    from studio.core.run.archive import Archive
    from studio.data.prepare import fit
    from studio.engine.trainer import train

    def job(project, folder, control, _resume=None):
        log = Archive(folder).begin(project)
        fitted = fit(project.dataset, arrays)
        for event in train(project, arrays, control, fitted=fitted, run=log.run, folder=log.folder):
            log.append(event)
            yield event
        log.close()

    return job


def steps_of(history):
    return (history.epoch - 1) * history.steps_per_epoch + history.step


def headless(text, seconds):
    from studio.core.run.control import RunControl
    from studio.core.run.history import History

    project, arrays = material(text)
    control, history, began, first = RunControl(), History(), None, 0
    with tempfile.TemporaryDirectory() as folder:
        for event in job_of(arrays)(project, Path(folder), control):
            history.add(event)
            now = time.perf_counter()
            if began is None and steps_of(history) >= SETTLE_STEPS:
                began, first = now, steps_of(history)
            elif began is not None and now - began >= seconds and not control.is_stopped:
                rate = (steps_of(history) - first) / (now - began)
                control.stop()
    return {"steps": rate}


def bare(text, seconds):
    from tests.benchmarks.bench_training import BATCH
    from tests.benchmarks.bench_training import bare as loop

    _, arrays = material(text)
    arrays = replace(
        arrays,
        inputs=arrays.inputs[: ROWS - VALIDATION],
        targets=(arrays.targets[0][: ROWS - VALIDATION],),
    )
    sizes, found, began = [int(size) for size in text.split("-")], [], time.perf_counter()
    while time.perf_counter() - began < seconds:
        found.append(loop(arrays, sizes, 1) / BATCH)
    return {"steps": statistics.mean(found)}


def with_window_watched(text, seconds):
    """As `with_window`, with the timer that finds stalls: it costs the run a little itself."""
    return with_window(text, seconds, is_watched=True)


def with_window(text, seconds, *, is_watched=False):
    from PySide6.QtCore import QObject, Qt, QTimer

    from studio.ui import app as program

    sys.setswitchinterval(program.SWITCH_INTERVAL)
    project, arrays = material(text)
    app, window = program.build([])
    context = window.context
    context.runs.start_job = job_of(arrays)
    context.files.new(project, "Benchmark")
    window.resize(1440, 900)
    window.show()
    window.show_page("train")
    window.status.watch(True)

    class Watch(QObject):
        """Counts from the first steps on; a tick that comes late is a stall."""

        def __init__(self):
            super().__init__()
            self.ticks, self.began, self.first, self.rate = [], None, 0, 0.0
            self.timer = QTimer(self)
            self.timer.setTimerType(Qt.TimerType.PreciseTimer)
            self.timer.timeout.connect(self.tick)
            context.runs.updated.connect(self.hear)
            context.runs.ended.connect(lambda: app.exit(0))

        def hear(self, history):
            now = time.perf_counter()
            if self.began is None and steps_of(history) >= SETTLE_STEPS:
                self.began, self.first = now, steps_of(history)
                if is_watched:
                    self.timer.start(TICK_MS)
            elif self.began is not None and now - self.began >= seconds and not self.rate:
                self.rate = (steps_of(history) - self.first) / (now - self.began)
                self.timer.stop()
                context.runs.stop()

        def tick(self):
            self.ticks.append(time.perf_counter())

    watch = Watch()
    assert context.runs.start() is None
    app.exec()
    assert watch.rate, context.runs.history.problem
    page = window.page("train")
    gaps = sorted(1000 * (b - a) for a, b in zip(watch.ticks, watch.ticks[1:], strict=False))
    found = {"steps": watch.rate, "repaints": page.curves.repaints}
    if gaps:
        found |= {
            "p50": gaps[len(gaps) // 2],
            "p99": gaps[int(len(gaps) * 0.99)],
            "worst": gaps[-1],
        }
    context.document.undo_stack.clear()
    context.files.discard()
    context.close()
    window.close()
    return found


def open_bare(_text, _seconds):
    import pyqtgraph
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    plot = pyqtgraph.PlotWidget()
    plot.plot([0, 1, 2], [1, 0, 2])
    window.setCentralWidget(plot)
    return shown(app, window)


def open_studio(_text, _seconds):
    from studio.ui import app as program

    app, window = program.build([])
    found = shown(app, window)
    assert "torch" not in sys.modules, "the first window must not wait for torch"
    return found


def shown(app, window):
    window.resize(1440, 900)
    window.show()
    while not window.windowHandle().isExposed():
        app.processEvents()
    app.processEvents()
    return {"seconds": time.time() - float(os.environ["BENCH_BEGAN"])}


CONTESTANTS = {
    "headless": headless,
    "bare": bare,
    "window": with_window,
    "watched": with_window_watched,
    "open_bare": open_bare,
    "open_studio": open_studio,
}


def ask(name, text="", seconds=0.0):
    """What a contestant found, in a fresh process with a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "STUDIO_HOME": home,
            "BENCH_BEGAN": str(time.time()),
            "QT_LOGGING_RULES": "*.warning=false",
        }
        command = [sys.executable, __file__, "--child", name, text, str(seconds)]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
    return json.loads(done.stdout.splitlines()[-1])


def measure_stalls(seconds):
    reached = True
    for text in SIZES[:1]:
        found = ask("watched", text, seconds)
        reached = found["p99"] <= P99 and found["worst"] <= WORST
        print(
            f"{text}: a {TICK_MS} ms timer for {seconds:g} s of training: p50 "
            f"{found['p50']:.1f}, p99 {found['p99']:.1f}, worst {found['worst']:.1f} ms; "
            f"{found['repaints']} repaints (aim: p99 {P99:g}, worst {WORST:g})"
        )
    return reached


def measure_speed(rounds, seconds):
    reached = True
    for text in SIZES:
        found = []
        for _ in range(rounds):
            plain, alone, seen = (
                ask(name, text, seconds)["steps"] for name in ("bare", "headless", "window")
            )
            found.append((seen / alone, seen / plain, alone / plain))
            print(
                f"  {text}: bare {plain:,.0f} steps/s, headless {alone:,.0f}, with window "
                f"{seen:,.0f}: {seen / alone:.3f} of headless, {seen / plain:.3f} of bare"
            )
        to_headless, to_bare, headless_to_bare = (
            statistics.median(column) for column in zip(*found, strict=True)
        )
        reached = reached and to_headless >= RATIO and to_bare >= BARE_RATIO
        print(
            f"{text}: with window {to_headless:.3f} of headless (aim {RATIO}), {to_bare:.3f} of "
            f"bare (aim {BARE_RATIO}); headless {headless_to_bare:.3f} of bare"
        )
    return reached


def measure_opening(rounds):
    found = []
    for number in range(rounds + 1):  # the first is to get warm
        plain, ours = ask("open_bare")["seconds"], ask("open_studio")["seconds"]
        if number:
            found.append(ours / plain)
            print(f"  bare window with a plot {plain:.2f} s, studio {ours:.2f} s: {found[-1]:.2f}")
    ratio = statistics.median(found)
    print(f"first window: {ratio:.2f} of a bare window with one plot (aim {OPEN_RATIO})")
    return ratio <= OPEN_RATIO


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--child", nargs=3, metavar=("NAME", "SIZES", "SECONDS"))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("stall", "speed", "open"))
    given = parser.parse_args()
    if given.child:
        name, text, seconds = given.child
        print(json.dumps(CONTESTANTS[name](text, float(seconds))))
        return 0
    reached = True
    if given.only in (None, "open"):
        reached = measure_opening(given.rounds) and reached
    if given.only in (None, "speed"):
        reached = measure_speed(given.rounds, min(given.seconds, 10.0)) and reached
    if given.only in (None, "stall"):
        reached = measure_stalls(given.seconds) and reached
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
