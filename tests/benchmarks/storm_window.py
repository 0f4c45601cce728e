"""A hand that clicks, drags, types and turns the wheel anywhere in the window, and what holds then.

    python tests/benchmarks/storm_window.py [--events 100000] [--seed 0] [--template KEY]

Whatever it does, nothing raises, Qt warns of nothing, the project can be written and read back,
every node has its place and its report, and the canvas shows the network that is there. Dialogs
that would wait for an answer are closed; a run that is started is stopped a little later.
"""

import argparse
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
FOLDER = tempfile.TemporaryDirectory()
for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    os.environ[name] = FOLDER.name

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, qInstallMessageHandler  # noqa: E402
from PySide6.QtGui import QGuiApplication, QWheelEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget  # noqa: E402

from studio import jobs  # noqa: E402
from studio.core.design.graph import Graph  # noqa: E402
from studio.core.design.graph_json import graph_from_json, graph_to_json  # noqa: E402
from studio.core.design.report import examine  # noqa: E402
from studio.core.problems import StudioError  # noqa: E402
from studio.ui import app as program  # noqa: E402
from studio.ui.garbage import GarbageRounds  # noqa: E402

Key, Held, Button = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton
NONE, CTRL, SHIFT, ALT = (
    Held.NoModifier,
    Held.ControlModifier,
    Held.ShiftModifier,
    Held.AltModifier,
)
KEYS = tuple(
    (key, held)
    for key in (
        *(Key.Key_Escape, Key.Key_Tab, Key.Key_Backtab, Key.Key_Return, Key.Key_Space),
        *(Key.Key_Delete, Key.Key_Backspace, Key.Key_Left, Key.Key_Right, Key.Key_Up),
        *(Key.Key_Down, Key.Key_Home, Key.Key_End, Key.Key_F2, Key.Key_F7, Key.Key_F8),
        *(Key.Key_A, Key.Key_B, Key.Key_C, Key.Key_D, Key.Key_F, Key.Key_G, Key.Key_K),
        *(Key.Key_L, Key.Key_M, Key.Key_P, Key.Key_R, Key.Key_V, Key.Key_X, Key.Key_Y, Key.Key_Z),
        *(Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_0, Key.Key_Question),
        *(Key.Key_Plus, Key.Key_Minus, Key.Key_Comma),
    )
    for held in (NONE, NONE, CTRL, SHIFT, CTRL | SHIFT, ALT)
)
# These leave the window or hand the screen to the system.
FORBIDDEN = ("quit", "open", "open_data", "open_folder", "save_as", "open_database", "export")
WORDS = ("lin", "conv", "max pool", "zzz", "2", "-1", "1e400", "0.5", "relu")
CHECKED_EVERY, STOPPED_AFTER, FEW_ON_OTHER_PAGES = 5, 200, 0.25
MOST_NODES, MOST_TICKS, LAST = 80, 10, 10


@contextmanager
def suppress_gone() -> Iterator[None]:
    """A widget may go while the hand is on its way to it."""
    try:
        yield
    except RuntimeError as reason:
        if "already deleted" not in str(reason):
            raise


