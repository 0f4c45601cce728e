"""A monkey at the window: whatever is clicked, dragged and typed, nothing breaks, all is undone."""

import random
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QRect, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from studio.ui.app import build

STEPS = 600
MENU_MS = 40  # some of Qt's menus run a loop of their own: a timer answers them
PATIENCE = 60_000
NAMES = (
    "Tab Backtab Return Escape Delete Backspace Space Up Down Left Right A 1 9 Slash F2 "
    "Home End PageDown F5 F6 Period Minus Comma"
)
KEYS = [getattr(Qt.Key, f"Key_{name}") for name in NAMES.split()]
WITH_CONTROL = [getattr(Qt.Key, f"Key_{name}") for name in "ZYACVXD12345KL0G"]
NONE, CONTROL, SHIFT = (
    getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("No", "Control", "Shift")
)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
OFFSCREEN = "This plugin does not support"


@pytest.fixture
def window(qtbot, own_folders, monkeypatch):
    """The program's own window with a sample, in a folder that may be filled."""
    monkeypatch.chdir(own_folders)
    _app, made = build(["--sample"])
    qtbot.addWidget(made, before_close_func=_put_away)
    made.resize(1200, 800)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.context.files.is_open, timeout=PATIENCE)
    return made


def _put_away(window):
    window.context.runs.close()
    window.context.files.discard()
    window.context.close()


@contextmanager
def faults_gathered():
    """What Qt warns of, and what raises in a slot."""
    faults: list[str] = []

    def hear(_kind: QtMsgType, _where: object, text: str) -> None:
        if OFFSCREEN not in text:
            faults.append(text)

    hook = sys.excepthook
    sys.excepthook = lambda *error: faults.append("".join(traceback.format_exception(*error)))
    before = qInstallMessageHandler(hear)
    try:
        yield faults
    finally:
        qInstallMessageHandler(before)
        sys.excepthook = hook


class Monkey:
    """Acts by chance on whatever is in front."""

    def __init__(self, window: QWidget, seed: int) -> None:
        self._window, self._chance = window, random.Random(seed)
        self._front = window
        self.acts: list[str] = []

    def act(self) -> None:
        """One click, drag or key."""
        chance = self._chance.random()
        if chance < 0.5:
            self._click()
        elif chance < 0.7:
            self._drag()
        else:
            self._type()

    def tidy(self) -> None:
        """Dialogs and popups go again, so that the window is reached."""
        popup = QApplication.activePopupWidget()
        if popup is not None and self._chance.random() < 0.1:
            popup.close()
        for top in QApplication.topLevelWidgets():
            if isinstance(top, QDialog) and top.isVisible() and self._chance.random() < 0.3:
                assert top.objectName() != "dialog.crash"
                top.reject()

    def answer_menu(self) -> None:
        """Chooses something in an open menu, or closes it."""
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            return
        if self._chance.random() < 0.6:
            menu.close()
        else:
            QTest.keyClick(menu, self._chance.choice([Qt.Key.Key_Down, Qt.Key.Key_Return]))

    def _click(self) -> None:
        at, point = self._spot()
        self._note("click", at, point)
        button = LEFT if self._chance.random() < 0.85 else RIGHT
        modifier = self._chance.choice([NONE, NONE, CONTROL, SHIFT])
        how = QTest.mouseDClick if self._chance.random() < 0.15 else QTest.mouseClick
        how(at, button, modifier, point)

    def _drag(self) -> None:
        at, start = self._spot()
        way = QPoint(self._chance.randint(-200, 200), self._chance.randint(-200, 200))
        self._note("drag", at, start, way)
        QTest.mousePress(at, LEFT, NONE, start)
        for part in (1, 2, 3):
            if shiboken6.isValid(at):
                QTest.mouseMove(at, start + way * part / 3)
        if self._chance.random() < 0.1:
            QTest.keyClick(
                self._window, self._chance.choice([Qt.Key.Key_Escape, Qt.Key.Key_Delete])
            )
        if shiboken6.isValid(at):
            QTest.mouseRelease(at, LEFT, NONE, start + way)

    def _type(self) -> None:
        at = _alive(QApplication.focusWidget(), self._window)
        has_control = self._chance.random() < 0.33
        key = self._chance.choice(WITH_CONTROL if has_control else KEYS)
        shift = SHIFT if has_control and self._chance.random() < 0.3 else NONE
        self._note("key", at, key, shift)
        QTest.keyClick(at, key, (CONTROL if has_control else NONE) | shift)

    def _spot(self) -> tuple[QWidget, QPoint]:
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window
        self._front = front  # held: with its parent's Python side goes that of a child
        area: QRect = front.rect()
        point = QPoint(
            self._chance.randrange(max(1, area.width())),
            self._chance.randrange(max(1, area.height())),
        )
        at = _alive(front.childAt(point), front)
        return at, at.mapFrom(front, point)

    def _note(self, kind: str, at: QWidget, *what: object) -> None:
        self.acts.append(f"{kind} {type(at).__name__} '{at.objectName()}' {what}")


def _alive(found: QWidget | None, instead: QWidget) -> QWidget:
    """What was found, where Python's side of it is not that of a widget gone before."""
    return found if found is not None and shiboken6.isValid(found) else instead


@pytest.mark.parametrize("seed", [1, 2])
def test_a_monkey_breaks_nothing_and_undo_leads_back(window, seed, qtbot, own_folders: Path):
    document = window.context.document
    monkey, beginnings = Monkey(window, seed), [document.project]
    # It may find "New project", or start another one: then that is where undo leads back to.
    document.replaced.connect(lambda: beginnings.append(document.project))
    timer = QTimer(window)
    timer.timeout.connect(monkey.answer_menu)
    timer.start(MENU_MS)
    with faults_gathered() as faults:
        for _ in range(STEPS):
            monkey.act()
            monkey.tidy()
            QApplication.processEvents()
            assert not faults, "\n".join([*monkey.acts[-8:], *faults])
            ids = {node.id for node in document.project.graph}
            assert all({e.source, e.target} <= ids for e in document.project.graph.edges)
            assert window.isVisible()
        timer.stop()
        window.context.runs.close()
        while document.undo_stack.canUndo():
            document.undo_stack.undo()
        QApplication.processEvents()
    assert len(monkey.acts) == STEPS
    assert not faults, faults
    assert document.project == beginnings[-1], "\n".join(monkey.acts)
