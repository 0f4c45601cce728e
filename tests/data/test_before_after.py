"""What a step changes is shown as the model and the training will have it, whatever the step."""

from dataclasses import replace

import numpy as np
import pytest

from studio.core.catalogue import CLEANING
from studio.core.design.shaping import SeriesSpec, SplitSpec, Step
from studio.core.problems import StudioError
from studio.data import row_sample
from studio.data.before_after import before_after
from studio.data.prepare import fit
from studio.data.sources import load, open_data

KINDS = {"n": "number", "w": "number", "k": "category", "d": "date", "y": "category"}
ROWS = 60


@pytest.fixture
def spec(tmp_path):
    lines = ["n,w,k,d,y"]
    for i in range(ROWS):
        number = "" if i % 10 == 3 else 900 if i == 17 else i % 20
        lines.append(
            f"{number},{i} kg,{'aabc'[i % 4]},2024-03-{i % 28 + 1:02},{'no' if i % 2 else 'yes'}"
        )
    lines.append(lines[-1])
    file = tmp_path / "data.csv"
    file.write_text("\n".join(lines) + "\n")
    found = open_data(str(file))
    for name, kind in KINDS.items():
        found = found.with_column(name, kind=kind, role="target" if name == "y" else "input")
    return found


def shown(spec, *steps, number=None):
    spec = replace(spec, recipe=steps)
    return before_after(spec, len(steps) - 1 if number is None else number)


def change_of(found, name):
    (change,) = [one for one in found.columns if one.name == name]
    return change


UNITS = Step("to_number", ("w",))


def test_texts_are_shown_beside_the_numbers_that_they_become(spec):
    found = shown(spec, UNITS)
    change = change_of(found, "w")
    assert [one.name for one in found.columns] == ["w"]
    assert (found.rows_before, found.rows_after) == (ROWS + 1, ROWS + 1)
    assert change.before is None
    assert change.frequent_before[0] == ("59 kg", 2)
    assert (change.after.quantiles[0], change.after.quantiles[-1]) == (0.0, 59.0)
    assert change.cells[1] == ("1 kg", 1.0)
    assert change.cell_rows[1] == 2
    assert change.changed == ROWS + 1
    assert change.missing_after == 0


def test_dates_are_shown_as_times(spec):
    change = change_of(shown(spec, Step("to_date", ("d",))), "d")
    assert change.cells[0] == ("2024-03-01", "2024-03-01 00:00:00")
    assert change.after.trait == "time"


@pytest.mark.parametrize(
    ("step", "rows", "first"),
    [
        (Step("drop_missing", ("n",)), ROWS - 6 + 1, 4),
        (Step("remove_duplicates"), ROWS, ROWS + 1),
    ],
)
def test_rows_that_are_left_out_are_counted_and_numbered(spec, step, rows, first):
    found = shown(spec, step)
    assert (found.rows_before, found.rows_after) == (ROWS + 1, rows)
    assert found.left_out[0] == first
    change = change_of(found, "n")
    assert change.missing_before == 6
    assert change.missing_after == (0 if step.key == "drop_missing" else 6)


def test_outliers_are_left_out_of_the_training_rows_alone(spec):
    split = SplitSpec(0.2, 0.2, method="time")
    found = shown(replace(spec, split=split), Step("drop_outliers", ("n",)))
    assert found.left_out == (18,)
    assert change_of(found, "n").before.quantiles[-1] == 900
    assert change_of(found, "n").after.quantiles[-1] == 19
    latest = replace(split, column="n")  # the outlier is in the test part
    assert shown(replace(spec, split=latest), Step("drop_outliers", ("n",))).left_out == ()


@pytest.mark.parametrize(
    ("steps", "quantiles"),
    [
        ([Step("fill_missing", ("n",), {"method": "constant", "value": -5.0})], (-5.0, 900.0)),
        ([Step("log", ("n",))], (0.0, np.log1p(900))),
        ([Step("scale", ("n",), {"method": "min-max"})], (0.0, 1.0)),
        ([Step("log", ("n",)), Step("scale", ("n",), {"method": "min-max"})], (0.0, 1.0)),
    ],
)
def test_numbers_are_shown_as_the_model_gets_them(spec, steps, quantiles):
    everything = replace(spec, split=SplitSpec(0.0, 0.0))
    change = change_of(shown(everything, *steps), "n")
    assert (change.after.quantiles[0], change.after.quantiles[-1]) == pytest.approx(quantiles)
    assert change.missing_before == 6
    assert change.missing_after == (0 if steps[0].key == "fill_missing" else 6)
    last = (0.0, np.log1p(900)) if len(steps) == 2 else (0.0, 900.0)
    assert (change.before.quantiles[0], change.before.quantiles[-1]) == pytest.approx(last)


