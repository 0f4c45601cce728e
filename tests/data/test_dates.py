"""Dates are read as they were meant, however they are written."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.dataset import ColumnChoice
from studio.core.design.features import DATE_PARTS
from studio.core.design.shaping import Step
from studio.data.dates import as_dates, date_part
from studio.data.sources import load, load_rows, open_data, preview

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2095, 12, 31)).map(
    lambda when: when.replace(microsecond=0)
)


def dated(*texts, **options):
    return as_dates("day", pd.Series(list(texts), dtype="str"), "t.csv", **options)


@given(
    st.lists(MOMENTS, min_size=1, max_size=30),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M:%S"]),
)
def test_what_was_written_is_read(whens, pattern):
    found, problems = dated(*(when.strftime(pattern) for when in whens))
    assert problems == []
    assert found.tolist() == [pd.Timestamp(when) for when in whens]


@given(st.lists(MOMENTS, min_size=1, max_size=30), st.sampled_from([1, 1000]))
def test_seconds_and_milliseconds_since_1970_are_dates(whens, each):
    late = [when for when in whens if when.year >= 1980]
    numbers = pd.Series([(when - datetime(1970, 1, 1)).total_seconds() * each for when in late])
    found, problems = as_dates("t", numbers.astype(np.float64), "t.csv")
    assert problems == []
    assert found.tolist() == [pd.Timestamp(when) for when in late]


@given(MOMENTS)
def test_parts_are_those_of_the_calendar(when):
    values = pd.Series([pd.Timestamp(when), pd.NaT])
    wanted = (when.year, when.month, when.day, when.weekday(), when.hour, when.minute)
    for part, number in zip(DATE_PARTS, wanted, strict=True):
        known, missing = date_part(values, part)
        assert known == number
        assert np.isnan(missing)


@pytest.mark.parametrize(
    ("texts", "options", "day"),
    [
        (("03/04/2024", "25/12/2024"), {}, (2024, 4, 3)),
        (("03/04/2024", "12/25/2024"), {}, (2024, 3, 4)),
        (("03/04/2024",), {}, (2024, 3, 4)),
        (("03.04.2024",), {}, (2024, 4, 3)),
        (("03/04/2024",), {"day_first": True}, (2024, 4, 3)),
        (("2024-03-04T05:00:00+02:00", "2024-03-04"), {}, (2024, 3, 4)),
    ],
)
def test_the_order_of_day_and_month_is_found(texts, options, day):
    found, problems = dated(*texts, **options)
    assert problems == []
    assert (found[0].year, found[0].month, found[0].day) == day


def test_what_is_no_date_is_missing_and_said():
    found, [problem] = dated("2024-01-01", "soon", None, "soon")
    assert found.isna().tolist() == [False, True, True, True]
    assert (problem.code, problem.place.key) == ("text-in-dates", "day")
    assert "2 values" in problem.message
    assert "soon in row 2" in problem.message
    assert dated()[0].empty


def test_a_date_as_input_is_its_parts(tmp_path):
    days = pd.date_range("2024-01-30 22:00", periods=60, freq="37h")
    rows = [f"{day:%d.%m.%Y %H:%M},{'ab'[i % 2]}" for i, day in enumerate(days)]
    (tmp_path / "t.csv").write_text("\n".join(["when,label", *rows]))
    chosen = (ColumnChoice("when", "date", "input"), ColumnChoice("label", "category", "target"))
    spec = open_data(str(tmp_path / "t.csv"), None, chosen)
    arrays = load(spec)
    [one] = arrays.model_inputs
    assert [(f.name, f.source) for f in one.features] == [
        ("when: month", "when"),
        ("when: weekday", "when"),
        ("when: hour", "when"),
    ]
    wanted = np.array([[d.month, d.weekday(), d.hour] for d in days], np.float32)
    np.testing.assert_array_equal(arrays.inputs[0].held, wanted)
    from dataclasses import replace

    yearly = replace(spec, recipe=(Step("date_parts", ("when",), {"parts": ("year", "day")}),))
    assert load(yearly).inputs[0].held[0].tolist() == [2024, 30]
    (tmp_path / "new.csv").write_text("when\n31.12.2025 23:59\nnever\n")
    judged = load_rows(spec, str(tmp_path / "new.csv"))
    np.testing.assert_array_equal(
        judged.inputs[0].held, np.array([[12, 2, 23], [np.nan] * 3], np.float32)
    )
    assert [problem.code for problem in judged.problems] == ["text-in-dates"]


@pytest.mark.parametrize("name", ["t.parquet", "t.xlsx", "t.feather"])
def test_moments_of_formats_that_know_them_are_dates_and_anything_else_by_choice(tmp_path, name):
    days = pd.Series(pd.date_range("2024-01-05", periods=40, freq="36h")[::-1])
    days[3] = pd.NaT
    frame = pd.DataFrame({"day": days, "n": np.arange(40) / 7, "k": ["a", "b"] * 20})
    writers = {"t.parquet": frame.to_parquet, "t.feather": frame.to_feather}
    writers.get(name, lambda path: frame.to_excel(path, index=False))(tmp_path / name)
    spec = open_data(str(tmp_path / name))
    column = spec.summary.column("day")
    assert (column.kind, column.role, column.missing, column.distinct) == ("date", "ignore", 1, 39)
    assert column.low is None
    assert column.categories[:2] == ("2024-01-05", "2024-01-06 12:00:00")
    shown = [row[0] for row in preview(spec, 2, 2).rows]
    assert shown == [str(days[2]).removesuffix(" 00:00:00"), None]
    places = {}
    for kind in ("date", "category", "identifier", "text"):
        arrays = load(spec.with_column("day", kind=kind, role="input"))
        places[kind] = arrays.inputs[-1 if kind == "text" else 0].take(np.array([0, 3]))
    assert places["date"][0, 0] == days[0].month
    assert places["category"][:, 0].tolist() == [38, -1]
    assert places["identifier"][:, 0].tolist() == [38, -1]
    assert places["text"].tolist() == [str(days[0]).removesuffix(" 00:00:00"), None]
