"""How columns go together, against pandas, worked examples and chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from studio.data.relations import of_categories, of_number_and_category, of_numbers

NUMBERS = st.floats(-1e6, 1e6) | st.just(np.nan)


def test_two_numbers_go_together_as_pandas_says():
    rng = np.random.default_rng(0)
    left = rng.integers(0, 30, 300).astype(float)
    right = np.exp(left / 5) + rng.normal(size=300)
    left[:20] = np.nan
    frame = pd.DataFrame({"left": left, "right": right})
    found = of_numbers("right", left, right)
    assert (found.measure, found.rows) == ("pearson", 280)
    assert found.value == pytest.approx(frame.corr().iloc[0, 1])
    assert found.rank == pytest.approx(frame.rank().dropna().corr().iloc[0, 1], abs=0.01)
    assert found.rank > found.value


def test_the_correlation_ratio_is_the_share_between_the_categories():
    codes = np.array([0, 0, 0, 1, 1, 1, -1])
    exact = of_number_and_category("y", np.array([1, 1, 1, 5, 5, 5, 99.0]), codes)
    assert (exact.value, exact.rows) == (1.0, 6)
    numbers = np.array([1, 2, 3, 3, 4, 5, np.nan])
    assert of_number_and_category("y", numbers, codes).value == pytest.approx((6 / 10) ** 0.5)


def test_the_corrected_v_is_1_for_copies_and_0_for_chance():
    codes = np.repeat(np.arange(4), 50)
    assert of_categories("y", codes, (codes + 1) % 4).value == pytest.approx(1.0)
    rng = np.random.default_rng(0)
    assert of_categories("y", codes, rng.integers(0, 4, 200)).value < 0.1
    identifiers = np.arange(200)
    assert of_categories("y", identifiers, rng.integers(0, 2, 200)).value == 0.0
    table = np.array([[30, 10], [10, 30]])
    left = np.repeat([0, 0, 1, 1], table.ravel())
    right = np.repeat([0, 1, 0, 1], table.ravel())
    phi = 0.25 - 1 / 79
    assert of_categories("y", left, right).value == pytest.approx((phi / (1 - 1 / 79)) ** 0.5)


@pytest.mark.parametrize(
    "numbers", [[1.0, 1.0, 1.0, 1.0], [np.nan] * 4, [1.0, 2.0, np.nan, np.nan]]
)
def test_constants_and_gaps_go_with_nothing(numbers):
    numbers = np.array(numbers)
    assert of_numbers("y", numbers, np.arange(4.0)) is None
    assert of_number_and_category("y", numbers[:2], np.array([0, 1])) is None
    assert of_categories("y", np.zeros(4, int), np.array([0, 0, 1, 1])) is None


@given(
    arrays_of.arrays(np.float64, 12, elements=NUMBERS),
    arrays_of.arrays(np.float64, 12, elements=NUMBERS),
    arrays_of.arrays(np.int64, 12, elements=st.integers(-1, 3)),
)
def test_whatever_is_compared_lies_between_its_bounds(left, right, codes):
    for found in (
        of_numbers("y", left, right),
        of_number_and_category("y", left, codes),
        of_categories("y", codes, codes[::-1]),
    ):
        assert found is None or -1 <= found.value <= 1
        assert found is None or found.rank is None or -1 <= found.rank <= 1