def test_limits_come_from_the_training_rows_as_in_training(spec):
    step = Step("clip_outliers", ("n",))
    whole = replace(spec, recipe=(step,))
    fitted = next(c for c in fit(whole, load(whole)).columns if c.feature.name == "n")
    change = change_of(shown(spec, step), "n")
    assert change.after.quantiles[-1] == pytest.approx(fitted.most)
    assert change.cells == ((900.0, pytest.approx(fitted.most)),)
    assert change.cell_rows == (18,)


def test_categories_are_shown_by_the_names_that_they_get(spec):
    merge = Step("merge_categories", ("k",), {"from": ("b", "c"), "into": "other"})
    change = change_of(shown(spec, merge), "k")
    assert change.frequent_before == (("a", 30), ("c", 16), ("b", 15))
    assert change.frequent_after == (("other", 31), ("a", 30))
    assert change.cells[0] == ("b", "other")
    rare = Step("rare_categories", ("k",), {"least": 15})
    assert change_of(shown(spec, rare), "k").frequent_after == (("(rare)", 31), ("a", 30))
    both = change_of(shown(spec, merge, rare), "k")
    assert both.frequent_before == both.frequent_after == (("other", 31), ("a", 30))


def test_what_is_no_date_is_shown_as_missing(spec):
    spec = spec.with_column("k", kind="date")
    change = change_of(shown(spec, Step("to_date", ("k",))), "k")
    assert {after for _, after in change.cells} == {None}


def test_the_parts_of_a_date_are_added(spec):
    found = shown(spec, Step("date_parts", ("d",), {"parts": ("month", "day")}))
    assert found.added == ("d: month", "d: day")
    assert change_of(found, "d: day").after.quantiles[-1] == 28


def test_noise_is_smoothed_in_the_order_of_time_and_by_group(tmp_path):
    file = tmp_path / "series.csv"
    rows = [f"{'ab'[i % 2]},{i},{(i % 2) * 100 + i // 2}" for i in range(40)]
    file.write_text("\n".join(["machine,time,value", *reversed(rows)]) + "\n")
    spec = open_data(str(file))
    for name, kind in {"machine": "category", "time": "number", "value": "number"}.items():
        spec = spec.with_column(name, kind=kind, role="target" if name == "value" else "ignore")
    spec = replace(spec, series=SeriesSpec("time", "machine", window=4))
    change = change_of(shown(spec, Step("smooth", (), {"window": 3})), "value")
    assert change.before.quantiles[-1] == 119
    assert change.after.quantiles[-1] == 118
    assert change.cells[0] == (119.0, 118.0)
    assert change.changed == 38


def test_a_step_that_is_off_is_shown_and_one_that_is_not_there_is_refused(spec):
    off = shown(spec, Step("log", ("n",), is_on=False))
    assert change_of(off, "n").changed > 0
    with pytest.raises(StudioError) as caught:
        before_after(spec, 0)
    assert caught.value.problem.code == "no-step"


@pytest.mark.parametrize("key", CLEANING)
def test_every_step_of_the_catalogue_can_be_shown(spec, key):
    found = shown(spec, UNITS, Step(key))
    assert found.step == 1
    assert 0 < found.rows_after <= found.rows_before
    assert all(one.name for one in found.columns)


def test_of_a_table_that_is_too_large_a_sample_is_shown_and_said(spec, monkeypatch):
    monkeypatch.setattr(row_sample, "MOST_ROWS", 40)
    found = shown(spec, Step("drop_missing", ("n",)))
    assert 10 < found.sampled == found.rows_before <= 40
    assert all((row - 1) % 10 == 3 for row in found.left_out)
    values = shown(spec, Step("fill_missing", ("n",), {"method": "constant", "value": -5.0}))
    change = change_of(values, "n")
    assert change.after.quantiles[0] == -5
    assert all((row - 1) % 10 == 3 for row in change.cell_rows)


def test_what_is_shown_needs_no_target(spec):
    found = shown(spec.with_column("y", role="ignore"), Step("clip_outliers", ("n",)))
    assert change_of(found, "n").changed == 1
