"""A file of a time series from opening to prepared windows."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from studio.core.design.shaping import SeriesSpec, Step
from studio.core.problems import StudioError
from studio.data.prepare import fit, ready
from studio.data.series_preview import series_preview
from studio.data.sources import load, load_rows, open_data


@pytest.fixture
def written(tmp_path):
    def write(rows, name="machines.csv", header=("time", "machine", "heat", "mode", "load")):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return str(path)

    return write


def rows_of(hours, machines="ab"):
    for hour in hours:
        for machine in machines:
            mode = "high" if hour % 5 else "low"
            when = f"2024-01-{1 + hour // 24:02} {hour % 24:02}:00"
            yield when, machine, 20 + hour % 24, mode, f"{hour}.5" if hour % 11 else ""


@pytest.fixture
def spec(written):
    return open_data(written(rows_of(range(240))))


def test_a_series_of_two_machines_is_opened_as_one(spec):
    assert spec.series == SeriesSpec("time", "machine", window=24)
    assert spec.kind == "series"
    assert spec.task() == "numbers"
    assert (spec.split.method, spec.split.column) == ("time", "time")
    roles = {choice.name: choice.role for choice in spec.columns}
    assert roles["time"] == roles["machine"] == "ignore"
    assert roles["load"] == "target"


def test_its_windows_are_prepared_like_rows(spec):
    arrays = load(spec)
    fitted = fit(spec, arrays)
    done = ready(arrays, fitted)
    names = [column.feature.name for column in fitted.columns]
    assert names == ["heat", "mode", "load"]
    taken = done.inputs[0].take(np.arange(len(done)))
    assert taken.shape[1:] == (24, 3)
    assert set(np.unique(taken[..., 1])) == {0, 1}
    assert np.isnan(taken[..., 2]).any()
    assert fitted.columns[0].offset == pytest.approx(31.5, abs=0.5)
    assert not np.isnan(done.targets[0]).any()
    assert "target-missing" in [problem.code for problem in done.problems]


def test_the_hour_can_be_learnt_from(spec):
    dated = spec.with_column("time", kind="date", role="input")
    dated = replace(dated, recipe=(Step("date_parts", ("time",), {"parts": ("hour",)}),))
    arrays = load(dated)
    names = [feature.name for feature in arrays.model_inputs[0].features]
    hours = arrays.inputs[0].take(np.arange(3))[..., names.index("time: hour")]
    assert hours[0].tolist() == list(range(24))


def test_rows_that_a_repair_leaves_out_leave_gaps_and_others_keep_their_numbers(spec):
    repaired = replace(spec, recipe=(Step("drop_missing", ("load",)),))
    with pytest.raises(StudioError) as caught:
        load(repaired)
    assert caught.value.problem.code == "window-too-long"
    assert "fill missing values" in caught.value.problem.hint
    arrays = load(replace(repaired, series=replace(spec.series, window=5)))
    assert not np.isnan(arrays.inputs[0].take(np.arange(len(arrays)))).any()
    ends = {(row - 1) // 2 % 11 for row in arrays.rows.tolist()}
    assert ends == {5, 6, 7, 8, 9}


def test_another_file_is_answered_from_its_first_whole_window(spec, written):
    fitted = fit(spec, load(spec))
    other = written(rows_of(range(30), "c"), "other.csv")
    judged = load_rows(spec, other, fitted=fitted)
    assert judged.rows.tolist() == list(range(24, 31))
    assert np.isnan(judged.targets[0]).all()
    known = load_rows(spec, other, needs_target=True, fitted=fitted)
    assert known.rows.tolist() == list(range(24, 30))


def test_machines_of_another_file_are_not_mixed(spec, written):
    other = written(rows_of(range(30), "xyz"), "other.csv")
    judged = load_rows(spec, other)
    assert len(judged) == 3 * 7
    heat = judged.inputs[0].take(np.arange(len(judged)))[..., 0]
    assert set(np.unique(np.diff(heat))) <= {1, -23}


def test_its_lines_are_seen_machine_by_machine(spec):
    found = series_preview(spec, "b", points=100)
    assert found.groups == ("a", "b")
    assert found.columns == ("load", "heat")
    assert found.is_time
    assert len(found.borders) == 2
    assert len(found.times) <= 100
