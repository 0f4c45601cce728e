"""Dates are read however they are written, mixed or as seconds; what is none is told."""

import numpy as np
import pandas as pd
import pytest

from studio.core.design.features import DATE_PARTS
from studio.data.dates import as_dates, date_part


def read(*cells, day_first=None):
    series = pd.Series(list(cells), dtype=None if isinstance(cells[0], float) else "str")
    whens, problems = as_dates("when", series, "data.csv", day_first=day_first)
    return [None if pd.isna(when) else str(when)[:16] for when in whens], problems


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2024-03-04", "2024-03-05"], "2024-03-04"),
        (["04.03.2024", "05.03.2024"], "2024-03-04"),
        (["03/04/2024", "03/25/2024"], "2024-03-04"),
        (["04/03/2024", "25/03/2024"], "2024-03-04"),
        (["4 March 2024", "5 March 2024"], "2024-03-04"),
        (["2024-03-04T10:30:00Z", "2024-03-04T12:30:00+02:00"], "2024-03-04 10:30"),
        (["20240304", "20240305"], "2024-03-04"),
        (["1709548200", "1709548201"], "2024-03-04 10:30"),
        (["1709548200000", "1709548200001"], "2024-03-04 10:30"),
        ([1709548200.0, 1709548201.0], "2024-03-04 10:30"),
    ],
)
def test_dates_are_read_however_they_are_written(cells, first):
    found, problems = read(*cells)
    assert found[0].removesuffix(" 00:00") == first
    assert problems == []


def test_mixed_ways_are_read_each_in_its_own_and_what_is_none_is_counted():
    found, (problem,) = read("2024-05-06", "13/02/2024", "5 June 2024", "soon", "soon", None)
    assert [one and one[:10] for one in found[:3]] == ["2024-05-06", "2024-02-13", "2024-06-05"]
    assert found[3:] == [None] * 3
    assert problem.code == "text-in-dates"
    assert "2 values" in problem.message
    assert "soon" in problem.message


def test_whether_days_come_first_can_be_said():
    assert read("03/04/2024", day_first=True)[0] == ["2024-04-03 00:00"]
    assert read("03/04/2024", day_first=False)[0] == ["2024-03-04 00:00"]
    assert read("2024-03-04", "x", day_first=True)[0] == ["2024-03-04 00:00", None]


def test_numbers_that_are_no_times_are_no_dates():
    assert read(1.0, 2.0)[0] == [None, None]
    assert read("2024", "2025")[0] == ["2024-01-01 00:00", "2025-01-01 00:00"]


def test_parts_count_as_people_do():
    whens = as_dates("when", pd.Series(["2024-03-04 10:30", None], dtype="str"), "data.csv")[0]
    parts = np.array([date_part(whens, part) for part in DATE_PARTS])
    assert parts[:, 0].tolist() == [2024, 3, 4, 0, 10, 30]
    assert np.isnan(parts[:, 1]).all()
