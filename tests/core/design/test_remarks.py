"""Frames and notes: put down, moved with what lies in them, changed and taken away."""

import pytest

from studio.core.design.graph import difference
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.remarks import (
    add_remark,
    change_remark,
    held_by,
    move_remark,
    remove_remark,
)
from studio.core.problems import StudioError
from tests.builders import chain, table


def test_a_frame_takes_along_what_lies_wholly_inside() -> None:
    graph = chain(table(), "linear", "relu").graph
    left = graph.positions["linear_1"][0]
    graph, frame = add_remark(graph, "frame", (left - 10, -10, 160, 100), "Body")
    graph, note = add_remark(graph, "note", (left, 0, 60, 60), "Why")
    assert held_by(graph, frame) == {"linear_1"}
    moved = move_remark(graph, frame, 0, 200)
    assert moved.positions["linear_1"] == (left, graph.positions["linear_1"][1] + 200)
    assert moved.positions["relu_1"] == graph.positions["relu_1"]
    assert moved.remarks[note].area[1] == 200
    assert moved.nodes is graph.nodes
    alone = move_remark(graph, frame, 0, 200, takes_along=False)
    assert alone.positions is graph.positions


def test_a_note_moves_alone() -> None:
    graph = chain(table(), "linear").graph
    graph, note = add_remark(graph, "note", (-1000, -1000, 4000, 4000), "All")
    assert move_remark(graph, note, 20, 20).positions is graph.positions


def test_a_remark_is_changed_and_removed() -> None:
    graph, note = add_remark(chain(table()).graph, "note", (0, 0, 1, 1))
    assert graph.remarks[note].area[2:] == (60, 60)
    changed = change_remark(graph, note, text="Why", color="series.3")
    assert (changed.remarks[note].text, changed.remarks[note].color) == ("Why", "series.3")
    assert difference(graph, changed).redrawn_remarks == (note,)
    assert change_remark(changed, note, text="Why") is changed
    assert remove_remark(changed, (note,)).remarks == {}
    assert remove_remark(changed, ("frame_9",)) is changed


@pytest.mark.parametrize(
    "remark",
    [
        {"id": "n", "kind": "cloud", "text": "", "area": [0, 0, 100, 100]},
        {"id": "n", "kind": "note", "text": "", "area": [0, 0, 100]},
        {"id": "n", "kind": "note", "text": 3, "area": [0, 0, 100, 100]},
        {"id": "", "kind": "note", "text": "", "area": [0, 0, 100, 100]},
        {"id": "n", "kind": "note", "text": "", "area": [0, 0, 100, 100], "color": "#ff0000"},
        {"id": "n", "kind": "note", "text": "", "area": [10**400, 0, 100, 100]},
    ],
)
def test_remarks_that_are_none_are_refused(remark: object) -> None:
    data = {**graph_to_json(chain(table()).graph), "remarks": [remark]}
    with pytest.raises(StudioError):
        graph_from_json(data)
