"""Frames and notes go with their cards when the network is laid out anew."""

from studio.core.design.arrange import arranged
from studio.core.design.remark_layout import areas_after
from studio.core.design.remarks import add_remark, held_by
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
