"""Frames and notes go with their cards when the network is laid out anew."""

from dataclasses import replace

from studio.core.design.arrange import arranged
from studio.core.design.arrange_blocks import arranged_in_blocks
from studio.core.design.block_edits import grouped, opened
from studio.core.design.edits import NODE_SIZE, move
from studio.core.design.frames import frame_areas
from studio.core.design.remark_layout import areas_after, nudged
from studio.core.design.remarks import add_remark, held_by, holds
from studio.core.design.shown import shown
from tests.core.design.test_detaching import chain


def test_a_frame_goes_around_the_cards_it_held_and_frames_in_it() -> None:
    graph = chain("input", "linear", "relu", "output")
    graph, inner = add_remark(graph, "frame", (180.0, -40.0, 180.0, 120.0))
    graph, outer = add_remark(graph, "frame", (160.0, -80.0, 400.0, 180.0))
    assert held_by(graph, outer) == {"linear_1", "relu_1"}
    places = arranged(graph, way="down")
    areas = areas_after(graph, places)
    assert areas[inner] == (-20.0, 60.0, 180.0, 120.0)
    assert areas[outer] == (-40.0, 20.0, 220.0, 260.0)


def test_an_empty_frame_stays() -> None:
    graph, frame = add_remark(chain("input"), "frame", (900.0, 900.0, 200.0, 100.0))
    assert areas_after(graph, {"input_1": (60.0, 0.0)}) == {}


def test_a_note_goes_with_the_nearest_card() -> None:
    graph = chain("input", "linear", "output")
    graph, note = add_remark(graph, "note", (410.0, 90.0, 120.0, 80.0))
    places = {"input_1": (0.0, 0.0), "linear_1": (0.0, 100.0), "output_1": (20.0, 200.0)}
    assert areas_after(graph, places) == {note: (30.0, 290.0, 120.0, 80.0)}


def test_without_cards_a_note_stays() -> None:
    graph, _note = add_remark(chain(), "note", (0.0, 0.0, 120.0, 80.0))
    assert areas_after(graph, {}) == {}


def test_a_frame_goes_around_blocks_open_or_closed() -> None:
    for is_open in (True, False):
        graph, block = grouped(chain("input", "linear", "relu", "output"), ("linear_1", "relu_1"))
        graph = opened(move(graph, {"relu_1": (420.0, 300.0)}), block, is_open=is_open)
        view = shown(graph)
        if is_open:
            area = (100.0, -100.0, 600.0, 600.0)
        else:
            x, y = view.graph.positions[block]
            area = (x - 10.0, y - 10.0, 160.0, 80.0)
        graph, frame = add_remark(graph, "frame", area)
        places = arranged_in_blocks(graph)
        after = move(graph, places)
        view, new = shown(after), areas_after(graph, places)[frame]
        at = view.graph.positions
        if is_open:
            inside = frame_areas(after.blocks, view, lambda i, at=at: (*at[i], *NODE_SIZE))[block]
        else:
            inside = (*at[block], *NODE_SIZE)
        assert holds(new, inside)
        assert not any(holds(new, (*at[i], *NODE_SIZE)) for i in ("input_1", "output_1"))


def test_nudging_a_frame_takes_along_what_is_in_it() -> None:
    graph, block = grouped(chain("input", "linear", "relu", "output"), ("linear_1", "relu_1"))
    graph = opened(graph, block, is_open=False)
    x, y = shown(graph).graph.positions[block]
    graph, frame = add_remark(graph, "frame", (x - 20.0, y - 40.0, 240.0, 200.0))
    graph, note = add_remark(graph, "note", (x, y + 80.0, 60.0, 60.0))
    moved = nudged(graph, (), (frame,), (20.0, 0.0))
    assert shown(moved).graph.positions[block] == (x + 20.0, y)
    assert moved.remarks[frame].area[0] == x
    assert moved.remarks[note].area[0] == x + 20.0
    assert moved.positions["input_1"] == graph.positions["input_1"]
    alone = nudged(graph, ("input_1",), (note,), (0.0, 20.0))
    assert alone.remarks[frame] == graph.remarks[frame]
    assert alone.remarks[note].area[1] == y + 100.0
    assert replace(alone, positions=graph.positions, remarks=graph.remarks) == graph
