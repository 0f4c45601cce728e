"""Frames and notes with a real mouse: added, written, dragged, resized, coloured, deleted."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit

from studio.core.design.block import Remark
from studio.core.design.remarks import LEAST_SIDE, add_remark
from studio.ui.canvas.remark_item import corners_of
from studio.ui.canvas.remarking import resized
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from tests.ui.canvas.conftest import Hand

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
AREA = (200.0, -60.0, 400.0, 140.0)  # holds the convolution and the ReLU
GRASP = QPointF(300.0, -45.0)


def remark(document: Document, remark_id: str) -> Remark:
    return document.project.graph.remarks[remark_id]


def field(canvas: CanvasView) -> QPlainTextEdit:
    found = canvas.findChild(QPlainTextEdit, "remark")
    assert found is not None
    return found


@pytest.fixture
def framed(document: Document, canvas: CanvasView) -> Document:
    document.apply_to_graph(lambda graph: add_remark(graph, "frame", AREA, "Eyes")[0], "Add")
    document.undo_stack.clear()
    canvas.fit()
    return document


def test_a_frame_goes_around_what_is_selected_and_is_named_at_once(
    hand: Hand, canvas: CanvasView, document: Document, selection: Selection
) -> None:
    selection.choose(("conv2d_1", "relu_1"))
    hand.key(Qt.Key.Key_F, SHIFT)
    hand.type("Eyes")
    hand.key(Qt.Key.Key_Return)
    made = remark(document, "frame_1")
    assert (made.kind, made.text, made.area) == ("frame", "Eyes", (200.0, -40.0, 400.0, 120.0))
    assert not field(canvas).isVisible()
    document.undo_stack.setIndex(0)
    assert document.project.graph.remarks == {}
    assert len(canvas.picture.remarks) == 0


def test_a_note_holds_several_lines(hand: Hand, canvas: CanvasView, document: Document) -> None:
    hand.key(Qt.Key.Key_N, SHIFT)
    hand.type("one")
    hand.key(Qt.Key.Key_Return)
    hand.type("two")
    hand.click(QPointF(60.0, 300.0))
    assert remark(document, "note_1").text == "one\ntwo"
    assert not field(canvas).isVisible()


def test_escape_keeps_the_words_that_were_there(
    hand: Hand, canvas: CanvasView, framed: Document
) -> None:
    hand.double_click(GRASP)
    assert field(canvas).isVisible()
    hand.type("Ears")
    hand.key(Qt.Key.Key_Escape)
    assert remark(framed, "frame_1").text == "Eyes"
    assert framed.undo_stack.count() == 0


def test_a_frame_takes_its_cards_along(hand: Hand, canvas: CanvasView, framed: Document) -> None:
    before = framed.project.graph
    hand.drag(GRASP, GRASP + QPointF(0.0, -100.0))
    after = framed.project.graph
    assert after.remarks["frame_1"].area == (200.0, -160.0, 400.0, 140.0)
    assert after.positions["relu_1"] == (440.0, -100.0)
    assert after.positions["linear_1"] == before.positions["linear_1"]
    assert framed.undo_stack.count() == 1
    framed.undo_stack.undo()
    assert framed.project.graph == before
    assert canvas.picture.remarks["frame_1"].area.top() == AREA[1]


def test_alt_leaves_the_cards_where_they_are(hand: Hand, framed: Document) -> None:
    before = framed.project.graph
    hand.drag(GRASP, GRASP + QPointF(0.0, -100.0), ALT)
    assert framed.project.graph.positions == before.positions
    assert framed.project.graph.edges == before.edges
    assert remark(framed, "frame_1").area[1] == -160.0


def test_escape_puts_frame_and_cards_back(hand: Hand, canvas: CanvasView, framed: Document) -> None:
    hand.press(GRASP)
    hand.move(GRASP + QPointF(0.0, -100.0))
    assert canvas.picture.remarks["frame_1"].area.top() == AREA[1] - 100.0
    hand.key(Qt.Key.Key_Escape)
    assert canvas.picture.remarks["frame_1"].area.top() == AREA[1]
    assert framed.undo_stack.count() == 0


@pytest.mark.parametrize("corner", ["top left", "top right", "bottom left", "bottom right"])
def test_a_corner_resizes_and_the_one_across_stays(
    hand: Hand, canvas: CanvasView, framed: Document, corner: str
) -> None:
    corners = corners_of(canvas.picture.remarks["frame_1"].area)
    across = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}
    other = " ".join(across[side] for side in corner.split())
    hand.drag(corners[corner], corners[corner] + QPointF(40.0, 20.0))  # type: ignore[index]
    after = corners_of(canvas.picture.remarks["frame_1"].area)
    assert after[corner] == corners[corner] + QPointF(40.0, 20.0)  # type: ignore[index]
    assert after[other] == corners[other]  # type: ignore[index]
    assert framed.undo_stack.undoText() == "Resize"


def test_a_corner_does_not_pass_the_one_across() -> None:
    assert resized((0.0, 0.0, 200.0, 100.0), "top left", QPointF(900.0, 900.0)) == (
        200.0 - LEAST_SIDE,
        100.0 - LEAST_SIDE,
        LEAST_SIDE,
        LEAST_SIDE,
    )


def test_inside_a_frame_is_empty_ground(
    hand: Hand, canvas: CanvasView, framed: Document, selection: Selection
) -> None:
    hand.drag(QPointF(210.0, 70.0), QPointF(580.0, 20.0))
    assert selection.nodes == {"conv2d_1", "relu_1"}
    assert canvas.picture.remarks.chosen == frozenset()


def test_a_band_around_all_of_it_selects_a_frame(
    hand: Hand, canvas: CanvasView, framed: Document
) -> None:
    hand.drag(QPointF(180.0, -75.0), QPointF(620.0, 100.0))
    assert canvas.picture.remarks.chosen == {"frame_1"}
    hand.key(Qt.Key.Key_Delete)
    graph = framed.project.graph
    assert graph.remarks == {}
    assert "relu_1" not in graph.nodes
    assert framed.undo_stack.count() == 1


def test_a_deleted_frame_leaves_its_cards(hand: Hand, framed: Document) -> None:
    before = framed.project.graph
    hand.click(GRASP)
    hand.key(Qt.Key.Key_Delete)
    assert framed.project.graph.remarks == {}
    assert framed.project.graph.nodes == before.nodes


def test_a_copied_frame_is_pasted(hand: Hand, framed: Document) -> None:
    hand.click(GRASP)
    hand.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert {one.text for one in framed.project.graph.remarks.values()} == {"Eyes"}
    assert len(framed.project.graph.remarks) == 2


def test_the_menu_gives_another_colour(hand: Hand, canvas: CanvasView, framed: Document) -> None:
    at = hand.at(GRASP)
    everywhere = canvas.viewport().mapToGlobal(at)
    QApplication.sendEvent(
        hand.ground, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, everywhere)
    )
    menu = canvas.findChild(QMenu, "canvas.remark_menu")
    assert menu is not None
    colours = [action for action in menu.actions() if action.isCheckable()]
    assert len(colours) == 6
    next(action for action in colours if action.text() == "Green").trigger()
    menu.close()
    assert remark(framed, "frame_1").color == "series.4"
    assert framed.undo_stack.undoText() == "Change the colour"


def test_a_frame_is_painted_in_its_colour_under_either_theme(
    canvas: CanvasView, framed: Document
) -> None:
    theme = Theme.current()
    seen = set()
    for name in ("light", "dark"):
        theme.choose(name)
        picture = canvas.grab().toImage()
        at = canvas.mapFromScene(QPointF(590.0, -20.0))
        seen.add(picture.pixelColor(at).name())
        assert picture.pixelColor(at) != theme.color("canvas")
    theme.choose("light")
    assert len(seen) == 2


def test_the_pointer_shows_what_can_be_dragged(
    hand: Hand, canvas: CanvasView, framed: Document
) -> None:
    corners = corners_of(canvas.picture.remarks["frame_1"].area)
    shapes = []
    hand.move(QPointF(0.0, 300.0))
    for place in (GRASP, corners["top left"], corners["top right"], QPointF(590.0, 60.0)):
        hand.move(place)
        shapes.append(canvas.viewport().cursor().shape())
    assert shapes == [
        Qt.CursorShape.SizeAllCursor,
        Qt.CursorShape.SizeFDiagCursor,
        Qt.CursorShape.SizeBDiagCursor,
        Qt.CursorShape.ArrowCursor,
    ]


def test_a_frame_goes_with_its_cards_when_the_network_is_laid_out(
    canvas: CanvasView, framed: Document
) -> None:
    before = framed.project.graph
    canvas.arrange(way="down")
    area = canvas.picture.remarks["frame_1"].area
    cards = canvas.picture.cards_within(area)
    assert {"conv2d_1", "relu_1"} <= cards
    assert area.height() > area.width()
    assert framed.undo_stack.count() == 1
    framed.undo_stack.undo()
    assert framed.project.graph == before


def test_what_is_pasted_is_selected_whole_and_moves_together(
    hand: Hand, canvas: CanvasView, framed: Document, selection: Selection
) -> None:
    framed.apply_to_graph(
        lambda graph: add_remark(graph, "note", (700.0, 0.0, 120.0, 60.0), "Why")[0], "Add"
    )
    hand.key(Qt.Key.Key_A, CTRL)
    assert canvas.picture.remarks.chosen == {"frame_1", "note_1"}
    hand.key(Qt.Key.Key_C, CTRL)
    hand.key(Qt.Key.Key_V, CTRL)
    graph, steps = framed.project.graph, framed.undo_stack.count()
    assert canvas.picture.remarks.chosen == {"frame_2", "note_2"}
    assert selection.nodes == set(list(graph.nodes)[5:])
    hand.key(Qt.Key.Key_Right, CTRL)
    moved = framed.project.graph
    assert moved.remarks["frame_2"].area[0] == graph.remarks["frame_2"].area[0] + 20.0
    assert moved.remarks["note_2"].area[0] == graph.remarks["note_2"].area[0] + 20.0
    assert moved.positions["conv2d_2"][0] == graph.positions["conv2d_2"][0] + 20.0
    assert moved.remarks["frame_1"] == graph.remarks["frame_1"]
    hand.key(Qt.Key.Key_Delete)
    assert set(framed.project.graph.remarks) == {"frame_1", "note_1"}
    framed.undo_stack.setIndex(steps)
    assert framed.project.graph == graph


def test_a_frame_alone_is_pasted_and_selected(
    hand: Hand, canvas: CanvasView, framed: Document, selection: Selection
) -> None:
    hand.click(GRASP)
    hand.key(Qt.Key.Key_D, CTRL)
    assert canvas.picture.remarks.chosen == {"frame_2"}
    assert not selection.nodes
    assert len(framed.project.graph.remarks) == 2
