"""A series on a screen keeps its spikes, its gaps and the borders of its parts."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.dataset import SplitSpec
from studio.core.design.previews import SeriesPreview
from studio.core.design.shaping import SeriesSpec
from studio.data.series_preview import preview_of_table, series_preview, thinned
from tests.data.series_tables import dates, spec, table

SPLIT = SplitSpec(method="time", column="time", validation=0.2, test=0.2)


def test_a_short_series_is_shown_whole():
    value = [float(i) for i in range(20)]
    value[3] = np.nan
    data = table(time=dates(range(20)), value=value, other=[2.0 * i for i in range(20)])
    found = preview_of_table(data, spec(data, split=SPLIT))
    assert found.columns == ("value", "other")
    assert found.is_time
    assert found.times[:2] == (
        pd.Timestamp("2024-01-01").timestamp(),
        pd.Timestamp("2024-01-01 01:00").timestamp(),
    )
    assert found.values[0][:5] == (0.0, 1.0, 2.0, None, 4.0)
    assert found.borders == (found.times[12], found.times[16])
    assert found.groups == ()


def test_each_group_is_shown_on_its_own():
    data = table(
        time=[*range(10), *range(10)],
        machine=["b"] * 10 + ["a"] * 10,
        value=[float(i) for i in range(20)],
    )
    made = spec(data, SeriesSpec("time", "machine", window=2), SPLIT)
    assert preview_of_table(data, made).groups == ("b", "a")
    assert preview_of_table(data, made).values[0][0] == 0
    found = preview_of_table(data, made, "a")
    assert found.values[0] == tuple(float(i) for i in range(10, 20))
    assert not found.is_time
    assert found.borders == (6.0, 8.0)


def test_spikes_stay():
    value = np.zeros(50_000)
    value[12_345], value[31_111] = 99.0, -99.0
    value[40_000:40_100] = np.nan
    data = table(time=[float(i) for i in range(50_000)], value=value.tolist())
    found = preview_of_table(data, spec(data, SeriesSpec("time", window=5)), points=500)
    assert len(found.times) <= 500
    assert {99.0, -99.0} <= set(found.values[0])
    assert list(found.times) == sorted(found.times)


@given(count=st.integers(0, 90), points=st.integers(2, 40), lines=st.integers(0, 3), data=st.data())
def test_thinning_keeps_the_highest_and_the_lowest(count, points, lines, data):
    values = [
        np.array(
            data.draw(st.lists(st.floats(-9, 9) | st.just(np.nan), min_size=count, max_size=count))
        )
        for _ in range(lines)
    ]
    kept = thinned(values, count, points)
    assert len(kept) <= max(points, 2 * lines)
    assert (np.diff(kept) > 0).all()
    assert not len(kept) or (kept[0] >= 0 and kept[-1] < count)
    for line in values:
        if count and not np.isnan(line).all():
            assert np.nanmax(line[kept]) == np.nanmax(line)
            assert np.nanmin(line[kept]) == np.nanmin(line)


def test_what_is_no_series_has_no_lines():
    data = table(time=dates(range(20)), value=[float(i) for i in range(20)])
    made = spec(data)
    assert preview_of_table(data, made).times
    assert preview_of_table(data, replace(made, series=None)) == SeriesPreview()


def test_a_file_is_read_for_it(tmp_path):
    data = table(time=dates(range(30)), value=[float(i) for i in range(30)])
    path = tmp_path / "series.csv"
    data.frame.to_csv(path, index=False)
    made = replace(spec(data), path=str(path), settings={"delimiter": ",", "encoding": "utf-8"})
    found = series_preview(made)
    assert found.values[0] == tuple(float(i) for i in range(30))
    assert found.columns == ("value",)
