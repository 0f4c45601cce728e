"""How fast 300 nodes are repainted, dragged, panned and edited, beside a bare scene of rectangles
with text; how 2,000 do; how long 500 take to be pasted and laid out. At last an edit with the
whole window: canvas, inspector, status line and all else that hears of it.

Times are CPU time of the thread, which other programs at work do not lengthen; the time by the
clock stands behind it.

Run: QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_canvas.py
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
)

from studio import jobs
from studio.core.design import clipboard, edits
from studio.core.design.arrange import arranged
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project
from studio.ui.app import build
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.main_window import MainWindow
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from tests.builders import table

NODES, COLUMNS = 300, 20
ROUNDS = 30
SIZE = (1440, 900)
ALLOWED_REPAINT, ALLOWED_EDIT = 16.0, 50.0
MANY, ALLOWED_MANY = 2_000, 80.0
PASTED, ALLOWED_PASTE = 500, 200.0
ARRANGED, ALLOWED_ARRANGE = 500, 100.0


class Took(NamedTuple):
    """Milliseconds of one act, in the middle of many: of the processor, and by the clock."""

    work: float
    clock: float


def project(nodes: int = NODES) -> Project:
    graph, previous = Graph(), ""
    for number in range(nodes):
        layer = (
            "input"
            if number == 0
            else "output"
            if number == nodes - 1
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


def milliseconds(act: Callable[[], object], rounds: int = ROUNDS) -> Took:
    act()
    return middle([once(act) for _ in range(rounds)])


def once(act: Callable[[], object]) -> Took:
    began, began_by_clock = time.thread_time(), time.perf_counter()
    act()
    ended, ended_by_clock = time.thread_time(), time.perf_counter()
    return Took(1000 * (ended - began), 1000 * (ended_by_clock - began_by_clock))


def middle(times: Sequence[Took]) -> Took:
    return Took(*(statistics.median(part) for part in zip(*times, strict=True)))


def repaint(view: QGraphicsView) -> Callable[[], None]:
    return view.viewport().repaint


def report(words: str, took: Took, reference: Took | None, allowed: float) -> None:
    verdict = "within" if took.work <= allowed else "OVER"
    beside = f"{took.work / reference.work:5.2f} x bare" if reference else " " * 12
    times = f"{took.work:7.2f} ms  ({took.clock:7.2f} by the clock)"
    print(f"{words:<50} {times}  {beside}  {verdict} {allowed:g} ms")


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
    print(f"{'bare scene of rectangles with text, all in sight':<50} {reference.work:7.2f} ms")
    report("repaint, all in sight", milliseconds(repaint(canvas)), reference, ALLOWED_REPAINT)
    for zoom in (0.42, 0.6, 0.7, 1.0):
        canvas.zoom_to(zoom)
        bare.resetTransform()
        bare.scale(zoom, zoom)
        reference = milliseconds(repaint(bare))
        report(f"repaint at {zoom:.0%}", milliseconds(repaint(canvas)), reference, ALLOWED_REPAINT)
    measure_zoom(canvas, bare)
    measure_moves(canvas, reference)
    measure_edits(document, reference)
    measure_many(canvas, document)
    measure_paste(document)
    measure_arrange()
    canvas.close()
    bare.close()
    measure_window()


def measure_zoom(canvas: CanvasView, bare: QGraphicsView) -> None:
    """The worst case: each step of the wheel paints every card in sight anew."""

    def zoomed(view: QGraphicsView) -> Callable[[], None]:
        factors = iter([1.02, 1 / 1.02] * ROUNDS * 2)

        def act() -> None:
            factor = next(factors)
            view.scale(factor, factor)
            view.viewport().repaint()

        return act

    for zoom in (0.42, 0.6, 0.7, 1.0):
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


def measure_moves(canvas: CanvasView, reference: Took) -> None:
    """A card dragged with the mouse, and the canvas panned: the move and the repaint after it."""
    for zoom in (canvas.zoom, 0.6, 1.0):
        canvas.zoom_to(zoom)
        ways = iter([QPointF(7.0, 3.0), QPointF(-7.0, -3.0)] * ROUNDS * 4)

        def pan(ways: Iterator[QPointF] = ways) -> None:
            way = next(ways)
            canvas.pan_by(way.x(), way.y())
            QApplication.processEvents()

        report(f"pan at {zoom:.0%}", milliseconds(pan), reference, ALLOWED_REPAINT)
        report(f"drag at {zoom:.0%}", milliseconds(drag_of(canvas)), reference, ALLOWED_REPAINT)
        canvas.cancel_gesture()


def drag_of(canvas: CanvasView) -> Callable[[], None]:
    """One step of a drag of the card nearest to the middle, with all that it shows meanwhile."""
    ground, middle = canvas.viewport(), canvas.seen.center()
    items = canvas.picture.node_items.values()
    item = min(items, key=lambda item: (item.pos() - middle).manhattanLength())
    at = canvas.mapFromScene(item.pos() + item.card.center())
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(ground, left, Qt.KeyboardModifier.NoModifier, at)
    places = iter([at + QPoint(20 + 3 * (n % 9), 20 + 2 * (n % 7)) for n in range(ROUNDS * 2)])

    def step() -> None:
        QTest.mouseMove(ground, next(places))
        ground.repaint()  # all of it, though Qt would paint no more than what changed

    return step


def measure_many(canvas: CanvasView, document: Document) -> None:
    document.open_project(project(MANY), None)
    canvas.fit()
    QApplication.processEvents()
    for zoom in (canvas.zoom, 0.3, 0.6, 1.0):
        canvas.zoom_to(zoom)
        QApplication.processEvents()
        words = f"repaint of {MANY} nodes at {zoom:.0%}"
        report(words, milliseconds(repaint(canvas)), None, ALLOWED_MANY)
        drag = milliseconds(drag_of(canvas))
        canvas.cancel_gesture()
        report(f"drag among {MANY} nodes at {zoom:.0%}", drag, None, ALLOWED_MANY)


def measure_paste(document: Document) -> None:
    """Read, checked, added, examined and drawn; undone between."""
    graph = project(PASTED).graph
    inner = [i for i in graph.nodes if not i.startswith(("input", "output"))]
    text = clipboard.copied(graph, inner)
    document.open_project(project(10), None)

    def paste() -> None:
        document.apply_to_graph(lambda g: clipboard.pasted(g, text, (0.0, 2000.0))[0], "Paste")

    times = []
    for _ in range(5):
        times.append(once(paste))
        document.undo_stack.setIndex(0)
    report(f"paste of {len(inner)} nodes", middle(times), None, ALLOWED_PASTE)


def measure_arrange() -> None:
    """Chains, and a drawing with as many branches as a residual network has."""
    chain = project(ARRANGED).graph
    branched = chain
    order = list(chain.nodes)
    for number in range(0, ARRANGED - 12, 6):
        shortcut = Edge(order[number], order[number + 5], 1)
        branched = replace(branched, edges=(*branched.edges, shortcut))
    for words, graph in (("a chain", chain), ("with branches", branched)):
        took = milliseconds(partial(arranged, graph, room=(1200.0, 800.0)), 5)
        report(f"layout of {ARRANGED} nodes, {words}", took, None, ALLOWED_ARRANGE)


def measure_edits(document: Document, reference: Took) -> None:
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


def measure_window() -> None:
    """One number is changed and all that it changes in the window is painted; the look is off."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder  # as on a fresh machine
        measure_edits_in(*build([]))


def measure_edits_in(app: QApplication, window: MainWindow) -> None:
    context = window.context
    context.settings.set_value("look", False)
    window.resize(*SIZE)
    window.show()
    context.files.new(replace(jobs.new_project("classify-rows"), graph=project().graph), "Large")
    window.show_page("model")
    sizes = iter(range(10, 10_000))
    node = next(i for i in context.document.project.graph.nodes if i.startswith("linear"))

    def edit() -> None:
        size = next(sizes)
        context.document.apply_to_graph(
            lambda graph: edits.set_param(graph, node, "out_features", size), "Units"
        )
        app.processEvents()

    for words, chosen in (("the network", ()), ("the layer", (node,))):
        context.selection.choose(chosen)
        while context.background.is_busy:
            app.processEvents()
        took = milliseconds(edit)
        report(f"an edit with the whole window, {words} shown", took, None, ALLOWED_EDIT)
    context.document.undo_stack.setClean()
    window.close()


if __name__ == "__main__":
    main()
