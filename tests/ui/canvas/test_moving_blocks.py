"""A closed block is dragged as one card, with all that is in it."""

import pytest
from PySide6.QtCore import QPointF, Qt

from studio.core.design.block_edits import grouped, opened
from studio.core.design.graph import Edge
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from studio.ui.selection import Selection
from tests.ui.canvas.conftest import Hand

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def block(document: Document, canvas: CanvasView) -> str:
    graph, made = grouped(document.project.graph, ("conv2d_1", "relu_1"), "Eyes")
    document.apply_to_graph(lambda _graph: opened(graph, made, is_open=False), "Group")
    document.undo_stack.clear()
    canvas.fit()
    return made


def test_all_of_a_block_moves(
    hand: Hand, document: Document, selection: Selection, block: str
) -> None:
    before = document.project.graph
    start = hand.middle_of(block)
    hand.drag(start, start + QPointF(0.0, -100.0))
    after = document.project.graph.positions
    moved = {i: after[i][1] - before.positions[i][1] for i in before.nodes}
    assert {i for i, by in moved.items() if by} == {"conv2d_1", "relu_1"}
    assert {moved["conv2d_1"], moved["relu_1"]} == {-100.0}
    assert selection.nodes == {"conv2d_1", "relu_1"}
    assert document.undo_stack.count() == 1


def test_alt_takes_a_block_out(hand: Hand, document: Document, block: str) -> None:
    start = hand.middle_of(block)
    hand.drag(start, start + QPointF(0.0, -160.0), ALT)
    assert document.project.graph.edges == (Edge("conv2d_1", "relu_1"),)


def test_a_block_is_aligned_as_one_card(
    hand: Hand, document: Document, selection: Selection, block: str
) -> None:
    gap = document.project.graph.positions["relu_1"][0]
    gap -= document.project.graph.positions["conv2d_1"][0]
    selection.choose((*selection.nodes, block, "linear_1"))
    hand.key(Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    places = document.project.graph.positions
    assert places["relu_1"][0] - places["conv2d_1"][0] == gap
