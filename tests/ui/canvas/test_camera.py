"""What is seen: wheel, trackpad, pinch and keys; movements that end where they should."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.core.design.remarks import add_remark
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from studio.ui.settings import WHEEL_SCROLLS, Settings
from studio.ui.theme import Theme
from tests.ui.canvas.conftest import Hand

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
AT = QPointF(700.0, 200.0)
NOWHERE = QPoint()


def turn(
    canvas: CanvasView, degrees: QPoint, held: Qt.KeyboardModifier = NONE, pixels: QPoint = NOWHERE
) -> None:
    ground, phase = canvas.viewport(), Qt.ScrollPhase.NoScrollPhase
    everywhere = QPointF(ground.mapToGlobal(AT.toPoint()))
    buttons = Qt.MouseButton.NoButton
    event = QWheelEvent(AT, everywhere, pixels, degrees, buttons, held, phase, False)
    QApplication.sendEvent(ground, event)


def moved(canvas: CanvasView, before: QRectF) -> QPointF:
    """How far what is seen moved, in pixels."""
    return (canvas.seen.topLeft() - before.topLeft()) * canvas.zoom


@pytest.mark.parametrize("held", [NONE, CTRL])
def test_the_wheel_zooms_about_the_pointer(canvas: CanvasView, held: Qt.KeyboardModifier) -> None:
    before, zoom = canvas.in_scene(AT), canvas.zoom
    turn(canvas, QPoint(0, 120), held)
    assert canvas.zoom == pytest.approx(1.15 * zoom)
    assert (canvas.in_scene(AT) - before).manhattanLength() < 2.0
    turn(canvas, QPoint(0, -120), held)
    assert canvas.zoom == pytest.approx(zoom)


def test_the_wheel_scrolls_where_that_is_preferred(canvas: CanvasView, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    canvas.obey(settings)
    settings.set_value("wheel", WHEEL_SCROLLS)
    before, zoom = canvas.seen, canvas.zoom
    turn(canvas, QPoint(0, -120))
    assert canvas.zoom == zoom
    assert moved(canvas, before) == QPointF(0.0, 120.0)
    turn(canvas, QPoint(0, 120), CTRL)
    assert canvas.zoom > zoom


def test_shift_and_the_wheel_go_sideways(canvas: CanvasView) -> None:
    before = canvas.seen
    turn(canvas, QPoint(0, -120), SHIFT)
    assert moved(canvas, before) == QPointF(120.0, 0.0)


def test_two_fingers_pan_by_what_they_moved(canvas: CanvasView) -> None:
    before, zoom = canvas.seen, canvas.zoom
    turn(canvas, QPoint(-24, -40), pixels=QPoint(-12, -20))
    assert canvas.zoom == zoom
    assert moved(canvas, before) == QPointF(12.0, 20.0)


def test_a_zoom_moves_and_steps_add_up(
    qtbot: QtBot, canvas: CanvasView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Theme.current(), "has_motion", True)
    zoom, below = canvas.zoom, canvas.in_scene(AT)
    for _ in range(3):
        turn(canvas, QPoint(0, 120))
    assert canvas.zoom < 1.15 * zoom  # it only began
    qtbot.waitUntil(lambda: canvas.zoom == pytest.approx(1.15**3 * zoom))
    assert (canvas.in_scene(AT) - below).manhattanLength() < 4.0


def test_a_pan_ends_a_movement_where_it_is(
    canvas: CanvasView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Theme.current(), "has_motion", True)
    zoom = canvas.zoom
    turn(canvas, QPoint(0, 120))
    canvas.pan_by(5.0, 0.0)
    assert zoom <= canvas.zoom < 1.15 * zoom
    seen = canvas.seen
    QApplication.sendPostedEvents()
    assert canvas.seen == seen


def test_z_shows_what_is_selected(hand: Hand, canvas: CanvasView, selection: Selection) -> None:
    canvas.zoom_to(0.3)
    selection.choose(("relu_1", "output_1"))
    hand.key(Qt.Key.Key_Z)
    assert canvas.zoom == 1.0
    middle = canvas.picture.content(selection.nodes).center()
    assert (canvas.seen.center() - middle).manhattanLength() < 3.0


def test_fit_shows_remarks_too(hand: Hand, canvas: CanvasView, document: Document) -> None:
    area = (-900.0, 600.0, 300.0, 200.0)
    document.apply_to_graph(lambda graph: add_remark(graph, "note", area)[0], "Add")
    hand.key(Qt.Key.Key_F)
    assert canvas.seen.contains(QRectF(*area))
    assert canvas.seen.contains(canvas.picture.content())


def test_a_node_in_clear_sight_is_shown_without_moving_the_canvas(canvas: CanvasView) -> None:
    canvas.zoom_to(1.0)
    seen = canvas.seen
    canvas.show_node("relu_1")
    assert canvas.seen == seen
    canvas.pan_by(-300.0 - canvas.width(), 0.0)
    canvas.show_node("relu_1")
    away = canvas.seen.center() - canvas.picture.content(("relu_1",)).center()
    assert away.manhattanLength() < 3.0


def test_a_node_under_what_floats_on_the_canvas_is_brought_out(canvas: CanvasView) -> None:
    canvas.zoom_to(1.0)
    cover = QWidget(canvas)
    canvas.keep_clear_of(cover)
    cover.setGeometry(canvas.on_canvas(canvas.picture.content(("relu_1",))))
    cover.show()
    seen = canvas.seen
    canvas.show_node("relu_1")
    assert canvas.seen != seen
