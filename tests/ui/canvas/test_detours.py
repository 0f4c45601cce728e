"""Edges that lead on over several columns pass the cards in their way."""

import pytest
from PySide6.QtCore import QPointF, QRectF

from studio.ui.canvas.detours import CLEAR, Detour, detour_of
from studio.ui.canvas.geometry import edge_path

START, END = QPointF(140.0, 30.0), QPointF(500.0, 30.0)
CARD = QRectF(240.0, 0.0, 140.0, 60.0)


def runs_under(path, card):
    inner = card.adjusted(1, 1, -1, -1)
    points = (path.pointAtPercent(step / 200) for step in range(201))
    return any(inner.contains(point) for point in points)


def test_a_card_in_the_way_is_passed():
    assert runs_under(edge_path(START, END), CARD)
    way = detour_of([CARD], START, END)
    assert way is not None
    path = edge_path(START, END, way)
    assert not runs_under(path, CARD)
    assert path.elementAt(0).y == START.y()
    assert path.currentPosition() == END


def test_nothing_in_the_way_leads_straight_on():
    assert detour_of([CARD.translated(0, 200)], START, END) is None
    assert detour_of([], START, END) is None


def test_the_nearer_side_is_taken():
    below = detour_of([CARD.translated(0, -20)], START, END)
    above = detour_of([CARD.translated(0, 20)], START, END)
    assert below is not None
    assert above is not None
    assert below.lane == 40.0 + CLEAR
    assert above.lane == 20.0 - CLEAR


def test_the_cards_above_and_below_the_one_in_the_way_are_passed_too():
    wall = [CARD.translated(0, down) for down in (-80.0, 0.0, 80.0)]
    way = detour_of(wall, START, END)
    assert way is not None
    path = edge_path(START, END, way)
    assert not any(runs_under(path, card) for card in wall)


def test_the_cards_at_both_ends_are_no_obstacle():
    ends = [QRectF(0.0, 0.0, 140.0, 60.0), QRectF(500.0, 0.0, 140.0, 60.0)]
    assert detour_of(ends, START, END) is None


def test_several_cards_are_passed_at_once():
    row = [CARD, CARD.translated(180, 0)]
    end = QPointF(700.0, 30.0)
    way = detour_of(row, START, end)
    assert way == Detour(220.0, 580.0, pytest.approx(-CLEAR))
    assert not any(runs_under(edge_path(START, end, way), card) for card in row)
