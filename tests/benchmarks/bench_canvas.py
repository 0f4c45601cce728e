"""How fast 300 nodes are repainted and edited, beside a bare scene of 300 rectangles with text.

Run: QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_canvas.py
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
)

from studio.core.design import edits
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from tests.builders import table

NODES, COLUMNS = 300, 20
ROUNDS = 30
SIZE = (1440, 900)
ALLOWED_REPAINT, ALLOWED_EDIT = 16.0, 50.0


def project() -> Project:
    graph, previous = Graph(), ""
    for number in range(NODES):
        layer = (
            "input"
            if number == 0
            else "output"
            if number == NODES - 1
            else ("linear", "relu", "dropout")[number % 3]
        )
        where = (220.0 * (number % COLUMNS), 140.0 * (number // COLUMNS))
        graph, added = edits.add_node(graph, layer, where)
        if previous:
            graph = edits.connect(graph, Edge(previous, added))
        previous = added
    return Project(table(), graph)


def bare_view() -> QGraphicsView:
    scene = QGraphicsScene()
    for number in range(NODES):
        box = QGraphicsRectItem(0, 0, 160, 80)
        box.setBrush(QColor("white"))
        text = QGraphicsSimpleTextItem("Linear\n64 units\n64", box)
        text.setPos(12, 8)
        box.setPos(220.0 * (number % COLUMNS), 140.0 * (number // COLUMNS))
        scene.addItem(box)
    view = QGraphicsView(scene)
    scene.setParent(view)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.resize(*SIZE)
    view.show()
    return view


def milliseconds(act: Callable[[], object]) -> float:
    act()
    times = []
    for _ in range(ROUNDS):
        began = time.thread_time()
        act()
        times.append(1000 * (time.thread_time() - began))
    return statistics.median(times)


def repaint(view: QGraphicsView) -> Callable[[], None]:
    return view.viewport().repaint


def report(words: str, took: float, reference: float, allowed: float) -> None:
    verdict = "within" if took <= allowed else "OVER"
    print(f"{words:<52} {took:7.2f} ms  {took / reference:5.2f} x bare  {verdict} {allowed:g} ms")


def main() -> None:
    app = QApplication([])
    theme = Theme.current()
    theme.has_motion = False
    theme.dress(app)
    document = Document()
    canvas = CanvasView(document, Selection(document))
    canvas.resize(*SIZE)
    canvas.show()
    document.open_project(project(), None)
    canvas.fit()
    bare = bare_view()
    bare.scale(canvas.zoom, canvas.zoom)
    app.processEvents()
    print(
        f"{NODES} nodes, {NODES - 1} edges, {SIZE[0]} x {SIZE[1]}, median CPU time of {ROUNDS}; "
        f"zoom {canvas.zoom:.2f} shows all"
    )
    reference = milliseconds(repaint(bare))
    print(f"{'bare scene of rectangles with text, all in sight':<52} {reference:7.2f} ms")
    report("repaint, all in sight", milliseconds(repaint(canvas)), reference, ALLOWED_REPAINT)
    for zoom in (0.42, 0.6, 1.0):
        canvas.zoom_to(zoom)
        bare.resetTransform()
        bare.scale(zoom, zoom)
        reference = milliseconds(repaint(bare))
        report(f"repaint at {zoom:.0%}", milliseconds(repaint(canvas)), reference, ALLOWED_REPAINT)
    measure_zoom(canvas, bare)
    measure_edits(document, reference)


def measure_zoom(canvas: CanvasView, bare: QGraphicsView) -> None:
    """The worst case: each step of the wheel paints every card in sight anew."""

    def zoomed(view: QGraphicsView) -> Callable[[], None]:
        factors = iter([1.02, 1 / 1.02] * ROUNDS * 2)

        def act() -> None:
            factor = next(factors)
            view.scale(factor, factor)
            view.viewport().repaint()

        return act

    for zoom in (0.42, 0.6, 1.0):
        canvas.zoom_to(zoom)
        bare.resetTransform()
        bare.scale(zoom, zoom)
        reference = milliseconds(zoomed(bare))
        report(
            f"a step of the wheel at {zoom:.0%}",
            milliseconds(zoomed(canvas)),
            reference,
            ALLOWED_REPAINT,
        )


def measure_edits(document: Document, reference: float) -> None:
    sizes = iter(range(10, 10_000))
    node = next(i for i in document.project.graph.nodes if i.startswith("linear"))
    place = iter(range(20, 10**6, 20))

    def edit() -> None:
        size = next(sizes)
        document.apply_to_graph(
            lambda graph: edits.set_param(graph, node, "out_features", size), "Units"
        )

    def move() -> None:
        x = float(next(place))
        document.apply_to_graph(lambda graph: edits.move(graph, {node: (x, 0.0)}), "Move")

    def undo_redo() -> None:
        document.undo_stack.undo()
        document.undo_stack.redo()

    report("edit: applied, examined and shown", milliseconds(edit), reference, ALLOWED_EDIT)
    report("undo and redo of it", milliseconds(undo_redo), reference, 2 * ALLOWED_EDIT)
    report("move of one node", milliseconds(move), reference, ALLOWED_EDIT)


if __name__ == "__main__":
    main()
