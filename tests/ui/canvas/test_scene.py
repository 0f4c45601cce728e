"""Whatever is edited, the scene shows the graph, and undo leads back to the start."""

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from studio.core.catalogue import LAYERS
from studio.core.design import edits
from studio.core.design.graph import Edge, Graph
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from tests.ui.canvas.conftest import agrees, network

ACTS = ("add", "remove", "reconnect", "connect", "disconnect", "move", "rename", "undo", "redo",
        "choose", "set")
NUMBERS = st.integers(0, 10**6)


def changed(graph: Graph, act: str, one: int, two: int) -> Graph:
    """One edit, chosen by numbers; the same graph where it cannot be made."""
    if act == "add":
        layer = list(LAYERS)[one % len(LAYERS)]
        return edits.add_node(graph, layer, (20.0 * (two % 40), 20.0 * (one % 40)))[0]
    if act == "disconnect":
        return edits.remove(graph, (), graph.edges[one % 3:one % 3 + 1])
    nodes = list(graph.nodes)
    return EDITS[act](graph, nodes[one % len(nodes)], nodes[two % len(nodes)], two) if (
        nodes) else graph


def _connected(graph: Graph, first: str, second: str, number: int) -> Graph:
    edge = Edge(first, second, number % max(1, edits.port_count(graph, second)))
    return graph if edits.why_not_connect(graph, edge) else edits.connect(graph, edge)


def _set(graph: Graph, first: str, _second: str, number: int) -> Graph:
    wholes = [p for p in LAYERS[graph.nodes[first].layer].params if p.kind == "whole"]
    if not wholes:
        return graph
    return edits.set_param(graph, first, wholes[number % len(wholes)].key, 1 + number % 32)


EDITS = {
    "remove": lambda graph, first, _second, _number: edits.remove(graph, (first,)),
    "reconnect": lambda graph, first, _second, _number: edits.remove_and_reconnect(
        graph, (first,)),
    "connect": _connected,
    "move": lambda graph, first, _second, number: edits.move(
        graph, {first: (20.0 * (number % 50), 20.0 * (number % 37))}),
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
            selection.choose(nodes[:one % (len(nodes) + 1)])
        else:
            document.apply_to_graph(
                lambda graph, act=act, one=one, two=two: changed(graph, act, one, two), act)
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
        lambda graph: edits.set_param(graph, "conv2d_1", "out_channels", 8), "Filters")
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
    assert item.toolTip() == "1 × 28 × 28"


def test_another_theme_repaints_the_same_cards(qtbot: QtBot, canvas: CanvasView) -> None:
    theme = Theme.current()
    light = canvas.grab().toImage()
    theme.choose("dark")
    dark = canvas.grab().toImage()
    theme.choose("light")
    assert light.pixelColor(5, 5).lightness() > 200
    assert dark.pixelColor(5, 5).lightness() < 60
    assert canvas.grab().toImage() == light


def test_opening_another_project_shows_it_whole(canvas: CanvasView, document: Document) -> None:
    canvas.zoom_to(3.0)
    far = edits.move(network().graph, {"output_1": (4000.0, 4000.0)})
    document.open_project(type(document.project)(network().dataset, far), None)
    agrees(canvas, document)
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.picture.content())
