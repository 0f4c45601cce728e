import math

import pytest

from studio.ui.ticks import comfortable, even_ticks, log_ticks, whole_ticks


def test_even_ticks_stand_at_round_numbers_with_equal_digits():
    assert even_ticks(0.0, 1.25, 6) == [
        (0.0, "0.00"),
        (0.25, "0.25"),
        (0.5, "0.50"),
        (0.75, "0.75"),
        (1.0, "1.00"),
        (1.25, "1.25"),
    ]


@pytest.mark.parametrize(("low", "high"), [(0, 1e-7), (0.35, 1.0), (-5, 12_345), (3.0, 3.0)])
def test_even_ticks_are_few_and_within(low, high):
    low, high = comfortable(low, high, 5)
    ticks = even_ticks(low, high, 5)
    assert 2 <= len(ticks) <= 6
    assert all(low - 1e-9 <= place <= high + 1e-9 for place, _ in ticks)
    assert len({words for _, words in ticks}) == len(ticks)


def test_epochs_are_whole():
    assert whole_ticks(0, 20, 5) == [
        (0.0, "0"),
        (5.0, "5"),
        (10.0, "10"),
        (15.0, "15"),
        (20.0, "20"),
    ]
    assert whole_ticks(0, 2, 6) == [(0.0, "0"), (1.0, "1"), (2.0, "2")]


def test_log_ticks_show_numbers_at_their_logarithms():
    ticks = {words: place for place, words in log_ticks(-2.1, 0.4)}
    assert ticks["0.01"] == pytest.approx(-2)
    assert ticks["2"] == pytest.approx(math.log10(2))
    assert len(log_ticks(-30, 5)) <= 7
    assert len(log_ticks(-0.2, 0.1)) >= 2


def test_a_comfortable_range_holds_the_values_and_is_never_empty():
    assert comfortable(0.02, 1.17, 6) == (0.0, 1.25)
    low, high = comfortable(2.0, 2.0, 5)
    assert low < 2.0 < high


@pytest.mark.parametrize(("low", "high", "most"), [(0.58, 0.96, 4), (0.03, 1.4, 5), (-3, 97, 7)])
def test_a_comfortable_range_begins_and_ends_at_a_tick(low, high, most):
    low, high = comfortable(low, high, most)
    places = [place for place, _ in even_ticks(low, high, most)]
    assert (places[0], places[-1]) == (pytest.approx(low), pytest.approx(high))
    assert len(places) <= most
