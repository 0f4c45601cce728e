"""Where a dragged card comes to rest: in line, at an equal gap, or nowhere in particular."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.arranging import Box
from studio.ui.canvas.guides import Guide, guides_of, pull_across, pull_down

REACH = 8.0
_NUMBERS = st.integers(-60, 60).map(lambda number: number * 7.0)
BOXES = st.builds(Box, _NUMBERS, _NUMBERS, st.sampled_from([60.0, 140.0]), st.just(60.0))


@pytest.mark.parametrize(
    ("box", "pull"),
    [
        (Box(5.0, 300.0, 140.0, 60.0), -5.0),  # left edges
        (Box(43.0, 300.0, 60.0, 60.0), -3.0),  # middles
        (Box(79.0, 300.0, 60.0, 60.0), 1.0),  # right edges
        (Box(20.0, 300.0, 80.0, 60.0), None),  # nothing near enough
    ],
)
def test_a_card_is_drawn_into_line_with_another(box: Box, pull: float | None) -> None:
    other = Box(0.0, 0.0, 140.0, 60.0)
    assert pull_across(box, [other], REACH) == pull
    turned = [box.turned(), other.turned()]
    assert pull_down(turned[0], turned[1:], REACH) == pull


def test_a_card_is_drawn_to_the_middle_of_a_gap() -> None:
    others = [Box(0.0, 0.0, 100.0, 60.0), Box(500.0, 0.0, 100.0, 60.0)]
    assert pull_across(Box(235.0, 10.0, 120.0, 60.0), others, REACH) == 5.0


@pytest.mark.parametrize(("left", "pull"), [(305.0, -5.0), (-157.0, 7.0)])
def test_a_card_is_drawn_to_the_gap_its_neighbours_have(left: float, pull: float) -> None:
    others = [Box(0.0, 0.0, 100.0, 60.0), Box(150.0, 0.0, 100.0, 60.0)]
    assert pull_across(Box(left, 4.0, 100.0, 50.0), others, REACH) == pull


def test_cards_of_other_rows_have_no_say_in_gaps() -> None:
    others = [Box(0.0, 400.0, 100.0, 60.0), Box(500.0, 400.0, 100.0, 60.0)]
    assert pull_across(Box(235.0, 10.0, 120.0, 60.0), others, REACH) is None


@given(box=BOXES, others=st.lists(BOXES, max_size=6))
def test_a_pull_is_within_reach_and_a_guide_says_why(box: Box, others: list[Box]) -> None:
    pull = pull_across(box, others, REACH)
    if pull is not None:
        assert abs(pull) <= REACH
        shown = guides_of(box.shifted(pull, 0.0), others)
        assert any(guide.is_gap or guide.x1 == guide.x2 for guide in shown)


def test_guides_lead_to_the_nearest_and_name_both_gaps() -> None:
    others = [Box(0.0, 0.0, 100.0, 60.0), Box(300.0, 0.0, 100.0, 60.0), Box(150.0, 900.0, 100, 60)]
    shown = guides_of(Box(150.0, 0.0, 100.0, 60.0), others)
    assert set(shown) == {
        Guide(150.0, 0.0, 150.0, 960.0),
        Guide(0.0, 0.0, 250.0, 0.0),
        Guide(100.0, 48.0, 150.0, 48.0, is_gap=True),
        Guide(250.0, 48.0, 300.0, 48.0, is_gap=True),
    }


def test_a_middle_is_shown_where_no_edge_is_shared() -> None:
    (guide,) = guides_of(Box(40.0, 300.0, 60.0, 60.0), [Box(0.0, 0.0, 140.0, 100.0)])
    assert guide == Guide(70.0, 0.0, 70.0, 360.0)