class Storm:
    """One hand, whose moves the seed decides."""

    def __init__(self, template: str, seed: int) -> None:
        self.chance = random.Random(seed)
        self.app, self.window = program.build([])
        self.context = self.window.context
        self.troubles: list[str] = []
        self.counts: Counter[str] = Counter()
        self.template = template
        self._running = 0
        self._before = self._still = 0
        self._graph: Graph | None = None
        self.last: deque[str] = deque(maxlen=LAST)
        for key in FORBIDDEN:
            self.context.actions[key].setEnabled(False)
            self.context.actions[key].setVisible(False)
            self.context.actions[key].setShortcuts([])
        self.context.settings.set_value("autosave_seconds", 60)
        sys.excepthook = self._raised
        qInstallMessageHandler(self._warned)
        self.closer = QTimer()
        self.closer.timeout.connect(self._close_dialogs)
        self.closer.start(20)
        self.rounds = GarbageRounds()
        self.rounds.begin()
        self.window.resize(1280, 800)
        self.window.show()
        self._open()

    def blow(self, events: int) -> None:
        """So many events, with a check now and then."""
        began = time.perf_counter()
        acts = (self.press, self.drag, self.click, self.double_click, self.key, self.type)
        acts += (self.wheel, self.menu, self.garbage, self.page, self.resize)
        weights = (6, 10, 26, 4, 30, 4, 5, 3, 1, 2, 1)
        for number in range(1, events + 1):
            act = self.chance.choices(acts, weights)[0]
            self.counts[act.__name__] += 1
            self.last.append(f"{act.__name__}:")
            with suppress_gone():
                act()
            self.app.processEvents()
            graph = self.context.document.project.graph
            if number % CHECKED_EVERY == 0 or graph is not self._graph:
                self.check()
            self._graph = self.context.document.project.graph
            if number % 5000 == 0:
                seconds = time.perf_counter() - began
                print(
                    f"{number} events, {seconds:.0f} s, troubles {len(self.troubles)}", flush=True
                )
            if len(self.troubles) > 20:
                break

    def check(self) -> None:
        """What must hold, whatever was done."""
        project = self.context.document.project
        graph = project.graph
        holds = {
            "every node has its place": set(graph.positions) == set(graph.nodes),
            "the network can be written and read": _is_read_back(graph),
            "every node has its report": set(examine(project).nodes) == set(graph.nodes),
            "only what is there is selected": self.context.selection.nodes <= set(graph.nodes),
            "the canvas shows the network": self._is_shown(),
        }
        last = self.context.document.undo_stack.undoText()
        for words, is_so in holds.items():
            if not is_so:
                self.troubles.append(f"not so: {words} (after {last!r}: {', '.join(self.last)})")
                print(self.troubles[-1], flush=True)
                self._open()
        if not self.context.files.is_open or len(graph) > MOST_NODES:
            self._open()
        if self.context.runs.is_running:
            self._running += CHECKED_EVERY
            if self._running > STOPPED_AFTER:
                self.context.runs.stop()
                self._running = 0
        for key in FORBIDDEN:
            self.context.actions[key].setEnabled(False)

    def _is_shown(self) -> bool:
        scene = self.window.page("model").canvas.picture
        return set(scene.view.graph.nodes) == {item.node_id for item in scene.node_items.values()}

    def _open(self) -> None:
        self.context.files.new(jobs.new_project(self.template), "Storm")
        self.window.show_page("model")

    def page(self) -> None:
        key = self.chance.choice(("model", "model", "model", "train", "data", "evaluate", "export"))
        self.window.show_page(key)

    def press(self) -> None:
        widget, at = self.target()
        QTest.mousePress(widget, Button.LeftButton, self.held(), at)
        other, there = self.target()
        QTest.mouseRelease(other, Button.LeftButton, NONE, there)

    def click(self) -> None:
        widget, at = self.target()
        button = self.chance.choices((Button.LeftButton, Button.RightButton), (9, 1))[0]
        QTest.mouseClick(widget, button, self.held(), at)

    def double_click(self) -> None:
        widget, at = self.target()
        QTest.mouseDClick(widget, Button.LeftButton, NONE, at)

    def drag(self) -> None:
        widget, at = self.target()
        QTest.mousePress(widget, Button.LeftButton, self.held(), at)
        for _ in range(self.chance.randint(1, 4)):
            step = QPoint(self.chance.randint(-200, 200), self.chance.randint(-150, 150))
            QTest.mouseMove(widget, at + step)
        QTest.mouseRelease(widget, Button.LeftButton, self.held(), at + step)

    def key(self) -> None:
        key, held = self.chance.choice(KEYS)
        self.last.append(f"{held.name} {key.name} on {type(self.focused()).__name__}")
        QTest.keyClick(self.focused(), key, held)

    def type(self) -> None:
        QTest.keyClicks(self.focused(), self.chance.choice(WORDS))

    def wheel(self) -> None:
        widget, at = self.target()
        turned = QPoint(0, self.chance.choice((-120, 120)))
        where = QPointF(at)
        event = QWheelEvent(
            where, where, QPoint(), turned, Button.NoButton, self.held(), Qt.NoScrollPhase, False
        )
        QApplication.sendEvent(widget, event)

    def menu(self) -> None:
        """Any action, as from a menu."""
        entries = [(entry, action) for entry, action in self.context.actions]
        entry, action = self.chance.choice(entries)
        if entry.key not in FORBIDDEN and action.isEnabled():
            self.last.append(entry.key)
            action.trigger()

    def garbage(self) -> None:
        texts = ("", "{", "[1]", '{"format": "studio-nodes"}', "\x00" * 9)
        QGuiApplication.clipboard().setText(self.chance.choice(texts))

    def resize(self) -> None:
        self.window.resize(self.chance.randint(1000, 1500), self.chance.randint(640, 900))

    def target(self) -> tuple[QWidget, QPoint]:
        """A visible widget and a place in it: mostly on the canvas, a popup where one is open."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        canvas = self.window.page("model").canvas
        if top is self.window and canvas.isVisible() and self.chance.random() < 0.5:
            return canvas.viewport(), self._on_canvas(canvas)
        at = QPoint(self.chance.randrange(top.width()), self.chance.randrange(top.height()))
        widget = top.childAt(at) or top
        self.last.append(f"at {widget.objectName() or type(widget).__name__}")
        return widget, widget.mapFrom(top, at) if widget is not top else at

    def _on_canvas(self, canvas: QWidget) -> QPoint:
        items = list(canvas.picture.node_items.values())
        if items and self.chance.random() < 0.7:
            item = self.chance.choice(items)
            off = self.chance.choice((QPointF(0, 30), QPointF(140, 30), QPointF(70, 20)))
            return canvas.mapFromScene(item.pos() + off)
        return QPoint(
            self.chance.randint(0, canvas.width()), self.chance.randint(0, canvas.height())
        )

    def focused(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def held(self) -> Qt.KeyboardModifier:
        return self.chance.choices((NONE, SHIFT, CTRL, ALT), (8, 1, 1, 1))[0]

    def _close_dialogs(self) -> None:
        self._close_menu()
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog) or (
            isinstance(dialog, QDialog) and self.chance.random() < FEW_ON_OTHER_PAGES
        ):
            dialog.reject()

    def _close_menu(self) -> None:
        """A menu that a press opened holds the hand until it is closed."""
        done = self.counts.total()
        self._still = self._still + 1 if done == self._before else 0
        self._before = done
        menu = QApplication.activePopupWidget()
        if menu is not None and self._still > MOST_TICKS:
            menu.close()

    def _raised(self, kind: type, value: BaseException, trace: object) -> None:
        self.troubles.append("".join(traceback.format_exception(kind, value, trace)))  # type: ignore[arg-type]
        print(self.troubles[-1], flush=True)

    def _warned(self, _kind: object, _context: object, message: str) -> None:
        if "plugin does not support" not in message:
            self.troubles.append(message)
            print("Qt:", message, flush=True)


def _is_read_back(graph: Graph) -> bool:
    try:
        again = graph_from_json(graph_to_json(graph))
        for field in fields(graph):
            if getattr(again, field.name) != getattr(graph, field.name):
                print(
                    field.name, getattr(graph, field.name), getattr(again, field.name), flush=True
                )
        return again == graph
    except StudioError as refusal:
        print(refusal, flush=True)
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--template", default="recognize-images")
    given = parser.parse_args()
    storm = Storm(given.template, given.seed)
    storm.blow(given.events)
    print(f"{sum(storm.counts.values())} events {dict(storm.counts)}")
    print(f"troubles: {len(storm.troubles)}")
    sys.stdout.flush()
    os._exit(1 if storm.troubles else 0)


if __name__ == "__main__":
    main()
