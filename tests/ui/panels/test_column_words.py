"""Figures of a column: as many digits as a person reads, grouped in one way."""

import pytest

from studio.ui.panels.column_words import figure, share_of


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, "–"),
        (8.0, "8"),
        (0.123456, "0.12346"),
        (6939.24, "6\u2009939.2"),
        (15137.57, "15\u2009138"),
        (-1234567.8, "-1\u2009234\u2009568"),
        (2.5e12, "2.5e+12"),
    ],
)
def test_numbers_below_each_other_are_grouped_alike(value, wanted):
    assert figure(value) == wanted


@pytest.mark.parametrize(
    ("part", "wanted"), [(0, "0 %"), (2, "under 0.1 %"), (230, "2.3 %"), (8700, "87 %")]
)
def test_a_few_are_not_said_to_be_none(part, wanted):
    assert share_of(part, 10_000) == wanted
