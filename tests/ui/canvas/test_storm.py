"""A storm of mouse, keys, drops and edits from elsewhere: the scene still shows the graph."""

import random
from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.core.catalogue import LAYERS
from studio.core.design import edits
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from tests.ui.canvas.conftest import Hand, agrees

EVENTS, SEED, AGREED_EVERY = 3000, 20, 20
MOST_NODES = 60
Button, Key, Held = Qt.MouseButton, Qt.Key, Qt.KeyboardModifier
NONE, CTRL, SHIFT, ALT = (
    Held.NoModifier,
    Held.ControlModifier,
    Held.ShiftModifier,
    Held.AltModifier,
)
KEYS = (
    (Key.Key_Escape, NONE),
    (Key.Key_Delete, NONE),
    (Key.Key_Delete, CTRL),
    (Key.Key_Tab, NONE),
    (Key.Key_C, NONE),
    (Key.Key_C, CTRL),
    (Key.Key_V, CTRL),
    (Key.Key_X, CTRL),
    (Key.Key_D, CTRL),
    (Key.Key_Z, CTRL),
    (Key.Key_Z, CTRL),
    (Key.Key_Y, CTRL),
    (Key.Key_A, CTRL),
    (Key.Key_F2, NONE),
    (Key.Key_F, NONE),
    (Key.Key_1, NONE),
    (Key.Key_Plus, NONE),
    (Key.Key_Minus, NONE),
    (Key.Key_Left, NONE),
    (Key.Key_Right, SHIFT),
    (Key.Key_Up, CTRL),
    (Key.Key_Space, NONE),
    (Key.Key_Return, NONE),
    (Key.Key_Down, NONE),
    (Key.Key_Z, NONE),
    (Key.Key_F, SHIFT),
    (Key.Key_N, SHIFT),
    (Key.Key_X, SHIFT),
    (Key.Key_A, SHIFT),
    (Key.Key_M, SHIFT),
    (Key.Key_H, SHIFT),
    (Key.Key_Down, CTRL | ALT),
    (Key.Key_Right, CTRL | ALT),
)
PRESSED = ((Button.LeftButton, 8), (Button.MiddleButton, 1), (Button.RightButton, 1))


