"""What the pointer lights up, and how a drag at the border takes the canvas along."""

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.ui.canvas.edge_pan import BORDER, FASTEST, EdgePan
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from tests.ui.canvas.conftest import Hand

AREA = QRectF(0.0, 0.0, 800.0, 600.0)


def test_the_card_under_the_pointer_has_a_stronger_edge(hand: Hand, canvas: CanvasView) -> None:
    hand.move(QPointF(60.0, 240.0))
    plain = canvas.grab().toImage()
    hand.move(hand.middle_of("relu_1"))
    assert canvas.grab().toImage() != plain
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert canvas.grab().toImage() == plain


def test_the_pointer_is_a_cross_over_a_port(hand: Hand, canvas: CanvasView) -> None:
    shapes = []
    for place in (QPointF(60.0, 240.0), hand.port("relu_1", "output"), hand.middle_of("relu_1")):
        hand.move(place)
        shapes.append(canvas.viewport().cursor().shape())
    arrow, cross = Qt.CursorShape.ArrowCursor, Qt.CursorShape.CrossCursor
    assert shapes == [arrow, cross, arrow]


def test_a_drag_at_the_border_goes_on_beyond_it(
    qtbot: QtBot, hand: Hand, canvas: CanvasView, document: Document
) -> None:
    start = hand.middle_of("relu_1")
    hand.press(start)
    edge = canvas.in_scene(QPointF(canvas.viewport().width() - 3.0, 300.0))
    hand.move(edge)
    seen = canvas.seen.left()
    qtbot.waitUntil(lambda: canvas.seen.left() > seen + 60.0)
    hand.key(Qt.Key.Key_Escape)
    seen = canvas.seen.left()
    QApplication.processEvents()
    assert canvas.seen.left() == seen
    assert document.undo_stack.count() == 0


@pytest.mark.parametrize(
    ("pointer", "way"),
    [
        (QPointF(400.0, 300.0), None),
        (QPointF(BORDER, 300.0), None),
        (QPointF(-900.0, 300.0), (FASTEST, 0.0)),
        (QPointF(400.0, 600.0), (0.0, -FASTEST)),
        (QPointF(800.0 - BORDER / 2, BORDER / 2), (-FASTEST / 2, FASTEST / 2)),
    ],
)
def test_the_nearer_to_the_border_the_faster(
    qtbot: QtBot, pointer: QPointF, way: tuple[float, float] | None
) -> None:
    canvas = EdgePan(QApplication.instance())
    canvas.follow(pointer, AREA)
    if way is not None:
        with qtbot.waitSignal(canvas.moved) as moved:
            pass
        assert tuple(moved.args) == way
    canvas.follow(QPointF(400.0, 300.0), AREA)
    with qtbot.assertNotEmitted(canvas.moved):
        QApplication.processEvents()
    canvas.deleteLater()
