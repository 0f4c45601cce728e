"""How an area is framed: as large as it can be, and clear of what floats on the canvas."""

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame

from studio.ui.canvas.framing import CLEARANCE, framing_of
from studio.ui.canvas.geometry import fitting_zoom
from studio.ui.canvas.view import CanvasView

CANVAS = QRectF(0, 0, 500, 560)
TOOLS = QRectF(90, 512, 394, 32)
SAMPLE = QRectF(16, 464, 120, 36)
BAR = QRectF(120, 12, 360, 40)


def shown(content: QRectF, floats: list[QRectF]) -> QRectF:
    framing = framing_of(content, CANVAS, floats)
    area = QRectF(QPointF(), content.size() * framing.zoom)
    area.moveCenter(framing.middle)
    return area


@pytest.mark.parametrize("floats", [[TOOLS], [TOOLS, SAMPLE], [TOOLS, SAMPLE, BAR]])
@pytest.mark.parametrize("size", [(1000, 1200), (300, 1600), (2400, 1900), (1400, 200)])
def test_nothing_that_floats_lies_over_it(floats: list[QRectF], size: tuple[int, int]) -> None:
    area = shown(QRectF(0, 0, *size), floats)
    assert CANVAS.contains(area)
    for one in floats:
        assert not area.intersects(
            one.adjusted(1 - CLEARANCE, 1 - CLEARANCE, CLEARANCE - 1, CLEARANCE - 1)
        )


def test_what_is_in_nobodys_way_stays_in_the_middle_and_as_large_as_it_can_be() -> None:
    content = QRectF(0, 0, 1400, 200)
    framing = framing_of(content, CANVAS, [TOOLS, SAMPLE, BAR])
    assert framing.middle == CANVAS.center()
    assert framing.zoom == fitting_zoom(content, CANVAS.width(), CANVAS.height())


def test_where_there_is_no_room_beside_them_they_are_passed_over() -> None:
    content = QRectF(0, 0, 100, 100)
    assert framing_of(content, CANVAS, [CANVAS]).middle == CANVAS.center()


def test_fit_shows_the_last_row_above_the_tools(canvas: CanvasView) -> None:
    """A network that is higher than wide, in a canvas with a strip at its foot."""
    canvas.picture.show_at({})
    tools = QFrame(canvas)
    tools.setGeometry(0, canvas.height() - 60, canvas.width(), 44)
    tools.show()
    canvas.keep_clear_of(tools)
    editor = canvas.editor
    editor.move({i: (0.0, 200.0 * n) for n, i in enumerate(editor.graph.nodes)})
    canvas.fit()
    assert not canvas.on_canvas(canvas.picture.content()).intersects(tools.geometry())
    tools.hide()
    before = canvas.zoom
    canvas.fit()
    assert canvas.zoom >= before


def grow(canvas: CanvasView) -> None:
    """As by the pictures that come to the cards."""
    for item in canvas.picture.node_items.values():
        item.show_picture(QPixmap(40, 60), 80.0)


def test_what_was_whole_is_whole_when_pictures_have_made_the_cards_grow(canvas: CanvasView) -> None:
    editor = canvas.editor
    editor.move({i: (0.0, 240.0 * n) for n, i in enumerate(editor.graph.nodes)})
    canvas.fit()
    whole = canvas.zoom
    grow(canvas)
    canvas.frame_again()
    assert canvas.zoom < whole
    assert canvas.rect().contains(canvas.on_canvas(canvas.picture.content()))


def test_a_network_in_work_lies_still_when_pictures_come(canvas: CanvasView) -> None:
    editor = canvas.editor
    editor.move({i: (0.0, 240.0 * n) for n, i in enumerate(editor.graph.nodes)})
    canvas.fit()
    editor.move({next(iter(editor.graph.nodes)): (40.0, -40.0)})
    before = canvas.zoom
    grow(canvas)
    canvas.frame_again()
    assert canvas.zoom == before