class Storm:
    """One hand that does anything anywhere, in an order that the seed decides."""

    def __init__(self, canvas: CanvasView, document: Document, chance: random.Random) -> None:
        self.canvas, self.document, self.chance = canvas, document, chance
        self.hand = Hand(canvas)
        self.acts: tuple[tuple[Callable[[], object], int], ...] = (
            (self.press, 10),
            (self.move, 20),
            (self.release, 12),
            (self.double_click, 3),
            (self.wheel, 2),
            (self.key, 14),
            (self.carry, 3),
            (self.type, 3),
            (self.undo, 2),
            (self.redo, 2),
            (self.arrange, 1),
            (self.remove_one, 2),
            (self.garbage, 1),
            (self.leave, 1),
            (self.resize, 1),
        )

    def blow(self) -> None:
        acts, weights = zip(*self.acts, strict=True)
        self.chance.choices(acts, weights)[0]()
        if len(self.document.project.graph) > MOST_NODES:
            self.document.undo_stack.setIndex(0)

    def press(self) -> None:
        QTest.mousePress(self.ground, self.button(), self.held(), self.place())

    def release(self) -> None:
        QTest.mouseRelease(self.ground, self.button(), self.held(), self.place())

    def move(self) -> None:
        QTest.mouseMove(self.ground, self.place())

    def double_click(self) -> None:
        QTest.mouseDClick(self.ground, Button.LeftButton, NONE, self.place())

    def wheel(self) -> None:
        turned = QPoint(0, self.chance.choice((-120, 120)))
        at = QPointF(self.place())
        phase, buttons = Qt.ScrollPhase.NoScrollPhase, Button.NoButton
        event = QWheelEvent(at, at, QPoint(), turned, buttons, self.held(), phase, False)
        QApplication.sendEvent(self.ground, event)

    def key(self) -> None:
        QTest.keyClick(self.focused(), *self.chance.choice(KEYS))

    def type(self) -> None:
        QTest.keyClicks(self.focused(), self.chance.choice(("lin", "max pool", "zzz", "2")))

    def carry(self) -> None:
        places = [QPointF(self.canvas.mapToScene(self.place())) for _ in range(3)]
        self.hand.carry(
            self.chance.choice((*LAYERS, "nothing")), *places, drops=self.chance.random() < 0.6
        )

    def undo(self) -> None:
        self.document.undo_stack.undo()

    def redo(self) -> None:
        self.document.undo_stack.redo()

    def arrange(self) -> None:
        self.canvas.arrange()

    def remove_one(self) -> None:
        """An edit from elsewhere, whatever the hand is doing."""
        nodes = list(self.document.project.graph.nodes)
        if nodes:
            gone = self.chance.choice(nodes)
            self.document.apply_to_graph(lambda graph: edits.remove(graph, (gone,)), "Delete")

    def garbage(self) -> None:
        QGuiApplication.clipboard().setText(
            self.chance.choice(("", "{", "[1]", '{"format": "studio-nodes"}', "\x00" * 9))
        )

    def leave(self) -> None:
        self.canvas.hide()
        self.canvas.show()
        self.canvas.activateWindow()
        self.canvas.setFocus()

    def resize(self) -> None:
        self.canvas.resize(self.chance.randint(300, 1200), self.chance.randint(200, 800))

    @property
    def ground(self) -> QWidget:
        return self.canvas.viewport()

    def focused(self) -> QWidget:
        return QApplication.focusWidget() or self.canvas

    def held(self) -> Qt.KeyboardModifier:
        return self.chance.choices((NONE, SHIFT, CTRL, ALT), (8, 1, 1, 1))[0]

    def button(self) -> Qt.MouseButton:
        return self.chance.choices(*zip(*PRESSED, strict=True))[0]

    def place(self) -> QPoint:
        """Mostly where something is: a port or a card; else anywhere, outside too."""
        items = list(self.canvas.picture.node_items.values())
        remarks = list(self.canvas.picture.remarks.items.values())
        if remarks and self.chance.random() < 0.2:
            area = self.chance.choice(remarks).area
            off = self.chance.choice(
                (QPointF(), QPointF(30, 10), area.bottomRight() - area.topLeft())
            )
            return self.canvas.mapFromScene(area.topLeft() + off)
        if items and self.chance.random() < 0.6:
            item = self.chance.choice(items)
            off = self.chance.choice(
                (QPointF(0, 30), QPointF(140, 30), QPointF(70, 20), QPointF(30, 90))
            )
            return self.canvas.mapFromScene(item.pos() + off)
        return QPoint(self.chance.randint(-50, 1300), self.chance.randint(-50, 900))


def test_a_storm_leaves_the_scene_equal_to_the_graph(
    canvas: CanvasView, document: Document, selection: Selection
) -> None:
    refused: list[object] = []
    canvas.refused.connect(refused.append)
    start = document.project
    storm = Storm(canvas, document, random.Random(SEED))
    most = 0
    for number in range(EVENTS):
        storm.blow()
        most = max(most, len(document.project.graph))
        assert selection.nodes <= set(document.project.graph.nodes)
        if number % AGREED_EVERY == 0 and not canvas.is_in_gesture:
            agrees(canvas, document)
            remarks = document.project.graph.remarks
            areas = {i: item.area.getRect() for i, item in canvas.picture.remarks.items.items()}
            assert areas == {i: remark.area for i, remark in remarks.items()}
    canvas.cancel_gesture()
    agrees(canvas, document)
    assert most > len(start.graph)
    assert refused  # garbage was pasted, and said so
    document.undo_stack.setIndex(0)
    assert document.project == start
