"""Which tables are series, and how long their windows are, follows from their times."""

from datetime import date, timedelta

import numpy as np
import pytest

from studio.core.design.dataset import ColumnSummary
from studio.core.design.shaping import SeriesSpec
from studio.data.series_suggestion import suggested_series
from tests.data.series_tables import dates, table


def suggested(of, **kinds):
    """`kinds` says what columns are; a time is a date and all others are numbers unless told."""
    usual = {"time": "date", "machine": "identifier", "label": "category", "item": "identifier"}
    columns = [
        ColumnSummary(
            name,
            kinds.get(name, usual.get(name, "number")),
            "input",
            distinct=of.frame[name].nunique(),
        )
        for name in of.frame.columns
    ]
    return suggested_series(of.frame, columns)


def regular(hours, count=600, **more):
    drawn = np.random.default_rng(0).normal(size=count).tolist()
    return table(time=dates([i * hours for i in range(count)]), value=drawn, **more)


@pytest.mark.parametrize(
    ("hours", "count", "window"),
    [
        (0.5, 600, 48),  # half-hours in a day
        (1, 600, 24),  # hours in a day
        (24, 600, 30),  # days in a month
        (24 * 7, 600, 52),  # weeks in a year
        (1 / 60, 900, 60),  # minutes in an hour
        (1 / 12, 600, 48),  # five minutes: a day would be too long
        (1, 80, 10),  # little data: so that windows fit
    ],
)
def test_the_window_is_the_period_that_such_steps_have(hours, count, window):
    assert suggested(regular(hours, count)) == SeriesSpec("time", window=window)


def test_the_period_is_found_in_the_numbers():
    count = 600
    wave = [float(np.sin(2 * np.pi * i / 37)) + 0.01 * i for i in range(count)]
    data = table(cycle=[float(i) for i in range(count)], value=wave)
    assert suggested(data) == SeriesSpec("cycle", window=37)


def test_a_few_steps_back_and_gaps_do_no_harm():
    hours = [*range(300), *range(295, 600), *range(650, 900)]
    data = table(time=dates(hours), value=[float(h % 17) for h in hours])
    assert suggested(data) == SeriesSpec("time", window=24)


def test_groups_are_found():
    hours = [h for h in range(200) for _ in range(3)]
    machine = ["abc"[i % 3] for i in range(600)]
    data = table(time=dates(hours), machine=machine, value=[float(i % 7) for i in range(600)])
    assert suggested(data) == SeriesSpec("time", "machine", window=24)


def test_a_counter_of_each_machine_orders_it():
    data = table(
        unit=[float(u) for u in range(8) for _ in range(100)],
        cycle=[float(c) for _ in range(8) for c in range(100)],
        value=[float(c % 9) for c in range(800)],
    )
    assert suggested(data) == SeriesSpec("cycle", "unit", window=9)


def days(count, step):
    return [str(date(2020, 1, 1) + timedelta(days=step(i))) for i in range(count)]


NO_SERIES = {
    "no time": table(number=list(range(100)), value=list(range(100))),
    "no number": table(time=dates(range(100))),
    "one value": table(time=dates(range(100)), value=[1.0] * 100),
    "few rows": table(time=dates(range(10)), value=[float(i) for i in range(10)]),
    "one time": table(time=dates([0] * 100), value=[float(i) for i in range(100)]),
    "no order": table(
        time=dates(np.random.default_rng(0).permutation(100).tolist()),
        value=[float(i) for i in range(100)],
    ),
    "single events": table(
        time=dates(np.cumsum(np.random.default_rng(0).exponential(5, 300)).tolist()),
        value=[float(i) for i in range(300)],
    ),
    "many rows a day": table(
        time=days(400, lambda i: i // 40), value=[float(i % 13) for i in range(400)]
    ),
    "mostly missing": table(
        time=dates([h if h % 3 == 0 else None for h in range(300)]),
        value=[float(i) for i in range(300)],
    ),
    "two identifiers": table(
        time=dates(range(200)),
        machine=[f"u{i % 20}" for i in range(200)],
        item=[f"i{i % 30}" for i in range(200)],
        value=[float(i % 13) for i in range(200)],
    ),
    "no rows": table(time=[], value=[]),
}


@pytest.mark.parametrize("name", NO_SERIES)
def test_other_tables_are_no_series(name):
    assert suggested(NO_SERIES[name]) is None


def test_a_window_is_never_longer_than_the_data_allow():
    for count in (40, 60, 100, 300):
        series = suggested(regular(0.5, count))
        assert 4 <= series.window <= count // 8
