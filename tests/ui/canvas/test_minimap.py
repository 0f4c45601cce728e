"""The minimap: when it is there, where a click leads, and what it shows."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from studio.core.design.edits import add_node, connect, move, rename
from studio.core.design.graph import Edge, Graph
from studio.ui.canvas.minimap import LEAST_NODES, Minimap
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.theme import Theme

LEFT = Qt.MouseButton.LeftButton


def long_network(count: int) -> Graph:
    graph, previous = Graph(), ""
    for number in range(count):
        layer = "input" if number == 0 else "relu"
        graph, added = add_node(graph, layer, (200.0 * (number % 10), 200.0 * (number // 10)))
        graph = connect(graph, Edge(previous, added)) if previous else graph
        previous = added
    return graph


@pytest.fixture
def minimap(canvas: CanvasView, document: Document) -> Minimap:
    made = Minimap(canvas, document)
    made.move(16, 400)
    document.apply_to_graph(lambda _graph: long_network(LEAST_NODES), "Draw")
    canvas.zoom_to(1.0)
    return made


def test_it_is_there_from_forty_nodes_on(
    canvas: CanvasView, document: Document, minimap: Minimap
) -> None:
    assert minimap.isVisible()
    document.apply_to_graph(lambda _graph: long_network(LEAST_NODES - 1), "Draw")
    assert not minimap.isVisible()
    document.undo_stack.undo()
    assert minimap.isVisible()


def test_it_is_not_there_while_all_is_in_sight(canvas: CanvasView, minimap: Minimap) -> None:
    canvas.fit()
    assert not minimap.isVisible()
    canvas.zoom_to(1.0)
    assert minimap.isVisible()


def test_it_can_be_hidden(minimap: Minimap) -> None:
    minimap.hidden.connect(lambda: minimap.want(False))
    button = minimap.findChild(QToolButton, "canvas.minimap.hide")
    assert button is not None
    button.click()
    assert not minimap.isVisible()
    minimap.want(True)
    assert minimap.isVisible()


def test_a_click_goes_there(canvas: CanvasView, minimap: Minimap) -> None:
    content = canvas.picture.content()
    for corner, inside in (
        (QPoint(20, minimap.height() // 2), content.topLeft()),
        (QPoint(minimap.width() - 20, minimap.height() // 2), content.bottomRight()),
    ):
        QTest.mouseClick(minimap, LEFT, pos=corner)
        assert abs(canvas.seen.center().x() - inside.x()) < content.width() / 4


def test_a_drag_takes_the_view_along(canvas: CanvasView, minimap: Minimap) -> None:
    canvas.look_at(canvas.picture.content().center())
    before, middle = canvas.seen.center(), minimap.rect().center()
    QTest.mousePress(minimap, LEFT, pos=middle)
    assert (canvas.seen.center() - before).manhattanLength() < 3.0  # grasped, not gone
    QTest.mouseMove(minimap, middle + QPoint(20, 0))
    QTest.mouseRelease(minimap, LEFT, pos=middle + QPoint(20, 0))
    assert canvas.seen.center().x() > before.x() + 100.0
    assert abs(canvas.seen.center().y() - before.y()) < 3.0


def test_a_problem_is_a_red_dot(document: Document, minimap: Minimap) -> None:
    red = Theme.current().color("problem")

    def reds() -> int:
        picture = minimap.grab().toImage()
        places = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
        return sum(_is_near(picture.pixelColor(x, y), red) for x, y in places)

    before = reds()
    document.apply_to_graph(lambda graph: add_node(graph, "linear", (0.0, 900.0))[0], "Add")
    assert reds() > before


def _is_near(one: QColor, other: QColor) -> bool:
    parts = zip(one.getRgb(), other.getRgb(), strict=True)
    return all(abs(mine - its) < 40 for mine, its in parts)


def test_an_edit_that_changes_nothing_of_it_draws_it_no_more(
    document: Document, minimap: Minimap
) -> None:
    minimap.grab()
    drawn: list[QPixmap] = []
    draw = minimap._drawn  # noqa: SLF001 - what is not done cannot be seen
    minimap._drawn = lambda: drawn.append(draw()) or drawn[-1]  # type: ignore[method-assign]  # noqa: SLF001
    document.apply_to_graph(lambda graph: rename(graph, "relu_1", "Bend"), "Rename")
    minimap.grab()
    assert not drawn
    document.apply_to_graph(lambda graph: move(graph, {"relu_1": (0.0, 900.0)}), "Move")
    minimap.grab()
    assert len(drawn) == 1
