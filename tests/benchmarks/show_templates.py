"""Every template as a person meets it: opened, trained and evaluated in the window, in pictures.

    python tests/benchmarks/show_templates.py [NAME ...] --folder OUT [--size 1440x900]
        [--scheme light|dark] [--epochs 3] [--limit 60]

Each is opened on its own sample; its epochs are typed on the Train page, its run is started by
the Train action. One that takes longer than the limit (seconds) is stopped as a person would.
OUT gets a picture of the Model, Train and Evaluate page of each, a sheet of all for each page,
and a README.md with a line for each template.
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer, SignalInstance
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest

from studio.core.design.templates import TEMPLATES
from studio.core.run.wording import elapsed_words, figure_words, metric_title
from studio.ui.app import build
from studio.ui.main_window import MainWindow
from studio.ui.theme import font

PAGES = ("model", "train", "evaluate")
PATIENCE_MS = 60_000  # for what is no run
QUIET_MS = 400  # so long nothing may be at work before a page is taken
ACROSS, SMALL, GAP, NAME_HEIGHT = 4, QSize(720, 450), 24, 40
BASE = 12
KEPT = Qt.AspectRatioMode.KeepAspectRatio
SMOOTH = Qt.TransformationMode.SmoothTransformation
HEADS = "| template | data | epochs | time | score on the test part | trouble |"
# Large networks: one epoch shows as much, and takes longer than several of others.
LONGER = 5
ONCE = frozenset({"resnet-18", "resnet-50", "mobilenet-v2", "vgg-11", "vit-tiny"})


class TooLate(Exception):
    """What was waited for did not come."""


@dataclass(frozen=True)
class Shown:
    """What one template reached in the window; `trouble` says what went wrong, if anything."""

    key: str
    data: str = ""
    epochs: int = 0
    seconds: float = 0.0
    score: str = ""
    trouble: str = ""

    def line(self) -> str:
        """Its line of the table."""
        time_taken = elapsed_words(self.seconds) if self.seconds else "–"
        cells = (self.key, self.data, str(self.epochs), time_taken, self.score, self.trouble)
        return f"| {' | '.join(cells)} |"


class Visit:
    """Goes through the window with one template after the other."""

    def __init__(self, window: MainWindow, folder: Path, epochs: int, limit: float) -> None:
        self.window, self.context = window, window.context
        self.folder, self.epochs, self.limit = folder, epochs, limit

    def show(self, key: str) -> Shown:
        """Opens, trains and evaluates it, and takes the pictures."""
        try:
            self._open(key)
            is_large = key in ONCE
            self._train(1 if is_large else self.epochs, self.limit * (LONGER if is_large else 1))
            for page in PAGES:
                self.window.show_page(page)
                self._settle()
                self.window.grab().save(str(self.folder / f"{key}-{page}.png"))
            return self._reached(key)
        except TooLate as late:
            return Shown(key, trouble=str(late))
        finally:
            self.context.runs.close()
            self.context.files.discard()

    def _open(self, key: str) -> None:
        opened = self.context.files.opened
        self.context.document.undo_stack.setClean()
        self._wait(opened, lambda: self.context.opening.start_template(key), "It did not open.")
        self._settle()

    def _train(self, epochs: int, limit: float) -> None:
        runs, train = self.context.runs, self.context.actions["train"]
        self.window.show_page("train")
        entry = self.window.page("train").settings.fields["epochs"].entry  # type: ignore[attr-defined]
        entry.setFocus()
        entry.selectAll()
        QTest.keyClicks(entry, str(epochs))
        QTest.keyClick(entry, Qt.Key.Key_Return)
        stopping = QTimer(singleShot=True, interval=int(limit * 1000))
        stopping.timeout.connect(runs.stop)
        stopping.start()
        late = PATIENCE_MS + stopping.interval()
        self._wait(runs.ended, train.trigger, "The run did not end.", late)
        stopping.stop()
        self._settle()

    def _reached(self, key: str) -> Shown:
        history, found = self.context.runs.history, self.window.page("evaluate").evaluation  # type: ignore[attr-defined]
        trouble = str(history.problem) if history.problem else ""
        figures = dict(found.figures) if found else {}
        score = ", ".join(f"{metric_title(k)} {figure_words(v)}" for k, v in figures.items())
        data = TEMPLATES[key].sample
        return Shown(key, data, history.epochs_done, history.seconds, score, trouble)

    def _wait(
        self,
        signal: SignalInstance,
        act: Callable[[], object],
        failing: str,
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        """Acts, and returns when the signal has come."""
        loop = QEventLoop()
        signal.connect(loop.quit)
        late = QTimer(singleShot=True, interval=patience_ms)
        late.timeout.connect(lambda: loop.exit(1))
        late.start()
        QTimer.singleShot(0, act)
        status = loop.exec()
        signal.disconnect(loop.quit)
        if status:
            raise TooLate(failing)

    def _settle(self) -> None:
        """Returns when nothing has been at work for a moment."""
        quiet, background = QTimer(singleShot=True, interval=QUIET_MS), self.context.background

        def watch() -> None:
            quiet.stop() if background.is_busy else quiet.start()

        background.busy_changed.connect(watch)
        try:
            self._wait(quiet.timeout, watch, "The page did not come to rest.")
        finally:
            background.busy_changed.disconnect(watch)


def sheet(folder: Path, keys: list[str], page: str) -> None:
    """All pictures of one page, small, each under its name."""
    rows = -(-len(keys) // ACROSS)
    wide, high = SMALL.width() + GAP, SMALL.height() + NAME_HEIGHT
    whole = QPixmap(ACROSS * wide + GAP, rows * high + GAP)
    whole.fill(Qt.GlobalColor.white)
    painter = QPainter(whole)
    painter.setFont(font("heading", is_strong=True))
    for place, key in enumerate(keys):
        left, top = GAP + place % ACROSS * wide, place // ACROSS * high
        painter.drawText(left, top + NAME_HEIGHT - BASE, key)
        picture = QPixmap(str(folder / f"{key}-{page}.png"))
        if not picture.isNull():
            painter.drawPixmap(left, top + NAME_HEIGHT, picture.scaled(SMALL, KEPT, SMOOTH))
    painter.end()
    whole.save(str(folder / f"sheet-{page}.png"))


def write_table(folder: Path, found: list[Shown]) -> None:
    """The lines of all, under their heads."""
    lines = "\n".join((HEADS, "|---" * 6 + "|", *(one.line() for one in found)))
    (folder / "README.md").write_text(f"# Templates in the window\n\n{lines}\n")


def main() -> int:
    """Shows the templates asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="keys of templates")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60.0)
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    given.folder.mkdir(parents=True, exist_ok=True)
    keys = given.names or list(TEMPLATES)
    with tempfile.TemporaryDirectory() as home:
        os.environ["STUDIO_HOME"] = home
        found = visit(given, keys)
    for page in PAGES:
        sheet(given.folder, keys, page)
    write_table(given.folder, found)
    return int(any(one.trouble for one in found))


def visit(given: argparse.Namespace, keys: list[str]) -> list[Shown]:
    """The window, opened once, and each template in it."""
    _app, window = build([])
    window.context.theme.choose(given.scheme)
    width, height = (int(part) for part in given.size.split("x"))
    window.resize(width, height)
    window.show()
    going = Visit(window, given.folder, given.epochs, given.limit)
    found = []
    for key in keys:
        found.append(going.show(key))
        print(found[-1].line(), flush=True)
    window.leave_unasked()
    return found


if __name__ == "__main__":
    raise SystemExit(main())
