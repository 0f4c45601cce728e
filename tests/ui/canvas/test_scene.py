"""Whatever is edited, the scene shows the graph, and undo leads back to the start."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from studio.core.catalogue import LAYERS
from studio.core.design import edits
from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Edge, Graph
from studio.core.design.project import Project
from studio.core.design.report import Report
from studio.ui.canvas.note_item import NoteItem
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.layer_offers import Ground
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from studio.ui.wire_rows import wire_rows
from tests.builders import images, table
from tests.ui.canvas.conftest import Hand, agrees, network

ACTS = (
    "add",
    "remove",
    "reconnect",
    "connect",
    "disconnect",
    "move",
    "rename",
    "undo",
    "redo",
    "choose",
    "set",
)
NUMBERS = st.integers(0, 10**6)


def changed(graph: Graph, act: str, one: int, two: int) -> Graph:
    """One edit, chosen by numbers; the same graph where it cannot be made."""
    if act == "add":
        layer = list(LAYERS)[one % len(LAYERS)]
        return edits.add_node(graph, layer, (20.0 * (two % 40), 20.0 * (one % 40)))[0]
    if act == "disconnect":
        return edits.remove(graph, (), graph.edges[one % 3 : one % 3 + 1])
    nodes = list(graph.nodes)
    return (
        EDITS[act](graph, nodes[one % len(nodes)], nodes[two % len(nodes)], two)
        if (nodes)
        else graph
    )


def _connected(graph: Graph, first: str, second: str, number: int) -> Graph:
    edge = Edge(first, second, number % max(1, edits.port_count(graph, second)))
    return graph if edits.why_not_connect(graph, edge) else edits.connect(graph, edge)


def _set(graph: Graph, first: str, _second: str, number: int) -> Graph:
    wholes = [p for p in LAYERS[graph.nodes[first].layer].params if p.kind == "whole"]
    if not wholes:
        return graph
    param = wholes[number % len(wholes)]
    least = max(1, int(param.at_least or 1))
    most = min(32, int(param.at_most or 32))
    return edits.set_param(graph, first, param.key, least + number % max(1, most - least + 1))


EDITS = {
    "remove": lambda graph, first, _second, _number: edits.remove(graph, (first,)),
    "reconnect": lambda graph, first, _second, _number: edits.remove_and_reconnect(graph, (first,)),
    "connect": _connected,
    "move": lambda graph, first, _second, number: edits.move(
        graph, {first: (20.0 * (number % 50), 20.0 * (number % 37))}
    ),
    "rename": lambda graph, first, _second, number: edits.rename(graph, first, f"Name {number}"),
    "set": _set,
}


@given(steps=st.lists(st.tuples(st.sampled_from(ACTS), NUMBERS, NUMBERS), max_size=25))
def test_a_random_walk_of_edits(qapp: object, steps: list[tuple[str, int, int]]) -> None:
    theme = Theme.current()
    theme.has_motion = False
    document = Document()
    document.open_project(network(), None)
    selection = Selection(document)
    canvas = CanvasView(document, selection)
    start = document.project
    for act, one, two in steps:
        if act == "undo":
            document.undo_stack.undo()
        elif act == "redo":
            document.undo_stack.redo()
        elif act == "choose":
            nodes = sorted(document.project.graph.nodes)
            selection.choose(nodes[: one % (len(nodes) + 1)])
        else:
            document.apply_to_graph(
                lambda graph, act=act, one=one, two=two: changed(graph, act, one, two), act
            )
        agrees(canvas, document)
        chosen = {i for i, item in canvas.picture.node_items.items() if item.is_chosen}
        assert chosen == selection.nodes
    document.undo_stack.setIndex(0)
    assert document.project == start
    agrees(canvas, document)
    theme.has_motion = True
    canvas.deleteLater()
    document.deleteLater()


def test_an_untouched_card_is_not_painted_anew(canvas: CanvasView, document: Document) -> None:
    before = canvas.picture.node_items["output_1"]
    face = before.face
    document.apply_to_graph(
        lambda graph: edits.set_param(graph, "conv2d_1", "out_channels", 8), "Filters"
    )
    assert canvas.picture.node_items["output_1"] is before
    assert before.face is face
    assert canvas.picture.node_items["relu_1"].face.shape.startswith("8 × ")


def test_a_layer_of_many_inputs_grows_a_free_one(canvas: CanvasView, document: Document) -> None:
    document.apply_to_graph(lambda graph: edits.add_node(graph, "add", (660.0, 0.0))[0], "Add")
    inputs = []
    for port, source in enumerate(("relu_1", "conv2d_1", "input_1")):
        inputs.append(canvas.picture.node_items["add_1"].face.inputs)
        edge = Edge(source, "add_1", port)
        document.apply_to_graph(lambda graph, edge=edge: edits.connect(graph, edge), "Wire")
    inputs.append(canvas.picture.node_items["add_1"].face.inputs)
    assert inputs == [2, 2, 3, 4]


def test_an_edge_says_the_shape_it_carries(canvas: CanvasView) -> None:
    item = canvas.picture.edge_items[Edge("input_1", "conv2d_1")]
    assert item.toolTip().splitlines()[0] == "1 × 28 × 28"
    assert "Double click" in item.toolTip()


def test_another_theme_repaints_the_same_cards(qtbot: QtBot, canvas: CanvasView) -> None:
    theme = Theme.current()
    light = canvas.grab().toImage()
    theme.choose("dark")
    dark = canvas.grab().toImage()
    theme.choose("light")
    assert light.pixelColor(5, 5).lightness() > 200
    assert dark.pixelColor(5, 5).lightness() < 60
    assert canvas.grab().toImage() == light


def opened(document: Document, **places: tuple[float, float]) -> None:
    graph = edits.move(network().graph, places)
    document.open_project(Project(network().dataset, graph), None)


def test_opening_another_project_shows_it_whole(canvas: CanvasView, document: Document) -> None:
    canvas.zoom_to(3.0)
    opened(document)
    agrees(canvas, document)
    assert canvas.seen.contains(canvas.picture.content())


def test_opening_a_large_network_shows_its_beginning_large_enough_to_read(
    canvas: CanvasView, document: Document
) -> None:
    opened(document, output_1=(4000.0, 100.0))
    first = canvas.picture.node_items["input_1"]
    assert canvas.zoom == pytest.approx(0.75)
    assert canvas.seen.contains(canvas.picture.content(("input_1",)))
    level = canvas.picture.content().center().y()
    assert canvas.seen.center().y() == pytest.approx(level, abs=2)
    canvas.resize(700, 400)
    assert canvas.zoom == pytest.approx(0.75)
    assert 0 < canvas.mapFromScene(first.pos()).x() < 100
    canvas.fit()
    assert canvas.seen.contains(canvas.picture.content())


def test_a_canvas_made_after_a_large_network_was_opened_shows_its_beginning_too(
    canvas: CanvasView, document: Document, qtbot: QtBot
) -> None:
    opened(document, output_1=(4000.0, 100.0))
    later = CanvasView(document, Selection(document))
    qtbot.addWidget(later)
    later.resize(900, 600)
    with qtbot.waitExposed(later):
        later.show()
    assert later.zoom == pytest.approx(0.75)
    assert later.seen.contains(later.picture.content(("input_1",)))


def test_arranging_brings_the_network_into_sight(canvas: CanvasView, document: Document) -> None:
    canvas.zoom_to(1.0)
    canvas.pan_by(-3000, 900)
    canvas.arrange()
    assert canvas.seen.contains(canvas.picture.content())


def test_a_very_long_network_in_rows_opens_at_its_top_legible_across(
    canvas: CanvasView, document: Document
) -> None:
    opened(document, input_1=(0.0, 0.0), output_1=(600.0, 4000.0))
    assert canvas.zoom >= 0.75
    assert canvas.seen.contains(canvas.picture.content(("input_1",)))
    corner = canvas.mapFromScene(canvas.picture.content().topLeft())
    assert 0 < corner.y() < 60
    assert canvas.seen.right() > canvas.picture.content().right()


def test_a_network_higher_than_the_canvas_opens_at_its_first_card(
    canvas: CanvasView, document: Document
) -> None:
    opened(document, output_1=(4000.0, 4000.0))
    assert canvas.zoom == pytest.approx(0.75)
    assert canvas.seen.contains(canvas.picture.content(("input_1",)))


def test_the_ends_say_what_comes_in_and_what_is_asked_for(
    canvas: CanvasView, document: Document
) -> None:
    def says(node_id: str) -> str:
        return canvas.picture.node_items[node_id].face.badge

    assert says("input_1") == "28 × 28, grey"
    assert says("output_1") == "10 classes"
    document.apply(lambda project: replace(project, dataset=table()), "Other data")
    assert says("input_1") == f"{len(table().features())} columns"
    document.apply(lambda project: replace(project, dataset=DatasetSpec()), "No data")
    assert says("input_1") == says("output_1") == ""


def stacked(document: Document, far_below: float) -> None:
    """Two layers that nothing feeds: each has a note under it."""
    graph, _ = edits.add_node(Graph(), "linear", (0.0, 0.0))
    graph, _ = edits.add_node(graph, "relu", (80.0, far_below))
    document.open_project(Project(images(1, 8, 8, 2), graph), None)


def shown_of(note: NoteItem) -> QRectF:
    return note.mapRectToScene(note.rect())


def test_no_note_covers_another_and_the_selected_node_shows_its_own(
    canvas: CanvasView, document: Document, selection: Selection
) -> None:
    stacked(document, 20.0)
    notes = canvas.picture.notes
    assert (notes["linear_1"].is_open, notes["relu_1"].is_open) == (True, False)
    assert notes["relu_1"].toolTip() == str(notes["relu_1"].problem)
    selection.choose(("relu_1",))
    assert (notes["linear_1"].is_open, notes["relu_1"].is_open) == (False, True)
    assert not shown_of(notes["linear_1"]).intersects(shown_of(notes["relu_1"]))


def test_a_note_keeps_readable_words_from_afar_and_then_is_a_mark(
    canvas: CanvasView, document: Document
) -> None:
    stacked(document, 400.0)
    note = canvas.picture.notes["linear_1"]
    for zoom in (1.0, 0.6, 0.36):
        canvas.zoom_to(zoom)
        assert note.is_open
        assert note.scale() * zoom >= 0.85
    canvas.zoom_to(0.3)
    assert not note.is_open
    assert note.rect().width() * note.scale() * 0.3 > 15  # still a mark that can be seen
    canvas.zoom_to(1.0)
    assert note.scale() == 1.0


def test_arranging_keeps_room_for_the_notes(canvas: CanvasView, document: Document) -> None:
    graph = Graph()
    for layer in ("input", "linear", "linear", "add"):
        graph, _ = edits.add_node(graph, layer, (0.0, 0.0))
    for edge in (
        Edge("input_1", "linear_1"),
        Edge("input_1", "linear_2"),
        Edge("linear_1", "add_1"),
        Edge("linear_2", "add_1", 1),
    ):
        graph = edits.connect(graph, edge)
    document.open_project(Project(images(1, 8, 8, 2), graph), None)
    canvas.arrange()
    picture = canvas.picture
    assert {"linear_1", "linear_2"} <= set(picture.notes)
    for node_id in ("linear_1", "linear_2"):
        area = shown_of(picture.notes[node_id])
        assert picture.notes[node_id].is_open
        assert not any(
            area.intersects(item.card.translated(item.pos()))
            for item in picture.node_items.values()
        )


def test_an_input_that_differs_says_what_it_is_for(
    canvas: CanvasView, document: Document, hand: Hand
) -> None:
    graph, added = edits.add_node(document.project.graph, "cross_attention", (0, 400))
    document.apply(lambda project: replace(project, graph=graph), "Add")
    item = canvas.picture.node_items[added]
    hand.move(hand.port(added, "input", 1))
    assert item.toolTip() == "Memory that is looked at"
    hand.move(hand.port(added, "input", 2))
    assert item.toolTip() == (
        "The memory's tokens, where padding is to be left out (may stay open)"
    )
    hand.move(hand.port(added, "output"))
    assert item.toolTip().startswith("Cross-attention 1, ")


def test_every_input_that_differs_can_be_reached_by_name() -> None:
    graph, one = edits.add_node(Graph(), "reshape", (0, 0))
    graph, memory = edits.add_node(graph, "gru", (200, 0))
    graph = edits.connect(graph, Edge(one, memory, 0))
    rows = wire_rows(Ground(Project(graph=graph), Report()), one, "")
    assert [row.title for row in rows if row.key and not row.reason] == [
        "Connect to GRU 1: Its tokens, where padding is to be skipped",
        "Connect to GRU 1: What it remembers at the start, such as the last step of another",
        "Disconnect GRU 1",
    ]
