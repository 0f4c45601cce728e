"""A canvas with a small network on it, and a hand that moves a real mouse over it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QMouseEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge, Graph, Node
from studio.core.design.project import Project
from studio.ui.canvas.faces import edge_faces, faces
from studio.ui.canvas.geometry import Port
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.row_list import RowList
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from tests.builders import images

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


class Hand:
    """What a person does with mouse and keys on the canvas, in places of the scene."""

    def __init__(self, canvas: CanvasView) -> None:
        self.canvas = canvas
        self.ground = canvas.viewport()

    def at(self, place: QPointF) -> QPoint:
        return self.canvas.mapFromScene(place)

    def middle_of(self, node: str) -> QPointF:
        return (
            self.canvas.picture.content((node,)).center()
            if not self._note(node)
            else self._card_middle(node)
        )

    def port(self, node: str, side: str, index: int = 0) -> QPointF:
        item = self.canvas.picture.node_items[node]
        return item.point_of(Port(node, side, index))  # type: ignore[arg-type]

    def press(self, place: QPointF, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseMove(self.ground, self.at(place))
        QTest.mousePress(self.ground, LEFT, held, self.at(place))

    def move(self, place: QPointF, held: Qt.KeyboardModifier = NONE) -> None:
        if held == NONE:
            QTest.mouseMove(self.ground, self.at(place))
            return
        at, kind = QPointF(self.at(place)), QEvent.Type.MouseMove
        everywhere = QPointF(self.ground.mapToGlobal(at.toPoint()))
        self._send(QMouseEvent(kind, at, everywhere, Qt.MouseButton.NoButton, LEFT, held))

    def release(self, place: QPointF, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseRelease(self.ground, LEFT, held, self.at(place))

    def drag(self, start: QPointF, end: QPointF, held: Qt.KeyboardModifier = NONE) -> None:
        self.press(start, held)
        self.move(start + (end - start) / 2)
        self.move(end)
        self.release(end, held)

    def click(self, place: QPointF, held: Qt.KeyboardModifier = NONE) -> None:
        self.press(place, held)
        self.release(place, held)

    def double_click(self, place: QPointF) -> None:
        self.click(place)
        QTest.mouseDClick(self.ground, LEFT, NONE, self.at(place))

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.canvas, key, held)

    def type(self, words: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), words)

    def carry(self, layer: str, *places: QPointF, drops: bool = True) -> None:
        """Drags a layer in from the palette, over the places, and lets go, or leaves again."""
        data = QMimeData()
        data.setData("application/x-studio-layer", layer.encode())
        buttons, copy = LEFT, Qt.DropAction.CopyAction
        first, last = QPointF(self.at(places[0])), QPointF(self.at(places[-1]))
        self._send(QDragEnterEvent(first.toPoint(), copy, data, buttons, NONE))
        for place in places:
            self._send(QDragMoveEvent(self.at(place), copy, data, buttons, NONE))
        self._send(QDropEvent(last, copy, data, buttons, NONE) if drops else QDragLeaveEvent())

    def rows_offered(self) -> list[str]:
        """The rows without the headings between them."""
        rows = self.box().findChild(RowList).rows
        return [row.title for row in rows if row.key]

    def box(self) -> QWidget:
        box = self.canvas.findChild(QWidget, "quick_add")
        assert box is not None
        return box

    def name_field(self) -> QLineEdit:
        field = self.canvas.findChild(QLineEdit, "rename")
        assert field is not None
        return field

    def _send(self, event: QEvent) -> None:
        QApplication.sendEvent(self.ground, event)

    def _note(self, node: str) -> bool:
        return node in self.canvas.picture.notes

    def _card_middle(self, node: str) -> QPointF:
        item = self.canvas.picture.node_items[node]
        return item.pos() + item.card.center()


def network() -> Project:
    """Input, convolution, ReLU in a row; a linear layer and an output that nothing feeds."""
    graph = Graph()
    places = {
        "input": (0.0, 0.0),
        "conv2d": (220.0, 0.0),
        "relu": (440.0, 0.0),
        "linear": (220.0, 200.0),
        "output": (440.0, 200.0),
    }
    for layer, place in places.items():
        graph, _ = add_node(graph, layer, place)
    graph = connect(graph, Edge("input_1", "conv2d_1"))
    return Project(images(1, 28, 28, 10), connect(graph, Edge("conv2d_1", "relu_1")))


def agrees(canvas: CanvasView, document: Document) -> None:
    """The scene shows the graph: no more, no less, at its places, with its faces."""
    graph, report, picture = document.project.graph, document.report, canvas.picture
    view = picture.view
    cards = {i: item for i, item in picture.node_items.items() if i in view.graph.nodes}
    assert {i: item.face for i, item in cards.items()} == faces(document.project, report)
    drawn = {e: face for e, face in edge_faces(graph, report).items() if e in view.wires}
    assert {e: item.face for e, item in picture.edge_items.items()} == drawn
    assert {i: (item.x(), item.y()) for i, item in cards.items()} == view.graph.positions
    wrong = [i for i, node in report.nodes.items() if node.problems]
    assert set(picture.notes) == set(view.cards_of(wrong))
    for edge, item in picture.edge_items.items():
        path = item.path()
        start, end = path.pointAtPercent(0), path.pointAtPercent(1)
        source, target = picture.node_items[edge.source], picture.node_items[edge.target]
        assert (start - source.point_of(Port(edge.source, "output"))).manhattanLength() < 1
        target_port = Port(edge.target, "input", edge.port)
        assert (end - target.point_of(target_port)).manhattanLength() < 1


@pytest.fixture
def document(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Document]:
    theme = Theme.current()
    monkeypatch.setattr(theme, "has_motion", False)
    made = Document()
    made.open_project(network(), None)
    yield made
    made.deleteLater()


@pytest.fixture
def selection(document: Document) -> Selection:
    return Selection(document)


@pytest.fixture
def canvas(qtbot: QtBot, document: Document, selection: Selection) -> Iterator[CanvasView]:
    view = CanvasView(document, selection)
    qtbot.addWidget(view)
    view.resize(1000, 640)
    with qtbot.waitExposed(view):
        view.show()
    view.activateWindow()
    view.setFocus()
    QGuiApplication.clipboard().clear()
    yield view
    agrees(view, document)


@pytest.fixture
def hand(canvas: CanvasView) -> Hand:
    return Hand(canvas)


def node(document: Document, node_id: str) -> Node:
    return document.project.graph.nodes[node_id]
