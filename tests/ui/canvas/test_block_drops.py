"""Blocks in files are dropped on the canvas; what is wrong with one is told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from studio.core.design import block_edits
from studio.core.design.block_edits import grouped, opened
from studio.core.design.block_files import block_alone, write_block
from studio.core.design.graph import Edge
from studio.core.problems import Problem
from studio.ui.canvas.view import CanvasView
from studio.ui.document import Document
from tests.builders import chain, images
from tests.ui.canvas.conftest import LEFT, NONE, Hand

EMPTY = QPointF(700.0, 300.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    graph = chain(images(), ("conv2d", {"out_channels": 5}), "relu", "flatten").graph
    graph, block = grouped(graph, ("conv2d_1", "relu_1"), "Eye")
    path = tmp_path / "eye.studioblock"
    write_block(block_alone(graph, block), path)
    return path


@pytest.fixture
def said(canvas: CanvasView) -> Iterator[list[Problem]]:
    heard: list[Problem] = []
    canvas.refused.connect(heard.append)
    yield heard
    canvas.refused.disconnect(heard.append)


def drop(hand: Hand, place: QPointF, *paths: Path) -> bool:
    """Carries files over a place and lets go; False where the canvas does not take them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    at, copy = hand.at(place), Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at, copy, data, LEFT, NONE)
    QApplication.sendEvent(hand.ground, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(hand.ground, QDragMoveEvent(at, copy, data, LEFT, NONE))
    QApplication.sendEvent(hand.ground, QDropEvent(QPointF(at), copy, data, LEFT, NONE))
    return True


def test_a_block_file_is_placed_where_it_is_let_go(
    canvas: CanvasView, hand: Hand, document: Document, file: Path
) -> None:
    assert drop(hand, EMPTY, file)
    (block,) = document.project.graph.blocks.values()
    assert (block.name, block.is_open) == ("Eye", False)
    assert canvas.selection.block == block.id
    assert canvas.picture.content((block.id,)).contains(EMPTY)
    assert document.undo_stack.count() == 1
    assert len(canvas.picture.items()) == len({*canvas.picture.items()})
    document.undo_stack.undo()
    assert not document.project.graph.blocks


def test_a_block_file_goes_into_a_wire(canvas: CanvasView, hand: Hand, file: Path) -> None:
    wire = canvas.picture.edge_items[Edge("conv2d_1", "relu_1")]
    assert drop(hand, wire.path().pointAtPercent(0.5), file)
    graph = canvas.editor.graph
    (block,) = graph.blocks.values()
    assert graph.incoming("relu_1")[0].source in block.members
    assert {e.target for e in graph.outgoing("conv2d_1")} <= set(block.members)


def test_let_go_in_an_open_block_it_is_in_that_block(
    canvas: CanvasView, hand: Hand, document: Document, file: Path
) -> None:
    graph, around = grouped(document.project.graph, ("conv2d_1", "relu_1"))
    document.apply_to_graph(lambda _graph: opened(graph, around, is_open=True), "Group")
    canvas.fit()
    frame = canvas.picture.frames[around].area
    assert drop(hand, QPointF(frame.center().x(), frame.bottom() - 6.0), file)
    (inner,) = [block for block in document.project.graph.blocks.values() if block.id != around]
    assert inner.parent == around


def test_several_are_placed_beside_each_other(
    canvas: CanvasView, hand: Hand, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.STUDIOBLOCK"
    other.write_bytes(file.read_bytes())
    assert drop(hand, EMPTY, file, other)
    assert len(canvas.editor.graph.blocks) == 2
    places = canvas.picture.view.graph.positions
    assert len({places[i] for i in canvas.editor.graph.blocks}) == 2


def test_other_files_are_left_to_the_window(hand: Hand, file: Path, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    assert not drop(hand, EMPTY, table)
    assert not drop(hand, EMPTY, file, table)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\x80\x04K\x01.",
        b"[" * 50_000,
        b'{"format": "studio-block", "version": 1, "nodes": [], "edges": [], "positions": {}}',
    ],
)
def test_a_hostile_file_is_told_and_changes_nothing(
    canvas: CanvasView, hand: Hand, file: Path, said: list[Problem], data: bytes
) -> None:
    before = canvas.editor.graph
    file.write_bytes(data)
    assert drop(hand, EMPTY, file)
    assert canvas.editor.graph is before
    (problem,) = said
    assert "eye.studioblock" in problem.message
    assert problem.hint


def test_a_file_that_lies_in_itself_or_names_unknown_layers_is_told(
    canvas: CanvasView, hand: Hand, file: Path, said: list[Problem]
) -> None:
    before, good = canvas.editor.graph, json.loads(file.read_text())
    for part, change in (("blocks", {"parent": "block_1"}), ("nodes", {"layer": "quantum"})):
        hostile = json.loads(json.dumps(good))
        hostile[part][0].update(change)
        file.write_text(json.dumps(hostile))
        assert drop(hand, EMPTY, file)
    file.unlink()
    assert drop(hand, EMPTY, file)
    assert canvas.editor.graph is before
    assert [
        next(w for w in ("lies in itself", "quantum", "cannot be opened") if w in str(problem))
        for problem in said
    ] == ["lies in itself", "quantum", "cannot be opened"]


def test_more_layers_than_a_file_may_hold_are_refused(
    canvas: CanvasView,
    hand: Hand,
    file: Path,
    said: list[Problem],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(block_edits, "MOST_NODES", 8)
    assert drop(hand, EMPTY, file)
    canvas.editor.choose_all()
    canvas.editor.copy()
    assert drop(hand, EMPTY, file)
    canvas.paste()
    assert len(canvas.editor.graph) == 7
    assert [problem.code for problem in said] == ["too-many-nodes"] * 2
