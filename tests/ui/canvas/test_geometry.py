"""Ports lie on cards, edges end at ports, the grid holds, zoom stays within its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from studio.ui.canvas import geometry

PLACES = st.floats(-1e5, 1e5)
POINTS = st.integers(-100_000, 100_000)


@given(PLACES, PLACES)
def test_what_is_snapped_lies_on_the_grid_and_near(x: float, y: float) -> None:
    place = geometry.snapped((x, y))
    assert place[0] % geometry.GRID == 0
    assert place[1] % geometry.GRID == 0
    assert abs(place[0] - x) <= geometry.GRID / 2
    assert geometry.snapped(place) == place


@given(st.integers(1, 64))
def test_every_port_lies_on_the_edge_of_its_card(inputs: int) -> None:
    height = geometry.card_height(inputs)
    points = [geometry.input_point(index, inputs) for index in range(inputs)]
    assert all(point.x() == 0.0 for point in points)
    assert all(geometry.PORT_RADIUS < point.y() < height - geometry.PORT_RADIUS for point in points)
    assert len({point.y() for point in points}) == inputs


@given(st.integers(1, 6), st.integers(1, 6))
def test_inputs_that_may_stay_open_follow_below_those_that_may_not(
    needed: int, optional: int
) -> None:
    inputs = needed + optional
    points = [geometry.input_point(index, inputs, needed) for index in range(inputs)]
    assert points[:needed] == [geometry.input_point(index, needed) for index in range(needed)]
    heights = [point.y() for point in points]
    assert heights == sorted(set(heights))
    assert heights[-1] < geometry.card_height(inputs, needed) - geometry.PORT_RADIUS


def test_a_chain_of_cards_on_one_line_has_straight_edges() -> None:
    assert geometry.input_point(0, 1).y() == geometry.output_point().y()
    path = geometry.edge_path(QPointF(160.0, 40.0), QPointF(220.0, 40.0))
    assert path.boundingRect().height() == 0.0


@given(POINTS, POINTS, POINTS, POINTS)
def test_an_edge_begins_and_ends_at_its_ports(x: int, y: int, to_x: int, to_y: int) -> None:
    path = geometry.edge_path(QPointF(x, y), QPointF(to_x, to_y))
    end = path.currentPosition()
    assert (path.elementAt(0).x, path.elementAt(0).y) == (x, y)
    assert (end.x(), end.y()) == (to_x, to_y)


@given(st.floats(geometry.ZOOM_LEAST, 3.0), st.floats(0.01, 100.0))
def test_zoom_stays_within_its_bounds(zoom: float, factor: float) -> None:
    assert geometry.ZOOM_LEAST <= geometry.zoomed(zoom, factor) <= geometry.ZOOM_MOST


@pytest.mark.parametrize(
    ("content", "zoom"),
    [
        (QRectF(), 1.0),
        (QRectF(0, 0, 100, 100), 1.0),
        (QRectF(0, 0, 1840, 100), 0.5),
        (QRectF(0, 0, 1e6, 10), geometry.ZOOM_LEAST),
    ],
)
def test_fitting_never_blows_up_and_never_vanishes(content: QRectF, zoom: float) -> None:
    assert geometry.fitting_zoom(content, 1000.0, 800.0) == pytest.approx(zoom)


def test_a_network_of_seven_layers_is_opened_whole() -> None:
    """From its input to its output, beside palette and inspector on a screen 1440 wide."""
    content = QRectF(0.0, 0.0, 7 * geometry.CARD_WIDTH + 6 * 2 * geometry.GRID, 60.0)
    assert geometry.fitting_zoom(content, 846.0, 700.0) >= geometry.OPENING_WHOLE


def test_an_edge_to_the_next_row_passes_between_the_rows() -> None:
    cards = [QRectF(x, y, 140.0, 60.0) for y in (0.0, 120.0) for x in (0.0, 180.0, 360.0)]
    start, end = QPointF(500.0, 30.0), QPointF(0.0, 150.0)
    lane = geometry.free_lane(cards, start, end)
    assert lane == 90.0
    path = geometry.edge_path(start, end, lane)
    assert path.currentPosition() == end
    on_the_way = [path.pointAtPercent(share / 200) for share in range(201)]
    inside = [card.adjusted(1, 1, -1, -1) for card in cards]
    assert not any(card.contains(point) for card in inside for point in on_the_way)
    assert geometry.free_lane(cards, end, start) is None


def test_an_edge_back_through_cards_without_room_is_a_plain_curve() -> None:
    wall = [QRectF(0.0, 0.0, 140.0, 400.0)]
    assert geometry.free_lane(wall, QPointF(140.0, 30.0), QPointF(0.0, 330.0)) is None


def test_a_card_is_not_put_on_another() -> None:
    taken = [(0.0, 0.0), (20.0, 20.0)]
    assert geometry.free_position((3.0, -4.0), taken) == (40.0, 40.0)
