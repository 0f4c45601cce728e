import math

from hypothesis import given
from hypothesis import strategies as st

from studio.core.run.thinning import ThinnedCurve


def _filled(values, most=20):
    curve = ThinnedCurve(most)
    for x, y in enumerate(values):
        curve.add(float(x), y)
    return curve


def test_a_short_curve_is_kept_as_it_is():
    assert _filled([3.0, 1.0, 2.0]).points() == ([0.0, 1.0, 2.0], [3.0, 1.0, 2.0])


def test_a_hundred_thousand_points_stay_few_and_a_spike_survives():
    curve = _filled([50.0 if i == 77_777 else math.sin(i) for i in range(100_000)], 600)
    xs, ys = curve.points()
    assert len(xs) <= 1200
    assert max(ys) == 50.0
    assert xs[ys.index(50.0)] == 77_777.0
    assert len(curve.smoothed()[0]) <= 600


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300))
def test_order_and_extremes_are_kept_whatever_comes(values):
    xs, ys = _filled(values).points()
    assert xs == sorted(xs)
    assert (min(ys), max(ys)) == (min(values), max(values))
    assert len(xs) <= 42


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=300))
def test_the_smoothed_line_stays_within_the_raw_one(values):
    _, ys = _filled(values).smoothed()
    assert all(min(values) - 1e-6 <= y <= max(values) + 1e-6 for y in ys)


def test_the_smoothed_line_of_a_flat_curve_is_flat_from_the_first_point():
    _, ys = _filled([2.0] * 100).smoothed()
    assert all(abs(y - 2.0) < 1e-9 for y in ys)


def test_values_that_cannot_be_drawn_are_left_out():
    assert _filled([1.0, math.nan, math.inf, 2.0]).points() == ([0.0, 3.0], [1.0, 2.0])
